"""`lstm-tui` and `python -m lstm_tui`."""

import os
import sys

from lstm_tui.cli import garbage


def main() -> None:
    """Runs the command line and exits with its code."""
    # NumPy reads these variables when it is imported. This process computes little: a second thread would
    # only take time from the backends, which have their own threads, and would change the last digits.
    for variable in ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ.setdefault(variable, "1")
    garbage.put_off()
    from lstm_tui.cli.program import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
