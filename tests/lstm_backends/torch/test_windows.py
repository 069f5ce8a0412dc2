from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_plugins import SeriesError, SeriesSet


@given(
    look_back=st.integers(1, 12),
    horizon=st.integers(1, 6),
    stride=st.integers(1, 4),
    lengths=st.lists(st.integers(1, 30), min_size=1, max_size=4),
    data=st.data(),
)
def test_starts_are_the_references(pair_of, look_back, horizon, stride, lengths, data):
    pair = pair_of(look_back=look_back, horizon=horizon)
    series = SeriesSet(np.zeros((sum(lengths), 3)), pair.torch.targets, tuple(lengths))
    rows = tuple(
        tuple(sorted((data.draw(st.integers(0, length)), data.draw(st.integers(0, length)))))
        for length in lengths
    )
    pair.torch.load_series(series)
    pair.reference.load_series(series)

    starts = pair.torch.window_starts(rows, stride)

    assert starts.dtype == np.int64
    np.testing.assert_array_equal(starts, pair.reference.window_starts(rows, stride))


def test_no_rows_give_no_windows(pair_of):
    pair = pair_of()
    assert len(pair.torch.window_starts((), 1)) == 0
    assert len(pair.torch.window_starts(((0, 0), (40, 40)), 1)) == 0


def test_rows_for_another_number_of_series_are_refused(pair_of):
    with pytest.raises(SeriesError, match="1 series, but 2"):
        pair_of().torch.window_starts(((0, 31),), 1)


def test_windows_are_exactly_the_rows_of_the_series(pair_of, switch, precision):
    pair = pair_of(**{**switch, "precision": precision})
    look_back, horizon = pair.config.look_back, pair.config.horizon

    inputs, targets, observed = pair.torch.raw_windows(pair.starts)
    assert observed.shape == targets.shape
    assert observed.all()

    values = pair.series.values.astype(precision)
    for n, start in enumerate(pair.starts):
        middle, end = start + look_back, start + look_back + horizon
        np.testing.assert_array_equal(inputs[n], values[start:middle])
        np.testing.assert_array_equal(targets[n], values[middle:end][:, list(pair.torch.targets)])
    assert inputs.dtype == targets.dtype == precision


def test_normalised_windows_are_the_references(pair_of, switch, precision):
    pair = pair_of(**{**switch, "precision": precision})

    def compute(forecaster):
        windows = forecaster.normalised_windows(pair.starts)
        return {"inputs": windows.inputs, "center": windows.center, "scale": windows.scale}

    pair.hold(compute)
    windows = pair.torch.normalised_windows(pair.starts)
    assert windows.inputs.dtype == precision
    assert windows.center.dtype == windows.scale.dtype == np.float64


@pytest.mark.parametrize("normalisation", ["last", "standard"])
def test_statistics_are_float64_far_from_zero(pair_of, series_of, normalisation):
    pair = pair_of(normalisation=normalisation, precision="float32")
    far = SeriesSet(series_of().values + 1e7, pair.torch.targets, pair.series.lengths)
    pair.torch.load_series(far)
    pair.reference.load_series(far)

    found, wanted = (one.normalised_windows(pair.starts) for one in (pair.torch, pair.reference))

    np.testing.assert_allclose(found.inputs, wanted.inputs, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(found.center, wanted.center, rtol=1e-15)


def test_windows_are_not_copied_before_they_are_needed(pair_of):
    pair = pair_of(look_back=1000, horizon=500)
    observed = np.arange(400_000).reshape(200_000, 2) % 5 > 0
    long = SeriesSet(np.zeros((200_000, 3)), pair.torch.targets, (200_000,), observed)

    pair.torch.load_series(long)

    # All windows copied would be 4.8 GB.
    windows = pair.torch._windows
    assert windows.inputs.untyped_storage().nbytes() == long.values.nbytes
    assert windows.targets.untyped_storage().nbytes() == long.values.nbytes * 2 // 3
    assert windows.observed.untyped_storage().nbytes() == observed.nbytes


@pytest.mark.parametrize("start", [-1, 24, 31 - 7, 71 - 7, 100])
def test_windows_outside_of_a_series_are_refused(pair_of, start):
    pair = pair_of()
    with pytest.raises(SeriesError, match=f"starts at row {start} needs 8 rows"):
        pair.torch.mean_loss(np.array([0, start]))


def test_a_forecast_needs_the_inputs_alone(pair_of):
    pair = pair_of()
    ends = np.array([31 - 6, 71 - 6])
    np.testing.assert_allclose(pair.torch.predict(ends), pair.reference.predict(ends), rtol=1e-13)
    with pytest.raises(SeriesError, match="needs 6 rows"):
        pair.torch.predict(ends + 1)


def test_a_series_of_other_columns_is_refused(pair_of):
    pair = pair_of()
    with pytest.raises(SeriesError, match="made for 3 columns and targets"):
        pair.torch.load_series(SeriesSet(np.zeros((50, 2)), (0,), (50,)))
