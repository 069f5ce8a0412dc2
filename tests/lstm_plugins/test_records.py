import numpy as np
import pytest

from lstm_plugins import SeriesError, SeriesSet

VALUES = np.arange(6.0).reshape(3, 2)


def test_a_mask_without_any_false_is_no_mask():
    assert SeriesSet(VALUES, (0,), (3,), np.ones((3, 1), np.bool_)).observed is None
    mask = np.array([[True], [False], [True]])
    assert SeriesSet(VALUES, (0,), (3,), mask).observed is mask


@pytest.mark.parametrize(
    "mask", [np.zeros((3, 2), np.bool_), np.zeros((2, 1), np.bool_), np.zeros((3, 1)), np.zeros(3, np.bool_)]
)
def test_a_mask_has_a_row_for_each_row_and_a_column_for_each_target(mask):
    with pytest.raises(SeriesError, match=r"a bool array \[rows, targets\]"):
        SeriesSet(VALUES, (0,), (3,), mask)
