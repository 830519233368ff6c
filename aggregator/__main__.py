"""`python -m aggregator` is the command `aggregator`."""

import sys


def main() -> None:
    """Load the program and run the command that was typed; Ctrl-C ends it quietly, also while it loads."""
    try:
        from aggregator.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
