"""Weighted ridge regression in closed form, from batches: one decomposition serves every output and penalty.

With inputs u `[d]`, outputs ỹ and a weight w for each window: ū = Σwu/Σw, M = Σw(u − ū)(u − ū)ᵀ/Σw, and for
each output over the windows in which it was observed ȳ = Σwỹ/Σw and c = Σw(u − ū)(ỹ − ȳ)/Σw. A penalty λ, a
multiple of the mean eigenvalue of M, then gives W = (M + λ·(tr(M)/d)·I)⁻¹·c and b = ȳ − ū·W. Without gaps
this is ridge regression. docs/specification.md section 4.

Source: Hoerl and Kennard, "Ridge regression", Technometrics 12 (1970).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

PENALTIES = tuple(10.0 ** (half / 2) for half in range(-12, 5))
"""The penalties to choose from: 10^−6 to 10^2 in half decades."""
PENALTY_WITHOUT_VALIDATION = 1e-2


class Batch(NamedTuple):
    """Some windows of a regression, in float64.

    Attributes:
        inputs: `[B, d]`.
        outputs: `[B, outputs]`; any finite number where not observed.
        weights: `[B]`, what each window weighs; None for 1.
        observed: `[B, outputs]`; None if all outputs were observed.
    """

    inputs: Float64
    outputs: Float64
    weights: Float64 | None = None
    observed: Mask | None = None


@dataclass(frozen=True)
class Solution:
    """A fitted regression: an output is `inputs @ kernel + bias`.

    Attributes:
        kernel: `[d, outputs]`.
        bias: `[outputs]`.
        penalty: λ.
    """

    kernel: Float64
    bias: Float64
    penalty: float


@dataclass(frozen=True)
class Regression:
    """The decomposed moments of all training windows, from which every penalty's solution follows.

    Attributes:
        input_mean: ū, `[d]`.
        output_mean: ȳ, `[outputs]`.
        eigenvalues: of M, `[d]`, never negative.
        eigenvectors: of M, `[d, d]`, in columns.
        projected: c in the base of the eigenvectors, `[d, outputs]`.
    """

    input_mean: Float64
    output_mean: Float64
    eigenvalues: Float64
    eigenvectors: Float64
    projected: Float64

    def solve(self, penalty: float) -> Solution:
        """The solution for a penalty; zeros and the mean if the inputs never change."""
        kernel = self.eigenvectors @ self._shrunk(penalty)
        return Solution(kernel, self.output_mean - self.input_mean @ kernel, penalty)

    def _shrunk(self, penalty: float) -> Float64:
        mean_eigenvalue = float(self.eigenvalues.mean())
        if mean_eigenvalue <= 0:
            return np.zeros_like(self.projected)
        return np.asarray(self.projected / (self.eigenvalues + penalty * mean_eigenvalue)[:, None])

    def errors(self, validation: Batch, penalties: Sequence[float]) -> Float64:
        """For each penalty, the sum of squared errors of the observed outputs, times the windows' weights."""
        centred = (validation.inputs - self.input_mean) @ self.eigenvectors
        wanted = validation.outputs - self.output_mean
        sums = np.zeros(len(penalties))
        for n, penalty in enumerate(penalties):
            squares = np.square(centred @ self._shrunk(penalty) - wanted)
            if validation.observed is not None:
                squares *= validation.observed
            each = squares.sum(axis=1)
            sums[n] = each.sum() if validation.weights is None else each @ validation.weights
        return sums


def regress(training: Iterable[Batch]) -> Regression:
    """The regression on all batches, whose moments are added up so that memory holds one batch at a time.

    Raises:
        ValueError: there is no window with a weight above 0.
    """
    moments: _Moments | None = None
    for batch in training:
        if moments is None:
            moments = _Moments(batch)
        moments.add(batch)
    if moments is None or moments.weight <= 0:
        raise ValueError("a regression needs a window with a weight above 0")
    return moments.regression()


def choose_penalty(
    regression: Regression, validation: Iterable[Batch], penalties: Sequence[float] = PENALTIES
) -> float:
    """The penalty with the least squared error on the validation windows; of equal ones the larger.

    Without any validation window it is `PENALTY_WITHOUT_VALIDATION`.
    """
    sums = np.zeros(len(penalties))
    windows = 0
    for batch in validation:
        sums += regression.errors(batch, penalties)
        windows += len(batch.inputs)
    return best_penalty(sums, penalties) if windows else PENALTY_WITHOUT_VALIDATION


def best_penalty(errors: Float64, penalties: Sequence[float] = PENALTIES) -> float:
    """The penalty with the least of these errors; of equal ones the larger."""
    return max(penalty for penalty, error in zip(penalties, errors, strict=True) if error == errors.min())


class _Moments:
    """Weighted sums over windows, taken about the first batch's means, which keeps their digits."""

    def __init__(self, first: Batch) -> None:
        inputs, outputs = first.inputs.shape[1], first.outputs.shape[1]
        self.input_origin = first.inputs.mean(axis=0)
        self.output_origin = first.outputs.mean(axis=0)
        self.weight = 0.0
        self.inputs: Float64 = np.zeros(inputs)
        self.products: Float64 = np.zeros((inputs, inputs))
        # For each output, over the windows in which it was observed.
        self.weights: Float64 = np.zeros(outputs)
        self.outputs: Float64 = np.zeros(outputs)
        self.own_inputs: Float64 = np.zeros((inputs, outputs))
        self.cross: Float64 = np.zeros((inputs, outputs))

    def add(self, batch: Batch) -> None:
        """Adds the windows of a batch."""
        inputs = batch.inputs - self.input_origin
        outputs = batch.outputs - self.output_origin
        weights = np.ones(len(inputs)) if batch.weights is None else batch.weights
        # The same array without weights: a product with itself takes half the time.
        weighted = inputs if batch.weights is None else inputs * weights[:, None]
        self.weight += float(weights.sum())
        self.inputs += weighted.sum(axis=0)
        self.products += weighted.T @ inputs
        if batch.observed is None:
            self.weights += weights.sum()
            self.outputs += weights @ outputs
            self.own_inputs += weighted.sum(axis=0)[:, None]
            self.cross += weighted.T @ outputs
            return
        known = batch.observed.astype(np.float64)
        outputs = outputs * known
        self.weights += weights @ known
        self.outputs += weights @ outputs
        self.own_inputs += weighted.T @ known
        self.cross += weighted.T @ outputs

    def regression(self) -> Regression:
        """The regression on all windows added."""
        mean = self.inputs / self.weight
        products = self.products / self.weight - np.outer(mean, mean)
        weights = np.where(self.weights > 0, self.weights, 1.0)
        output_mean = self.outputs / weights
        # Σ(u − ū)(ỹ − ȳ) = Σu(ỹ − ȳ), because ỹ − ȳ sums to 0 over an output's own windows.
        cross = (self.cross - self.own_inputs * output_mean) / weights
        eigenvalues, eigenvectors = np.linalg.eigh(products)
        return Regression(
            mean + self.input_origin,
            output_mean + self.output_origin,
            # Rounding leaves some eigenvalues slightly negative.
            np.maximum(eigenvalues, 0.0),
            eigenvectors,
            eigenvectors.T @ cross,
        )
