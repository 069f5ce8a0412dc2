"""How far a tensor may lie from the reference: docs/specification.md section 8.

The tolerance is the larger of two numbers. One is a fixed number of rounding errors of the tensor's largest
entry. The other is measured: how far the reference itself moves when its weights and inputs move by one
rounding error, since no implementation can do better. Elementwise relative error is reported but not judged:
on correct gradients, whose small entries are differences of large ones, it reaches 1e-2.

Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, chapter 1 (backward error).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_plugins.config import Precision
from lstm_plugins.weights import Array, Weights

Tensors = Mapping[str, ArrayLike]
Evaluate = Callable[[Weights, NDArray[np.float64]], Tensors]
"""From weights and the rows of a series set to named tensors; must not keep state between calls."""
Measure = Callable[[int], Mapping[str, float]]
"""From a number of perturbed evaluations to the largest change of each tensor."""

ROUNDINGS = 64
"""Rounding errors granted to every tensor, beside one for each of the T steps."""
CHANGES = 16
"""Multiple of the measured change by which a tensor may be off."""
EVALUATIONS = 4
"""Perturbed evaluations for measuring the change."""
HOPELESS = 1e3
"""An error this many times beyond the tolerance of one evaluation is not judged by more of them."""


@dataclass(frozen=True)
class Verdict:
    """The comparison of one tensor.

    Attributes:
        tensor: its name.
        passed: whether no entry is off by more than `allowed`.
        error: largest absolute error; NaN where nothing can be compared.
        allowed: the tolerance, absolute.
        unit: one eps of the reference's largest entry, absolute.
        where: index of the worst entry, or of the first that is not finite; None if there is none.
        relative_error: largest elementwise relative error; shown, not judged.
        problem: why nothing can be compared; "" where it can.
    """

    tensor: str
    passed: bool
    error: float
    allowed: float
    unit: float
    where: tuple[int, ...] | None
    relative_error: float
    problem: str = ""

    @property
    def error_eps(self) -> float:
        """The error in eps of the reference's largest entry."""
        return _in_units(self.error, self.unit)

    @property
    def allowed_eps(self) -> float:
        """The tolerance in eps of the reference's largest entry."""
        return _in_units(self.allowed, self.unit)


def epsilon(precision: Precision) -> float:
    """The distance from 1 to the next number: 2^-23 or 2^-52."""
    return float(np.finfo(precision).eps)


def measure_changes(
    evaluate: Evaluate,
    weights: Weights,
    values: NDArray[np.float64],
    precision: Precision,
    evaluations: int = EVALUATIONS,
) -> dict[str, float]:
    """The largest absolute change of each tensor when every weight and input moves by one eps of itself.

    The eps is that of `precision`; the reference may compute in a finer one. Few evaluations are enough for
    an order of magnitude. Each has its own signs, drawn from a fixed seed, so that tolerances repeat.
    """
    exact = {name: np.asarray(tensor, np.float64) for name, tensor in evaluate(weights, values).items()}
    changes = dict.fromkeys(exact, 0.0)
    generator = np.random.Generator(np.random.Philox(key=0))
    for _ in range(evaluations):
        moved_weights = {name: _moved(array, precision, generator) for name, array in weights.items()}
        moved = evaluate(moved_weights, _moved(values, precision, generator).astype(np.float64))
        for name, tensor in exact.items():
            change = np.abs(np.asarray(moved[name], np.float64) - tensor).max(initial=0.0)
            changes[name] = max(changes[name], float(change))
    return changes


def allowed_error(reference: ArrayLike, change: float, steps: int, precision: Precision) -> float:
    """The absolute tolerance of a reference's tensor, from its change by `measure_changes` and T steps."""
    return max((ROUNDINGS + steps) * _unit(np.asarray(reference), precision), CHANGES * change)


