from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_backends.numpy.forecaster import NumpyForecaster
from lstm_plugins import ForecasterConfig, SeriesError, SeriesSet, TrainingStep
from lstm_plugins.reference import ReferenceForecaster


@given(
    lengths=st.lists(st.integers(1, 14), min_size=1, max_size=4).map(tuple),
    look_back=st.integers(1, 6),
    horizon=st.integers(1, 4),
    stride=st.integers(1, 3),
    normalisation=st.sampled_from(["none", "last", "standard"]),
    data=st.data(),
)
def test_windows_of_several_series_are_the_references(
    lengths, look_back, horizon, stride, normalisation, data
):
    config = ForecasterConfig(
        look_back=look_back, horizon=horizon, normalisation=normalisation, precision="float64", hidden_units=1
    )
    values = np.random.default_rng(1).normal(size=(sum(lengths), 2))
    backend, reference = (kind(config, 2, (1,)) for kind in (NumpyForecaster, ReferenceForecaster))
    for forecaster in (backend, reference):
        forecaster.load_series(SeriesSet(values, (1,), lengths))
    rows = tuple(
        tuple(sorted(data.draw(st.tuples(st.integers(0, length), st.integers(0, length)))))
        for length in lengths
    )
    starts = backend.window_starts(rows, stride)
    assert starts.dtype == np.int64
    assert np.array_equal(starts, reference.window_starts(rows, stride))
    for found, expected in zip(backend.raw_windows(starts), reference.raw_windows(starts), strict=True):
        assert np.array_equal(found, expected)
    found, expected = backend.normalised_windows(starts), reference.normalised_windows(starts)
    for name in ("inputs", "center", "scale"):
        assert np.allclose(getattr(found, name), getattr(expected, name), rtol=1e-13, atol=1e-13)
        assert getattr(found, name).shape == getattr(expected, name).shape


def test_windows_out_of_their_series_are_refused(make):
    forecaster = make().backend
    for start in (-1, 25, 29, 70, 75, 100):
        with pytest.raises(SeriesError, match=f"starts at row {start} "):
            forecaster.predict(np.array([0, start]))
    forecaster.predict(np.array([24, 69]))
    with pytest.raises(SeriesError, match="row 24 needs 8 rows"):
        forecaster.mean_loss(np.array([24]))


def test_a_series_shorter_than_a_window_has_none():
    config = ForecasterConfig(look_back=8, horizon=4)
    forecaster = NumpyForecaster(config, 1, (0,))
    for rows in (2, 9, 11):
        forecaster.load_series(SeriesSet(np.zeros((rows, 1)), (0,), (rows,)))
        assert len(forecaster.window_starts(((0, rows),), 1)) == 0
        with pytest.raises(SeriesError, match="no window of look_back 8 and horizon 4"):
            next(iter(forecaster.fit(((0, rows),), ())))


def test_a_series_with_other_columns_is_refused_and_none_at_all_too(make):
    forecaster = make().backend
    with pytest.raises(SeriesError, match="3 columns"):
        forecaster.load_series(SeriesSet(np.zeros((20, 3)), (1, 0), (20,)))
    with pytest.raises(SeriesError, match=r"targets \(0, 1\);"):
        forecaster.load_series(SeriesSet(np.zeros((20, 2)), (0, 1), (20,)))
    with pytest.raises(SeriesError, match="1 series, but 2"):
        forecaster.window_starts(((0, 5),), 1)
    with pytest.raises(SeriesError, match="no series"):
        NumpyForecaster(ForecasterConfig(), 1, (0,)).predict(np.array([0]))


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("masked", "known", "settings"),
    [
        (False, 0, {}),
        (True, 0, {}),
        (False, 1, {"horizon": 10, "normalisation": "seasonal", "season": 50, "lags": (10,)}),
    ],
    ids=["plain", "masked", "known columns"],
)
def test_memory_does_not_grow_with_windows_times_look_back(masked, known, settings):
    """A copy of every window would be 200,000 · 200 float64 values: 320 MB; of every mask 200,000 · 300."""
    large = {"look_back": 200, "horizon": 300, "patch": 100, "hidden_units": 2, "batch_size": 64}
    config = ForecasterConfig(**large | settings)
    forecaster = NumpyForecaster(config, 1, (0,), known=known)
    rows = 200_000
    values = np.sin(np.arange(rows) / 7.0)[:, None]
    observed = values > 0.1 if masked else None
    columns = values if known else None
    tracemalloc.start()
    try:
        forecaster.load_series(SeriesSet(values, (0,), (rows,), observed, columns))
        starts = forecaster.window_starts(((0, rows),), 1)
        forecaster.mean_loss(starts)
        forecaster.train_batches(starts[:640], np.full(10, 1e-3), TrainingStep())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40e6
