import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_tui.crosscheck.heatmap import TALLEST, WIDEST, fitted, scaled


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 60), st.integers(1, 60))
def test_it_fits_and_hides_nothing_bad(rows, columns, room, half_rows):
    values = np.random.default_rng(rows * 100 + columns).random((rows, columns))
    numbers, wide, tall = fitted(values, room, half_rows)
    assert numbers.shape[1] * wide <= room
    assert numbers.shape[0] * tall <= half_rows
    assert 1 <= wide <= WIDEST
    assert 1 <= tall <= TALLEST
    assert numbers.max() == values.max()
    if rows <= half_rows and columns <= room:
        assert np.array_equal(numbers, values)


def test_places_rise_with_the_error_and_tell_what_is_beyond():
    places = scaled(np.array([0.0, 0.01, 1.0, 50.0, 76.0, 77.0, 1e6, 2e6, np.inf]), 76.0)
    assert places[0] == 0
    assert np.all(np.diff(places) >= 0)
    assert places[4] == pytest.approx(1)
    assert np.all(places[5:] > 1)
    assert places[7] == places[8] == 2


def test_where_nothing_may_be_off_anything_is_beyond():
    assert scaled(np.array([0.0, np.inf]), 0.0).tolist() == [0.0, 2.0]
