import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.missing import Filled, fill_missing
from lstm_forecasting.data.options import Missing
from lstm_plugins.errors import InputError

NAN = float("nan")


def fill(columns: dict[str, list[float]], missing: Missing = "interpolate") -> Filled:
    values = np.array(list(columns.values()), dtype=np.float64).T
    return fill_missing(values, list(columns), missing, lambda row: f"line {row + 2}")


def test_holes_are_filled_along_straight_lines() -> None:
    filled = fill({"a": [1, NAN, NAN, 4, NAN, 0], "b": [5, 5, 5, 5, 5, 5]})
    assert filled.values[:, 0].tolist() == [1, 2, 3, 4, 2, 0]
    assert filled.made[:, 0].tolist() == [False, True, True, False, True, False]
    assert not filled.made[:, 1].any()
    assert filled.decisions == ("3 missing values of a are filled by linear interpolation.",)


def test_forward_fill_uses_nothing_from_the_future() -> None:
    filled = fill({"a": [1, NAN, NAN, 4, NAN, 0]}, "forward-fill")
    assert filled.values[:, 0].tolist() == [1, 1, 1, 4, 4, 0]
    assert filled.decisions == ("3 missing values of a are filled with the last known value.",)


def test_refuse_names_the_first_missing_value() -> None:
    with pytest.raises(
        InputError, match=r"Column 'b' has no value at line 4, and 2 values are missing in total"
    ):
        fill({"a": [1, 2, 3, NAN], "b": [1, 2, NAN, 4]}, "refuse")


def test_ends_without_a_value_are_left_out() -> None:
    filled = fill({"a": [NAN, 1, 2, 3, NAN], "b": [NAN, NAN, 5, 6, 7]})
    assert filled.first == 2
    assert filled.values.tolist() == [[2, 5], [3, 6]]
    assert not filled.made.any()
    assert filled.decisions == (
        "The first 2 rows are dropped, because b has no value there.",
        "The last row is dropped, because a has no value there.",
    )


@pytest.mark.parametrize(("missing", "made"), [("interpolate", 20.0), ("forward-fill", 10.0)])
def test_a_hole_at_a_cut_is_filled_from_beyond_it(missing: Missing, made: float) -> None:
    filled = fill({"a": [NAN, 1, 2, 3, NAN], "b": [10, NAN, 30, 40, 50]}, missing)
    assert filled.values[:, 1].tolist() == [made, 30, 40]
    assert filled.made[:, 1].tolist() == [True, False, False]


def test_a_complete_table_stays_as_it_is() -> None:
    filled = fill({"a": [1, 2, 3]}, "refuse")
    assert filled.values.tolist() == [[1], [2], [3]]
    assert filled.decisions == ()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"a": [1, 2], "b": [NAN, NAN]}, "Column 'b' has no values"),
        ({"a": [1, 2, NAN, NAN], "b": [NAN, NAN, 3, 4]}, "'a' and 'b' have no rows in common"),
    ],
)
def test_what_cannot_be_filled_is_refused(columns: dict[str, list[float]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        fill(columns)


@given(
    known=st.lists(st.one_of(st.none(), st.integers(-100, 100)), min_size=2, max_size=30),
    missing=st.sampled_from(["interpolate", "forward-fill"]),
)
def test_known_values_never_change_and_made_ones_lie_between_them(
    known: list[int | None], missing: Missing
) -> None:
    places = [place for place, value in enumerate(known) if value is not None]
    if not places:
        return
    filled = fill({"a": [NAN if value is None else float(value) for value in known]}, missing)
    assert (filled.first, len(filled.values)) == (places[0], places[-1] - places[0] + 1)
    for place, (value, made) in enumerate(zip(filled.values[:, 0], filled.made[:, 0], strict=True)):
        given_value = known[place + filled.first]
        assert made == (given_value is None)
        if given_value is not None:
            assert value == given_value
        else:
            before = max(at for at in places if at < place + filled.first)
            after = min(at for at in places if at > place + filled.first)
            low, high = sorted((known[before], known[after]))  # type: ignore[type-var]
            assert low <= value <= high
            if missing == "forward-fill":
                assert value == known[before]
