import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.values.missing_marks import without_marks
from lstm_forecasting.data.values.text_numbers import NumberColumn

GENERATOR = np.random.default_rng(0)


def column(values: object) -> NumberColumn:
    numbers = np.array(values, dtype=np.float64)
    return NumberColumn(numbers, int(np.isnan(numbers).sum()))


def mixed(mark: float, count: int, true: object) -> np.ndarray:
    values = np.concatenate([np.array(true, dtype=np.float64), np.full(count, mark)])
    return GENERATOR.permutation(values)


@pytest.mark.parametrize("mark", [-200.0, -999.0, 99999.0, -9999.0, 1e20, 500.0])
def test_a_number_far_from_all_others_that_occurs_often_is_missing(mark: float) -> None:
    values = mixed(mark, 7, GENERATOR.gamma(2.0, 1.0, 200))
    found = without_marks({"x": column(values)})["x"]
    assert found.values is not None
    assert np.isnan(found.values).tolist() == (values == mark).tolist()
    assert found.missing == 7
    assert found.marks == (mark,)
    assert found.decisions == (f"7 values of x are {mark:g}, far from all others, and count as missing.",)


def test_marks_at_both_ends_are_found() -> None:
    values = np.concatenate([mixed(-999.0, 5, GENERATOR.normal(20, 5, 100)), np.full(4, 9999.0)])
    found = without_marks({"x": column(values)})["x"]
    assert set(found.marks) == {-999.0, 9999.0}
    assert found.missing == 9


def test_what_is_a_mark_in_one_column_is_one_in_another_where_it_is_outside() -> None:
    small, large = mixed(-200.0, 9, GENERATOR.random(200)), mixed(-200.0, 9, GENERATOR.random(200) * 1500)
    inside = mixed(-200.0, 9, GENERATOR.normal(-200, 50, 200))
    columns = {"small": column(small), "large": column(large), "inside": column(inside)}
    found = without_marks(columns)
    assert [one.missing for one in found.values()] == [9, 9, 0]
    assert without_marks({"large": column(large)})["large"].missing == 0


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(np.append(GENERATOR.normal(size=100), [-999.0]), id="an outlier"),
        pytest.param(mixed(0.0, 40, GENERATOR.normal(1000, 10, 200)), id="closed days"),
        pytest.param([0.0, 1.0] * 30, id="a class"),
        pytest.param([1.0, 2.0, 9.99] * 30, id="prices"),
        pytest.param([7.0] * 30, id="a constant"),
        pytest.param([-999.0] * 30, id="a column of one number"),
        pytest.param(np.arange(100.0), id="numbers up to 99"),
        pytest.param([-999.0, -999.0, -999.0, 1.0, 2.0, 3.0], id="few rows"),
        pytest.param([np.nan] * 30, id="nothing"),
    ],
)
def test_true_numbers_stay(values: object) -> None:
    before = column(values)
    after = without_marks({"x": before})["x"]
    assert after is before


def test_the_user_names_marks_or_none() -> None:
    values = mixed(-999.0, 5, GENERATOR.normal(size=100))
    assert without_marks({"x": column(values)}, ["none"])["x"].missing == 0
    few = without_marks({"x": column([1.0, 5.0, -1.0, 5.0])}, ["5", "-1"])["x"]
    assert few.missing == 3
    assert few.decisions == (
        "2 values of x are 5, which stands for missing values, and count as missing.",
        "1 value of x is -1, which stands for missing values, and counts as missing.",
    )


@given(
    true=st.lists(st.floats(-100, 100), min_size=20, max_size=80),
    count=st.integers(0, 2),
)
def test_what_occurs_seldom_stays(true: list[float], count: int) -> None:
    distinct = list(dict.fromkeys(true))
    after = without_marks({"x": column([*distinct, *[-9999.0] * count])})["x"]
    assert after.missing == 0
