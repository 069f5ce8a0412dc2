"""Probes of the additions to the specification: each alone, and all together.

They have two series and all that makes a wrong addition show: known columns of both kinds with rows ahead, a
season that does not divide the look-back window, lags as short as the horizon and longer than the window,
windows in which one target is constant, and a network whose training makes it worse than its linear part.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.probe import Probe, probe_of
from lstm_conformance.wavy import KIND, NOISE, ROWS, scattered_mask, wavy_series
from lstm_plugins.config import ForecasterConfig, Precision
from lstm_plugins.records import SeriesSet


@dataclass(frozen=True)
class Added:
    """What a probe of an addition has that the plain probe has not.

    Attributes:
        settings: those that differ from `wavy.KIND`.
        own: known columns of the user.
        found: other known columns.
        ahead: rows of the known columns after the end of each series.
        missing: whether some target values were not observed.
        indicators: how many columns are indicators of missing values.
        constant: whether a target does not change in some windows.
        validated: whether there are validation windows.
        head: whether the head has random weights; False for zeros, as at the start of a fit.
        at_zero: whether the units of the step part are exactly at 0, where relu has its kink.
        noise: standard deviation of the noise in the series.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    own: int = 0
    found: int = 0
    ahead: int = 0
    missing: bool = False
    indicators: int = 0
    constant: bool = False
    validated: bool = True
    head: bool = True
    at_zero: bool = False
    noise: float = NOISE


STANDARD = {"normalisation": "standard"}
IN_WINDOW = {"loss_scale": "window", **STANDARD}
LINEAR = {"linear": "ridge", **STANDARD}
QUANTILES = {"loss": "quantile", "quantiles": (0.1, 0.5, 0.8)}

EVERY_ADDITION = "every addition"

ADDED: dict[str, Added] = {
    "last value and deviation": Added({"normalisation": "last-deviation"}),
    "seasonal normalisation": Added({"normalisation": "seasonal", "season": 5}),
    "seasonal, shorter than the horizon": Added({"normalisation": "seasonal", "season": 2, "look_back": 11}),
    "seasonal, the whole window": Added({"normalisation": "seasonal", "season": 12, "epochs": 1}),
    "seasonal, patches": Added({"normalisation": "seasonal", "season": 5, "patch": 4, "epochs": 1}),
    "known columns": Added(own=2, found=1, ahead=3),
    "known columns, patches": Added({"patch": 4, **STANDARD}, own=1, found=1),
    "own known columns": Added({"epochs": 1}, own=1, ahead=2),
    "found known columns": Added({"epochs": 1}, found=1, ahead=5),
    "lags": Added({"lags": (3, 7, 15), **STANDARD}),
    "one lag": Added({"lags": (4,), "epochs": 1}),
    "lags and quantiles": Added({"lags": (5,), "normalisation": "none", **QUANTILES}, own=1, ahead=3),
    "step part at zero": Added({"epochs": 1}, own=1, ahead=3, at_zero=True),
    "linear part": Added(LINEAR),
    "linear part, missing values": Added(LINEAR, missing=True),
    "linear part, known columns": Added({"linear": "ridge", "patch": 4}, own=2, found=1, ahead=3),
    "linear part, indicators": Added(LINEAR, missing=True, indicators=1),
    "linear part, quantiles": Added({"epochs": 1, **LINEAR, **QUANTILES}),
    "linear part, errors in the window": Added({**LINEAR, **IN_WINDOW}),
    "linear part, no validation": Added(LINEAR, validated=False),
    "linear part alone is best": Added(
        {**LINEAR, "patience": 2, "learning_rate": 0.05, "epochs": 8, "hidden_units": 3},
        head=False,
        noise=0.005,
    ),
    "linear part, plateau": Added(
        {
            **LINEAR,
            "schedule": "plateau",
            "plateau": 2,
            "learning_rate": 0.05,
            "epochs": 8,
            "hidden_units": 3,
        },
        head=False,
        noise=0.005,
    ),
    "errors in the window": Added(IN_WINDOW),
    "errors in the window, last value": Added({**IN_WINDOW, "normalisation": "last-deviation"}),
    "errors in the window, quantiles": Added({**IN_WINDOW, **QUANTILES, "epochs": 1}),
    "errors in the window, constant windows": Added(IN_WINDOW, constant=True),
    "errors in the window, missing values": Added({**IN_WINDOW, "loss": "mae"}, missing=True),
    EVERY_ADDITION: Added(
        {
            "bidirectional": True,
            "attention": "general",
            "patch": 3,
            "normalisation": "last-deviation",
            "lags": (3, 14),
            "linear": "ridge",
            "loss_scale": "window",
            "stride": 1,
            "windows_per_epoch": 11,
            "schedule": "cosine",
            "warmup": 3,
            **QUANTILES,
        },
        own=1,
        found=2,
        ahead=3,
        missing=True,
        indicators=1,
        constant=True,
    ),
}
"""The probes of the additions by their names in reports."""


def added_probe(name: str, precision: Precision) -> Probe:
    """The probe of one entry of `ADDED`."""
    added = ADDED[name]
    config = ForecasterConfig(**{**KIND, **added.settings, "precision": precision})
    training, validation = ROWS
    rows = (training, validation if added.validated else ())
    probe = probe_of(name, config, added_series(added), *rows, indicators=added.indicators)
    names: list[str] = [] if added.head else ["head.kernel", "head.bias"]
    names += ["step.kernel", "step.features", "step.position"] if added.at_zero else []
    zeros = {name: np.zeros_like(probe.weights[name]) for name in names}
    return replace(probe, weights={**probe.weights, **zeros})


def added_probes(precision: Precision) -> Iterator[Probe]:
    """All probes of `ADDED`."""
    for name in ADDED:
        yield added_probe(name, precision)


def added_series(added: Added) -> SeriesSet:
    """The wavy series with what an addition needs."""
    series = wavy_series(added.noise)
    if added.constant:
        series = replace(series, values=with_constant_windows(series.values))
    if added.indicators:
        indicators = (np.sin(9.0 * series.values[:, : added.indicators]) > -0.5).astype(np.float64)
        series = replace(series, values=np.concatenate([series.values, indicators], axis=1))
    if added.missing:
        series = replace(series, observed=scattered_mask())
    columns = added.own + added.found
    if columns:
        known = known_columns(len(series.values) + added.ahead * len(series.lengths), columns)
        series = replace(series, known=known, own_known=added.own)
    return series


def with_constant_windows(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values with windows in which a target, both, or an input that is no target, hardly changes.

    Some are constant; others have a variance below the 1e-5 that normalisation adds.
    """
    values = values.copy()
    values[10:24, 0] = values[10, 0]
    values[12:24, 2] = values[12, 2]
    values[36:48, 0] = values[36, 0]
    values[24:38, 1] = values[24, 1]
    values[64:78, 2] = values[64, 2] + 1e-3 * values[64:78, 2]
    return values


def known_columns(rows: int, columns: int) -> NDArray[np.float64]:
    """Columns that are known ahead of time: random, so that no row is like its neighbours."""
    generator = np.random.Generator(np.random.Philox(key=17))
    return generator.standard_normal((rows, columns))
