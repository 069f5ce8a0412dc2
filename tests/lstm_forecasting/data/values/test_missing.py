import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.options import Missing
from lstm_forecasting.data.values.missing import Trimmed, fill, trim
from lstm_plugins.errors import InputError

NAN = float("nan")
WAYS: tuple[Missing, ...] = ("carry", "season", "interpolate")


def table_of(columns: dict[str, list[float]], missing: Missing = "carry", targets: int = 1) -> Trimmed:
    values = np.array(list(columns.values()), dtype=np.float64).T
    return trim(values, list(columns), targets, missing, lambda row: f"line {row + 2}")


def filled(
    values: list[float], missing: Missing, *, training_rows: int = 0, season: int = 1, start: float = 0.0
) -> list[float]:
    column = np.array(values)[:, np.newaxis]
    made = np.isnan(column)
    found = fill(column, made, missing, training_rows=training_rows, season=season, starts=np.array([start]))
    return [float(value) for value in found[:, 0]]


def test_the_last_observed_value_is_carried() -> None:
    assert filled([1, NAN, NAN, 4, NAN, 0], "carry") == [1, 1, 1, 4, 4, 0]


def test_the_value_a_season_ago_is_repeated_whether_it_was_observed_or_filled() -> None:
    assert filled([1, 2, 3, NAN, 5, 6, NAN, NAN, 9, NAN], "season", season=3) == [
        1,
        2,
        3,
        1,
        5,
        6,
        1,
        5,
        9,
        1,
    ]


def test_within_the_first_season_the_last_observed_value_is_carried() -> None:
    assert filled([1, NAN, 3, NAN, NAN, 6], "season", season=3) == [1, 1, 3, 1, 1, 6]


def test_without_a_season_the_last_observed_value_is_carried() -> None:
    assert filled([1, NAN, 3, NAN], "season", season=1) == [1, 1, 3, 3]
    assert filled([1, NAN, 3, NAN], "season", season=9) == [1, 1, 3, 3]


def test_training_rows_are_interpolated_and_gaps_that_leave_them_are_carried() -> None:
    values = [1, NAN, 3, NAN, NAN, 6, NAN, 8]
    assert filled(values, "interpolate", training_rows=8) == [1, 2, 3, 4, 5, 6, 7, 8]
    # The gap before row 5 reaches the first row after training, the gap before row 7 is behind it.
    assert filled(values, "interpolate", training_rows=5) == [1, 2, 3, 3, 3, 6, 6, 8]
    assert filled(values, "interpolate", training_rows=6) == [1, 2, 3, 4, 5, 6, 6, 8]


@pytest.mark.parametrize("missing", WAYS)
def test_a_gap_at_the_start_of_an_input_gets_the_given_value(missing: Missing) -> None:
    assert filled([NAN, NAN, 7, NAN], missing, training_rows=4, season=2, start=2.5)[:3] == [2.5, 2.5, 7]


def test_what_is_filled_is_counted_and_how_is_said() -> None:
    table = table_of({"a": [1, NAN, NAN, 4, NAN, 0], "b": [NAN, 5, 5, 5, 5, NAN]})
    assert table.made.sum(axis=0).tolist() == [3, 2]
    assert table.decisions == (
        "3 missing values of a (50 %) are filled with the last observed value.",
        "The first value of b is missing; it is filled with its mean over the training rows.",
        "1 missing value of b (17 %) is filled with the last observed value.",
        "Filled values of a are excluded from losses and scores.",
    )


@pytest.mark.parametrize(
    ("missing", "how"),
    [
        ("season", "filled with the value one season earlier, or else the last observed value"),
        (
            "interpolate",
            "interpolated in the training rows (which looks ahead) and filled with the last observed "
            "value elsewhere",
        ),
    ],
)
def test_every_way_to_fill_is_named(missing: Missing, how: str) -> None:
    assert table_of({"a": [1, NAN, 3]}, missing).decisions[0] == f"1 missing value of a (33 %) is {how}."


def test_refuse_names_the_first_missing_value() -> None:
    with pytest.raises(
        InputError, match=r"Column 'b' has no value at line 4, and 2 values are missing in total"
    ):
        table_of({"a": [1, 2, 3, NAN], "b": [1, 2, NAN, 4]}, "refuse")


def test_rows_before_the_first_and_after_the_last_value_of_a_target_are_dropped() -> None:
    table = table_of({"a": [NAN, 1, 2, 3, NAN], "b": [NAN, NAN, 5, 6, 7]})
    assert table.first == 1
    np.testing.assert_array_equal(table.values, [[1, NAN], [2, 5], [3, 6]])
    assert table.decisions[:2] == (
        "The first row is dropped, because a has no value there.",
        "The last row is dropped, because a has no value there; the forecast starts at the first of them.",
    )


