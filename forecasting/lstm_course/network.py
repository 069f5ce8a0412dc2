"""The small network of the course, computed by the NumPy backend as every other network is."""

from __future__ import annotations

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
from lstm_plugins.records import Epoch, LayerTrace, SeriesSet

LAYER = "layer0.forward"
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
"""Plain gradient descent, all windows in one batch, so that an update is w − rate · gradient and no more."""


def course_config(**settings: Any) -> ForecasterConfig:
    """The settings of the course, some of them otherwise."""
    return ForecasterConfig(**{**SETTINGS, **settings})


def course_network(
    config: ForecasterConfig, weights: Mapping[str, Any] | None = None, glasses: tuple[float, ...] = DAYS
) -> Forecaster:
    """A forecaster of the NumPy backend that has the series loaded.

    Args:
        config: of the network.
        weights: canonical arrays; None for those that training begins with.
        glasses: what the series is.

    Raises:
        BackendError: the NumPy backend is switched off.
    """
    network = find_backend("numpy").load_forecaster()(config, 1, (0,))
    network.load_series(SeriesSet(scaled(glasses), (0,), (len(glasses),)))
    if weights is not None:
        network.load_weights({name: np.asarray(array, np.float64) for name, array in weights.items()})
    return network


def starts(first: int, count: int = 1) -> NDArray[np.int64]:
    """First rows of windows that follow each other, from row `first` on."""
    return np.arange(first, first + count, dtype=np.int64)


def training_starts(network: Forecaster, days: int = TRAINING_DAYS) -> NDArray[np.int64]:
    """First rows of the windows whose targets all lie in the first so many days."""
    return network.window_starts(((0, days),), network.config.stride)


def forecast_glasses(network: Forecaster, rows: NDArray[np.int64]) -> Values:
    """`[windows, horizon]`, forecasts of the windows that begin at these rows, in glasses."""
    return day_scaler().inverse(network.predict(rows)[:, :, :, 0], (0,))[:, :, 0]


def opened_layer(network: Forecaster, row: int, layer: int = 0) -> InspectedLayer:
    """Everything that happens in a layer to the window that begins at a row."""
    traced = network.trace(starts(row), derivatives=True).layers[layer]
    return _opened(traced)


def _opened(traced: LayerTrace) -> InspectedLayer:
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
    """A training, update by update.

    Attributes:
        config: of the network.
        losses: the mean squared error of the training windows, scaled, before the first update, after the
            first, and so on.
        weights: at the same moments.
    """

    config: ForecasterConfig
    losses: tuple[float, ...]
    weights: tuple[NamedValues, ...]

    @property
    def updates(self) -> int:
        """How many there were."""
        return len(self.losses) - 1

    def network(self, updates: int | None = None) -> Forecaster:
        """The network after so many updates; None for all."""
        return course_network(self.config, self.weights[self.updates if updates is None else updates])


@lru_cache(maxsize=64)
def train(config: ForecasterConfig, days: int = TRAINING_DAYS) -> Training:
    """Trains the network of a config on the windows of the first so many days, with `Forecaster.fit`.

    Raises:
        NotFiniteError: the loss left the finite numbers.
    """
    network = course_network(config)
    losses, weights = [], [_exact(network.weights())]
    for record in network.fit(((0, days),), ()):
        if isinstance(record, Epoch) and network.training_state is not None:
            losses.append(record.training_loss)
            weights.append(_exact(network.training_state.weights))
    losses.append(network.mean_loss(training_starts(network, days)))
    return Training(config, tuple(losses), tuple(weights))


def _exact(weights: Mapping[str, Any]) -> NamedValues:
    return {name: np.array(array, np.float64) for name, array in weights.items()}
