"""Any file, split by fractions of its rows; the program chooses everything else.

The score is the mean absolute error on the test part. The model with the least validation error is offered;
its error relative to the best baseline shows what the choice costs.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.accuracy.product import OFFERED, Task
from benchmarks.accuracy.product import measure as measure_product
from benchmarks.accuracy.settings import Settings
from benchmarks.accuracy.tables import Recorder, Table

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.series.splits import split_by_fraction

RATIO = "offered / best baseline"
_TOP_SHARE = 0.9


def measure(files: Sequence[Path], fractions: tuple[float, float, float], settings: Settings) -> Table:
    """The table of all files; the target of each is its usual one.

    Raises:
        InputError: a file cannot be read, or is too short.
    """
    recorder, notes, absent, ratios = Recorder(), [], dict[str, None](), []
    for file in files:
        outcome = measure_product(read_task(file, fractions), settings)
        errors = {}
        for one in outcome.models:
            recorder.add(one.model, one.kind, file.name, one.errors, one.seconds)
            errors[one.model] = one
        best = min(one.errors[0] for one in outcome.models if one.kind == "baseline")
        ratio = float(np.mean(errors[OFFERED].errors)) / best if best else 1.0
        recorder.add(RATIO, "ours", file.name, [ratio])
        ratios.append(ratio)
        notes.append(f"{file.name}, horizon {outcome.horizon}: {outcome.note}")
        absent |= dict.fromkeys(outcome.absent)
    notes.append(
        f"{RATIO.capitalize()}: median {np.median(ratios):.3f}; nine in ten files at most "
        f"{np.quantile(ratios, _TOP_SHARE):.3f}."
    )
    return Table(
        "Other files",
        settings.command,
        f"Mean absolute error on the last {fractions[2]:.0%} of the rows, in the series' units.",
        tuple(file.name for file in files),
        recorder.lines,
        decimals=4,
        notes=(*notes, *absent),
    )


def read_task(file: Path, fractions: tuple[float, float, float]) -> Task:
    """The usual target of a file; the program infers the horizon.

    Raises:
        InputError: the file cannot be read.
    """
    table = open_data(file)
    return Task(file.name, table, split_by_fraction(table.rows, *fractions), None)
