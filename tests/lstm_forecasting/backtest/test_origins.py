import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lstm_forecasting.backtest.options import REFIT, refit_every
from lstm_forecasting.backtest.origins import Rolling, find_origins, make_folds
from lstm_plugins.errors import InputError, OptionError


@given(
    rows=st.integers(20, 200),
    horizon=st.integers(1, 9),
    every=st.integers(1, 30),
    origins=st.integers(1, 40),
    refit=st.integers(0, 12),
    window=st.sampled_from(["expanding", "sliding"]),
)
def test_the_last_forecast_ends_the_series_and_folds_take_every_origin_once(
    rows, horizon, every, origins, refit, window
):
    assume(rows - horizon - (origins - 1) * every >= 1)
    rolling = Rolling(origins, every, window, refit)
    found = find_origins(rolling, rows, horizon, rows // 2, None)
    assert len(found) == origins
    assert found[-1] + horizon == rows
    assert (np.diff(found) == every).all()
    folds = make_folds(rolling, found)
    assert np.concatenate([found[fold.slice] for fold in folds]).tolist() == found.tolist()
    assert len(folds) == (-(-origins // refit) if refit else 1)
    pasts = [found[fold.first] - fold.start for fold in folds]
    if window == "sliding":
        assert set(pasts) == {found[0]}
    else:
        assert all(fold.start == 0 for fold in folds)


def test_by_default_every_row_of_the_test_part_is_an_origin():
    assert find_origins(Rolling(), 100, 5, 80, None).tolist() == list(range(80, 96))
    assert find_origins(Rolling(every=7), 100, 5, 80, None).tolist() == [81, 88, 95]


def test_origins_that_cannot_be_scored_are_left_out():
    observed = np.ones((20, 2), dtype=bool)
    observed[12:15] = False
    found = find_origins(Rolling(origins=10), 20, 2, 10, observed)
    # From 12 nothing is observed within the horizon; from 13 to 15 nothing is known of the row before.
    assert found.tolist() == [9, 10, 11, 16, 17, 18]


def test_too_many_origins_are_refused_with_the_number_that_there_is():
    with pytest.raises(
        OptionError, match="origins: 60 is too many; a series of 100 rows has 48 at horizon 4"
    ):
        find_origins(Rolling(origins=60, every=2), 100, 4, 80, None)


def test_a_series_without_an_origin_is_refused():
    observed = np.zeros((20, 1), dtype=bool)
    with pytest.raises(InputError, match="no origin to forecast from"):
        find_origins(Rolling(), 20, 2, 10, observed)


def test_when_models_are_fitted_again():
    assert [refit_every(REFIT.parse(text)) for text in ("never", "always", "7")] == [0, 1, 7]
    for text in ("sometimes", "0", "-1", "1.5"):
        with pytest.raises(OptionError, match="is not never, always, or a whole number of origins"):
            REFIT.parse(text)
