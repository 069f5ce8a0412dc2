"""Made-up target values and indicators, in each backend as in the reference."""

from __future__ import annotations

import functools
import importlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_plugins import Epoch, Forecaster, ForecasterConfig, SeriesSet, TrainingState, TrainingStep
from lstm_plugins.reference import ReferenceForecaster

BACKENDS = {
    "numpy": "lstm_backends.numpy.forecaster:NumpyForecaster",
    "torch": "lstm_backends.torch.forecaster:TorchForecaster",
    "tensorflow": "lstm_backends.tensorflow.forecaster:TensorflowForecaster",
}
TARGETS, LENGTHS = (2, 0), (34, 30)
ROWS = ((0, 34), (3, 27))


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


@settings(max_examples=settings.default.max_examples // 2)
@given(
    lengths=st.lists(st.integers(1, 12), min_size=1, max_size=3).map(tuple),
    sizes=st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(1, 3)),
    evaluated=st.booleans(),
    data=st.data(),
)
def test_any_series_with_any_mask_has_the_windows_of_the_reference(kind, lengths, sizes, evaluated, data):
    look_back, horizon, stride = sizes
    config = ForecasterConfig(look_back=look_back, horizon=horizon, hidden_units=1, precision="float64")
    rows = sum(lengths)
    observed = data.draw(arrays(np.bool_, (rows, 2), elements=st.sampled_from([False, False, True])))
    series = SeriesSet(np.arange(3.0 * rows).reshape(rows, 3), TARGETS, lengths, observed)
    backend, reference = (one(config, 3, TARGETS) for one in (kind, ReferenceForecaster))
    part = tuple((0, length) for length in lengths)
    for forecaster in (backend, reference):
        forecaster.load_series(series)
    found = backend.window_starts(part, stride, evaluated=evaluated)
    assert found.tolist() == reference.window_starts(part, stride, evaluated=evaluated).tolist()
    if len(found):
        for mine, its in zip(backend.raw_windows(found), reference.raw_windows(found), strict=True):
            assert np.array_equal(mine, its)


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
    assert (found.center[..., 3] == 0).all()
    assert (found.scale[:, 3] == 1).all()
    assert np.array_equal(found.inputs[:, 0, 3], series.values[starts, 3])
    np.testing.assert_allclose(found.inputs, expected.inputs, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(found.center, expected.center, rtol=1e-13, atol=1e-13)


seldom = functools.partial(pytest.param, marks=pytest.mark.exhaustive)
LOSSES = [seldom("mse"), seldom("mae"), seldom("huber"), "quantile"]


def assert_close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_gradients_and_derivatives_are_the_references(kind, loss):
    backend, reference = both(kind, series_of(), loss=loss, dropout=0.2)
    starts = backend.window_starts(ROWS, 1)
    # A full and a partial batch, one without an observed value, and more than backends compute at once.
    for batch in (starts[3:8], starts[:3], np.array([6, 7, 8]), np.repeat(starts, 12)):
        assert_close(backend.mean_loss(batch), reference.mean_loss(batch))
    for batch, step in ((starts[3:8], None), (starts[:3], TrainingStep(1, 2)), (np.array([6, 7]), None)):
        (value, gradients), (expected, wanted) = (
            one.loss_and_gradients(batch, step) for one in (backend, reference)
        )
        assert_close(value, expected)
        for name, array in wanted.items():
            assert_close(gradients[name], array)
    traces = [one.trace(starts[:4], derivatives=True) for one in (backend, reference)]
    for found, right in zip(*(trace.layers for trace in traces), strict=True):
        for name in ("preactivation", "hidden", "cell"):
            assert_close(getattr(found.derivatives, name), getattr(right.derivatives, name))


def test_windows_without_an_observed_value_have_no_loss_and_no_gradient(kind):
    backend, _ = both(kind, series_of())
    nothing = np.array([6, 7, 8])
    assert not backend.raw_windows(nothing).observed.any()
    loss, gradients = backend.loss_and_gradients(nothing)
    assert loss == 0
    assert backend.mean_loss(nothing) == 0
    assert all(not array.any() for array in gradients.values())


def test_a_made_up_target_changes_no_training(kind):
    series = series_of()
    series.observed[LENGTHS[0] - 2, 0] = False
    starts, results = np.array([LENGTHS[0] - 9]), []
    for made_up in (0.0, 100.0):
        values = series.values.copy()
        values[LENGTHS[0] - 2, 2] = made_up
        backend, _ = both(kind, replace(series, values=values))
        results.append((*backend.loss_and_gradients(starts), backend.mean_loss(starts)))
    (loss, gradients, mean_loss), other = results
    assert (loss, mean_loss) == (other[0], other[2])
    for name, array in gradients.items():
        assert np.array_equal(array, other[1][name])


def records_of(forecaster: Forecaster, state: TrainingState | None = None) -> list[Epoch]:
    records = forecaster.fit(((0, 34), (3, 18)), ((0, 0), (18, 30)), state)
    return [record for record in records if isinstance(record, Epoch)]


@pytest.mark.parametrize("loss", [seldom("mse"), "quantile"])
def test_a_fit_is_the_references(kind, loss):
    backend, reference = both(kind, series_of(), loss=loss, epochs=3, learning_rate=0.01, dropout=0.2)
    for found, expected in zip(records_of(backend), records_of(reference), strict=True):
        for name in ("training_loss", "validation_loss", "gradient_norm"):
            assert_close(getattr(found, name), getattr(expected, name))
    for name, array in reference.weights().items():
        np.testing.assert_allclose(backend.weights()[name], array, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("precision", ["float32", seldom("float64")])
def test_a_resumed_fit_has_the_bits_of_one_that_never_stopped(kind, precision):
    settings = {"epochs": 4, "precision": precision, "dropout": 0.2}
    whole, _ = both(kind, series_of(), **settings)
    expected = records_of(whole)
    stopped, _ = both(kind, series_of(), **settings)
    records = stopped.fit(((0, 34), (3, 18)), ((0, 0), (18, 30)))
    assert next(record for record in records if isinstance(record, Epoch)) == expected[0]
    records.close()
    resumed, _ = both(kind, series_of(), **settings)
    assert records_of(resumed, stopped.training_state) == expected[1:]
    for name, array in whole.weights().items():
        assert np.array_equal(resumed.weights()[name], array)


def test_a_mask_without_holes_gives_the_same_bits_as_none(kind):
    complete = series_of("none")
    full = SeriesSet(complete.values, TARGETS, LENGTHS, np.ones((sum(LENGTHS), 2), np.bool_))
    results = []
    for series in (complete, full):
        backend, _ = both(kind, series, epochs=2, precision="float32")
        results.append((records_of(backend), backend.weights()))
    assert results[0][0] == results[1][0]
    for name, array in results[0][1].items():
        assert np.array_equal(array, results[1][1][name])
