"""The lasso from the moments of a regression, for many outputs and penalties at once.

Minimises ½·WᵀMW − cᵀW + λ‖W‖₁ for each column of c, by the alternating direction method of multipliers: one
inverse serves every column, and a solution of similar moments is a good start. There is no intercept; centre
inputs and outputs first.

Sources: Tibshirani, "Regression shrinkage and selection via the lasso", Journal of the Royal Statistical
Society B 58 (1996); Boyd et al., "Distributed optimization and statistical learning via the alternating
direction method of multipliers", Foundations and Trends in Machine Learning 3 (2011), section 6.4.
"""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array

_STEP = 0.1
"""For inputs of unit variance; it decides how fast, not where to."""
_RELAXATION = 1.6


@dataclass(frozen=True, eq=False)
class Lasso:
    """A solution, and where the next one can start.

    Attributes:
        kernel: `[inputs, columns]`; many of its numbers are exactly 0.
        multipliers: `[inputs, columns]`.
    """

    kernel: Array
    multipliers: Array


def solve_lasso(
    moments: Array, cross: Array, penalties: Array, steps: int, start: Lasso | None = None
) -> Lasso:
    """The lasso of each column after a number of steps.

    Args:
        moments: M, `[inputs, inputs]`, of inputs with about unit variance.
        cross: c, `[inputs, columns]`.
        penalties: λ of each column, `[columns]`.
        steps: number of steps; 300 from zeros, or 30 from the solution of similar moments.
        start: where to start; None for zeros.
    """
    inverse = np.linalg.inv(moments + _STEP * np.eye(len(moments)))
    kernel = np.zeros_like(cross) if start is None else start.kernel
    multipliers = np.zeros_like(cross) if start is None else start.multipliers
    for _ in range(steps):
        smooth = inverse @ (cross + _STEP * (kernel - multipliers))
        moved = _RELAXATION * smooth + (1 - _RELAXATION) * kernel + multipliers
        kernel = np.sign(moved) * np.maximum(np.abs(moved) - penalties / _STEP, 0.0)
        multipliers = moved - kernel
    return Lasso(kernel, multipliers)
