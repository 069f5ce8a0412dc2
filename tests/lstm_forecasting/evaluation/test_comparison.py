import math
import re
from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.evaluation.comparison import block_bootstrap, compare
from lstm_forecasting.evaluation.verdict import in_short, in_words, windows_in_words

GENERATOR = np.random.default_rng(0)
WINDOWS, HORIZON = 300, 4
TRUTH = GENERATOR.normal(size=(WINDOWS, HORIZON))


def contender(name, error, seed=0):
    noise = np.random.default_rng(seed).normal(size=TRUTH.shape)
    return {name: TRUTH + error * noise}


def test_the_best_model_is_held_against_the_best_baseline():
    models = contender("NumPy", 0.7) | contender("PyTorch", 0.5, 1)
    baselines = contender("last value", 2.0, 2) | contender("seasonal naive (7)", 1.0, 3)
    found = compare(TRUTH, models, baselines)
    assert (found.model, found.baseline, found.outcome) == ("PyTorch", "seasonal naive (7)", "beats")
    low, high = found.interval
    assert 0.4 < low < found.gain < high < 0.6
    assert in_words(found, "sales", "day").startswith(
        "sales: the LSTM (PyTorch) beats the best baseline (seasonal naive (7)) by "
    )
    assert "300 test windows, one per day (95 % interval" in in_words(found, "sales", "day")
    short = in_short(found, "sales")
    assert short.startswith("sales: the LSTM beats seasonal naive (7) by ")
    assert short.endswith(f" % in MAE ({100 * low:.1f} to {100 * high:.1f} %).")


def test_models_that_are_equally_good_are_named_together():
    models = contender("NumPy", 0.5) | contender("other", 0.9, 1) | contender("PyTorch", 0.5 + 1e-9)
    found = compare(TRUTH, models, contender("last value", 1.0, 2))
    assert found.model == "NumPy, PyTorch"


def test_a_worse_model_loses_and_the_interval_is_that_of_the_loss():
    found = compare(TRUTH, contender("NumPy", 2.0), contender("last value", 1.0, 1))
    assert found.outcome == "loses to"
    assert found.gain == pytest.approx(-1, abs=0.2)
    low, high = found.interval
    words = in_words(found, "x", "row")
    assert f"(95 % interval {-100 * high:.1f} to {-100 * low:.1f} %; Diebold-Mariano p < 0.001)" in words


def test_a_difference_within_luck_is_a_tie():
    found = compare(TRUTH, contender("NumPy", 1.0), contender("last value", 1.0, 1))
    assert found.outcome == "ties with"
    assert found.interval[0] < 0 < found.interval[1]
    assert "includes 0" in in_words(found, "x", "row")
    assert re.fullmatch(
        r"x: the LSTM ties with last value \(MAE [\d.]+ % (low|high)er\)\.", in_short(found, "x")
    )


def test_same_forecasts_have_the_same_error():
    found = compare(TRUTH, contender("NumPy", 1.0), contender("last value", 1.0))
    assert (found.outcome, found.gain) == ("ties with", 0.0)
    assert "both have the same MAE on 300 test windows" in in_words(found, "x", "row")
    assert in_short(found, "x") == "x: the LSTM ties with last value: both have the same MAE."


def test_too_few_windows_give_no_interval_and_say_so():
    few = slice(0, 19)
    found = compare(
        TRUTH[few],
        {"NumPy": contender("NumPy", 0.5)["NumPy"][few]},
        {"last value": contender("last value", 1.0, 1)["last value"][few]},
    )
    assert found.interval is None
    assert found.outcome == "beats"
    assert in_words(found, "x", "row").endswith(
        "but on 19 test windows, one per row: too few to rule out chance."
    )
    assert in_short(found, "x").endswith(" in MAE, but the test windows are too few to rule out chance.")


def test_a_baseline_without_error_cannot_be_beaten():
    perfect = {"last value": TRUTH}
    found = compare(TRUTH, contender("NumPy", 1.0), perfect)
    assert (found.outcome, found.gain, found.interval) == ("loses to", -math.inf, None)
    assert "makes no errors" in in_words(found, "x", "row")
    assert compare(TRUTH, perfect, perfect).outcome == "ties with"


