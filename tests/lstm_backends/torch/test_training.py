from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from lstm_plugins import Epoch, Finished, NotFiniteError, Progress, SeriesError, TrainingStep

TRAINING, VALIDATION = ((0, 22), (0, 30)), ((22, 31), (30, 40))


def test_two_updates_in_a_row_agree_with_the_reference(pair_of, switch):
    pair = pair_of(**switch)
    count = pair.config.batch_size + 3

    def compute(forecaster):
        results = forecaster.train_batches(pair.starts[:count], np.array([0.01, 0.003]), TrainingStep(2, 4))
        state = forecaster.optimizer_state()
        return {
            "losses": results.losses,
            "norms": results.norms,
            **{f"weights {name}": array for name, array in forecaster.weights().items()},
            **{f"first {name}": array for name, array in state.first.items()},
            **{f"second {name}": array for name, array in state.second.items()},
        }

    pair.hold(compute)
    assert pair.torch.optimizer_state().step == 2


def test_updates_are_gradient_clip_and_update_one_after_the_other(pair_of, switch, precision):
    """What `fit` does is what the checks of single steps have looked at, to the last bit."""
    settings = {**switch, "precision": precision}
    together, apart = pair_of(**settings), pair_of(**settings).torch
    rates = np.array([0.01, 0.02, 0.005])
    batches = [together.starts[n * 5 : n * 5 + 5] for n in range(3)]

    results = together.torch.train_batches(np.concatenate(batches), rates, TrainingStep(1, 6))

    for n, batch in enumerate(batches):
        loss, gradients = apart.loss_and_gradients(batch, TrainingStep(1, 6 + n))
        clipped, norm = apart.clip(gradients)
        apart.update(clipped, rates[n])
        assert (loss, norm) == (results.losses[n], results.norms[n])
    for name, array in apart.weights().items():
        np.testing.assert_array_equal(array, together.torch.weights()[name])


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"schedule": "cosine", "warmup": 7, "weight_decay": 0.1},
        {"schedule": "plateau", "plateau": 1, "optimizer": "sgd", "learning_rate": 0.01},
        {"layers": 2, "bidirectional": True, "attention": "general", "dropout": 0.2, "patch": 2},
        {"loss": "quantile", "normalisation": "standard", "dropout": 0.2},
        {"patience": 2, "learning_rate": 0.01},
    ],
    ids=["plain", "cosine", "plateau", "rich", "quantile", "patience"],
)
def test_a_fit_follows_the_references(pair_of, settings):
    pair = pair_of(epochs=25, **settings)
    found, wanted = (list(one.fit(TRAINING, VALIDATION)) for one in (pair.torch, pair.reference))
    epochs, wanted_epochs = (
        [record for record in one if isinstance(record, Epoch)] for one in (found, wanted)
    )

    assert found[-1] == wanted[-1]
    assert pair.torch.optimizer_state().step <= 400
    first = wanted_epochs[0].training_loss
    for epoch, wanted_epoch in zip(epochs, wanted_epochs, strict=True):
        assert epoch.learning_rate == wanted_epoch.learning_rate
        for name in ("training_loss", "validation_loss"):
            value, wanted_value = getattr(epoch, name), getattr(wanted_epoch, name)
            assert abs(value - wanted_value) <= 1e-10 * max(wanted_value, first)
    difference = np.abs(pair.torch.predict(pair.starts) - pair.reference.predict(pair.starts)).max()
    assert difference <= 1e-9 * pair.series.values.std()


def test_a_resumed_fit_has_the_same_bits(pair_of, switch):
    settings = {"precision": "float32", **switch, "epochs": 4, "schedule": "cosine", "batch_size": 9}
    whole, stopped, resumed = (pair_of(**settings).torch for _ in range(3))
    last = list(whole.fit(TRAINING, VALIDATION))[-1]
    records = stopped.fit(TRAINING, VALIDATION)
    for record in records:
        # Two whole epochs, and somewhere into the third.
        if isinstance(record, Progress) and record.epoch == 2:
            break
    records.close()
    state = stopped.training_state
    assert state is not None
    assert state.epoch == 2

    assert list(resumed.fit(TRAINING, VALIDATION, state))[-1] == last
    for name, array in whole.weights().items():
        np.testing.assert_array_equal(resumed.weights()[name], array)
    np.testing.assert_array_equal(resumed.predict(np.arange(3)), whole.predict(np.arange(3)))


