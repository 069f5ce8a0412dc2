"""The small network of the course, computed by the NumPy backend like any other network."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_course.series import DAYS, TRAINING_DAYS, day_scaler, scaled
from lstm_forecasting.inspect.results import InspectedLayer, NamedValues, Values
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.discovery import find_backend
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.records import Epoch, SeriesSet
from lstm_plugins.weights import GATES

LAYER = "layer0.forward"
LETTERS = {"forget": "f", "input": "i", "candidate": "C", "output": "o"}
"""Index of a gate's weights in formulas: W_f, U_f and b_f."""
SETTINGS: Mapping[str, Any] = {
    "look_back": 3,
    "horizon": 1,
    "hidden_units": 2,
    "normalisation": "none",
    "optimizer": "sgd",
    "momentum": 0.0,
    "learning_rate": 0.1,
    "clip_norm": 0.0,
    "patience": 0,
    "epochs": 300,
    "precision": "float64",
}
"""Plain gradient descent with all windows in one batch, so that an update is just w − rate · gradient."""


def course_config(**settings: Any) -> ForecasterConfig:
    """The settings of the course, with these changes."""
    return ForecasterConfig(**{**SETTINGS, **settings})


def course_network(
    config: ForecasterConfig, weights: Mapping[str, Any] | None = None, glasses: tuple[float, ...] = DAYS
) -> Forecaster:
    """A forecaster of the NumPy backend with a series of glasses loaded; initial weights by default.

    Raises:
        BackendError: the NumPy backend is disabled.
    """
    network = find_backend("numpy").load_forecaster()(config, 1, (0,))
    network.load_series(SeriesSet(scaled(glasses), (0,), (len(glasses),)))
    if weights is not None:
        network.load_weights({name: np.asarray(array, np.float64) for name, array in weights.items()})
    return network


def starts(first: int, count: int = 1) -> NDArray[np.int64]:
    """First rows of `count` consecutive windows, from row `first` on."""
    return np.arange(first, first + count, dtype=np.int64)


def training_starts(network: Forecaster, days: int = TRAINING_DAYS) -> NDArray[np.int64]:
    """First rows of the windows whose targets are all within the first `days` days."""
    return network.window_starts(((0, days),), network.config.stride)


def forecast_glasses(network: Forecaster, rows: NDArray[np.int64]) -> Values:
    """Forecasts in glasses, `[windows, horizon]`, of the windows that start at these rows."""
    return day_scaler().inverse(network.predict(rows)[:, :, :, 0], (0,))[:, :, 0]


def first_unit(config: ForecasterConfig, gate: str) -> int:
    """Column of a gate's first unit in the kernels and the bias."""
    return GATES.index(gate) * config.hidden_units


def opened_layer(network: Forecaster, row: int, layer: int = 0) -> InspectedLayer:
    """Every gate, state and derivative of a layer, for the window that starts at a row."""
    traced = network.trace(starts(row), derivatives=True).layers[layer]
    if traced.derivatives is None:
        raise ValueError("the layer was traced without derivatives")
    names = ("inputs", "forget", "input", "candidate", "cell", "output", "hidden")
    return InspectedLayer(
        traced.layer,
        traced.direction,
        **{name: np.asarray(getattr(traced, name)[0], np.float64) for name in names},
        preactivation_derivatives=np.asarray(traced.derivatives.preactivation[0], np.float64),
        hidden_derivatives=np.asarray(traced.derivatives.hidden[0], np.float64),
        cell_derivatives=np.asarray(traced.derivatives.cell[0], np.float64),
    )


@dataclass(frozen=True, eq=False)
class Training:
    """A training run, update by update.

    Attributes:
        config: settings of the network.
        losses: mean squared error of the training windows, scaled, before the first update, after the first
            one, and so on.
        weights: the weights at the same moments.
    """

    config: ForecasterConfig
    losses: tuple[float, ...]
    weights: tuple[NamedValues, ...]

    def network(self, updates: int = -1) -> Forecaster:
        """The network after this many updates; all by default."""
        return course_network(self.config, self.weights[updates])

    def changed_network(self, updates: int, name: str, column: int, added: float) -> Forecaster:
        """`network(updates)` with something added to one column of an array of its weights."""
        weights = {**self.weights[updates], name: self.weights[updates][name].copy()}
        weights[name][..., column] += added
        return course_network(self.config, weights)


@lru_cache(maxsize=64)
def train(config: ForecasterConfig, days: int = TRAINING_DAYS) -> Training:
    """Trains a network on the windows of the first `days` days, with `Forecaster.fit`.

    Raises:
        NotFiniteError: the loss is no longer finite.
    """
    network = course_network(config)
    losses, weights = [], [_exact(network.weights())]
    for record in network.fit(((0, days),), ()):
        state = network.training_state
        if isinstance(record, Epoch) and record.training_loss is not None and state is not None:
            losses.append(record.training_loss)
            weights.append(_exact(state.weights))
    losses.append(network.mean_loss(training_starts(network, days)))
    return Training(config, tuple(losses), tuple(weights))


def _exact(weights: Mapping[str, Any]) -> NamedValues:
    return {name: np.array(array, np.float64) for name, array in weights.items()}
