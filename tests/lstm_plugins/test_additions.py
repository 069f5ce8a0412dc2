import numpy as np
import pytest

from lstm_plugins import ADDITIONS, ForecasterConfig, SeriesSet, needed_additions
from lstm_plugins.additions import LACKS, extra_columns

VALUES = np.arange(6.0).reshape(3, 2)
COMPLETE = SeriesSet(VALUES, (0,), (3,), np.ones((3, 1), np.bool_))
CONFIG = ForecasterConfig()


def test_masks_are_needed_for_missing_targets_and_for_indicators():
    assert needed_additions(CONFIG, COMPLETE) == ()
    assert needed_additions(CONFIG, COMPLETE, indicators=1) == ("masks",)
    gaps = SeriesSet(VALUES, (0,), (3,), np.eye(3, 1, dtype=np.bool_))
    assert needed_additions(CONFIG, gaps) == ("masks",)


@pytest.mark.parametrize(
    ("settings", "needed"),
    [
        ({"lags": (1,)}, "known columns"),
        ({"linear": "ridge"}, "linear part"),
        ({"normalisation": "seasonal"}, "normalisations"),
        ({"normalisation": "last-deviation"}, "normalisations"),
        ({"normalisation": "standard", "loss_scale": "window"}, "loss scale"),
    ],
)
def test_settings_need_additions(settings, needed):
    assert needed_additions(ForecasterConfig(**settings), COMPLETE) == (needed,)


def test_known_columns_are_an_addition():
    series = SeriesSet(VALUES, (0,), (3,), known=np.zeros((5, 3)), own_known=1)
    assert needed_additions(CONFIG, series) == ("known columns",)
    assert extra_columns(series, 2) == {"indicators": 2, "known": 3, "own_known": 1}
    assert extra_columns(COMPLETE) == {}


def test_what_a_backend_lacks_is_worded_for_each_addition():
    assert tuple(LACKS) == ADDITIONS
