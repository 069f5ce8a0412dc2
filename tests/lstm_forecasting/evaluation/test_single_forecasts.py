import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.evaluation.scoring import conclude, evaluate, find_test_part
from lstm_forecasting.evaluation.single_forecasts import (
    find_window,
    forecast_rows,
    input_rows,
    mean_of_counted,
    window_errors,
)
from lstm_forecasting.experiment.lines import line_on_test
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.experiment.results import BackendResult
from lstm_plugins.errors import InputError


def make_result(source, **settings):
    experiment = plan_experiment(open_data(source), ["numpy"], settings)
    part = find_test_part(experiment)
    forecasts = part.truth + np.arange(len(part.truth))[:, None, None]
    future = np.zeros((experiment.steps, 1))
    evaluation = evaluate("NumPy", forecasts, part)
    backend = BackendResult("numpy", evaluation, future, future[:, :, None], 5, 3, 1.0, "epochs")
    return conclude(experiment, part, [backend], {})


CO2 = make_result("co2", look_back=26, horizon=4)


@pytest.fixture
def counted(tmp_path):
    path = tmp_path / "counted.csv"
    path.write_text("value\n" + "\n".join(str(n % 7 + n / 9) for n in range(100)) + "\n")
    return make_result(path, look_back=5, horizon=3)


def test_the_error_of_a_window_is_its_mean_absolute_error():
    found = window_errors(CO2, CO2.backends[0].evaluation, 0)
    assert found == pytest.approx(np.arange(len(CO2.first_rows)))
    assert found.mean() == pytest.approx(CO2.backends[0].evaluation.scores[0].mae)


def test_inputs_end_where_the_forecast_begins():
    for window in (0, len(CO2.first_rows) - 1):
        inputs, forecast = input_rows(CO2, window), forecast_rows(CO2, window)
        assert (len(inputs), len(forecast)) == (26, 4)
        assert inputs.stop == forecast.start == CO2.first_rows[window]
    assert forecast.stop == CO2.experiment.table.rows


def test_every_window_is_found_by_its_date():
    table = CO2.experiment.table
    for window, row in enumerate(CO2.first_rows):
        assert find_window(CO2, table.row_text(int(row))) == window


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("1995-01-01", "1995-01-07"),
        (" 1995 ", "1995-01-07"),
        ("1995-03", "1995-03-04"),
        ("Mar 5, 1995", "1995-03-11"),
        ("31.12.1994", "1994-12-31"),
        ("2001-12-29", "2001-12-08"),
    ],
)
def test_a_date_between_two_beginnings_gives_the_next_one(text, begins):
    window = find_window(CO2, text)
    assert CO2.experiment.table.row_text(int(CO2.first_rows[window])) == begins


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("soon", "'soon' is not a date; write it as 2016-07-01"),
        ("", "is not a date"),
        ("1995-02-30", "is not a date"),
        ("3/4/1995", "Day and month are ambiguous"),
        ("1970", "No forecast of the test part is at 1970; they start between "),
        ("2002-01-05", "and 2001-12-08."),
    ],
)
def test_what_is_no_date_of_the_test_part_is_told(text, words):
    with pytest.raises(InputError, match=words.replace(".", r"\.")):
        find_window(CO2, text)


def test_rows_that_are_only_counted_are_found_by_number(counted):
    firsts = counted.first_rows
    assert find_window(counted, f" {firsts[2]} ") == 2
    assert find_window(counted, "99") == len(firsts) - 1
    with pytest.raises(InputError, match="is not a row number"):
        find_window(counted, "2020-01-01")
    with pytest.raises(InputError, match=f"between {firsts[0]} and {firsts[-1]}"):
        find_window(counted, "100")


def test_the_line_on_the_test_part_follows_itself_without_overlap():
    rows, values = line_on_test(CO2, CO2.backends[0].evaluation, 0)
    assert (np.diff(rows) == 1).all()
    assert rows[-1] == CO2.experiment.table.rows - 1
    assert values[-4:] == pytest.approx(CO2.backends[0].evaluation.forecasts[-1, :, 0])


def test_the_error_of_a_forecast_is_that_of_its_counted_values():
    errors = np.array([[1.0, 2.0, 6.0], [4.0, 5.0, 6.0], [1.0, 1.0, 1.0]])
    counted = np.array([[True, True, False], [False] * 3, [True] * 3])
    np.testing.assert_array_equal(mean_of_counted(errors, counted), [1.5, np.nan, 1.0])
