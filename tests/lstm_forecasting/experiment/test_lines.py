import dataclasses

import numpy as np
import pytest

from lstm_forecasting.evaluation.scoring import conclude, evaluate, find_test_part
from lstm_forecasting.experiment.lines import line_of_future, line_of_window, line_on_test
from lstm_forecasting.experiment.results import BackendResult


@pytest.fixture
def make_result(make_experiment):
    """A result with a horizon of 3 where these rows were observed in no target."""

    def make(*missing):
        experiment = make_experiment("numpy")
        filled = np.zeros(experiment.table.values.shape, dtype=bool)
        filled[list(missing)] = True
        experiment = dataclasses.replace(
            experiment, table=dataclasses.replace(experiment.table, filled=filled)
        )
        part = find_test_part(experiment)
        evaluation = evaluate("NumPy", part.truth + 1, part)
        future = np.ones((experiment.steps, 2))
        backend = BackendResult("numpy", evaluation, future, future[..., None], 3, 2, 1.0, "epochs")
        return conclude(experiment, part, [backend], {})

    return make


def test_forecasts_that_follow_each_other_are_one_line(make_result):
    result = make_result()
    rows, values = line_on_test(result, result.backends[0].evaluation, 0)
    assert rows.tolist() == list(range(192, 240))
    np.testing.assert_array_equal(values, result.experiment.table.values[192:, 0] + 1)


def test_rows_without_a_forecast_are_a_gap(make_result):
    result = make_result(*range(210, 220))
    rows, values = line_on_test(result, result.backends[0].evaluation, 0)
    assert (np.diff(rows) > 0).all()
    drawn = set(rows[np.isfinite(values)].tolist())
    # No forecast starts after a row that was not observed, or ends in nothing but such rows.
    assert not set(range(213, 221)) & drawn
    assert {207, 222, 239} <= drawn
    assert np.isnan(values).sum() >= 1


def test_lines_do_not_begin_at_a_filled_value(make_result):
    result = make_result(239)
    _, values = line_of_future(result.experiment.table, result.backends[0].future[:, 1], 1)
    assert np.isnan(values[0])
    assert values[1:].tolist() == [1.0] * 5
    _, values = line_of_window(make_result(), result.backends[0].evaluation, 0, 1)
    assert np.isfinite(values).all()
