"""The models of the tables, by name."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.accuracy.ridge import fit_ridge
from benchmarks.accuracy.tables import Kind
from benchmarks.accuracy.tasks import Forecast, Task, naive

NAIVE, RIDGE, RIDGE_KNOWN = "seasonal naive", "mean of ridges", "mean of ridges, holidays"
MODELS = (NAIVE, RIDGE, RIDGE_KNOWN)
WITHOUT_KNOWN = {RIDGE_KNOWN: RIDGE}
"""For each model that needs known columns, what it is without them."""


@dataclass(frozen=True, eq=False)
class Settings:
    """What is measured.

    Attributes:
        models: names among `MODELS`.
        seeds: number of seeds of models that have any.
        command: what the user typed, for the results.
        show: shows a line of progress.
    """

    models: Sequence[str]
    seeds: int
    command: str
    show: Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model that was fitted for a task.

    Attributes:
        model: its name.
        kind: whose it is.
        forecasts: one for each seed.
        seconds: of one core, for one seed.
        note: what was chosen on validation; empty for nothing.
    """

    model: str
    kind: Kind
    forecasts: tuple[Forecast, ...]
    seconds: float = 0.0
    note: str = ""


def fit_models(task: Task, settings: Settings, *, refit: bool = True) -> Iterator[Fitted]:
    """Fits the wanted models; those that need known columns only if the task has some.

    `refit` fits regressions again on training and validation rows once everything is chosen.
    """
    if NAIVE in settings.models:
        yield Fitted(NAIVE, "baseline", (naive(task),))
    for model, known in ((RIDGE, False), (RIDGE_KNOWN, True)):
        if model in settings.models and not (known and task.known is None):
            settings.show(f"{task.name}: {model}")
            began = time.process_time()
            ridge = fit_ridge(task, known=known, refit=refit)
            yield Fitted(model, "baseline", (ridge.forecast,), time.process_time() - began, ridge.note)
