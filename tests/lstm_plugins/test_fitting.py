"""The bookkeeping of a fit. Its bits are held against a plain fit in reference/test_training.py."""

import dataclasses
import math

import numpy as np
import pytest

from lstm_plugins import (
    BatchResults,
    Epoch,
    Finished,
    ForecasterConfig,
    NotFiniteError,
    Progress,
    SeriesError,
    SeriesSet,
)
from lstm_plugins.reference import ReferenceForecaster

TRAINING = ((0, 27),)
VALIDATION = ((27, 32),)
WINDOWS = 27 - 5 - 2 + 1


class Scripted(ReferenceForecaster):
    """The reference, which notes the chunks it is given and may be told its validation losses."""

    def __init__(self, *, validation_losses=None, most=1_000_000, **settings):
        small = {"look_back": 5, "horizon": 2, "hidden_units": 2, "batch_size": 4, "precision": "float64"}
        super().__init__(ForecasterConfig(**small | settings), 1, (0,))
        rows = np.random.default_rng(0).normal(size=(32, 1)).cumsum(axis=0)
        self.load_series(SeriesSet(rows, (0,), (32,)))
        self.validation_losses = validation_losses
        self.most = most
        self.chunks = []

    @property
    def batches_per_call(self):
        return self.most

    def mean_loss(self, starts):
        if self.validation_losses is None:
            return super().mean_loss(starts)
        return self.validation_losses.pop(0)

    def train_batches(self, starts, learning_rates, first):
        self.chunks.append((first.epoch, first.step, len(learning_rates), len(starts)))
        return super().train_batches(starts, learning_rates, first)


def run(forecaster, state=None):
    return list(forecaster.fit(TRAINING, VALIDATION, state))


def epochs(records):
    return [record for record in records if isinstance(record, Epoch)]


def assert_same(left, right):
    assert list(left) == list(right)
    for name, array in right.items():
        np.testing.assert_array_equal(left[name], array)


def test_records_of_a_whole_fit():
    forecaster = Scripted(epochs=3)
    assert forecaster.training_state is None
    records = run(forecaster)
    batches = math.ceil(WINDOWS / 4)
    assert records[-1] == Finished("epochs", 3, records[-1].best_epoch)
    assert [record.epoch for record in epochs(records)] == [0, 1, 2]
    for number, ended in enumerate(epochs(records)):
        position = records.index(ended)
        last = records[position - 1]
        assert isinstance(last, Progress)
        assert (last.epoch, last.batch, last.batches) == (number, batches, batches)
        assert last.windows == (number + 1) * WINDOWS
        assert last.training_loss == ended.training_loss
        assert ended.learning_rate == forecaster.config.learning_rate
        assert ended.gradient_norm > 0
    progress = [record for record in records if isinstance(record, Progress)]
    done = [(record.epoch, record.batch) for record in progress]
    assert done == sorted(set(done))
    assert forecaster.training_state.epoch == 3
    assert forecaster.training_state.optimizer.step == 3 * batches


def test_chunks_cover_every_batch_once_and_keep_to_the_most_a_backend_takes():
    forecaster = Scripted(epochs=2, most=2)
    run(forecaster)
    for epoch in (0, 1):
        chunks = [chunk for chunk in forecaster.chunks if chunk[0] == epoch]
        steps = [first + n for _, first, count, _ in chunks for n in range(count)]
        assert steps == list(range(math.ceil(WINDOWS / 4)))
        assert max(count for _, _, count, _ in chunks) == 2
        assert sum(windows for _, _, _, windows in chunks) == WINDOWS
        assert all(windows == 4 * count for _, _, count, windows in chunks[:-1])


def test_chunks_change_no_bit():
    free, single = Scripted(epochs=3, dropout=0.3), Scripted(epochs=3, dropout=0.3, most=1)
    assert epochs(run(free)) == epochs(run(single))
    assert len(single.chunks) > len(free.chunks)
    assert_same(free.weights(), single.weights())