def test_a_difference_that_the_test_does_not_confirm_is_a_tie():
    """One window in which the baseline fails decides the mean, but proves nothing."""
    errors = np.full((60, 1), 1.0)
    errors[30] = 40.0
    truth = np.zeros((60, 1))
    found = compare(truth, {"NumPy": np.ones((60, 1))}, {"last value": errors})
    assert found.p_value > 0.05
    assert found.outcome == "ties with"


def test_an_interval_without_0_does_not_outweigh_the_test():
    found = replace(compare(TRUTH, contender("NumPy", 0.9), contender("last value", 1.0, 1)), p_value=0.08)
    found = replace(found, outcome="ties with", gain=0.1, interval=(0.02, 0.18))
    assert in_words(found, "x", "row").endswith(
        "it is 10.0 % lower, but the Diebold-Mariano test (p = 0.080) does not rule out chance."
    )


def test_a_nearly_perfect_baseline_is_compared_by_how_many_times_not_in_per_cent():
    found = compare(TRUTH, contender("NumPy", 1.0), contender("linear (ridge)", 2e-5, 1))
    words = in_words(found, "wave", "row")
    assert words.startswith("wave: the LSTM (NumPy) loses to the best baseline (linear (ridge)) with ")
    assert re.search(r"with (4|5)\d,\d00 times its MAE on 300 test windows", words)
    assert re.search(r"95 % interval (4|5)\d,\d00 to (4|5)\d,\d00 times", words)
    assert "%" not in words.replace("95 %", "")
    short = r"wave: the LSTM loses to linear \(ridge\) with [\d,]+ times its MAE \([\d,]+ to [\d,]+ times\)\."
    assert re.fullmatch(short, in_short(found, "wave"))


def test_errors_that_are_rounding_are_none():
    found = compare(TRUTH, contender("NumPy", 1.0), {"linear (ridge)": TRUTH + 1e-13})
    assert "makes no errors" in in_words(found, "x", "row")
    both = compare(TRUTH, {"NumPy": TRUTH + 1e-14}, {"linear (ridge)": TRUTH + 1e-13})
    assert (both.outcome, both.gain) == ("ties with", 0.0)


def test_the_same_windows_give_the_same_verdict():
    errors = np.abs(GENERATOR.normal(size=(2, 500)))
    assert block_bootstrap(*errors, 10, 0) == block_bootstrap(*errors, 10, 0)


def test_the_interval_covers_the_true_gain_of_dependent_errors_about_as_often_as_it_says():
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        shared = np.convolve(generator.exponential(size=900), np.ones(24) / 24, "valid")
        own = np.convolve(generator.exponential(size=900), np.ones(24) / 24, "valid")
        low, high = block_bootstrap(0.4 * shared + 0.4 * own, shared, 24, 0)
        covered += low < 0.2 < high
    assert 0.86 <= covered / 200 <= 0.99


def test_only_counted_values_are_compared_and_their_number_is_told():
    counted = np.random.default_rng(7).random(TRUTH.shape) < 0.6
    counted[5:25] = False
    spoilt = {name: np.where(counted, values, 1e9) for name, values in contender("NumPy", 0.5).items()}
    found = compare(TRUTH, spoilt, contender("last value", 1.0, 1), counted=counted)
    (model,), (baseline,) = contender("x", 0.5).values(), contender("x", 1.0, 1).values()
    errors = [np.abs(values - TRUTH)[counted].mean() for values in (model, baseline)]
    assert found.gain == pytest.approx(1 - errors[0] / errors[1])
    windows = int(counted.any(axis=1).sum())
    assert (found.windows, found.values, found.complete) == (windows, int(counted.sum()), False)
    assert f"in MAE on the {counted.sum():,} observed values of {windows} test windows (95 %" in in_words(
        found, "x", "day"
    )


def test_counting_everything_is_the_same_as_no_mask():
    models, naive = contender("NumPy", 0.7), contender("last value", 1.0, 1)
    assert compare(TRUTH, models, naive) == compare(
        TRUTH, models, naive, counted=np.ones(TRUTH.shape, dtype=bool)
    )


def test_a_single_observed_value_is_singular():
    assert windows_in_words(1, 1, complete=False) == "the 1 observed value of 1 test window"
