"""Writes the corpus, to be tried by hand: `python -m tests.lstm_forecasting.data.corpus FOLDER`."""

import sys
from pathlib import Path

from .whole import CORPUS

if __name__ == "__main__":
    for number, one in enumerate(CORPUS):
        place = Path(sys.argv[1]) / f"{number:03} {one.name}"
        place.mkdir(parents=True, exist_ok=True)
        (place / one.file).write_bytes(one.content)
