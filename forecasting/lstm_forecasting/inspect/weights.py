"""The size of each weight array, and its change between two moments of a training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.weights import Weights


@dataclass(frozen=True)
class ArrayFacts:
    """Statistics of one weight array: share of all parameters, Euclidean norm, mean and extreme entries."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    share: float
    norm: float
    mean: float
    smallest: float
    largest: float


@dataclass(frozen=True, eq=False)
class ArrayChange:
    """The change of one weight array: `difference` is the later minus the earlier array."""

    name: str
    difference: NDArray[np.float64]
    norm_before: float
    norm_after: float

    @property
    def norm(self) -> float:
        """The norm of the difference."""
        return float(np.linalg.norm(self.difference))

    @property
    def relative(self) -> float:
        """The norm of the difference by that of the earlier array; infinite for a change from zeros."""
        if self.norm_before:
            return self.norm / self.norm_before
        return float("inf") if self.norm else 0.0


def weight_facts(weights: Weights) -> tuple[ArrayFacts, ...]:
    """Statistics of every array, in canonical order."""
    total = sum(array.size for array in weights.values())
    exact = {name: array.astype(np.float64) for name, array in weights.items()}
    return tuple(
        ArrayFacts(
            name=name,
            shape=array.shape,
            parameters=array.size,
            share=array.size / total,
            norm=float(np.linalg.norm(array)),
            mean=float(array.mean()),
            smallest=float(array.min()),
            largest=float(array.max()),
        )
        for name, array in exact.items()
    )


def largest_array(weights: Weights) -> str:
    """The name of the array with the most parameters; of equal ones, the first."""
    return max(weights, key=lambda name: weights[name].size)


def weight_changes(before: Weights, after: Weights) -> tuple[ArrayChange, ...]:
    """The change of each array between two moments of a training, in canonical order.

    Raises:
        ValueError: the weights belong to different networks.
    """
    if {name: array.shape for name, array in before.items()} != {n: a.shape for n, a in after.items()}:
        raise ValueError("the weights belong to different networks")
    return tuple(
        ArrayChange(
            name=name,
            difference=later.astype(np.float64) - before[name].astype(np.float64),
            norm_before=float(np.linalg.norm(before[name].astype(np.float64))),
            norm_after=float(np.linalg.norm(later.astype(np.float64))),
        )
        for name, later in after.items()
    )
