import numpy as np
import pytest

from lstm_forecasting.checkpoints.checkpoint import Maker, Model
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY
from lstm_plugins import ForecasterConfig, ForecasterOptions, SeriesSet
from lstm_plugins.reference import ReferenceForecaster

SMALL = {"look_back": 4, "horizon": 2, "hidden_units": 3, "batch_size": 8, "epochs": 4}


@pytest.fixture
def maker():
    return Maker("mine", "1.0", "numpy 2.4", "cpu", 1, "0.1.0")


@pytest.fixture
def make_model():
    def make(**settings):
        config = ForecasterConfig(**{**SMALL, **settings})
        return Model(
            settings=config.to_dict(),
            columns=("load", "temperature"),
            targets=1,
            frequency=Frequency("fixed", DAY),
            scaling="standard",
            mean=(0.1 + 0.2, -3e5),
            deviation=(1e-12, 7.0),
            season=7,
        )

    return make


@pytest.fixture
def make_forecaster():
    """The reference on a short series, and the target rows to train and validate on."""

    def make(model, validation=((40, 60),)):
        forecaster = ReferenceForecaster(model.config, 2, (0,), ForecasterOptions())
        values = np.random.default_rng(5).normal(size=(60, 2)).cumsum(axis=0)
        forecaster.load_series(SeriesSet(values, (0,), (60,)))
        return forecaster, ((0, 40),), validation

    return make
