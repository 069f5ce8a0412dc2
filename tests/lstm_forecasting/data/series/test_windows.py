import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.series.splits import RowRange, split_by_count
from lstm_forecasting.data.series.windows import counted_values, has_windows, window_starts

PARTS = st.builds(
    lambda start, length: RowRange(start, start + length), st.integers(0, 40), st.integers(0, 60)
)


@given(part=PARTS, look_back=st.integers(1, 30), horizon=st.integers(1, 10), stride=st.integers(1, 5))
def test_windows_have_all_their_targets_in_the_part(
    part: RowRange, look_back: int, horizon: int, stride: int
) -> None:
    possible = [
        first
        for first in range(part.stop)
        if part.start <= first + look_back and first + look_back + horizon <= part.stop
    ]
    assert window_starts(part, look_back, horizon, stride).tolist() == possible[::stride]


def test_the_inputs_of_a_window_may_reach_into_the_part_before() -> None:
    split = split_by_count(100, 70, 10, 20)
    assert window_starts(split.train, 24, 6).tolist() == list(range(41))
    assert window_starts(split.validation, 24, 6).tolist() == list(range(46, 51))
    assert window_starts(split.test, 24, 6).tolist() == list(range(56, 71))


@given(part=PARTS, look_back=st.integers(1, 30), horizon=st.integers(1, 10))
def test_there_is_room_for_a_window_if_there_is_one(part: RowRange, look_back: int, horizon: int) -> None:
    assert has_windows(part, look_back, horizon) == (len(window_starts(part, look_back, horizon)) > 0)


@given(
    part=PARTS,
    look_back=st.integers(1, 12),
    horizon=st.integers(1, 6),
    stride=st.integers(1, 4),
    evaluated=st.booleans(),
    data=st.data(),
)
def test_windows_need_an_observed_target_and_evaluated_ones_an_observed_last_input(
    part: RowRange, look_back: int, horizon: int, stride: int, evaluated: bool, data: st.DataObject
) -> None:
    rows, targets = part.stop, data.draw(st.integers(1, 3))
    observed = np.array(
        data.draw(st.lists(st.booleans(), min_size=rows * targets, max_size=rows * targets)), dtype=bool
    ).reshape(rows, targets)
    kept = [
        start
        for start in window_starts(part, look_back, horizon, stride).tolist()
        if observed[start + look_back : start + look_back + horizon].any()
        and (not evaluated or observed[start + look_back - 1].any())
    ]
    assert window_starts(part, look_back, horizon, stride, observed, evaluated=evaluated).tolist() == kept


def test_values_count_where_they_and_the_value_before_the_forecast_were_observed() -> None:
    observed = np.array([[1, 0], [1, 1], [0, 1], [1, 1]], dtype=bool)
    first_rows = np.array([1, 2])
    assert counted_values(observed, first_rows, 2, 2).tolist() == [
        [[True, False], [False, False]],
        [[False, True], [True, True]],
    ]
    assert counted_values(observed, first_rows, 2, 2, evaluated=False).tolist() == [
        [[True, True], [False, True]],
        [[False, True], [True, True]],
    ]
    assert counted_values(None, first_rows, 2, 2).all()
