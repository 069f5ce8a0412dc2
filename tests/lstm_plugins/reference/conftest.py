from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lstm_plugins import ForecasterConfig, SeriesSet
from lstm_plugins.reference import ReferenceForecaster, Steps

Make = Callable[..., ReferenceForecaster]


def make_reference(
    *,
    features: int = 2,
    targets: tuple[int, ...] = (1, 0),
    known: int = 0,
    own_known: int = 0,
    steps: Steps | None = None,
    **settings: Any,
) -> ReferenceForecaster:
    """A small forecaster in float64 with a loaded series, no weight or bias zero."""
    small = {"look_back": 6, "horizon": 2, "hidden_units": 3, "batch_size": 5, "precision": "float64"}
    config = ForecasterConfig(**small | settings)
    generator = np.random.default_rng(config.seed)
    columns = {"known": known, "own_known": own_known}
    forecaster = ReferenceForecaster(config, features, targets, **columns, steps=steps or Steps())
    rows = generator.normal(size=(60, features)).cumsum(axis=0) * 0.4 + 1.0
    # Two rows ahead of each series.
    extra = {"known": generator.normal(size=(64, known)), "own_known": own_known} if known else {}
    forecaster.load_series(SeriesSet(rows, targets, (25, 35), **extra))
    forecaster.load_weights(
        {
            name: array + 0.3 * generator.normal(size=array.shape).astype(array.dtype)
            for name, array in forecaster.weights().items()
        }
    )
    return forecaster


@pytest.fixture(scope="session")
def make() -> Make:
    return make_reference
