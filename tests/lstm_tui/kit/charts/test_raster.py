import time

import numpy as np
import pytest

from lstm_tui.kit.charts.raster import Line, View, cells, dots_of

RED, BLUE = "#ff0000", "#0000ff"


def view(columns=20, rows=5, left=0.0, right=1.0, low=0.0, high=1.0):
    return View(left, right, low, high, columns, rows)


def line(y, x=None, colour=RED, **looks):
    y = np.asarray(y, dtype=np.float64)
    x = np.linspace(0, 1, len(y)) if x is None else np.asarray(x, dtype=np.float64)
    return Line(x, y, colour, **looks)


def test_a_flat_line_has_one_dot_in_every_column():
    dots = dots_of(line([0.5, 0.5]), view())
    assert dots.shape == (20, 40)
    assert (dots.sum(axis=0) == 1).all()
    assert dots.any(axis=1).sum() == 1


def test_a_steep_line_has_no_holes():
    dots = dots_of(line([0, 1], x=[0.49, 0.51]), view())
    rows = np.nonzero(dots.any(axis=1))[0]
    assert rows.tolist() == list(range(20))


def test_the_ends_of_the_range_are_the_outermost_dots():
    dots = dots_of(line([0, 1]), view())
    assert dots[-1, 0]
    assert dots[0, -1]


def test_a_gap_splits_the_line_instead_of_being_bridged():
    dots = dots_of(line([0.5, 0.5, np.nan, np.nan, 0.5, 0.5], x=[0, 0.3, 0.4, 0.6, 0.7, 1]), view())
    drawn = np.nonzero(dots.any(axis=0))[0]
    assert drawn.min() == 0
    assert drawn.max() == 39
    assert not np.isin(np.arange(14, 26), drawn).any()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_draw_nothing(value):
    assert not dots_of(line([value, value]), view()).any()


def test_a_point_alone_is_drawn_large_enough_to_be_seen():
    assert dots_of(line([np.nan, 0.5, np.nan]), view()).sum() == 4


def test_no_peak_is_lost_when_many_points_share_a_column():
    y = np.zeros(100_000)
    y[31_234] = 1.0
    dots = dots_of(line(y), view())
    assert dots[0].any()
    assert dots[:, round(0.31234 * 39)].all()


def test_what_lies_outside_of_the_view_is_cut_off():
    dots = dots_of(line([-5, 5], x=[-1, 2]), view())
    assert dots.any()
    assert not dots_of(line([0.5, 0.5], x=[3, 4]), view()).any()
    assert not dots_of(line([7, 7]), view()).any()


def test_a_thick_line_has_twice_the_dots():
    assert (dots_of(line([0.5, 0.5], thick=True), view()).sum(axis=0) == 2).all()


@pytest.mark.parametrize("pattern", ["dashed", "dotted", "dash-dotted"])
@pytest.mark.parametrize("ends", [([0.5, 0.5], None), ([0, 1], [0.5, 0.501])], ids=["flat", "steep"])
def test_patterns_have_gaps_and_end_nowhere(pattern, ends):
    y, x = ends
    solid = {(cell.column, cell.row) for cell in cells([line(y, x=x)], view(40, 20))}
    broken = {(cell.column, cell.row) for cell in cells([line(y, x=x, pattern=pattern)], view(40, 20))}
    assert broken < solid
    assert len(broken) >= len(solid) / 2


def test_equal_lines_of_one_layer_are_all_visible():
    drawn = list(cells([line([0.2, 0.8]), line([0.2, 0.8], colour=BLUE)], view()))
    assert {cell.colour for cell in drawn} == {RED, BLUE}
    alone = {(cell.column, cell.row, cell.character) for cell in cells([line([0.2, 0.8])], view())}
    assert {(cell.column, cell.row, cell.character) for cell in drawn} == alone


def test_a_higher_layer_hides_a_lower_one_where_they_meet():
    drawn = list(cells([line([0.2, 0.8]), line([0.2, 0.8], colour=BLUE, layer=1)], view()))
    assert {cell.colour for cell in drawn} == {BLUE}


def test_characters_are_braille_patterns():
    assert all(0x2800 < ord(cell.character) <= 0x28FF for cell in cells([line([0, 1])], view()))
    top_left = next(iter(cells([line([1.0, 1.0])], view())))
    assert (top_left.column, top_left.row, top_left.character) == (0, 0, "⠉")


def test_nothing_to_draw_draws_nothing():
    assert list(cells([], view())) == []


def test_three_long_lines_are_drawn_fast():
    x = np.arange(10_000.0)
    lines = [Line(x, np.sin(x / 90 + number), RED, "dashed") for number in range(3)]
    shown = View(0, 10_000, -1, 1, 150, 36)
    fastest = min(_seconds(lambda: list(cells(lines, shown))) for _ in range(5))
    # textual-plot's own drawing takes 200 ms for these.
    assert fastest < 0.1


def _seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start
