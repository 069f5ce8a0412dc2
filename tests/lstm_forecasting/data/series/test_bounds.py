import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.series.bounds import NO_BOUNDS, Bounds, bounds_as_asked, find_bounds
from lstm_forecasting.data.series.splits import RowRange
from lstm_plugins.errors import OptionError


@pytest.fixture
def read(tmp_path):
    """Reads daily columns with these values; None is a gap."""

    def read_columns(columns, **options):
        names = list(columns)
        lines = [",".join(("day", *names))]
        for row in range(len(columns[names[0]])):
            day = np.datetime64("2021-01-01") + row
            cells = ("" if columns[name][row] is None else repr(columns[name][row]) for name in names)
            lines.append(",".join((str(day), *cells)))
        path = tmp_path / "shop.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_table(path, names, options=ReadOptions(**options))

    return read_columns


def sales(rows=100):
    return (100 + 40 * np.random.default_rng(0).normal(size=rows)).clip(0).round().tolist()


def test_values_that_are_never_negative_hold_forecasts_at_0_or_above(read):
    table = read({"watt": [max(0.0, 90.5 * math.sin(row)) for row in range(100)]})
    bounds = find_bounds(table, RowRange(0, 70))
    assert (bounds.minimum, bounds.whole) == ((0.0,), (False,))
    assert bounds.decisions == ("Forecasts of watt are at least 0, because no training value is negative.",)
    held = bounds.hold(np.array([[[-15.9], [3.25]]]))
    assert held.tolist() == [[[0.0], [3.25]]]


def test_whole_values_that_change_by_much_are_rounded_to(read):
    bounds = find_bounds(read({"sales": sales()}), RowRange(0, 70))
    assert bounds.whole == (True,)
    assert bounds.decisions[1] == (
        "Forecasts of sales are rounded to whole numbers, because all training values are whole."
    )
    held = bounds.hold(np.array([[-0.4], [7.6]]))
    assert held.tolist() == [[0.0], [8.0]]
    assert not np.signbit(held).any()


def test_small_whole_values_are_not_rounded_unless_asked(read):
    counts = [float(row % 3) for row in range(100)]
    assert find_bounds(read({"calls": counts}), RowRange(0, 70)).whole == (False,)
    asked = find_bounds(read({"calls": counts}, whole="yes"), RowRange(0, 70))
    assert asked.whole == (True,)
    assert asked.decisions[1] == "Forecasts are rounded to whole numbers, as requested."


def test_each_target_has_its_own_bounds(read):
    celsius = [15 * math.sin(row) for row in range(100)]
    bounds = find_bounds(read({"celsius": celsius, "sales": sales()}), RowRange(0, 70))
    assert (bounds.minimum, bounds.whole) == ((-math.inf, 0.0), (False, True))
    held = bounds.hold(np.array([[-3.3, -3.3]]))
    assert held.tolist() == [[-3.3, 0.0]]
    quantiles = bounds.hold_quantiles(np.array([[[-9.5, 2.5], [-9.5, 2.6]]]))
    assert quantiles.tolist() == [[[-9.5, 2.5], [0.0, 3.0]]]


def test_only_training_rows_decide_and_later_ones_that_disagree_are_reported(read):
    values = [1.5 + row % 4 for row in range(80)] + [-2.5, -3.5] * 10
    bounds = find_bounds(read({"balance": values}), RowRange(0, 70))
    assert bounds.minimum == (0.0,)
    assert bounds.decisions[1] == (
        "20 values of balance after the training rows are negative. Set minimum to none to allow negative "
        "forecasts."
    )
    assert find_bounds(read({"balance": values}), RowRange(0, 90)).minimum == (-math.inf,)
    assert find_bounds(read({"balance": values}, minimum="none"), RowRange(0, 70)) == Bounds(
        (-math.inf,), (False,)
    )


def test_filled_values_do_not_count(read):
    # The mean of 3 and 6 is filled in between.
    values = [None if row % 10 == 4 else 3.0 + 3 * (row % 2) + 10 * (row % 7) for row in range(100)]
    bounds = find_bounds(read({"sales": values}), RowRange(0, 70))
    assert bounds.whole == (True,)


def test_too_few_or_constant_values_say_nothing(read):
    assert find_bounds(read({"sales": sales()}), RowRange(0, 10)).minimum == (-math.inf,)
    constant = find_bounds(read({"sales": [4.0] * 100}), RowRange(0, 70))
    assert (constant.minimum, constant.whole) == ((-math.inf,), (False,))


@pytest.mark.parametrize(("text", "held"), [("5", 5.0), ("-2.5", -2.5), ("1e3", 1000.0), ("auto", 0.0)])
def test_the_user_names_another_minimum(read, text, held):
    bounds = find_bounds(read({"sales": sales()}, minimum=text), RowRange(0, 70))
    assert bounds.minimum == (held,)


def test_a_model_without_bounds_gets_those_that_the_user_names():
    assert bounds_as_asked(NO_BOUNDS, ReadOptions(), ["y"]) == Bounds((-math.inf,), (False,))
    asked = bounds_as_asked(NO_BOUNDS, ReadOptions(minimum="2", whole="yes"), ["y"])
    assert asked.hold(np.array([[-7.0]])).tolist() == [[2.0]]


@pytest.mark.parametrize("text", ["", "low", "nan", "inf", "1,5"])
def test_a_minimum_is_a_number(text):
    with pytest.raises(OptionError, match=r"is not a number \(in a file"):
        ReadOptions(minimum=text)


@given(
    arrays(np.float64, (4, 3, 2), elements=st.floats(-1e6, 1e6)),
    st.tuples(st.floats(-10, 10), st.floats(-10, 10)),
    st.tuples(st.booleans(), st.booleans()),
)
def test_held_forecasts_are_within_bounds_keep_their_order_and_change_no_more(forecasts, minimum, whole):
    bounds = Bounds(minimum, whole)
    held = bounds.hold(forecasts)
    assert (held >= np.array(minimum)).all()
    assert (held[..., list(whole)] == np.rint(held[..., list(whole)])).all()
    np.testing.assert_array_equal(bounds.hold(held), held)
    ordered = np.sort(forecasts, axis=0)
    assert (np.diff(bounds.hold(ordered), axis=0) >= 0).all()
    free = (forecasts >= np.array(minimum)) & ~np.array(whole)
    np.testing.assert_array_equal(held[free], forecasts[free])