def test_with_several_targets_rows_at_the_end_stay_while_one_of_them_is_observed() -> None:
    table = table_of({"a": [NAN, 1, 2, 3, NAN, NAN], "b": [NAN, NAN, 5, 6, 7, NAN]}, targets=2)
    assert table.first == 2
    np.testing.assert_array_equal(table.values, [[2, 5], [3, 6], [NAN, 7]])
    assert table.decisions[:2] == (
        "The first 2 rows are dropped, because b has no value there.",
        "The last row is dropped, because a and b have no value there; the forecast starts at the first of "
        "them.",
    )


def test_a_gap_at_the_cut_knows_the_value_before_it() -> None:
    table = table_of({"a": [NAN, NAN, NAN, 1, 2], "b": [5, 6, NAN, NAN, 7], "c": [NAN] * 4 + [1]})
    assert table.first == 3
    np.testing.assert_array_equal(table.earlier, [NAN, 6, NAN])
    assert table.decisions[1:] == (
        "1 missing value of b (50 %) is filled with the last observed value.",
        "The first value of c is missing; it is filled with its mean over the training rows.",
    )


def test_a_complete_table_stays_as_it_is() -> None:
    table = table_of({"a": [1, 2, 3]}, "refuse")
    assert table.values.tolist() == [[1], [2], [3]]
    assert table.decisions == ()


@pytest.mark.parametrize(
    ("columns", "targets", "message"),
    [
        ({"a": [1, 2], "b": [NAN, NAN]}, 1, "Column 'b' has no values"),
        ({"a": [1, 2, NAN, NAN], "b": [NAN, NAN, 3, 4]}, 2, "'a' and 'b' have no rows in common"),
        ({"a": [1, 2, NAN, NAN], "b": [NAN, NAN, 3, 4]}, 1, "'b' and 'a' have no rows in common"),
        ({"a": [NAN, NAN, 3, 4], "b": [1, 2, NAN, NAN]}, 1, "'b' and 'a' have no rows in common"),
    ],
)
def test_what_cannot_be_filled_is_refused(
    columns: dict[str, list[float]], targets: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        table_of(columns, targets=targets)


@st.composite
def tables_with_gaps(draw: st.DrawFn) -> Array:
    """Up to three columns with gaps; each has a value."""
    rows, columns = draw(st.integers(2, 40)), draw(st.integers(1, 3))
    cell = st.one_of(st.just(NAN), st.integers(-100, 100).map(float))
    values = np.array(draw(st.lists(cell, min_size=rows * columns, max_size=rows * columns)))
    values = values.reshape(rows, columns)
    values[0, np.isnan(values).all(axis=0)] = 1.0
    return values


@given(
    values=tables_with_gaps(),
    missing=st.sampled_from(WAYS),
    season=st.integers(1, 9),
    training_rows=st.integers(1, 40),
    data=st.data(),
)
def test_no_filled_value_that_an_evaluation_sees_depends_on_a_later_one(
    values: Array, missing: Missing, season: int, training_rows: int, data: st.DataObject
) -> None:
    """A forecast starts after row `origin`, in or after the last training row; all later values change."""
    made = np.isnan(values)
    starts = np.zeros(values.shape[1])

    def seen(table: Array) -> Array:
        found = fill(table, made, missing, training_rows=training_rows, season=season, starts=starts)
        assert np.isfinite(found).all()
        np.testing.assert_array_equal(found[~made], table[~made])
        return found[: origin + 1]

    origin = data.draw(st.integers(min(training_rows, len(values)) - 1, len(values) - 1))
    planted = values.copy()
    planted[origin + 1 :] += 1e6
    np.testing.assert_array_equal(seen(values), seen(planted))


@given(values=tables_with_gaps(), missing=st.sampled_from(("carry", "season")), season=st.integers(1, 9))
def test_carried_and_seasonal_values_are_observed_ones_from_before(
    values: Array, missing: Missing, season: int
) -> None:
    made = np.isnan(values)
    starts = np.full(values.shape[1], 0.5)
    found = fill(values, made, missing, training_rows=len(values), season=season, starts=starts)
    for row, column in np.argwhere(made):
        earlier = values[:row, column]
        observed = earlier[~np.isnan(earlier)]
        assert found[row, column] in (observed if len(observed) else [0.5])
        if missing == "season" and 1 < season <= row - int(np.argmin(made[:, column])):
            assert found[row, column] == found[row - season, column]
