"""`lstm-tui` and `python -m lstm_tui`."""

import os
import sys

from lstm_tui.cli.program import run


def main() -> None:
    """Runs what the command line says and ends with its exit code."""
    # NumPy reads these when it is imported. What this process computes is small: a second thread only takes
    # time from the backends, which have threads of their own, and would change the last digits.
    for variable in ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ.setdefault(variable, "1")
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
