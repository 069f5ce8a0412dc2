import re

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.evaluation.scoring import conclude, evaluate, evaluate_baselines, find_test_part
from lstm_forecasting.evaluation.trivial import FEWEST_WINDOWS
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.experiment.results import BackendResult

GENERATOR = np.random.default_rng(4)
ROWS = 600
NOISE = GENERATOR.normal(size=ROWS)
WALK = 500 + NOISE.cumsum()
CYCLE = 40 + 5 * np.sin(np.arange(ROWS) * 2 * np.pi / 7) + 0.1 * NOISE


@pytest.fixture
def judged(tmp_path):
    """The result if a backend forecasts so: `judged(values, forecast)`, with `forecast(truth, last)`."""

    def judge(values, forecast, horizon=3):
        path = tmp_path / "sales.csv"
        days = np.datetime64("2021-01-01") + np.arange(len(values))
        cells = ["" if np.isnan(value) else f"{value:.6f}" for value in values]
        lines = ["day,sales", *(f"{day},{cell}" for day, cell in zip(days, cells, strict=True))]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        experiment = plan_experiment(open_data(path), ["numpy"], {"look_back": 7, "horizon": horizon})
        part = find_test_part(experiment)
        last = np.repeat(experiment.table.values[part.first_rows - 1][:, None], horizon, axis=1)
        evaluation = evaluate("NumPy", forecast(part.truth, last), part)
        future = np.zeros((horizon, 1))
        backend = BackendResult("numpy", evaluation, future, future[..., None], 3, 2, 1.0, "epochs")
        return conclude(experiment, part, [backend], {})

    return judge


def wobbling(values):
    return values + 0.01 * np.random.default_rng(1).normal(size=values.shape)


def test_the_last_value_of_a_random_walk_is_an_echo_that_cannot_be_helped(judged):
    result = judged(WALK, lambda _, last: wobbling(last))
    assert result.trivial[0].kind == "echo"
    assert (
        " One day ahead, the forecast is the last value again (correlation 1.00 at lag 1). The changes of "
        "sales from one day to the next look random, so no forecast is likely to beat the last value. "
    ) in result.verdicts[0]


def test_the_last_value_of_a_cycle_is_an_echo_with_more_to_learn(judged):
    sentence = judged(CYCLE, lambda _, last: wobbling(last)).trivial[0].sentence
    assert "the forecast is the last value again" in sentence
    assert re.search(r"at lag (7|14)\), which the LSTM has not learned; train for more epochs", sentence)


def test_a_flat_line_through_noise_cannot_be_helped(judged):
    result = judged(50 + NOISE, lambda truth, _: 50 + 0.03 * (truth - 50))
    assert result.trivial[0].kind == "flat"
    assert result.trivial[0].sentence == (
        "The forecast is almost a flat line: it moves by 3 % of the standard deviation of sales. The values "
        "of sales look like noise, for which their mean is the best forecast."
    )


def test_a_flat_line_through_a_cycle_has_more_to_learn(judged):
    sentence = judged(CYCLE, lambda truth, _: np.full_like(truth, 40.0)).trivial[0].sentence
    assert "it moves by 0 % of the standard deviation of sales" in sentence
    assert sentence.endswith("or set normalisation to last.")


def test_gaps_are_no_pattern(judged):
    values = np.where(GENERATOR.random(ROWS) < 0.4, np.nan, WALK)
    values[-1] = 500.0
    sentence = judged(values, lambda _, last: wobbling(last)).trivial[0].sentence
    assert "look random" in sentence


@pytest.mark.parametrize("values", [WALK, CYCLE, 50 + NOISE])
def test_forecasts_that_know_something_are_not_trivial(judged, values):
    result = judged(values, lambda truth, last: 0.6 * truth + 0.4 * last)
    assert result.trivial == (None,)
    assert "last value again" not in result.verdicts[0]
    assert "flat line" not in result.verdicts[0]


def test_a_constant_truth_and_few_windows_say_nothing(judged):
    assert judged(np.full(ROWS, 5.0), lambda truth, _: truth).trivial == (None,)
    few = judged(WALK[: 5 * FEWEST_WINDOWS], lambda _, last: last)
    assert len(few.first_rows) < FEWEST_WINDOWS
    assert few.trivial == (None,)


def test_without_a_backend_there_is_nothing_to_say(judged):
    result = judged(WALK, lambda truth, _: truth)
    part = find_test_part(result.experiment)
    assert conclude(result.experiment, part, [], {}).trivial == ()
    assert evaluate_baselines(result.experiment, part).evaluated[0].name == "last value"