def test_stopped_in_mid_epoch_the_best_complete_epoch_stays(pair_of):
    pair = pair_of(epochs=5, batch_size=2)
    records = pair.torch.fit(TRAINING, VALIDATION)
    epoch = next(record for record in records if isinstance(record, Epoch))
    assert epoch.best
    after_first_epoch = pair.torch.weights()
    assert isinstance(next(records), Progress)
    records.close()
    for name, array in pair.torch.weights().items():
        np.testing.assert_array_equal(array, after_first_epoch[name])


def test_how_batches_are_cut_into_calls_changes_no_bit(pair_of, precision):
    one, many = (pair_of(precision=precision, dropout=0.3).torch for _ in range(2))
    starts, rates = pair_of().starts[:23], np.linspace(0.01, 0.001, 5)
    together = one.train_batches(starts, rates, TrainingStep(0, 0))
    losses = []
    for n, rate in enumerate(rates):
        part = starts[n * 5 : n * 5 + 5]
        losses.append(many.train_batches(part, np.array([rate]), TrainingStep(0, n)).losses)
    np.testing.assert_array_equal(np.concatenate(losses), together.losses)
    for name, array in one.weights().items():
        np.testing.assert_array_equal(array, many.weights()[name])


def test_how_many_windows_are_asked_for_at_once_changes_nothing_that_counts(pair_of):
    pair = pair_of()
    one_by_one = np.concatenate([pair.torch.predict(pair.starts[n : n + 1]) for n in range(9)])
    np.testing.assert_allclose(pair.torch.predict(pair.starts)[:9], one_by_one, rtol=1e-13)


def test_training_lowers_the_loss_of_a_learnable_series(pair_of):
    pair = pair_of(precision="float32", epochs=60, learning_rate=0.01, hidden_units=8, patience=0)
    values = np.sin(np.arange(71)[:, None] / 3 + np.arange(3))
    pair.torch.load_series(type(pair.series)(values, pair.series.targets, pair.series.lengths))
    epochs = [record for record in pair.torch.fit(TRAINING, ()) if isinstance(record, Epoch)]
    assert epochs[-1].training_loss < 0.02 * epochs[0].training_loss


def test_a_fit_that_leaves_the_finite_numbers_ends_with_the_place(pair_of):
    pair = pair_of(precision="float32", optimizer="sgd", learning_rate=1e30, clip_norm=0.0, epochs=50)
    before = pair.torch.weights()
    with pytest.raises(NotFiniteError, match="epoch 1, step"):
        list(pair.torch.fit(TRAINING, VALIDATION))
    for name, array in pair.torch.weights().items():
        np.testing.assert_array_equal(array, before[name])


def test_without_validation_the_last_weights_are_the_result(pair_of):
    pair = pair_of(epochs=3)
    records = list(pair.torch.fit(TRAINING, ()))
    assert records[-1] == Finished("epochs", 3, 2)
    state = pair.torch.training_state
    for name, array in pair.torch.weights().items():
        np.testing.assert_array_equal(array, state.weights[name])


def test_no_windows_have_no_mean_loss(pair_of):
    with pytest.raises(SeriesError, match="at least one window"):
        pair_of().torch.mean_loss(np.empty(0, np.int64))


def test_no_windows_give_an_empty_forecast(pair_of):
    assert pair_of().torch.predict(np.empty(0, np.int64)).shape == (0, 2, 2, 1)


def test_records_come_while_an_epoch_is_under_way(pair_of):
    records = list(islice(pair_of(batch_size=1).torch.fit(TRAINING, VALIDATION), 2))
    assert all(isinstance(record, Progress) and record.epoch == 0 for record in records)