def test_epoch_loss_is_the_mean_over_windows_not_over_batches():
    # One step at a rate that moves nothing: the epoch's loss is that of all windows at the start.
    forecaster = Scripted(epochs=1, learning_rate=1e-300)
    starts = forecaster.window_starts(TRAINING, 1)
    (ended,) = epochs(run(forecaster))
    assert len(starts) == WINDOWS
    assert WINDOWS % 4
    assert ended.training_loss == pytest.approx(forecaster.mean_loss(starts), rel=1e-12)


def test_patience_counts_epochs_since_the_best_and_keeps_the_best_weights():
    forecaster = Scripted(epochs=20, patience=3, validation_losses=[5.0, 3.0, 4.0, 2.0, 2.0, 2.5, 9.0, 1.0])
    kept = {}
    records = []
    for record in forecaster.fit(TRAINING, VALIDATION):
        records.append(record)
        if isinstance(record, Epoch):
            kept[record.epoch] = forecaster.training_state.weights
    assert [record.best for record in epochs(records)] == [True, True, False, True, False, False, False]
    assert records[-1] == Finished("patience", 7, 3)
    assert_same(forecaster.weights(), kept[3])
    assert forecaster.training_state.best_loss == 2.0
    assert forecaster.training_state.epochs_without_gain == 3
    assert not np.array_equal(kept[3]["head.kernel"], kept[6]["head.kernel"])


def test_no_patience_runs_all_epochs_and_still_keeps_the_best():
    forecaster = Scripted(epochs=4, patience=0, validation_losses=[1.0, 2.0, 3.0, 4.0])
    assert run(forecaster)[-1] == Finished("epochs", 4, 0)
    assert_same(forecaster.weights(), forecaster.training_state.best_weights)


def test_plateau_halves_after_epochs_without_a_gain_of_a_ten_thousandth():
    losses = [1.0, 0.99995, 0.9999, 0.9998, 0.9998, 0.9998, 0.9998, 0.5]
    forecaster = Scripted(
        epochs=8, patience=0, schedule="plateau", plateau=2, learning_rate=0.8, validation_losses=losses
    )
    rates = [record.learning_rate for record in epochs(run(forecaster))]
    # Wanted below 0.9999: epochs 1 and 2 fail, epoch 3 is the gain, 4 and 5 fail, 6 fails, 7 gains.
    assert rates == [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2]
    assert forecaster.training_state.rate_factor == 0.25
    assert forecaster.training_state.plateau_count == 0


LINEAR = {"linear": "ridge", "epochs": 6}


def test_the_linear_part_alone_is_an_epoch_before_the_first():
    losses = [1.0, 2.0, 0.5, 0.6, 0.7, 0.8, 0.9]
    records = run(Scripted(validation_losses=[*losses], patience=3, **LINEAR))
    first, *later = epochs(records)
    assert first == Epoch(-1, None, 1.0, 0.0, 0.0, best=True)
    assert [record.epoch for record in later] == [0, 1, 2, 3, 4]
    assert [record.best for record in later] == [False, True, False, False, False]
    assert records[-1] == Finished("patience", epochs=5, best_epoch=1)


def test_if_it_stays_the_best_it_is_the_result():
    forecaster = Scripted(validation_losses=[1.0, 2.0, 3.0], patience=2, **LINEAR)
    records = forecaster.fit(TRAINING, VALIDATION)
    assert next(records).epoch == -1
    start = forecaster.weights()
    assert start["linear.kernel"].any()
    *_, finished = records
    assert finished == Finished("patience", epochs=2, best_epoch=-1)
    assert_same(forecaster.weights(), start)
    assert forecaster.training_state.best_epoch == -1


