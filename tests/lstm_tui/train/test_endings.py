from dataclasses import replace

import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment import events
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.experiment.results import BackendResult, Member
from lstm_plugins import Epoch
from lstm_tui.train.endings import endings
from lstm_tui.train.training import BackendState, TrainingState

TITLES = {"numpy": "NumPy", "torch": "PyTorch"}


@pytest.fixture(scope="module")
def begun():
    table = open_data("sunspots")
    return TrainingState.of(plan_experiment(table, ["numpy", "torch"], {"epochs": 10, "patience": 4}))


def trained(backend, reason, epochs, best, validation=0.5):
    for number in range(epochs):
        yield events.BackendEpoch(backend, Epoch(number, 0.6, validation, 0.001, 1.0, True, 1.0 + number))
    yield events.BackendTrained(backend, reason, epochs, best - 1, 2.0)


def test_nothing_is_told_while_it_trains(begun):
    assert endings(begun.after(list(trained("numpy", "epochs", 3, 3))[:-1]), TITLES) == ()


def test_backends_that_ended_alike_share_a_sentence(begun):
    both = [event for name in TITLES for event in trained(name, "patience", 7, 3)]
    (sentence,) = endings(begun.after(both), TITLES)
    assert sentence == (
        "✓ NumPy and PyTorch ended after 7 of 10 epochs: no better validation loss in 4 (patience); "
        "forecasts use epoch 3, the best."
    )


@pytest.mark.parametrize(
    ("reason", "epochs", "best", "validation", "words"),
    [
        ("epochs", 10, 8, 0.5, "✓ NumPy trained all 10 epochs; forecasts use epoch 8, the best."),
        (
            "epochs",
            10,
            10,
            0.5,
            "✓ NumPy trained all 10 epochs; the last one was the best, so more epochs may help.",
        ),
        (
            "epochs",
            10,
            10,
            None,
            "✓ NumPy trained all 10 epochs; forecasts use the last one, because there is no ",
        ),
        (
            "patience",
            4,
            0,
            0.5,
            "✓ NumPy ended after 4 of 10 epochs: no better validation loss in 4 (patience); forecasts use "
            "the linear part alone, since no epoch improved on it.",
        ),
        (
            "stopped",
            6,
            2,
            0.5,
            "~ NumPy stopped on request after 6 of 10 epochs; forecasts use epoch 2, the best.",
        ),
    ],
)
def test_every_end_has_its_words(begun, reason, epochs, best, validation, words):
    (sentence,) = endings(begun.after(trained("numpy", reason, epochs, best, validation)), TITLES)
    assert sentence.startswith(words)


def test_stopped_too_early_is_told(begun):
    (sentence,) = endings(begun.after([events.BackendStopped("torch")]), TITLES)
    assert sentence.startswith("– PyTorch stopped before completing an epoch")


def ensemble(reason, kept, best=2):
    """An ended backend of three networks."""
    members = tuple(Member(4, best, 1.0, reason, 1.0, one) for one in kept)
    result = BackendResult("numpy", None, None, None, 12, best, 3.0, reason, members)
    return BackendState("numpy", 40, phase="finished", members=3, result=result)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (
            ensemble("patience", (True, True, True)),
            "✓ NumPy averaged 3 networks, 12 epochs in all; each forecasts with its best epoch.",
        ),
        (
            ensemble("patience", (True, False, True)),
            "✓ NumPy averaged 2 of 3 networks, 12 epochs in all; the others have larger errors on the "
            "validation part.",
        ),
        (
            ensemble("patience", (True, True, True), best=-1),
            "✓ NumPy averaged 3 networks, 12 epochs in all; no epoch improved on the linear part.",
        ),
        (
            ensemble("stopped", (True,)),
            "~ NumPy stopped on request; averaged 1 of 3 networks, 12 epochs in all; each forecasts with its "
            "best epoch.",
        ),
    ],
)
def test_an_ensemble_ends_with_what_is_averaged(begun, state, words):
    assert endings(replace(begun, backends={"numpy": state}), TITLES) == (words,)


def test_the_first_network_of_an_ensemble_does_not_end_it(begun):
    state = BackendState("numpy", 10, members=3)
    for event in trained("numpy", "patience", 7, 3):
        state = state.after(event)
    assert endings(replace(begun, backends={"numpy": state}), TITLES) == ()
