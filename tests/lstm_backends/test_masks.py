"""Made-up target values and indicators, in each backend as in the reference."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lstm_plugins import Forecaster, ForecasterConfig, SeriesSet
from lstm_plugins.reference import ReferenceForecaster

BACKENDS = {
    "numpy": "lstm_backends.numpy.forecaster:NumpyForecaster",
    "torch": "lstm_backends.torch.forecaster:TorchForecaster",
    "tensorflow": "lstm_backends.tensorflow.forecaster:TensorflowForecaster",
}
TARGETS, LENGTHS = (2, 0), (34, 30)
ROWS = ((0, 34), (3, 27))
Make = Callable[..., Forecaster]


@pytest.fixture(scope="module", params=BACKENDS)
def kind(request) -> type[Forecaster]:
    pytest.importorskip(request.param)
    module, _, name = BACKENDS[request.param].partition(":")
    found: type[Forecaster] = getattr(importlib.import_module(module), name)
    return found


def series_of(mask: str = "mixed") -> SeriesSet:
    """Two series of four columns, the last an indicator; the mask has single holes and an outage."""
    generator = np.random.default_rng(4)
    values = generator.normal(size=(sum(LENGTHS), 4)).cumsum(axis=0) * 0.3
    values[:, 3] = generator.random(len(values)) < 0.7
    if mask == "none":
        return SeriesSet(values, TARGETS, LENGTHS)
    observed = generator.random((len(values), 2)) < 0.7
    observed[12:26] = False
    observed[40:, 1] = False
    return SeriesSet(values, TARGETS, LENGTHS, observed)


def both(
    kind: type[Forecaster], series: SeriesSet, **settings: Any
) -> tuple[Forecaster, ReferenceForecaster]:
    """The backend and the reference with the same series and weights."""
    small = {"look_back": 6, "horizon": 3, "hidden_units": 3, "batch_size": 5, "precision": "float64"}
    config = ForecasterConfig(**small | settings)
    made = tuple(one(config, 4, TARGETS, indicators=1) for one in (kind, ReferenceForecaster))
    for forecaster in made:
        forecaster.load_series(series)
    return made


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("evaluated", [False, True])
def test_lists_of_windows_and_their_masks_are_the_references(kind, stride, evaluated):
    backend, reference = both(kind, series_of())
    found = backend.window_starts(ROWS, stride, evaluated=evaluated)
    assert found.dtype == np.int64
    expected = reference.window_starts(ROWS, stride, evaluated=evaluated)
    assert np.array_equal(found, expected)
    assert len(found) < len(both(kind, series_of("none"))[0].window_starts(ROWS, stride))
    assert np.array_equal(backend.raw_windows(found).observed, reference.raw_windows(found).observed)


def test_all_targets_of_a_series_without_a_mask_are_observed(kind):
    backend, _ = both(kind, series_of("none"))
    observed = backend.raw_windows(np.arange(4)).observed
    assert (observed.dtype, observed.shape) == (np.bool_, (4, 3, 2))
    assert observed.all()


@pytest.mark.parametrize("normalisation", ["none", "last", "standard"])
def test_indicators_reach_the_network_as_they_are(kind, normalisation):
    series = series_of()
    backend, reference = both(kind, series, normalisation=normalisation)
    starts = backend.window_starts(ROWS, 1)
    found, expected = backend.normalised_windows(starts), reference.normalised_windows(starts)
    assert (found.center[:, 3] == 0).all()
    assert (found.scale[:, 3] == 1).all()
    assert np.array_equal(found.inputs[:, 0, 3], series.values[starts, 3])
    np.testing.assert_allclose(found.inputs, expected.inputs, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(found.center, expected.center, rtol=1e-13, atol=1e-13)