def test_a_plateau_counts_it_too():
    forecaster = Scripted(
        validation_losses=[1.0, 2.0, 3.0, 2.5, 2.4],
        schedule="plateau",
        plateau=2,
        patience=0,
        linear="ridge",
        epochs=4,
    )
    assert [record.learning_rate for record in epochs(run(forecaster))] == [0.0, 1e-3, 1e-3, 5e-4, 5e-4]


def test_a_fit_stopped_before_the_first_update_neither_fits_nor_validates_again():
    whole = Scripted(**LINEAR)
    records = epochs(run(whole))
    forecaster = Scripted(**LINEAR)
    running = forecaster.fit(TRAINING, VALIDATION)
    assert next(running) == records[0]
    running.close()
    again = Scripted(**LINEAR)
    assert epochs(run(again, forecaster.training_state)) == records[1:]
    assert_same(again.weights(), whole.weights())


@pytest.mark.parametrize("validation", [(), ((32, 32),)])
def test_without_validation_there_is_no_epoch_before_the_first(validation):
    forecaster = Scripted(**LINEAR)
    records = epochs(list(forecaster.fit(TRAINING, validation)))
    assert [record.epoch for record in records] == list(range(6))
    assert forecaster.weights()["linear.kernel"].any()


def test_an_epoch_trains_on_its_first_windows_and_counts_these():
    forecaster = Scripted(windows_per_epoch=10, epochs=2, schedule="cosine", warmup=2)
    records = run(forecaster)
    assert sum(windows for *_, windows in forecaster.chunks) == 20
    assert [record.windows for record in records if isinstance(record, Progress)][-1] == 20
    # Three batches an epoch: the last of all six steps ends the cosine.
    assert epochs(records)[-1].learning_rate == 0.0
    starts = forecaster.training_starts(TRAINING)
    order = forecaster.epoch_starts(starts, 1)
    every = Scripted().epoch_starts(starts, 1)
    assert (len(order), len(every)) == (10, WINDOWS)
    assert order.tolist() == every[:10].tolist()


def test_more_windows_than_there_are_means_all():
    assert epochs(run(Scripted(windows_per_epoch=1000, epochs=2))) == epochs(run(Scripted(epochs=2)))


def test_counters_survive_a_stop():
    losses = [3.0, 2.0, 2.5, 2.4, 2.3, 2.2]
    settings = {"epochs": 9, "patience": 4, "schedule": "plateau", "plateau": 2}
    whole = Scripted(**settings, validation_losses=list(losses))
    records = epochs(run(whole))
    for stop in range(1, 6):
        first = Scripted(**settings, validation_losses=losses[:stop])
        seen = []
        running = first.fit(TRAINING, VALIDATION)
        while len(seen) < stop:
            record = next(running)
            if isinstance(record, Epoch):
                seen.append(record)
        running.close()
        second = Scripted(**settings, validation_losses=losses[stop:])
        rest = run(second, first.training_state)
        assert seen + epochs(rest) == records
        assert rest[-1] == Finished("patience", 6, 1)
        assert_same(second.weights(), whole.weights())
        assert dataclasses.replace(
            second.training_state, weights={}, best_weights={}, optimizer=None
        ) == dataclasses.replace(whole.training_state, weights={}, best_weights={}, optimizer=None)


def test_stopping_in_the_first_epoch_leaves_the_start():
    forecaster = Scripted(epochs=5, most=1)
    start = forecaster.weights()
    running = forecaster.fit(TRAINING, VALIDATION)
    next(running)
    assert not np.array_equal(forecaster.weights()["head.kernel"], start["head.kernel"])
    running.close()
    assert_same(forecaster.weights(), start)
    assert forecaster.training_state.epoch == 0
    assert forecaster.optimizer_state().step == 0
    assert epochs(run(forecaster, forecaster.training_state)) == epochs(run(Scripted(epochs=5, most=1)))


