"""Which model is offered: the best on the validation part, whatever the test part says."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.evaluation.offering import choose_offers, next_offer
from lstm_forecasting.evaluation.scoring import (
    Windows,
    conclude,
    evaluate,
    evaluated_baseline,
    find_test_part,
    with_offer,
)
from lstm_forecasting.experiment.results import BackendResult


@pytest.fixture
def experiment(make_experiment):
    return make_experiment("numpy", "torch", steps=2)


@pytest.fixture
def backend_of(experiment):
    """A backend's result whose forecasts are off by so much on the test and the validation part."""
    part = find_test_part(experiment)

    def make(name, test, validation):
        known = None if validation is None else part.validation.truth + validation
        evaluation = evaluate(name.capitalize(), part.truth + test, part, known)
        future = np.full((2, 2), 900.0)
        return BackendResult(name, evaluation, future, future[..., None], 3, 2, 1.0, "epochs")

    return make


@pytest.fixture
def baseline_of(experiment):
    part = find_test_part(experiment)

    def make(kind, name, test, validation):
        known = None if validation is None else part.validation.truth + validation
        return evaluated_baseline(kind, name, part.truth + test, np.full((2, 2), 5.0), part, known)

    return make


def test_the_least_validation_error_is_offered_whatever_the_test_part_says(
    experiment, backend_of, baseline_of
):
    backends = [backend_of("numpy", 0.1, 4.0), backend_of("torch", 0.2, 2.0)]
    baselines = [baseline_of("last-value", "last value", 9.0, 3.0), baseline_of("ridge", "ridge", 8.0, 1.5)]
    first, second = choose_offers(experiment, None, backends, baselines)
    assert (first.kind, first.name, first.backend) == (second.kind, second.name, second.backend)
    assert (first.kind, first.name, first.backend) == ("ridge", "ridge", "")
    assert first.future.tolist() == [5.0, 5.0]
    assert first.sentence == (
        "Use ridge, although the LSTM (Numpy) does better on the test part: on the validation part its MAE "
        "is 25.0 % lower than the LSTM's."
    )
    (offer, _) = choose_offers(experiment, None, backends, baselines[:1])
    assert (offer.kind, offer.name, offer.backend) == ("lstm", "Torch", "torch")
    assert offer.future.tolist() == [900.0, 900.0]
    assert offer.sentence == (
        "Use the LSTM: on the validation part its MAE is 33.3 % lower than that of the best baseline, last "
        "value."
    )


def test_what_the_user_asks_for_comes_first(experiment, backend_of, baseline_of):
    backends = [backend_of("numpy", 0.1, 4.0)]
    baselines = [
        baseline_of("ridge", "ridge", 8.0, 1.5),
        baseline_of("seasonal-naive", "seasonal naive (7)", 8.0, 6.0),
        baseline_of("seasonal-naive", "seasonal naive (30)", 8.0, 5.0),
    ]
    for wanted, name in (("lstm", "Numpy"), ("ridge", "ridge"), ("seasonal-naive", "seasonal naive (30)")):
        offer, _ = choose_offers(replace(experiment, offer=wanted), None, backends, baselines)
        assert (offer.kind, offer.name) == (wanted, name)
        assert offer.sentence.endswith("comes first, as requested.")
    offer, _ = choose_offers(replace(experiment, offer="drift"), None, backends, baselines)
    assert offer.kind == "ridge"
    assert offer.sentence.startswith("visits has no drift forecast. Use ridge, although ")


def test_without_validation_forecasts_the_lstm_is_offered(experiment, backend_of, baseline_of):
    baselines = [baseline_of("ridge", "ridge", 0.1, 0.1)]
    offer, _ = choose_offers(experiment, None, [backend_of("numpy", 5.0, None)], baselines)
    assert offer.kind == "lstm"
    assert offer.sentence == (
        "Without forecasts of the validation part to choose by, the LSTM's forecast comes first."
    )
    late = [baseline_of("last-year", "same day last year", 0.1, None)]
    offer, _ = choose_offers(experiment, None, [backend_of("numpy", 5.0, 5.0)], late)
    assert offer.kind == "lstm"


def test_a_test_part_that_prefers_a_baseline_is_mentioned(experiment, backend_of, baseline_of):
    ridge = baseline_of("ridge", "ridge", 1.0, 3.0)
    for test, words in ((1.005, "Use the LSTM: "), (2.0, "Use the LSTM, although ridge does better on the ")):
        offer, _ = choose_offers(experiment, None, [backend_of("numpy", test, 1.0)], [ridge])
        assert offer.sentence.startswith(words)


@pytest.mark.parametrize(("spread", "kind"), [(0.98, "last-value"), (0.3, "lstm")])
def test_what_does_not_beat_the_last_value_by_more_than_chance_is_not_offered(
    experiment, backend_of, baseline_of, spread, kind
):
    windows = find_test_part(experiment).validation
    noise, other = np.random.default_rng(0).normal(size=(2, *windows.truth.shape))
    backends = [backend_of("numpy", 1.0, spread * noise)]
    baselines = [baseline_of("last-value", "last value", 1.0, other), baseline_of("ridge", "ridge", 2.0, 9.0)]
    assert np.abs(spread * noise).mean() < np.abs(other).mean()
    offer, _ = choose_offers(experiment, windows, backends, baselines)
    assert offer.kind == kind
    if kind == "last-value":
        assert offer.sentence == (
            "Use last value: on the validation part no model beats it by more than chance."
        )


def test_a_choice_by_few_windows_says_so(experiment, backend_of, baseline_of):
    windows = find_test_part(experiment).validation
    few = Windows(windows.truth[:4], windows.first_rows[:4], windows.counted[:4])
    backends, baselines = [backend_of("numpy", 1.0, 1.0)], [baseline_of("ridge", "ridge", 1.0, 2.0)]
    for given, end in ((windows, "ridge."), (few, "ridge (4 windows: too few to rule out chance).")):
        offer, _ = choose_offers(experiment, given, backends, baselines)
        assert offer.sentence.endswith(f"50.0 % lower than that of the best baseline, {end}")


def test_equal_errors_keep_the_lstm(experiment, backend_of, baseline_of):
    offer, _ = choose_offers(
        experiment, None, [backend_of("numpy", 1.0, 1.0)], [baseline_of("ridge", "ridge", 1.0, 1.0)]
    )
    assert offer.kind == "lstm"
    assert "its MAE is as low as that of the best baseline" in offer.sentence


def test_another_model_can_be_put_first_and_all_of_them_in_turn(experiment, backend_of):
    result = conclude(experiment, find_test_part(experiment), [backend_of("numpy", 0.1, 1e-6)], {})
    assert result.offers[0].kind == "lstm"
    seen = []
    for _ in range(len(result.baselines) + 1):
        kind = next_offer(result, 0)
        result = with_offer(result, kind)
        assert result.offers[0].kind == kind
        assert result.verdicts[0].endswith("comes first, as requested.")
        seen.append(kind)
    assert seen[-1] == "lstm"
    assert set(seen) == {"lstm", *(one.kind for one in result.baselines)}
