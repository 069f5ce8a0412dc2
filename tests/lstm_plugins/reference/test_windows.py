import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_plugins import ForecasterConfig, SeriesSet
from lstm_plugins.reference import ReferenceForecaster, windows

SERIES = SeriesSet(np.arange(60.0).reshape(30, 2), (1,), (18, 12))


def test_windows_have_all_their_targets_in_the_rows_and_their_inputs_in_the_series():
    config = ForecasterConfig(look_back=4, horizon=3)
    assert windows.window_starts(SERIES, config, ((0, 18), (0, 12)), 1).tolist() == [
        *range(12),
        *range(18, 24),
    ]
    # The first target row 10 is that of the window that starts at 6: inputs reach back before the split.
    assert windows.window_starts(SERIES, config, ((10, 14), (0, 0)), 1).tolist() == [6, 7]
    assert windows.window_starts(SERIES, config, ((0, 18), (0, 12)), 5).tolist() == [0, 5, 10, 18, 23]
    assert windows.window_starts(SERIES, config, (), 1).tolist() == []
    assert windows.window_starts(SERIES, config, ((16, 18), (0, 0)), 1).tolist() == []


@given(
    look_back=st.integers(1, 6),
    horizon=st.integers(1, 4),
    stride=st.integers(1, 4),
    rows=st.tuples(*(st.tuples(st.integers(0, length), st.integers(0, length)) for length in SERIES.lengths)),
)
def test_window_starts_are_those_a_search_finds(look_back, horizon, stride, rows):
    config = ForecasterConfig(look_back=look_back, horizon=horizon)
    expected = []
    for (first, end), offset, length in zip(rows, SERIES.offsets, SERIES.lengths, strict=True):
        possible = [
            start
            for start in range(length)
            if all(first <= start + look_back + q < end for q in range(horizon))
        ]
        expected += [offset + start for start in possible[::stride]]
    found = windows.window_starts(SERIES, config, rows, stride)
    assert found.dtype == np.int64
    assert found.tolist() == expected


@given(
    look_back=st.integers(1, 4),
    horizon=st.integers(1, 3),
    stride=st.integers(1, 3),
    evaluated=st.booleans(),
    observed=arrays(np.bool_, (30, 2), elements=st.sampled_from([False, False, True])),
)
def test_windows_without_an_observed_value_are_left_out_after_the_stride(
    look_back, horizon, stride, evaluated, observed
):
    config = ForecasterConfig(look_back=look_back, horizon=horizon, hidden_units=1)
    series = SeriesSet(SERIES.values, (1, 0), SERIES.lengths, observed)
    forecaster = ReferenceForecaster(config, 2, (1, 0))
    forecaster.load_series(series)
    rows = ((2, 18), (0, 12))
    expected = [
        start
        for start in windows.window_starts(series, config, rows, stride)
        if observed[start + look_back : start + look_back + horizon].any()
        and (not evaluated or observed[start + look_back - 1].any())
    ]
    found = forecaster.window_starts(rows, stride, evaluated=evaluated)
    assert found.tolist() == expected
    if evaluated and stride == 1:
        assert forecaster.evaluated_starts(rows).tolist() == expected
    targets, mask = forecaster.raw_windows(found)[1:]
    for n, start in enumerate(found):
        assert np.array_equal(mask[n], observed[start + look_back : start + look_back + horizon])
    assert targets.shape == mask.shape


def test_inputs_and_targets_follow_each_other():
    config = ForecasterConfig(look_back=3, horizon=2)
    starts = np.array([5, 0])
    inputs = windows.input_windows(SERIES.values, starts, config)
    targets = windows.target_windows(SERIES.values, starts, config, (1,))
    assert inputs.tolist() == [
        [[10, 11], [12, 13], [14, 15]],
        [[0, 1], [2, 3], [4, 5]],
    ]
    assert targets.tolist() == [[[17], [19]], [[7], [9]]]


def test_statistics_of_each_normalisation():
    inputs = np.array([[[1.0, 10.0], [3.0, 10.0], [8.0, 10.0]]])
    none = windows.statistics(inputs, ForecasterConfig(normalisation="none"))
    last = windows.statistics(inputs, ForecasterConfig(normalisation="last"))
    standard = windows.statistics(inputs, ForecasterConfig(normalisation="standard"))
    assert np.array_equal(none, [[[0, 0]], [[1, 1]]])
    assert np.array_equal(last, [[[8, 10]], [[1, 1]]])
    assert np.allclose(standard, [[[4, 10]], [[np.sqrt(26 / 3 + 1e-5), np.sqrt(1e-5)]]], rtol=1e-15)


def test_indicators_are_neither_centered_nor_scaled():
    center, scale = windows.of_values(np.array([[2.0, 0.5, 0.3]]), np.array([[4.0, 0.7, 0.2]]), 2)
    assert center.tolist() == [[2, 0, 0]]
    assert scale.tolist() == [[4, 1, 1]]


def test_patches_are_time_major_inside():
    inputs = np.arange(8.0).reshape(1, 4, 2)
    assert windows.cut_patches(inputs, ForecasterConfig(look_back=4, patch=2)).tolist() == [
        [[0, 1, 2, 3], [4, 5, 6, 7]]
    ]


def test_denormalising_undoes_the_normalisation_of_the_target_columns():
    inputs = SERIES.values[None, :6]
    center, scale = windows.statistics(inputs, ForecasterConfig(normalisation="standard"))
    normal = windows.normalise(inputs, center, scale)
    back = windows.denormalise(normal[:, :, [1], None], center[:, [1]], scale[:, [1]])
    assert np.allclose(back[..., 0], inputs[..., [1]], rtol=1e-14)
