"""The models of the tables, by name."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.accuracy.recipe import fit_recipe, suits
from benchmarks.accuracy.ridge import FittedRidge, fit_ridge
from benchmarks.accuracy.tables import Kind
from benchmarks.accuracy.tasks import Forecast, Task, naive

from lstm_forecasting.data.arrays import Array, Integers

NAIVE, RIDGE, RIDGE_KNOWN = "seasonal naive", "mean of ridges", "mean of ridges, holidays"
RECIPE, RECIPE_KNOWN = "recipe", "recipe, holidays"
ALL_SEEDS = ", all seeds averaged"
MODELS = (NAIVE, RIDGE, RIDGE_KNOWN, RECIPE, RECIPE_KNOWN)
WITHOUT_KNOWN = {
    RIDGE_KNOWN: RIDGE,
    RECIPE_KNOWN: RECIPE,
    RECIPE_KNOWN + ALL_SEEDS: RECIPE + ALL_SEEDS,
}
"""For each model that needs known columns, what it is without them."""


@dataclass(frozen=True, eq=False)
class Settings:
    """What is measured.

    Attributes:
        models: names among `MODELS`.
        seeds: number of seeds of models that have any.
        command: what the user typed, for the results.
        show: shows a line of progress.
        networks: whether recipes train networks; otherwise they are the mean of ridges.
    """

    models: Sequence[str]
    seeds: int
    command: str
    show: Callable[[str], None]
    networks: bool = True


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
    for ridge_name, recipe_name, known in ((RIDGE, RECIPE, False), (RIDGE_KNOWN, RECIPE_KNOWN, True)):
        if not {ridge_name, recipe_name} & set(settings.models) or (known and task.known is None):
            continue
        settings.show(f"{task.name}: {ridge_name}")
        began = time.process_time()
        ridge = fit_ridge(task, known=known, refit=refit)
        seconds = time.process_time() - began
        if ridge_name in settings.models:
            yield Fitted(ridge_name, "baseline", (ridge.forecast,), seconds, ridge.note)
        if recipe_name in settings.models:
            yield from _recipes(task, ridge, recipe_name, settings, seconds, known=known)


def _recipes(
    task: Task, ridge: FittedRidge, name: str, settings: Settings, seconds: float, *, known: bool
) -> Iterator[Fitted]:
    """The recipe of each seed, and the mean of all."""
    if not (settings.networks and suits(task)):
        yield Fitted(name, "ours", (ridge.forecast,), seconds, "the mean of ridges")
        yield Fitted(name + ALL_SEEDS, "ours", (ridge.forecast,))
        return
    began = time.process_time()
    recipes = []
    for seed in range(settings.seeds):
        settings.show(f"{task.name}: {name}, seed {seed}")
        recipes.append(fit_recipe(task, ridge, seed, known=known))
    trained = (time.process_time() - began) / settings.seeds
    forecasts = tuple(recipe.forecast for recipe in recipes)
    yield Fitted(name, "ours", forecasts, seconds + trained, recipes[0].note)

    def mean(first_rows: Integers) -> Array:
        return np.asarray(np.mean([forecast(first_rows) for forecast in forecasts], axis=0))

    yield Fitted(name + ALL_SEEDS, "ours", (mean,), seconds + trained * settings.seeds)
