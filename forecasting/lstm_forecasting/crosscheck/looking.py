"""A tensor that somebody wants to look into: its errors as a picture, the first and the worst entry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.checks import LevelResult
from lstm_conformance.tolerance import Verdict

Axes = tuple[str, ...]

_OF_WEIGHTS: dict[str, Axes] = {
    "kernel": ("input", "gate and unit"),
    "recurrent": ("hidden unit", "gate and unit"),
    "bias": ("gate and unit",),
    "attention.kernel": ("unit", "unit of the state"),
    "head.kernel": ("head input", "output"),
    "head.bias": ("output",),
}
_OF_BATCHES: dict[str, Axes] = {
    "attention weights": ("window", "time step"),
    "head input": ("window", "head input"),
    "center": ("window", "column"),
    "scale": ("window", "column"),
    "inputs": ("window", "time step", "input"),
    "targets": ("window", "horizon step", "target"),
    "preactivation": ("window", "time step", "gate and unit"),
}
_STATES: Axes = ("window", "time step", "unit")
_FORECASTS: Axes = ("window", "horizon step", "target", "quantile")
_TIMES = ("time step", "horizon step")


@dataclass(frozen=True)
class Element:
    """One number of a tensor.

    Attributes:
        index: of each axis, from 0.
        given: what the backend computed.
        wanted: what the reference computes from the same inputs.
        error_eps: in eps of the reference's largest entry.
    """

    index: tuple[int, ...]
    given: float
    wanted: float
    error_eps: float


@dataclass(frozen=True, eq=False)
class TensorPicture:
    """A tensor's errors, on a plane.

    Attributes:
        axes: what each axis of the tensor counts.
        shape: of the tensor.
        rows: the axis from top to bottom; empty when there is one row only.
        columns: the axis from left to right; time where there is one.
        over: the axes of which the worst entry is drawn.
        errors: `[rows, columns]`, in eps of the reference's largest entry; infinite where not finite.
        allowed: the tolerance in the same unit.
        first: in the order of computation, of the entries beyond the tolerance; None when there is none.
        worst: the entry that is furthest off.
    """

    axes: Axes
    shape: tuple[int, ...]
    rows: str
    columns: str
    over: Axes
    errors: NDArray[np.float64]
    allowed: float
    first: Element | None
    worst: Element | None


def look_into(result: LevelResult, verdict: Verdict) -> TensorPicture:
    """Has the reference recompute a tensor and lays the errors out for a heatmap.

    Args:
        result: one level of one probe.
        verdict: of one of its tensors.

    Raises:
        ValueError: there is nothing to compare: the tensor is missing, or has another shape.
    """
    if verdict.tensor not in result.observation.tensors:
        raise ValueError(verdict.problem or "it is missing")
    try:
        wanted = np.asarray(result.expected()[verdict.tensor], np.float64)
    except (KeyError, ValueError) as error:
        raise ValueError(verdict.problem or f"the reference cannot follow: {error}") from None
    given = np.asarray(result.observation.tensors[verdict.tensor], np.float64)
    if given.shape != wanted.shape:
        raise ValueError(f"it has shape {given.shape}, not {wanted.shape}")
    if not given.size:
        raise ValueError("it holds no entries")
    with np.errstate(all="ignore"):
        distance = np.where(np.isfinite(given) & np.isfinite(wanted), np.abs(given - wanted), np.inf)
        errors = distance / verdict.unit if verdict.unit else np.where(distance > 0, np.inf, 0.0)
    axes = _axes(verdict.tensor, given.shape)
    beyond = distance > verdict.allowed
    first = _first(beyond, axes, backwards=_runs_backwards(result, verdict.tensor)) if beyond.any() else None
    worst = np.unravel_index(int(np.argmax(distance)), given.shape)

    def entry(index: tuple[int, ...]) -> Element:
        return Element(index, float(given[index]), float(wanted[index]), float(errors[index]))

    row, column = _plane(axes)
    kept = [axis for axis in (row, column) if axis is not None]
    flat = errors.max(axis=tuple(axis for axis in range(errors.ndim) if axis not in kept))
    if row is not None and column is not None and row > column:
        flat = flat.T
    return TensorPicture(
        axes=axes,
        shape=given.shape,
        rows="" if row is None else axes[row],
        columns="" if column is None else axes[column],
        over=tuple(name for axis, name in enumerate(axes) if axis not in kept),
        errors=np.atleast_2d(flat),
        allowed=verdict.allowed_eps,
        first=None if first is None else entry(first),
        worst=entry(tuple(int(position) for position in worst)),
    )


def _axes(tensor: str, shape: tuple[int, ...]) -> Axes:
    name = tensor.rpartition("/")[2]
    last = name.rpartition(".")[2]
    candidates = [_OF_WEIGHTS.get(name), _OF_WEIGHTS.get(last), _OF_BATCHES.get(last)]
    candidates += [("position",), _STATES, _FORECASTS]
    fitting = [axes for axes in candidates if axes is not None and len(axes) == len(shape)]
    return fitting[0] if fitting else tuple(f"axis {number + 1}" for number in range(len(shape)))


def _plane(axes: Axes) -> tuple[int | None, int | None]:
    """Which axes go down and across: time goes across."""
    if not axes:
        return None, None
    times = [axis for axis, name in enumerate(axes) if name in _TIMES]
    column = times[0] if times else len(axes) - 1
    # The last axis tells units apart; windows are all alike, and come last.
    others = [axis for axis in range(len(axes)) if axis != column]
    after = [axis for axis in others if axis > column]
    return next(iter(after or others), None), column


def _runs_backwards(result: LevelResult, tensor: str) -> bool:
    """Whether later time steps are computed first: in the backward direction, and in derivatives."""
    return (result.level.name == "derivatives") != (".backward." in tensor)


def _first(beyond: NDArray[np.bool_], axes: Axes, *, backwards: bool) -> tuple[int, ...]:
    times = [axis for axis, name in enumerate(axes) if name == "time step"]
    if not times:
        return tuple(int(position) for position in np.argwhere(beyond)[0])
    found = np.argwhere(beyond)
    time = found[:, times[0]]
    return tuple(int(position) for position in found[time == (time.max() if backwards else time.min())][0])
