import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.options import Duplicates
from lstm_forecasting.data.times.duplicates import Merged, merge_duplicates
from lstm_plugins.errors import InputError

NAN = float("nan")
FIRST = np.datetime64("2016-01-01", "us")


def merge(days: list[int], values: list[float], duplicates: Duplicates) -> Merged:
    times = FIRST + np.array(days, dtype=np.int64) * np.timedelta64(1, "D")
    column = np.array(values, dtype=np.float64)[:, np.newaxis]
    return merge_duplicates(times, column, duplicates, "date", lambda row: f"line {row + 2}")


@pytest.mark.parametrize(
    ("duplicates", "value", "row"), [("first", 1, 0), ("last", 4, 0), ("mean", 2.5, 0), ("sum", 5, 0)]
)
def test_one_row_is_made_of_those_with_the_same_time(duplicates: Duplicates, value: float, row: int) -> None:
    merged = merge([0, 1, 0, 2], [1, 2, 4, 8], duplicates)
    assert merged.values[:, 0].tolist() == [value, 2, 8]
    assert merged.rows.tolist() == [row, 1, 3]
    assert merged.decisions == (f"1 time occurs in several rows; the {duplicates} of their values is used.",)


def test_rows_with_times_of_their_own_stay_as_they_are() -> None:
    merged = merge([2, 0, 1], [1, NAN, 3], "refuse")
    assert merged.rows.tolist() == [0, 1, 2]
    assert merged.decisions == ()


@pytest.mark.parametrize(("duplicates", "value"), [("first", 3), ("last", 3), ("mean", 3), ("sum", 3)])
def test_a_missing_value_counts_only_where_there_is_no_other(duplicates: Duplicates, value: float) -> None:
    merged = merge([0, 0, 0, 1, 1], [NAN, 3, NAN, NAN, NAN], duplicates)
    assert merged.values[0, 0] == value
    assert np.isnan(merged.values[1, 0])


def test_refused_with_both_places_and_the_ways_out() -> None:
    with pytest.raises(InputError) as refusal:
        merge([0, 1, 0, 1], [1, 2, 3, 4], "refuse")
    assert str(refusal.value) == (
        "Column 'date' has 2016-01-01 twice, in line 2 and line 4 (and 1 more such row); keep one row for "
        "each time, or set duplicates to first, last, mean or sum, resample if the rows are events, "
        "series_column if a column names several series, or time_zone if clocks change."
    )


@given(
    rows=st.lists(st.tuples(st.integers(0, 5), st.one_of(st.just(NAN), st.integers(-9, 9))), min_size=1),
    duplicates=st.sampled_from(["first", "last", "mean", "sum"]),
)
def test_as_a_dictionary_would(rows: list[tuple[int, float]], duplicates: Duplicates) -> None:
    merged = merge([day for day, _ in rows], [value for _, value in rows], duplicates)
    groups: dict[int, list[float]] = {}
    for day, value in rows:
        groups.setdefault(day, []).append(value)
    assert merged.times.tolist() == [(FIRST + day * np.timedelta64(1, "D")).item() for day in groups], (
        "in the order in which they first appear"
    )
    for made, values in zip(merged.values[:, 0], groups.values(), strict=True):
        known = [value for value in values if not np.isnan(value)]
        if not known:
            assert np.isnan(made)
        else:
            wanted = {
                "first": known[0],
                "last": known[-1],
                "sum": sum(known),
                "mean": sum(known) / len(known),
            }
            assert made == pytest.approx(wanted[duplicates], abs=1e-12)