def test_stopping_in_mid_epoch_leaves_the_best_and_resumes_bit_for_bit():
    settings = {"epochs": 6, "dropout": 0.2, "most": 1, "learning_rate": 0.05}
    whole = Scripted(**settings)
    records = run(whole)
    first = Scripted(**settings)
    running = first.fit(TRAINING, VALIDATION)
    while True:
        record = next(running)
        if isinstance(record, Progress) and (record.epoch, record.batch) == (3, 2):
            break
    running.close()
    state = first.training_state
    assert state.epoch == 3
    assert_same(first.weights(), state.best_weights)
    second = Scripted(**settings)
    resumed = run(second, state)
    assert resumed[0].epoch == 3
    assert resumed[0].batch == 1
    assert resumed[0].windows == 4
    assert epochs(resumed) == epochs(records)[3:]
    assert_same(second.weights(), whole.weights())
    assert_same(second.optimizer_state().second, whole.optimizer_state().second)


def test_finished_fit_resumed_does_nothing_more():
    forecaster = Scripted(epochs=2)
    records = run(forecaster)
    weights = forecaster.weights()
    assert run(forecaster, forecaster.training_state) == records[-1:]
    assert_same(forecaster.weights(), weights)


@pytest.mark.parametrize("validation", [(), ((0, 0),), ((27, 28),)], ids=["none", "empty", "too short"])
def test_without_validation_the_last_weights_are_the_result(validation):
    forecaster = Scripted(epochs=3, patience=1)
    records = list(forecaster.fit(TRAINING, validation))
    assert records[-1] == Finished("epochs", 3, 2)
    assert all(record.validation_loss is None and not record.best for record in epochs(records))
    assert_same(forecaster.weights(), forecaster.training_state.weights)
    assert forecaster.training_state.best_weights is None


def test_series_too_short_for_a_window_says_what_to_change():
    with pytest.raises(SeriesError, match="no window of look_back 5 and horizon 2; lower them"):
        list(Scripted().fit(((0, 6),), VALIDATION))


class Diverging(Scripted):
    """Losses and norms that leave the finite numbers at steps of one's choice."""

    def __init__(self, bad_loss, bad_norm, **settings):
        super().__init__(**settings)
        self.bad = {"losses": bad_loss, "norms": bad_norm}

    def train_batches(self, starts, learning_rates, first):
        results = super().train_batches(starts, learning_rates, first)
        if first.epoch == 0:
            return results
        steps = first.step + np.arange(len(learning_rates))
        changed = {
            name: np.where(steps >= step, np.nan, getattr(results, name)) for name, step in self.bad.items()
        }
        return BatchResults(**changed)


@pytest.mark.parametrize("most", [1, 1_000_000])
@pytest.mark.parametrize(
    ("bad_loss", "bad_norm", "quantity", "step"),
    [(4, 4, "loss", 4), (5, 4, "gradient norm", 4), (3, 99, "loss", 3)],
)
def test_first_step_that_is_not_finite_is_named_whatever_the_chunks(most, bad_loss, bad_norm, quantity, step):
    forecaster = Diverging(bad_loss, bad_norm, epochs=3, most=most)
    with pytest.raises(
        NotFiniteError, match=f"{quantity} is not finite at epoch 2, step {step + 1}"
    ) as raised:
        run(forecaster)
    assert (raised.value.quantity, raised.value.epoch, raised.value.step) == (quantity, 1, step)
    assert forecaster.training_state.epoch == 1
    assert_same(forecaster.weights(), forecaster.training_state.best_weights)


def test_validation_loss_that_is_not_finite_keeps_the_last_good_weights():
    forecaster = Scripted(epochs=5, validation_losses=[1.0, 2.0, math.nan])
    with pytest.raises(
        NotFiniteError, match="validation loss is not finite at epoch 3, validation"
    ) as raised:
        run(forecaster)
    assert raised.value.step is None
    assert forecaster.training_state.epoch == 2
    assert_same(forecaster.weights(), forecaster.training_state.best_weights)
