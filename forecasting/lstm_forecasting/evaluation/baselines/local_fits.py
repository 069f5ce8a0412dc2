"""AutoETS and Theta of statsforecast as baselines, if it is installed.

A process of its own fits them once to the last training rows, so that pandas and SciPy are never imported
here; `local_models` applies them forward. The time of the process is limited.
"""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.evaluation.baselines.baseline import Baseline, History
from lstm_forecasting.evaluation.baselines.kinds import Kind
from lstm_forecasting.evaluation.baselines.local_models import ExponentialSmoothing, Theta
from lstm_plugins.errors import InputError

TITLES: dict[Kind, str] = {"ets": "AutoETS", "theta": "Theta"}
NOT_INSTALLED = f"Not installed: {', '.join(TITLES.values())} (pip install 'lstm-tui[baselines]')."
SECONDS = 60.0
"""Time for the process; without a result by then, there are no such baselines."""
MOST_ROWS = 1_000
"""Rows to fit, the last ones; ETS takes about a second for them."""
FEWEST_ROWS = 24
MOST_VALUES = 8_000
"""Values of all targets to fit."""

_Model = ExponentialSmoothing | Theta


class LocalFitError(Exception):
    """The models could not be fitted; the message says why."""


def is_installed() -> bool:
    """Whether statsforecast can be imported."""
    return importlib.util.find_spec("statsforecast") is not None


def local_baselines(
    history: History, split: Split, seasons: Sequence[int], kinds: Collection[Kind]
) -> tuple[tuple[Baseline, ...], tuple[str, ...]]:
    """The baselines of these kinds, fitted to the last training rows, and why there are none.

    `seasons` are those of the series in rows, in ascending order.
    """
    wanted = [kind for kind in TITLES if kind in kinds]
    end = len(split.train)
    if not wanted or end < FEWEST_ROWS:
        return (), ()
    if not is_installed():
        return (), (NOT_INSTALLED,)
    first = end - min(end, MOST_ROWS, max(FEWEST_ROWS, MOST_VALUES // history.values.shape[1]))
    season = next((length for length in seasons if 2 * length <= end - first), 1)
    try:
        fitted = fit_local_models(history.values[first:end], season)
    except LocalFitError as error:
        return (), (f"{' and '.join(TITLES[kind] for kind in wanted)} could not be fitted: {error}.",)
    values = history.values[first:end]
    return tuple(_baseline(kind, values, first, season, fitted[kind]) for kind in wanted), ()


def fit_local_models(values: Array, season: int) -> dict[Kind, tuple[_Model, ...]]:
    """The models of `values` `[rows, targets]` by kind, one for each target.

    Raises:
        LocalFitError: the process failed or took too long.
    """
    request = json.dumps({"series": values.T.tolist(), "season": season})
    child = "lstm_forecasting.evaluation.baselines.statsforecast_child"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", child],
            input=request,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise LocalFitError(f"it took more than {SECONDS:.0f} seconds") from None
    if done.returncode:
        raise LocalFitError(next(reversed(done.stderr.strip().splitlines()), "its process failed"))
    found = json.loads(done.stdout)
    return {
        "ets": tuple(_model(ExponentialSmoothing, one) for one in found["ets"]),
        "theta": tuple(_model(Theta, one) for one in found["theta"]),
    }


def _model(kind: Callable[..., _Model], fields: dict[str, Any]) -> _Model:
    return kind(**{**fields, "season": tuple(fields["season"])})


def _baseline(kind: Kind, values: Array, first: int, season: int, models: Sequence[_Model]) -> Baseline:
    """The baseline with models that were fitted to `values` `[rows, targets]`, from the row `first` on."""

    def forecast(history: History, first_rows: Integers, steps: int) -> Array:
        begin, own = first, models
        if not np.array_equal(history.values[first : first + len(values)], values):
            # Levels and the phase of the season belong to a series, so another one is fitted again.
            end = int(np.min(first_rows))
            begin = max(0, end - MOST_ROWS)
            try:
                own = fit_local_models(history.values[begin:end], season)[kind]
            except LocalFitError as error:
                raise InputError(f"{TITLES[kind]} could not be fitted: {error}; set model to lstm.") from None
        columns = zip(own, history.values[begin:].T, strict=True)
        origins = np.asarray(first_rows) - begin
        return np.stack([model.forecast(column, origins, steps) for model, column in columns], axis=2)

    return Baseline(kind, TITLES[kind], FEWEST_ROWS, forecast)
