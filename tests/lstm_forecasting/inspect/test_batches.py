from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.inspect.asking import inspect_batch
from lstm_forecasting.inspect.batches import (
    batch_count,
    clipping,
    gradient_agreement,
    mean_gradients,
    next_batch,
)
from lstm_plugins import TrainingStep
from lstm_plugins.errors import InputError


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("network", ["plain", "everything"])
def test_the_mean_of_the_windows_is_the_gradient_of_the_batch(laboratory, network, backend):
    subject = laboratory.subject(network)
    batch = inspect_batch(subject, next_batch(subject), backend, processes=laboratory.processes)
    assert len(batch.starts) == 16
    for name, mean in mean_gradients(batch).items():
        np.testing.assert_allclose(mean, batch.gradients[name], rtol=0, atol=1e-12)
    found = gradient_agreement(batch)
    assert found.apart < 1e-12
    flat = [
        np.concatenate([array[window].ravel() for array in batch.window_gradients.values()])
        for window in range(16)
    ]
    mean = np.mean(flat, axis=0)
    assert found.norm == pytest.approx(np.linalg.norm(mean))
    np.testing.assert_allclose(found.norms, np.linalg.norm(flat, axis=1), rtol=1e-12)
    cosines = [np.dot(one, mean) / np.linalg.norm(one) / np.linalg.norm(mean) for one in flat]
    np.testing.assert_allclose(found.cosines, cosines, atol=1e-12)
    shares = np.zeros(16)
    for name, gradients in batch.window_gradients.items():
        own = gradient_agreement(batch, name)
        np.testing.assert_allclose(own.norms, [np.linalg.norm(one) for one in gradients], rtol=1e-12)
        assert own.norm == pytest.approx(np.linalg.norm(batch.gradients[name]), abs=1e-12)
        assert own.apart < 1e-12
        shares += own.norms**2
    np.testing.assert_allclose(np.sqrt(shares), found.norms, rtol=1e-12)


@pytest.mark.parametrize(("limit", "is_cut"), [(0.0, False), (1e6, False), (1e-3, True)])
def test_a_batch_is_clipped_as_training_clips_it(laboratory, limit, is_cut):
    subject = laboratory.subject("plain")
    subject = replace(subject, config=replace(subject.config, clip_norm=limit))
    batch = inspect_batch(subject, next_batch(subject), processes=laboratory.processes)
    found = clipping(batch)
    given, norm = laboratory.reference(subject).clip(batch.gradients)
    assert (found.limit, found.norm) == (limit, norm)
    assert (found.factor < 1) == is_cut
    for name, gradient in batch.gradients.items():
        np.testing.assert_array_equal(given[name], found.factor * gradient)


def test_it_is_the_update_that_training_did(laboratory):
    """From the snapshot before the last epoch, batch by batch, to the one after it."""
    subject, after = laboratory.subject("plain", epoch=2), laboratory.subject("plain", epoch=3)
    reference = laboratory.reference(subject)
    assert subject.config.dropout == 0
    reference.load_weights(laboratory.subject("plain", epoch=0).model.weights)
    config, count = subject.config, len(subject.experiment.window_starts("train"))
    batches = -(-count // config.batch_size)
    for epoch in range(3):
        snapshot = laboratory.subject("plain", epoch=epoch)
        for number in range(batches):
            starts = next_batch(snapshot, number)
            reference.train_batches(starts, np.array([config.learning_rate]), TrainingStep(epoch, number))
    for name, array in reference.weights().items():
        np.testing.assert_allclose(array, after.model.weights[name], rtol=0, atol=1e-12)


def test_batches_of_an_epoch_hold_every_window_once(laboratory):
    subject = laboratory.subject("plain")
    starts = subject.experiment.window_starts("train")
    batches = batch_count(subject)
    visited = np.concatenate([next_batch(subject, number) for number in range(batches)])
    np.testing.assert_array_equal(np.sort(visited), starts)
    for number in (-1, batches):
        with pytest.raises(
            InputError, match=f"has the batches 1 to {batches}; there is no batch {number + 1}"
        ):
            next_batch(subject, number)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_windows_weigh_as_much_as_they_have_observed_values(laboratory, backend):
    subject = laboratory.subject("gaps")
    batch = inspect_batch(subject, next_batch(subject), backend, processes=laboratory.processes)
    observed = subject.experiment.observed
    rows = batch.starts[:, None] + 8 + np.arange(3)
    numbers = observed[rows].sum(axis=(1, 2))
    assert len(set(numbers.tolist())) > 1
    np.testing.assert_allclose(batch.shares, numbers / numbers.sum(), rtol=1e-14)
    assert batch.loss == pytest.approx(float(batch.shares @ batch.losses), rel=1e-12)
    for name, mean in mean_gradients(batch).items():
        np.testing.assert_allclose(mean, batch.gradients[name], rtol=0, atol=1e-12)
    assert gradient_agreement(batch).apart < 1e-12
