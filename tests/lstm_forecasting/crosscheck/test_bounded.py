"""The probe of data with missing values: it has windows to check, wherever the gaps are."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.crosscheck.bounded import own_probe
from lstm_plugins.errors import InputError


@pytest.fixture
def holed(make_experiment):
    """An experiment with 168 training rows of which these were not observed."""

    def make(rows):
        experiment = make_experiment("numpy", stride=2)
        filled = np.zeros(experiment.table.values.shape, dtype=bool)
        filled[rows] = True
        return replace(experiment, table=replace(experiment.table, filled=filled))

    return make


@pytest.mark.parametrize("rows", [slice(0, 0), slice(100, 168), slice(20, 160), slice(30, 168, 2)])
def test_the_windows_are_the_last_ones_with_an_observed_target(holed, rows):
    experiment = holed(rows)
    probe = own_probe(experiment, "float64")
    assert len(probe.starts) >= 2
    length = len(probe.series.values)
    ends = (experiment.scaler.transform(experiment.table.values) == probe.series.values[-1]).all(axis=1)
    first = int(np.flatnonzero(ends)[0]) + 1 - length
    np.testing.assert_array_equal(probe.series.values, experiment.series.values[first : first + length])
    if experiment.observed is not None:
        np.testing.assert_array_equal(probe.series.observed, experiment.observed[first : first + length])
        for start in probe.starts:
            assert probe.series.observed[start + 7 : start + 10].any()


def test_a_series_with_next_to_nothing_observed_is_refused(holed):
    with pytest.raises(InputError, match=r"needs at least two training windows, but .* leave 1 in 168"):
        own_probe(holed(slice(0, 167)), "float64")
