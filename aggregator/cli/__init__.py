"""The command line (DESIGN: exit 0 done, 1 the input is wrong, 2 usage, 3 the work failed)."""

import os
import sys

import click

from aggregator.cli.registry import program
from aggregator.errors import AggregatorError

__all__ = ["main", "program"]


def main() -> None:
    """Run the command that was typed and leave with its exit code; no error ever shows a traceback."""
    try:
        program.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except AggregatorError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        click.echo(
            f"{error.filename or 'the system'}: {error.strerror}; nothing was lost, try again", err=True
        )
        sys.exit(3)
    except Exception as error:
        if os.environ.get("AGGREGATOR_TRACEBACK"):
            raise
        what = f"{type(error).__name__}: {error}"
        advice = "run it again with AGGREGATOR_TRACEBACK=1 and report what it says"
        click.echo(f"a fault of the program itself ({what}); {advice}", err=True)
        sys.exit(3)


if __name__ == "__main__":
    main()
