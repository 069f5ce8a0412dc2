import numpy as np

from lstm_plugins import ADDITIONS, SeriesSet, needed_additions

VALUES = np.arange(6.0).reshape(3, 2)


def test_masks_are_needed_for_missing_targets_and_for_indicators():
    complete = SeriesSet(VALUES, (0,), (3,), np.ones((3, 1), np.bool_))
    assert needed_additions(complete) == ()
    assert needed_additions(complete, indicators=1) == ("masks",)
    assert needed_additions(SeriesSet(VALUES, (0,), (3,), np.eye(3, 1, dtype=np.bool_))) == ("masks",)
    assert "masks" in ADDITIONS
