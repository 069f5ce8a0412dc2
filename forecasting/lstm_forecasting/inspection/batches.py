"""How windows pull at the weights together: the gradient of each, and their mean, which is the update."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.errors import InputError
from lstm_forecasting.inspection.results import InspectedBatch, NamedValues, Values
from lstm_forecasting.inspection.subject import Subject
from lstm_forecasting.inspection.windows import part_starts
from lstm_plugins.randomness import epoch_order


@dataclass(frozen=True, eq=False)
class Pull:
    """How the windows of a batch agree.

    Attributes:
        norms: `[B]`, of each window's gradient over all arrays.
        cosines: `[B]`, of the angle between each window's gradient and their mean; 0 where there is none.
        norm: of their mean.
        apart: the largest entry by which the mean of the windows' gradients and the backend's gradient of the
            batch differ.
    """

    norms: Values
    cosines: Values
    norm: float
    apart: float


def next_batch(subject: Subject, number: int = 0) -> NDArray[np.int64]:
    """First rows of the training windows that these weights would learn from next.

    Args:
        subject: after so many epochs; the order is that of the epoch that comes next.
        number: of the batch in that epoch, from 0.

    Raises:
        InputError: an epoch has not so many batches.
    """
    config = subject.config
    starts = part_starts(subject.experiment, "train")
    batches = -(-len(starts) // config.batch_size)
    if not 0 <= number < batches:
        raise InputError(f"An epoch has the batches 1 to {batches}, but batch {number + 1} was asked for.")
    order = starts[epoch_order(config.seed, subject.model.header.epoch, len(starts))]
    return np.asarray(order[number * config.batch_size : (number + 1) * config.batch_size])


def mean_gradients(batch: InspectedBatch) -> NamedValues:
    """The mean of the windows' gradients by array: what the gradient of the batch is."""
    return {name: gradients.mean(axis=0) for name, gradients in batch.window_gradients.items()}


def pull(batch: InspectedBatch) -> Pull:
    """How the windows of a batch agree, and whether their mean is the backend's gradient of the batch."""
    mean = mean_gradients(batch)
    squares, along = np.zeros(len(batch.starts)), np.zeros(len(batch.starts))
    for name, gradients in batch.window_gradients.items():
        flat = gradients.reshape(len(gradients), -1)
        squares += (flat**2).sum(axis=1)
        along += flat @ mean[name].ravel()
    norms = np.sqrt(squares)
    norm = float(np.sqrt(sum(float((array**2).sum()) for array in mean.values())))
    both = norms * norm
    cosines = np.divide(along, both, out=np.zeros_like(along), where=both > 0)
    apart = max(float(np.abs(mean[name] - batch.gradients[name]).max()) for name in mean)
    return Pull(norms, cosines, norm, apart)
