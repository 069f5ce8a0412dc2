import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.series.splits import RowRange, Split, split_by_count, split_by_fraction
from lstm_plugins.errors import InputError


def rows_of(split: Split) -> list[int]:
    parts = (split.train, split.validation, split.test)
    return [row for part in parts for row in range(part.start, part.stop)]


@given(rows=st.integers(2, 5000), train=st.integers(1, 98), data=st.data())
def test_fractions_cover_every_row_once_and_in_order(rows: int, train: int, data: st.DataObject) -> None:
    validation = data.draw(st.integers(0, 100 - train))
    if rows * train < 100:
        return
    split = split_by_fraction(rows, train / 100, validation / 100, (100 - train - validation) / 100)
    assert rows_of(split) == list(range(rows))
    assert len(split.train) == rows * train // 100
    assert len(split.test) == rows * (100 - train - validation) // 100
    assert split.rows == rows


def test_the_default_is_70_10_20() -> None:
    assert split_by_fraction(1000) == Split(RowRange(0, 700), RowRange(700, 800), RowRange(800, 1000))


def test_validation_takes_what_rounding_leaves() -> None:
    split = split_by_fraction(17)
    assert [len(split.part(name)) for name in ("train", "validation", "test")] == [11, 3, 3]


def test_counts_leave_later_rows_unused() -> None:
    split = split_by_count(17420, 8640, 2880, 2880)
    assert (split.train.slice, split.validation.slice, split.test.slice) == (
        slice(0, 8640),
        slice(8640, 11520),
        slice(11520, 14400),
    )
    assert split.rows == 14400


@pytest.mark.parametrize(
    ("fractions", "word"),
    [
        ((0.7, 0.1, 0.1), "add up to 1"),
        ((1.2, -0.1, -0.1), "train"),
        ((0.8, -0.1, 0.3), "validation"),
        ((float("nan"), 0.5, 0.5), "train"),
        ((0.0, 0.5, 0.5), "at least one row"),
    ],
)
def test_wrong_fractions_are_refused(fractions: tuple[float, float, float], word: str) -> None:
    with pytest.raises(InputError, match=word):
        split_by_fraction(100, *fractions)


def test_more_rows_than_there_are_is_refused() -> None:
    with pytest.raises(InputError, match=r"needs 120 rows, but the series has 100"):
        split_by_count(100, 80, 20, 20)
