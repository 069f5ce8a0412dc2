import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_tui.kit.charts.picture import limits
from lstm_tui.kit.charts.raster import View
from lstm_tui.kit.charts.shades import EIGHTHS
from lstm_tui.kit.charts.shading import Band, Shades

VIEW = View(0.0, 9.0, 0.0, 39.0, 10, 10)
"""Ten columns of one row of the series each; a dot is a unit high, a cell four."""


def band(low, high, colour="#111111", x=None):
    x = np.arange(10.0) if x is None else np.asarray(x, dtype=np.float64)
    return Band(
        x, np.broadcast_to(low, x.shape).astype(float), np.broadcast_to(high, x.shape).astype(float), colour
    )


def eighths(shades, column, number=1):
    """How many eighths of each row have the shade, from the top."""
    found = []
    for row in range(len(shades.main)):
        character, style = shades.edges.get((row, column), ("", ""))
        colour, height = shades.colours[number - 1], EIGHTHS.index(character) if character else 0
        if not character:
            found.append(8 * (shades.main[row, column] == number))
        elif style.startswith("reverse") or " on " in style:
            found.append((8 - height) * style.endswith(colour) + height * style.startswith(colour))
        else:
            found.append(height * (style == colour))
    return found


@given(st.integers(0, 38), st.integers(1, 39))
def test_a_band_is_as_high_as_its_values(low, height):
    high = min(39, low + height)
    shades = Shades.of((band(low, high),), VIEW)
    # One character has one edge, so a band with both edges in one cell may lack up to half a cell.
    assert sum(eighths(shades, 4)) == pytest.approx(2 * (high - low), abs=4 if high - low < 4 else 0)


def test_the_narrow_band_covers_the_wide_one():
    shades = Shades.of((band(4, 35, "#111111"), band(12, 27, "#222222")), VIEW)
    assert sum(eighths(shades, 4, 2)) == 2 * (27 - 12)
    assert shades.main[:, 4].tolist() == [0, 1, 1, 2, 2, 2, 2, 1, 1, 0]


def test_gaps_and_what_is_outside_have_no_shade():
    low = np.where(np.isin(np.arange(10), (4, 5)), np.nan, 8.0)
    shades = Shades.of((band(low, 31.0), band(10, 20, x=[20.0, 30.0])), VIEW)
    assert shades.main.any(axis=0).tolist() == [True] * 4 + [False] * 2 + [True] * 4


def test_a_single_step_has_a_column_of_its_own():
    shades = Shades.of((band(8, 31, x=[6.0]),), VIEW)
    assert np.flatnonzero(shades.main.any(axis=0)).tolist() == [6]


def test_no_point_is_lost_where_many_share_a_column():
    x = np.linspace(0, 9, 5000)
    high = np.where(np.arange(5000) == 2345, 38.0, 12.0)
    shades = Shades.of((Band(x, np.full(5000, 4.0), high, "#111111"),), VIEW)
    assert (shades.main[1:, :].argmax(axis=0) < 2).sum() == 1


def test_without_colours_shades_are_characters():
    shades = Shades.of((band(4, 35), band(12, 27)), VIEW, coloured=False)
    assert [shades.texture(row, 4) for row in range(10)] == [*"", "", *"░░▒▒▒▒░░", ""]
    assert shades.behind(4, 4, "#ffffff") == "#ffffff"
    assert not shades.edges


def test_limits_show_the_visible_part_of_a_band():
    wide = band(np.linspace(0, -90, 10), np.linspace(1, 10, 10))
    low, high = limits((), (wide,), 0.0, 4.0)
    assert -45 < low < -40
    assert 5 < high < 8
