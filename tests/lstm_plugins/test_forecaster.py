"""What the base class checks for every backend."""

import numpy as np
import pytest

from lstm_plugins import ForecasterConfig, SeriesError, SeriesSet
from lstm_plugins.reference import ReferenceForecaster

SERIES = SeriesSet(np.arange(60.0).reshape(30, 2), (1,), (18, 12))


def make(series=SERIES):
    forecaster = ReferenceForecaster(ForecasterConfig(look_back=4, horizon=3, hidden_units=1), 2, (1,))
    if series is not None:
        forecaster.load_series(series)
    return forecaster


def test_a_series_must_have_the_columns_and_targets_of_the_forecaster():
    with pytest.raises(SeriesError, match="has 3 columns and targets"):
        make(SeriesSet(np.zeros((20, 3)), (1,), (20,)))
    with pytest.raises(SeriesError, match=r"targets \(0,\); this forecaster .* 2 columns and targets \(1,\)"):
        make(SeriesSet(np.zeros((20, 2)), (0,), (20,)))


def test_an_indicator_is_no_target():
    forecaster = ReferenceForecaster(ForecasterConfig(look_back=4), 2, (1,), indicators=1)
    with pytest.raises(SeriesError, match="an indicator of missing values cannot be a target"):
        forecaster.load_series(SERIES)


def test_a_series_must_be_loaded_first():
    forecaster = make(None)
    for ask in (lambda: forecaster.predict(np.array([0])), lambda: forecaster.window_starts((), 1)):
        with pytest.raises(SeriesError, match="no series is loaded yet"):
            ask()


def test_target_rows_must_name_a_range_for_every_series():
    with pytest.raises(SeriesError, match="given for 1 series, but 2 are loaded"):
        make().window_starts(((0, 5),), 1)
    assert make().window_starts((), 1).tolist() == []


def test_a_window_must_lie_within_one_series():
    forecaster = make()
    forecaster.predict(np.array([0, 14, 18, 26]))
    for start in (-1, 15, 17, 27, 40):
        with pytest.raises(SeriesError, match=f"starts at row {start} needs 4 rows"):
            forecaster.predict(np.array([0, start]))
    with pytest.raises(SeriesError, match="starts at row 12 needs 7 rows"):
        forecaster.mean_loss(np.array([11, 12]))


def test_a_mean_loss_needs_a_window():
    with pytest.raises(SeriesError, match="at least one window"):
        make().mean_loss(np.empty(0, np.int64))


def test_weights_must_be_those_of_the_network():
    weights = make().weights()
    del weights["head.bias"]
    with pytest.raises(SeriesError, match=r"head\.bias is missing"):
        make().load_weights(weights)
