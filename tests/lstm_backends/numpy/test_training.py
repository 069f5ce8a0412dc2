from __future__ import annotations

import itertools

import numpy as np
import pytest

from lstm_plugins import Epoch, Finished, Progress, TrainingStep

TRAINING = ((0, 22), (0, 33))
VALIDATION = ((22, 30), (33, 45))

FITS = {
    "adamw": {},
    "sgd": {"optimizer": "sgd", "learning_rate": 0.01},
    "cosine": {"schedule": "cosine", "warmup": 5},
    "plateau": {"schedule": "plateau", "plateau": 1},
    "dropout": {"dropout": 0.3, "layers": 2},
    "deep": {"layers": 2, "bidirectional": True, "attention": "general", "patch": 2, "weight_decay": 0.01},
    "quantiles": {"loss": "quantile", "normalisation": "standard"},
}


@pytest.mark.parametrize("settings", FITS.values(), ids=FITS.keys())
def test_a_training_is_the_references_to_1e_10(make, settings):
    """9 batches and 20 epochs: 180 updates."""
    pair = make(**{"epochs": 20, "learning_rate": 0.01, "patience": 0} | settings)
    ran = []
    for forecaster in (pair.backend, pair.reference):
        records = list(forecaster.fit(TRAINING, VALIDATION))
        ran.append([record for record in records if isinstance(record, Epoch)])
        assert isinstance(records[-1], Finished)
    scale = ran[1][0].training_loss
    assert len(ran[0]) == len(ran[1]) == 20
    for found, expected in zip(*ran, strict=True):
        assert (found.epoch, found.best) == (expected.epoch, expected.best)
        for name in ("training_loss", "validation_loss", "learning_rate"):
            assert abs(getattr(found, name) - getattr(expected, name)) <= 1e-10 * max(
                scale, getattr(expected, name)
            )
    starts = pair.reference.window_starts(VALIDATION, 1)
    difference = pair.backend.predict(starts) - pair.reference.predict(starts)
    assert np.abs(difference).max() <= 1e-9 * pair.values.std()


def test_batches_trained_together_or_one_by_one_give_the_same_bits(make):
    settings = {"dropout": 0.2, "layers": 2, "precision": "float32"}
    together, apart, stepwise = (make(**settings).backend for _ in range(3))
    starts = together.window_starts(TRAINING, 1)[:23]
    rates = np.array([0.01, 0.02, 0.03, 0.02, 0.01])
    results = together.train_batches(starts, rates, TrainingStep(1, 4))
    for n, rate in enumerate(rates):
        batch = starts[n * 5 : n * 5 + 5]
        one = apart.train_batches(batch, rates[n : n + 1], TrainingStep(1, 4 + n))
        loss, gradients = stepwise.loss_and_gradients(batch, TrainingStep(1, 4 + n))
        clipped, norm = stepwise.clip(gradients)
        stepwise.update(clipped, rate)
        assert one.losses[0] == results.losses[n] == loss
        assert one.norms[0] == results.norms[n]
        assert norm == pytest.approx(results.norms[n], rel=1e-6)
    for name, array in together.weights().items():
        assert np.array_equal(apart.weights()[name], array)
        assert np.allclose(stepwise.weights()[name], array, rtol=0, atol=1e-6)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_resuming_gives_the_bits_of_an_uninterrupted_fit(make, precision):
    settings = {"epochs": 5, "dropout": 0.2, "schedule": "cosine", "precision": precision}
    whole, first, second = (make(**settings).backend for _ in range(3))
    records = [record for record in whole.fit(TRAINING, VALIDATION) if isinstance(record, Epoch)]
    running = first.fit(TRAINING, VALIDATION)
    seen = list(itertools.islice((record for record in running if isinstance(record, Epoch)), 2))
    running.close()
    resumed = second.fit(TRAINING, VALIDATION, first.training_state)
    assert seen + [record for record in resumed if isinstance(record, Epoch)] == records
    assert all(np.array_equal(second.weights()[name], array) for name, array in whole.weights().items())


def test_stopping_inside_an_epoch_gives_the_state_after_the_last_complete_one(make):
    forecaster = make(epochs=5).backend
    running = forecaster.fit(TRAINING, VALIDATION)
    while not isinstance(next(running), Epoch):
        pass
    state = forecaster.training_state
    progress = next(running)
    assert isinstance(progress, Progress)
    assert progress.batch < progress.batches
    running.close()
    assert forecaster.training_state is state
    assert state.epoch == 1
    found = forecaster.optimizer_state()
    assert found.step == state.optimizer.step == 9
    for name in state.weights:
        assert np.array_equal(forecaster.weights()[name], state.best_weights[name])
        assert np.array_equal(found.first[name], state.optimizer.first[name])


def test_mean_loss_weighs_every_window_the_same_and_does_not_depend_on_batches(make):
    pair = make(hidden_units=3)
    starts = pair.backend.window_starts(VALIDATION, 1)
    assert pair.backend.mean_loss(starts) == pytest.approx(pair.reference.mean_loss(starts), rel=1e-14)
    many = np.tile(starts, 120)
    assert len(many) > 2 * 1024
    assert pair.backend.mean_loss(many) == pytest.approx(pair.reference.mean_loss(starts), rel=1e-13)
    assert np.array_equal(
        pair.backend.predict(many)[: len(starts)], pair.backend.predict(many)[-len(starts) :]
    )
