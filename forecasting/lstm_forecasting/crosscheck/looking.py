"""One tensor in detail: its errors on a plane, the first and the worst entry."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.checks import LevelResult
from lstm_conformance.places import Axes, axes_of, first_beyond, runs_backwards
from lstm_conformance.tolerance import Verdict

_TIMES = ("time step", "horizon step")


@dataclass(frozen=True)
class Element:
    """One entry of a tensor: its index, the backend's number, the reference's, and the error in eps."""

    index: tuple[int, ...]
    given: float
    wanted: float
    error_eps: float


@dataclass(frozen=True, eq=False)
class TensorPicture:
    """The errors of a tensor on a plane.

    Attributes:
        axes: what each axis of the tensor counts.
        shape: of the tensor.
        rows: name of the vertical axis; "" if there is only one row.
        columns: name of the horizontal axis: time, if there is one.
        over: the other axes; along these, the plane has the worst entry.
        errors: `[rows, columns]`, in eps of the reference's largest entry; infinite if not finite.
        allowed: the tolerance in the same unit.
        first: the first entry beyond the tolerance, in the order of computation; None if there is none.
        worst: the entry with the largest error.
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
    """Recomputes a tensor of a result with the reference, and lays out its errors for a heatmap.

    Raises:
        ValueError: the tensor is missing or has another shape.
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
        raise ValueError("it has no entries")
    with np.errstate(all="ignore"):
        distance = np.where(np.isfinite(given) & np.isfinite(wanted), np.abs(given - wanted), np.inf)
        errors = distance / verdict.unit if verdict.unit else np.where(distance > 0, np.inf, 0.0)
    axes = axes_of(verdict.tensor, given.shape)
    beyond = distance > verdict.allowed
    backwards = runs_backwards(result.level.name, verdict.tensor)
    first = first_beyond(beyond, axes, backwards=backwards) if beyond.any() else None
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


def _plane(axes: Axes) -> tuple[int | None, int | None]:
    """The vertical and the horizontal axis; time is horizontal."""
    if not axes:
        return None, None
    times = [axis for axis, name in enumerate(axes) if name in _TIMES]
    column = times[0] if times else len(axes) - 1
    # The last axis has the units, which are more interesting than windows.
    others = [axis for axis in range(len(axes)) if axis != column]
    after = [axis for axis in others if axis > column]
    return next(iter(after or others), None), column
