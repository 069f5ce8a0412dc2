import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lstm_tui.kit.charts.shades import EIGHTHS, NEGATIVE, POSITIVE, bars, cell_width, shaded


@given(st.integers(1, 5), st.integers(1, 80), st.integers(10, 60), st.integers(0, 99))
def test_every_line_fits_and_shows_the_largest(rows, numbers, columns, seed):
    values = np.random.default_rng(seed).normal(size=(rows, numbers))
    size = float(np.abs(values).max())
    lines = shaded(values, size, columns)
    assert len(lines) == rows
    shown = min(numbers, columns)
    assert {cell_len(line) for line in lines} == {shown * cell_width(numbers, columns)}
    assert shown * cell_width(numbers, columns) <= columns
    row, number = np.unravel_index(np.abs(values).argmax(), values.shape)
    assert (NEGATIVE if values[row, number] < 0 else POSITIVE)[-1] in lines[row]


def test_shades_grow_with_the_number_and_tell_its_sign():
    (line,) = shaded(np.array([[-1.0, -0.7, -0.5, -0.3, 0.0, 0.3, 0.5, 0.7, 1.0]]), 1.0, 9)
    assert line == "●○∘· ░▒▓█"
    (wide,) = shaded(np.array([[1.0, -1.0]]), 1.0, 8)
    assert wide == "████●●●●"
    assert len(set(POSITIVE + NEGATIVE)) == len(POSITIVE + NEGATIVE) - 1


def test_where_there_is_no_room_the_one_furthest_from_nothing_is_shown():
    assert shaded(np.array([[0.1, -1.0, 0.2, 0.0, 0.1, 1.0]]), 1.0, 2) == ["●█"]


def test_bars_go_from_the_lowest_to_the_highest():
    assert bars(np.arange(9.0), 9) == EIGHTHS
    assert bars(np.array([10.0, 14.0, 18.0]), 3, 10.0) == " ▄█"
    assert bars(np.array([0.5, 0.25]), 2, 0.0, 1.0) == "▄▂"
    assert bars(np.zeros(3), 3) == "   "
    assert bars(np.full(3, 7.0), 3, 7.0) == "   "
    assert bars(np.array([0.0, 1.0, 0.0, 0.5]), 2) == "█▄"


@pytest.mark.parametrize(("numbers", "columns", "width"), [(1, 80, 4), (14, 52, 3), (30, 20, 1)])
def test_a_number_takes_one_to_four_columns(numbers, columns, width):
    assert cell_width(numbers, columns) == width