def judge_tensors(
    actual: Tensors,
    reference: Tensors,
    measure: Measure,
    steps: int,
    precision: Precision,
    *,
    exact: bool = False,
) -> tuple[Verdict, ...]:
    """A verdict for each tensor; measures changes only where the fixed tolerance is not enough.

    The LSTM sees T `steps`, and the backend computes in `precision`; `exact` requires equality.
    """
    verdicts: tuple[Verdict, ...] = ()
    for evaluations in (0, 1, EVALUATIONS):
        changes = measure(evaluations) if evaluations else {}
        verdicts = compare(actual, reference, changes, steps, precision, exact=exact)
        failed = [verdict for verdict in verdicts if not verdict.passed and not verdict.problem]
        if not failed or exact:
            break
        if evaluations and any(verdict.error > HOPELESS * verdict.allowed for verdict in failed):
            break
    return verdicts


def compare(
    actual: Tensors,
    reference: Tensors,
    changes: Mapping[str, float],
    steps: int,
    precision: Precision,
    *,
    exact: bool = False,
) -> tuple[Verdict, ...]:
    """A verdict for each tensor of the reference, in its order, then one for each tensor it does not have.

    `changes` are those of `measure_changes`, 0 without an entry. Whole numbers have to be equal.
    """

    def allowed(name: str, tensor: ArrayLike) -> float:
        if exact or np.asarray(tensor).dtype.kind in "iu":
            return 0.0
        return allowed_error(tensor, changes.get(name, 0.0), steps, precision)

    verdicts = [
        judge(name, actual.get(name), tensor, allowed(name, tensor), precision)
        for name, tensor in reference.items()
    ]
    verdicts += [
        _failed(name, "the reference has no such tensor") for name in actual if name not in reference
    ]
    return tuple(verdicts)


def worst_of(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The tensor furthest beyond its tolerance, or the first that cannot be compared; None of none."""
    return max(verdicts, key=_severity, default=None)


def judge(
    tensor: str, actual: ArrayLike | None, reference: ArrayLike, allowed: float, precision: Precision
) -> Verdict:
    """The verdict on a tensor under an absolute tolerance; `actual` is None if it is missing."""
    wanted = np.asarray(reference, np.float64)
    unit = _unit(wanted, precision)
    if actual is None:
        return _failed(tensor, "missing", allowed, unit)
    given = np.asarray(actual)
    if given.dtype.kind not in "fiu":
        return _failed(tensor, f"holds {given.dtype}, not real numbers", allowed, unit)
    if given.shape != wanted.shape:
        return _failed(tensor, f"has shape {given.shape}, not {wanted.shape}", allowed, unit)
    if not np.isfinite(given).all():
        return _failed(tensor, "holds a value that is not finite", allowed, unit, _first(~np.isfinite(given)))
    if not (np.isfinite(wanted).all() and np.isfinite(allowed)):
        return _failed(tensor, "the reference is not finite here, so nothing can be compared", allowed, unit)
    with np.errstate(over="ignore"):
        errors = np.abs(given.astype(np.float64) - wanted)
        relative = np.divide(errors, np.abs(wanted), out=np.where(errors > 0, np.inf, 0.0), where=wanted != 0)
    if not errors.size:
        return Verdict(tensor, True, 0.0, allowed, unit, None, 0.0)
    where = _first(errors == errors.max())
    error = float(errors[where])
    return Verdict(tensor, error <= allowed, error, allowed, unit, where, float(relative.max()))


def _moved(array: Array, precision: Precision, generator: np.random.Generator) -> Array:
    signs = generator.integers(0, 2, array.shape) * 2 - 1
    return (array.astype(np.float64) * (1.0 + signs * epsilon(precision))).astype(array.dtype)


def _unit(reference: NDArray[np.generic], precision: Precision) -> float:
    return epsilon(precision) * float(np.abs(reference.astype(np.float64)).max(initial=0.0))


def _first(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(index) for index in np.unravel_index(int(np.argmax(mask)), mask.shape))


def _failed(
    tensor: str, problem: str, allowed: float = 0.0, unit: float = 0.0, where: tuple[int, ...] | None = None
) -> Verdict:
    return Verdict(tensor, False, float("nan"), allowed, unit, where, float("nan"), problem)


def _in_units(value: float, unit: float) -> float:
    if unit:
        return value / unit
    return value if value == 0 or np.isnan(value) else float("inf")


def _severity(verdict: Verdict) -> float:
    if verdict.problem:
        return np.inf
    if verdict.allowed:
        return verdict.error / verdict.allowed
    return 0.0 if verdict.passed else np.inf
