from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_conformance.tolerance import epsilon
from lstm_plugins import SeriesError

LENGTHS = (31, 40)


@given(data=st.data(), stride=st.integers(1, 9))
def test_starts_are_the_references(pair_of, data, stride):
    pair = pair_of()
    rows = tuple(
        tuple(sorted(data.draw(st.tuples(st.integers(0, length), st.integers(0, length)))))
        for length in LENGTHS
    )
    expected = pair.reference.window_starts(rows, stride)
    np.testing.assert_array_equal(pair.tensorflow.window_starts(rows, stride), expected)


def test_no_rows_are_no_windows(pair_of):
    starts = pair_of().tensorflow.window_starts((), 1)
    assert starts.shape == (0,)
    assert starts.dtype == np.int64


def test_rows_are_asked_for_every_series(pair_of):
    with pytest.raises(SeriesError, match="given for 1 series, but 2"):
        pair_of().tensorflow.window_starts(((0, 31),), 1)


def test_raw_windows_are_cut_from_the_series(pair_of):
    pair = pair_of()
    inputs, targets, observed = pair.tensorflow.raw_windows(pair.starts)
    assert observed.shape == targets.shape
    assert observed.all()
    for n, start in enumerate(pair.starts):
        np.testing.assert_array_equal(inputs[n], pair.series.values[start : start + 6])
        np.testing.assert_array_equal(targets[n], pair.series.values[start + 6 : start + 8][:, [2, 0]])


def test_normalised_windows_agree_with_the_reference(pair_of, switch):
    pair = pair_of(**switch)

    def compute(forecaster):
        windows = forecaster.normalised_windows(pair.starts)
        return {"inputs": windows.inputs, "center": windows.center, "scale": windows.scale}

    pair.hold(compute)
    windows = pair.tensorflow.normalised_windows(pair.starts)
    assert windows.inputs.dtype == pair.config.precision
    assert windows.center.dtype == windows.scale.dtype == np.float64


def test_statistics_are_float64_where_float32_would_lose_them(pair_of):
    pair = pair_of(precision="float32", normalisation="standard")
    far = pair.series.values + 1e7
    for forecaster in (pair.tensorflow, pair.reference):
        forecaster.load_series(type(pair.series)(far, pair.series.targets, pair.series.lengths))
    ours, reference = (
        forecaster.normalised_windows(pair.starts) for forecaster in (pair.tensorflow, pair.reference)
    )
    np.testing.assert_allclose(ours.inputs, reference.inputs, rtol=0, atol=8 * epsilon("float32"))


@pytest.mark.parametrize("start", [-1, 24, 30, 64, 71, 10_000])
def test_windows_that_leave_their_series_are_refused(pair_of, start):
    with pytest.raises(SeriesError, match=f"row {start} "):
        pair_of().tensorflow.raw_windows(np.array([0, start]))


def test_the_last_window_may_lie_at_the_end_of_the_last_series(pair_of):
    """Forecasts of the future need no target rows."""
    pair = pair_of()
    start = np.array([71 - pair.config.look_back])
    prediction = pair.tensorflow.predict(start)
    np.testing.assert_allclose(prediction, pair.reference.predict(start), rtol=0, atol=1e-14)
    with pytest.raises(SeriesError):
        pair.tensorflow.mean_loss(start)


def test_a_series_of_other_columns_is_refused(pair_of, series_of):
    with pytest.raises(SeriesError, match="4 columns"):
        pair_of().tensorflow.load_series(series_of(features=4))
