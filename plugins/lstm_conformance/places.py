"""Where tensors differ: what their axes count, and which entry is the first in the order of computation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
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
    "step.kernel": ("head input", "unit"),
    "step.features": ("feature", "unit"),
    "step.position": ("horizon step", "unit"),
    "step.output": ("unit", "output"),
    "linear.kernel": ("linear input", "output"),
    "linear.bias": ("output",),
}
_OF_BATCHES: dict[str, Axes] = {
    "attention weights": ("window", "time step"),
    "head input": ("window", "head input"),
    "center": ("window", "row", "column"),
    "target center": ("window", "horizon step", "target"),
    "step features": ("window", "horizon step", "feature"),
    "step hidden": ("window", "horizon step", "unit"),
    "linear": ("window", "horizon step", "target"),
    "scale": ("window", "column"),
    "inputs": ("window", "time step", "input"),
    "targets": ("window", "horizon step", "target"),
    "observed": ("window", "horizon step", "target"),
    "preactivation": ("window", "time step", "gate and unit"),
}
_STATES: Axes = ("window", "time step", "unit")
_FORECASTS: Axes = ("window", "horizon step", "target", "quantile")


@dataclass(frozen=True)
class Place:
    """The first entry of a level that is beyond its tolerance.

    Attributes:
        tensor: the tensor's name; "" where the level gave none.
        index: of the entry; None where nothing can be compared.
        where: the index in words, such as "window 0, time step 4, unit 1".
        step: the time step; None where the tensor has none.
        given: what the backend computed.
        wanted: what the reference computes from the same inputs.
        allowed: the tolerance, absolute.
        problem: why nothing can be compared; "" where it can.
    """

    tensor: str
    index: tuple[int, ...] | None = None
    where: str = ""
    step: int | None = None
    given: float = math.nan
    wanted: float = math.nan
    allowed: float = math.nan
    problem: str = ""

    @property
    def error(self) -> float:
        """How far the entry is off; NaN without one."""
        return abs(self.given - self.wanted)

    @property
    def sentence(self) -> str:
        """The place and the two numbers there."""
        name = ", ".join(filter(None, (self.tensor, self.where)))
        if self.problem:
            return f"{name}: {self.problem}" if name else self.problem
        # As many digits as tell them apart, and one more.
        digits = next((n for n in range(5, 17) if f"{self.given:.{n}g}" != f"{self.wanted:.{n}g}"), 16) + 1
        given, wanted = f"{self.given:.{digits}g}", f"{self.wanted:.{digits}g}"
        return (
            f"{name} is off by {self.error:.1e} ({given} instead of {wanted}; tolerance {self.allowed:.1e})"
        )


def axes_of(tensor: str, shape: tuple[int, ...]) -> Axes:
    """What each axis of a level's tensor counts."""
    name = tensor.rpartition("/")[2]
    last = name.rpartition(".")[2]
    candidates = [_OF_WEIGHTS.get(name), _OF_WEIGHTS.get(last), _OF_BATCHES.get(last)]
    candidates += [("position",), _STATES, _FORECASTS]
    fitting = [axes for axes in candidates if axes is not None and len(axes) == len(shape)]
    return fitting[0] if fitting else tuple(f"axis {number + 1}" for number in range(len(shape)))


def first_beyond(beyond: NDArray[np.bool_], axes: Axes, *, backwards: bool) -> tuple[int, ...]:
    """The first True entry in the order of computation; `backwards` if later steps are computed first."""
    found = np.argwhere(beyond)
    if "time step" in axes:
        time = found[:, axes.index("time step")]
        found = found[time == (time.max() if backwards else time.min())]
    return tuple(int(position) for position in found[0])


def runs_backwards(level: str, tensor: str) -> bool:
    """Whether later time steps are computed first: in the backward direction, and in derivatives."""
    return (level == "derivatives") != (".backward." in tensor)


def first_place(result: LevelResult) -> Place:
    """The first difference of a level that failed."""
    verdict = next((one for one in result.verdicts if not one.passed), None)
    if verdict is None:
        return Place("", problem=result.problem)
    if verdict.problem:
        axes = () if verdict.where is None else axes_of(verdict.tensor, verdict.where)
        return Place(
            verdict.tensor, verdict.where, in_words(axes, verdict.where or ()), problem=verdict.problem
        )
    return _place(result, verdict)


def in_words(axes: Axes, index: tuple[int, ...]) -> str:
    """An index with what each of its numbers counts."""
    return ", ".join(f"{name} {position}" for name, position in zip(axes, index, strict=True))


def _place(result: LevelResult, verdict: Verdict) -> Place:
    name = verdict.tensor
    given = np.asarray(result.observation.tensors[name], np.float64)
    wanted = np.asarray(result.expected()[name], np.float64)
    axes = axes_of(name, given.shape)
    index = first_beyond(
        np.abs(given - wanted) > verdict.allowed, axes, backwards=runs_backwards(result.level.name, name)
    )
    step = index[axes.index("time step")] if "time step" in axes else None
    return Place(
        name, index, in_words(axes, index), step, float(given[index]), float(wanted[index]), verdict.allowed
    )
