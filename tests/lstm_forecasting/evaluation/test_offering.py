"""Which model is offered: the best on the validation part, whatever the test part says."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.evaluation.offering import choose_offers, next_offer
from lstm_forecasting.evaluation.scoring import (
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
    first, second = choose_offers(experiment, backends, baselines)
    assert (first.kind, first.name, first.backend) == (second.kind, second.name, second.backend)
    assert (first.kind, first.name, first.backend) == ("ridge", "ridge", "")
    assert first.future.tolist() == [5.0, 5.0]
    assert first.sentence == "Use ridge: on the validation part its MAE is 25.0 % lower than the LSTM's."
    (offer, _) = choose_offers(experiment, backends, baselines[:1])
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
        offer, _ = choose_offers(replace(experiment, offer=wanted), backends, baselines)
        assert (offer.kind, offer.name) == (wanted, name)
        assert offer.sentence.endswith("comes first, as requested.")
    offer, _ = choose_offers(replace(experiment, offer="drift"), backends, baselines)
    assert offer.kind == "ridge"
    assert offer.sentence.startswith("visits has no drift forecast. Use ridge: ")


def test_without_validation_forecasts_the_lstm_is_offered(experiment, backend_of, baseline_of):
    baselines = [baseline_of("ridge", "ridge", 0.1, 0.1)]
    offer, _ = choose_offers(experiment, [backend_of("numpy", 5.0, None)], baselines)
    assert offer.kind == "lstm"
    assert offer.sentence == (
        "Without forecasts of the validation part to choose by, the LSTM's forecast comes first."
    )
    late = [baseline_of("last-year", "same day last year", 0.1, None)]
    offer, _ = choose_offers(experiment, [backend_of("numpy", 5.0, 5.0)], late)
    assert offer.kind == "lstm"


def test_equal_errors_keep_the_lstm(experiment, backend_of, baseline_of):
    offer, _ = choose_offers(
        experiment, [backend_of("numpy", 1.0, 1.0)], [baseline_of("ridge", "ridge", 1.0, 1.0)]
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
