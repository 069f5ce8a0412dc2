"""How windows pull at the weights together: the gradient of each, and their mean, which is the update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspect.results import InspectedBatch, NamedValues, Values
from lstm_forecasting.inspect.subject import Subject
from lstm_forecasting.inspect.windows import part_starts
from lstm_plugins.errors import InputError
from lstm_plugins.randomness import epoch_order
from lstm_plugins.reference.optimizer import clip_factor, global_norm


@dataclass(frozen=True, eq=False)
class Pull:
    """How the windows of a batch agree, in all arrays or in one.

    Attributes:
        norms: `[B]`, of each window's gradient.
        cosines: `[B]`, of the angle between each window's gradient and their mean; 0 where there is none.
        norm: of their mean.
        apart: the largest entry by which the mean of the windows' gradients and the backend's gradient of the
            batch differ.
    """

    norms: Values
    cosines: Values
    norm: float
    apart: float


@dataclass(frozen=True)
class Clipping:
    """What becomes of a batch's gradient before the optimizer is given it.

    Attributes:
        norm: of the gradient over all arrays.
        limit: the largest norm that is left alone; 0 where nothing is clipped.
        factor: what every entry is multiplied with: 1 where the gradient is left alone.
    """

    norm: float
    limit: float
    factor: float


def batch_count(subject: Subject) -> int:
    """How many batches an epoch has."""
    return -(-len(part_starts(subject.experiment, "train")) // subject.config.batch_size)


def next_batch(subject: Subject, number: int = 0) -> NDArray[np.int64]:
    """First rows of the training windows that these weights would learn from next.

    Args:
        subject: after so many epochs; the order is that of the epoch that comes next.
        number: of the batch in that epoch, from 0.

    Raises:
        InputError: an epoch has not so many batches.
    """
    config, batches = subject.config, batch_count(subject)
    starts = part_starts(subject.experiment, "train")
    if not 0 <= number < batches:
        raise InputError(f"An epoch has the batches 1 to {batches}, but batch {number + 1} was asked for.")
    order = starts[epoch_order(config.seed, subject.model.header.epoch, len(starts))]
    return np.asarray(order[number * config.batch_size : (number + 1) * config.batch_size])


def mean_gradients(batch: InspectedBatch) -> NamedValues:
    """The mean of the windows' gradients by array: what the gradient of the batch is."""
    return {name: gradients.mean(axis=0) for name, gradients in batch.window_gradients.items()}


def pull(batch: InspectedBatch) -> Pull:
    """How the windows of a batch agree, and whether their mean is the backend's gradient of the batch."""
    return _pull(batch, tuple(batch.window_gradients))


def array_pull(batch: InspectedBatch, name: str) -> Pull:
    """The same of one weight array alone."""
    return _pull(batch, (name,))


def clipping(batch: InspectedBatch) -> Clipping:
    """How the gradient of a batch is clipped by its norm over all arrays."""
    norm = global_norm(dict(batch.gradients))
    return Clipping(norm, batch.subject.config.clip_norm, clip_factor(batch.subject.config, norm))


def _pull(batch: InspectedBatch, names: Sequence[str]) -> Pull:
    mean = {name: batch.window_gradients[name].mean(axis=0) for name in names}
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
    return Pull(norms, cosines, norm, apart)
