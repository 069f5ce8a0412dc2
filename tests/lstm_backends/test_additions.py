"""Known columns, lags, the linear part and the rest that was added, in each backend as in the reference."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_conformance.added_probes import ADDED, EVERY_ADDITION, added_probe
from lstm_conformance.checks import check_forecaster
from lstm_plugins import Epoch, Forecaster, ForecasterConfig, SeriesError, SeriesSet, TrainingStep
from lstm_plugins.additions import ADDITIONS, extra_columns
from lstm_plugins.reference import ReferenceForecaster
from lstm_plugins.weights import is_fixed

BACKENDS = {
    "numpy": "lstm_backends.numpy.forecaster:NumpyForecaster",
    "torch": "lstm_backends.torch.forecaster:TorchForecaster",
    "tensorflow": "lstm_backends.tensorflow.forecaster:TensorflowForecaster",
}
TARGETS = (2, 0)
TRAINING, VALIDATION = ((0, 34), (0, 18)), ((34, 34), (18, 30))
EVERYTHING: dict[str, Any] = {
    "patch": 2,
    "normalisation": "last-deviation",
    "lags": (3, 8),
    "linear": "ridge",
    "loss_scale": "window",
    "loss": "quantile",
    "dropout": 0.2,
    "windows_per_epoch": 11,
    "epochs": 2,
    "learning_rate": 0.01,
}


@pytest.fixture(
    scope="module",
    params=["numpy", "torch", pytest.param("tensorflow", marks=pytest.mark.exhaustive)],
)
def kind(request) -> type[Forecaster]:
    return kind_of(request.param)


def kind_of(backend: str) -> type[Forecaster]:
    pytest.importorskip(backend)
    module, _, name = BACKENDS[backend].partition(":")
    found: type[Forecaster] = getattr(importlib.import_module(module), name)
    return found


def series_of(lengths: tuple[int, ...] = (34, 30), known: int = 3, ahead: int = 2) -> SeriesSet:
    """Series of four columns, the last an indicator, with known columns, some of them the user's own."""
    generator = np.random.default_rng(4)
    rows = sum(lengths)
    values = generator.normal(size=(rows, 4)).cumsum(axis=0) * 0.3
    values[:, 3] = generator.random(rows) < 0.7
    columns = generator.normal(size=(rows + ahead * len(lengths), known)) if known else None
    return SeriesSet(values, TARGETS, lengths, known=columns, own_known=known // 2)


def both(
    kind: type[Forecaster], series: SeriesSet, **settings: Any
) -> tuple[Forecaster, ReferenceForecaster]:
    """The backend and the reference with the same series and weights, none of which is 0."""
    small = {"look_back": 6, "horizon": 3, "hidden_units": 3, "batch_size": 5, "precision": "float64"}
    config = ForecasterConfig(**small | settings)
    generator = np.random.default_rng(7)
    made = tuple(one(config, 4, TARGETS, **extra_columns(series, 1)) for one in (kind, ReferenceForecaster))
    weights = {name: generator.normal(0.0, 0.4, array.shape) for name, array in made[1].weights().items()}
    for forecaster in made:
        forecaster.load_series(series)
        forecaster.load_weights(weights)
    return made


def assert_close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


@settings(max_examples=settings.default.max_examples // 2)
@given(
    lengths=st.lists(st.integers(1, 16), min_size=1, max_size=3).map(tuple),
    steps=st.integers(1, 3),
    patch=st.integers(1, 3),
    horizon=st.integers(1, 4),
    known=st.integers(0, 3),
    ahead=st.integers(0, 5),
    normalisation=st.sampled_from(["none", "last", "standard", "last-deviation", "seasonal"]),
    data=st.data(),
)
def test_any_windows_are_the_references(
    kind, lengths, steps, patch, horizon, known, ahead, normalisation, data
):
    lags = data.draw(st.lists(st.integers(horizon, 9), max_size=2, unique=True).map(sorted))
    season = data.draw(st.integers(1, steps * patch))
    series = series_of(lengths, known, ahead)
    backend, reference = both(
        kind,
        series,
        look_back=steps * patch,
        patch=patch,
        horizon=horizon,
        normalisation=normalisation,
        season=season,
        lags=tuple(lags),
    )
    rows = tuple((0, length) for length in lengths)
    starts = reference.window_starts(rows, 2)
    assert np.array_equal(backend.window_starts(rows, 2), starts)
    if not len(starts):
        return
    found, expected = backend.normalised_windows(starts), reference.normalised_windows(starts)
    for name in ("inputs", "center", "scale", "target_center", "step_features"):
        mine, its = getattr(found, name), getattr(expected, name)
        assert (mine is None) == (its is None)
        if its is not None:
            assert mine.shape == its.shape
            assert mine.dtype == its.dtype
            assert_close(mine, its)


def test_the_backends_are_described_with_all_additions(kind):
    backend = importlib.import_module(kind.__module__.rpartition(".")[0]).lstm_backend()
    assert backend.additions == ADDITIONS


def test_everything_together_is_the_reference(kind):
    """Windows, forecasts, losses, gradients, the trace, and a fit that begins with the linear part."""
    backend, reference = both(kind, series_of(), **EVERYTHING)
    starts = reference.training_starts(TRAINING)
    assert np.array_equal(backend.training_starts(TRAINING), starts)
    # The last window of the first series whose target rows have known columns ends a row after it.
    future = np.array([34 - 6 - 1])
    assert_close(backend.predict(future), reference.predict(future))
    assert_close(backend.mean_loss(starts), reference.mean_loss(starts))
    (loss, gradients), (expected, wanted) = (
        one.loss_and_gradients(starts[:4], TrainingStep(1, 2)) for one in (backend, reference)
    )
    assert_close(loss, expected)
    assert list(gradients) == list(wanted)
    for name, array in wanted.items():
        assert_close(gradients[name], array)
    traces = [one.trace(starts[:4], derivatives=True) for one in (backend, reference)]
    for name in ("head_input", "step_hidden", "linear", "output", "prediction"):
        assert_close(getattr(traces[0], name), getattr(traces[1], name))
    records = [
        [record for record in one.fit(TRAINING, VALIDATION) if isinstance(record, Epoch)]
        for one in (backend, reference)
    ]
    assert [record.epoch for record in records[0]] == [-1, 0, 1]
    for found, right in zip(*records, strict=True):
        assert_close(found.validation_loss, right.validation_loss)
    for name, array in reference.weights().items():
        np.testing.assert_allclose(backend.weights()[name], array, rtol=1e-8, atol=1e-9)
    assert backend.weights()["linear.kernel"].any()


def test_the_linear_part_is_fixed(kind):
    """It has no gradients and moments, and no update changes it."""
    backend, _ = both(kind, series_of(), **EVERYTHING)
    weights = backend.weights()
    fixed = {name for name in weights if is_fixed(name)}
    assert fixed == {"linear.kernel", "linear.bias"}
    gradients = {name: np.ones_like(array) for name, array in weights.items() if name not in fixed}
    backend.update(gradients, 0.1)
    state = backend.optimizer_state()
    for arrays in (state.first, state.second, backend.clip(gradients)[0]):
        assert list(arrays) == list(gradients)
    for name, array in backend.weights().items():
        assert np.array_equal(array, weights[name]) == (name in fixed)
    backend.load_weights({name: array * 2.0 for name, array in weights.items()})
    backend.weights()["linear.bias"][:] = 0.0
    assert np.array_equal(backend.weights()["linear.bias"], weights["linear.bias"] * 2.0)
    with pytest.raises(SeriesError, match=r"linear\.bias does not belong"):
        backend.update(gradients | {"linear.bias": weights["linear.bias"]}, 0.1)


def test_units_of_the_step_part_that_are_zero_pass_nothing_on(kind):
    backend, _ = both(kind, series_of(), **EVERYTHING)
    silent = ("step.kernel", "step.features", "step.position")
    weights = {name: array * (name not in silent) for name, array in backend.weights().items()}
    backend.load_weights(weights)
    starts = backend.training_starts(TRAINING)[:4]
    gradients = backend.loss_and_gradients(starts)[1]
    assert not backend.trace(starts).step_hidden.any()
    assert all(not gradients[name].any() for name in (*silent, "step.output"))
    assert gradients["head.kernel"].any()


def case(backend: str, name: str, precision: str) -> Any:
    """A case; only one that computes as training does is quick, and TensorFlow compiles for seconds."""
    is_quick = (name, precision) == (EVERY_ADDITION, "float32") and backend != "tensorflow"
    return pytest.param(backend, name, precision, marks=[] if is_quick else pytest.mark.exhaustive)


CASES = [
    case(backend, name, precision)
    for backend in BACKENDS
    for name in ADDED
    for precision in ("float32", "float64")
]


@pytest.mark.parametrize(("backend", "name", "precision"), CASES)
def test_no_level_of_the_cross_check_fails(backend, name, precision):
    kind = kind_of(backend)
    probe = added_probe(name, precision)

    def make(probe: Any) -> Forecaster:
        return kind(probe.config, probe.features, probe.series.targets, **probe.extra_columns)

    results = list(check_forecaster(make, [probe]))
    assert [(one.level.name, one.problem) for one in results if one.state not in ("passed", "shown")] == []
