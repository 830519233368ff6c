"""Commands, each imported when it is chosen (exit 0 done, 1 wrong input, 2 usage, 3 the work failed)."""

import sys

from aggregator.cli import failures
from aggregator.cli.registry import program

__all__ = ["main", "program"]


def main() -> None:
    """Run the command that was typed and leave with its exit code; no error ever shows a traceback."""
    try:
        program.main(standalone_mode=False)
    except Exception as error:
        sys.exit(failures.tell(error, sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(failures.STOPPED)


if __name__ == "__main__":
    main()
