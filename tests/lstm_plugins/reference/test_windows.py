import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_plugins import ForecasterConfig, SeriesSet, normalisation
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
    deviation = [np.sqrt(26 / 3 + 1e-5), np.sqrt(1e-5)]
    for name, center, scale in (
        ("none", [0, 0], [1, 1]),
        ("last", [8, 10], [1, 1]),
        ("standard", [4, 10], deviation),
        ("last-deviation", [8, 10], deviation),
    ):
        config = ForecasterConfig(look_back=3, horizon=2, normalisation=name)
        found = normalisation.statistics(inputs, config)
        np.testing.assert_allclose(found.center, [[center] * 3], rtol=1e-15)
        np.testing.assert_allclose(found.scale, [scale], rtol=1e-15)
        np.testing.assert_allclose(found.ahead, [[center] * 2], rtol=1e-15)


@given(look_back=st.integers(1, 12), horizon=st.integers(1, 15), season=st.integers(1, 12))
def test_a_seasonal_center_is_the_value_of_the_same_phase_in_the_last_season(look_back, horizon, season):
    season = min(season, look_back)
    config = ForecasterConfig(
        look_back=look_back, horizon=horizon, season=season, normalisation="seasonal", precision="float64"
    )
    inputs = np.random.default_rng(0).normal(size=(2, look_back, 3))
    found = normalisation.statistics(inputs, config)
    assert (found.scale == 1).all()
    for row in range(look_back + horizon):
        # The row of the last season that is a whole number of seasons before or after this one.
        same = next(at for at in range(look_back - season, look_back) if (at - row) % season == 0)
        center = found.center[:, row] if row < look_back else found.ahead[:, row - look_back]
        assert np.array_equal(center, inputs[:, same])


def test_a_season_of_one_is_the_last_value():
    inputs = np.random.default_rng(0).normal(size=(2, 5, 3))
    seasonal, last = (
        normalisation.statistics(inputs, ForecasterConfig(look_back=5, normalisation=name))
        for name in ("seasonal", "last")
    )
    for one, other in zip(seasonal, last, strict=True):
        assert np.array_equal(one, other)


def test_indicators_are_neither_centered_nor_scaled():
    config = ForecasterConfig(look_back=1)
    given = normalisation.of_all_rows(np.array([[2.0, 0.5, 0.3]]), np.array([[4.0, 0.7, 0.2]]), config)
    found = normalisation.of_values(given, 2)
    assert found.center.tolist() == found.ahead.tolist() == [[[2, 0, 0]]]
    assert found.scale.tolist() == [[4, 1, 1]]


def test_patches_are_time_major_inside():
    inputs = np.arange(8.0).reshape(1, 4, 2)
    assert windows.cut_patches(inputs, ForecasterConfig(look_back=4, patch=2)).tolist() == [
        [[0, 1, 2, 3], [4, 5, 6, 7]]
    ]


def test_denormalising_undoes_the_normalisation_of_the_target_columns():
    inputs = SERIES.values[None, :6]
    for name in ("standard", "last-deviation", "seasonal"):
        config = ForecasterConfig(look_back=6, horizon=6, season=6, normalisation=name)
        found = normalisation.statistics(inputs, config)
        normal = normalisation.normalise(inputs, found)
        assert not np.allclose(normal, inputs)
        back = windows.denormalise(normal[:, :, [1], None], found.ahead[:, :, [1]], found.scale[:, [1]])
        np.testing.assert_allclose(back[..., 0], inputs[..., [1]], rtol=1e-14)
        inside = windows.target_in_window(inputs[..., [1]], found.ahead[:, :, [1]], found.scale[:, [1]])
        np.testing.assert_allclose(inside, normal[..., [1]], rtol=1e-14)


KNOWN = SeriesSet(SERIES.values, (1,), (18, 12), known=np.arange(34.0 * 2).reshape(34, 2) / 100, own_known=1)


def test_known_columns_are_those_of_each_series_own_rows_and_rows_ahead():
    assert KNOWN.ahead == 2
    assert KNOWN.known_offsets == (0, 20)
    assert KNOWN.known_rows(np.array([0, 17, 18, 29])).tolist() == [0, 17, 20, 31]
    config = ForecasterConfig(look_back=4, horizon=2, patch=2)
    starts = np.array([14, 26])
    inputs, ahead = (
        cut(KNOWN, starts, config)[..., 0] * 50 for cut in (windows.known_inputs, windows.known_ahead)
    )
    # Of each patch of two rows the last; then the rows after the series' end.
    np.testing.assert_allclose(inputs, [[15, 17], [29, 31]])
    np.testing.assert_allclose(ahead, [[18, 19], [32, 33]])


def test_lagged_targets_are_seen_from_the_last_value_of_the_window():
    config = ForecasterConfig(look_back=3, horizon=2, lags=(2, 5))
    scale = np.array([[9.0, 2.0]])
    lagged = windows.lagged_targets(SERIES, np.array([4]), config, scale)
    # Target rows 7 and 8; 2 and 5 rows before them; the last input row is 6; column 1 of row r is 2r + 1.
    assert [one[0, :, 0].tolist() for one in lagged] == [[-1, 0], [-4, -3]]


def test_a_window_starts_late_enough_for_its_longest_lag():
    config = ForecasterConfig(look_back=3, horizon=2, lags=(2, 7))
    starts = windows.window_starts(SERIES, config, ((0, 18), (0, 12)), 1)
    assert starts.tolist() == [*range(4, 14), *range(22, 26)]
    assert windows.window_starts(SERIES, config, ((9, 12), (0, 0)), 1).tolist() == [6, 7]
