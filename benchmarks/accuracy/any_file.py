"""Any file, split by fractions of its rows; the program chooses everything else.

The score is the mean absolute error on the test part, relative to the best baseline's there, so that files
can be compared. That of the model that is offered shows what choosing by the validation part costs.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.accuracy.product import LSTM, OFFERED, Task, baseline_name
from benchmarks.accuracy.product import measure as measure_product
from benchmarks.accuracy.settings import Settings
from benchmarks.accuracy.tables import Recorder, Table

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.series.splits import split_by_fraction
from lstm_forecasting.evaluation.baselines.kinds import KINDS

_MODELS = (*map(baseline_name, KINDS), LSTM, OFFERED)
_TOP_SHARE = 0.9


def measure(files: Sequence[Path], fractions: tuple[float, float, float], settings: Settings) -> Table:
    """The table of all files, one line each; the target of each is its usual one.

    Raises:
        InputError: a file cannot be read, or is too short.
    """
    recorder, notes, absent = Recorder(), [], dict[str, None]()
    for file in files:
        outcome = measure_product(read_task(file, fractions), settings)
        best = min(one.errors[0] for one in outcome.models if one.kind == "baseline")
        for one in outcome.models:
            ratios = [relative(error, best) for error in one.errors]
            recorder.add(file.name, "file", one.model, ratios, one.seconds)
        notes.append(f"{file.name}, horizon {outcome.horizon}: {outcome.note}")
        absent |= dict.fromkeys(outcome.absent)
    offered = [float(np.mean(line.scores[OFFERED])) for line in recorder.lines]
    notes.append(
        f"What is offered: median {np.median(offered):.3f}; nine in ten files at most "
        f"{np.quantile(offered, _TOP_SHARE, method='inverted_cdf'):.3f}."
    )
    return Table(
        "Other files",
        settings.command,
        f"Mean absolute error on the last {fractions[2]:.0%} of the rows, relative to the best baseline's "
        "there.",
        tuple(model for model in _MODELS if any(model in line.scores for line in recorder.lines)),
        recorder.lines,
        notes=(*notes, *absent),
        subject="file",
    )


def relative(error: float, best: float) -> float:
    """An error relative to the best one; 1 if neither errs."""
    return error / best if best else float("inf") if error else 1.0


def read_task(file: Path, fractions: tuple[float, float, float]) -> Task:
    """The usual target of a file; the program infers the horizon.

    Raises:
        InputError: the file cannot be read.
    """
    table = open_data(file)
    return Task(file.name, table, split_by_fraction(table.rows, *fractions), None)
