import numpy as np
import pytest

from lstm_forecasting.data.series.seasons import season_candidates
from lstm_forecasting.data.series.splits import split_by_fraction
from lstm_forecasting.data.times.calendar import COUNTED, Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, WEEK
from lstm_forecasting.evaluation.baselines.baseline import History
from lstm_forecasting.evaluation.baselines.fitting import fit_baselines

FREQUENCIES = {
    "rows": COUNTED,
    "hours": Frequency("fixed", HOUR),
    "days": Frequency("fixed", DAY),
    "weeks": Frequency("fixed", WEEK),
    "months": Frequency("months", 1),
    "quarters": Frequency("months", 3),
    "years": Frequency("months", 12),
    "business days": Frequency("business days", 1),
}


@pytest.fixture
def history_of():
    """A history of values from 2015 on, in rows of a frequency by its name."""

    def make(values, frequency="rows", ahead=30, observed=None, own=None, country=""):
        values = np.asarray(values, np.float64)
        values = values.reshape(len(values), -1)
        chosen = FREQUENCIES[frequency]
        times = None
        if chosen.kind != "counted":
            times = chosen.times(np.datetime64("2015-01-01T00:00:00.000000"), 0, len(values) + ahead)
        observed = np.ones(values.shape, dtype=bool) if observed is None else observed.reshape(values.shape)
        return History(values, observed, times, chosen, ahead, own, country)

    return make


@pytest.fixture
def baselines_of(history_of):
    """The baselines of values by their names, and their history."""

    def make(values, frequency="rows", horizon=3, season=1, **rest):
        history = history_of(values, frequency, **rest)
        found = fit_baselines(
            history,
            split_by_fraction(history.rows),
            horizon=horizon,
            season=season,
            season_candidates=season_candidates(FREQUENCIES[frequency]),
        )
        return {one.name: one for one in found.baselines}, history

    return make
