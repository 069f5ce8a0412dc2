"""`lstm-tui` and `python -m lstm_tui`."""

import sys

from lstm_tui.cli.program import run


def main() -> None:
    """Runs what the command line says and ends with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
