"""The gradients of the windows of a batch, and their mean, which determines the update."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspect.results import InspectedBatch, NamedValues, Values
from lstm_forecasting.inspect.subject import Subject
from lstm_plugins.errors import InputError
from lstm_plugins.randomness import epoch_order, in_epoch
from lstm_plugins.reference.optimizer import clip_factor, global_norm


@dataclass(frozen=True, eq=False)
class GradientAgreement:
    """How much the gradients of a batch's windows agree, in all arrays or in one.

    Attributes:
        norms: `[B]`, of each window's gradient.
        cosines: `[B]`, of the angle between each window's gradient and their mean; 0 without a gradient.
        norm: of their mean.
        apart: the largest difference between the entries of that mean and of the backend's gradient.
    """

    norms: Values
    cosines: Values
    norm: float
    apart: float


@dataclass(frozen=True)
class Clipping:
    """The norm of a batch's gradient, the largest norm allowed (0 for any), and the factor of its entries."""

    norm: float
    limit: float
    factor: float


def batch_count(subject: Subject) -> int:
    """The number of batches in an epoch."""
    windows = subject.config.windows_in_epoch(len(subject.experiment.training_starts))
    return -(-windows // subject.config.batch_size)


def next_batch(subject: Subject, number: int = 0) -> NDArray[np.int64]:
    """First rows of the windows of a batch, from 0, of the epoch that would train these weights next.

    Raises:
        InputError: an epoch does not have that many batches.
    """
    config, batches = subject.config, batch_count(subject)
    starts = subject.experiment.training_starts
    if not 0 <= number < batches:
        raise InputError(f"An epoch has the batches 1 to {batches}; there is no batch {number + 1}.")
    order = starts[in_epoch(epoch_order(config.seed, subject.model.header.epoch, len(starts)), config)]
    return np.asarray(order[number * config.batch_size : (number + 1) * config.batch_size])


def mean_gradients(batch: InspectedBatch) -> NamedValues:
    """The mean of the windows' gradients by array: the gradient of the batch.

    Each window weighs as much as it has observed target values.
    """
    return {name: _mean(batch, name) for name in batch.window_gradients}


def _mean(batch: InspectedBatch, name: str) -> Values:
    return np.asarray(np.tensordot(batch.shares, batch.window_gradients[name], axes=1))


def gradient_agreement(batch: InspectedBatch, *names: str) -> GradientAgreement:
    """How much the gradients of a batch's windows agree, in the named weight arrays or in all."""
    names = names or tuple(batch.window_gradients)
    mean = {name: _mean(batch, name) for name in names}
    squares, along = np.zeros(len(batch.starts)), np.zeros(len(batch.starts))
    for name in names:
        gradients = batch.window_gradients[name]
        flat = gradients.reshape(len(gradients), -1)
        squares += (flat**2).sum(axis=1)
        along += flat @ mean[name].ravel()
    norms, norm = np.sqrt(squares), global_norm(dict(mean))
    both = norms * norm
    cosines = np.divide(along, both, out=np.zeros_like(along), where=both > 0)
    apart = max(float(np.abs(mean[name] - batch.gradients[name]).max()) for name in names)
    return GradientAgreement(norms, cosines, norm, apart)


def clipping(batch: InspectedBatch) -> Clipping:
    """How the gradient of a batch is clipped by its norm."""
    norm = global_norm(dict(batch.gradients))
    return Clipping(norm, batch.subject.config.clip_norm, clip_factor(batch.subject.config, norm))
