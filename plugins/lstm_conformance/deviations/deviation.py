"""What a known deviation is, and how one is planted in the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig, Precision
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Weights

Plant = Callable[[ReferenceForecaster], ReferenceForecaster]
WeightMap = Callable[[Weights, ForecasterConfig], Weights]
"""From canonical arrays to those that a port takes them for."""


def everywhere(probe: Probe) -> bool:
    """For deviations that no setting can hide."""
    return True


@dataclass(frozen=True)
class Deviation:
    """One way in which real ports differ from docs/specification.md.

    Attributes:
        name: short, unique.
        sentence: completes "equals the reference with …".
        level: name of the first level that must see it.
        plant: a fresh forecaster like the one given, deviating. What is planted already stays planted.
        applies: whether a probe's settings let it happen at all.
        remembers: True where an answer depends on earlier ones.
        mixes_windows: True where the answer for one window depends on other windows of the batch.
        family: name of a group of which two together are a third, such as orders of gates; "" for none.
        precision: the coarser one in which it computes, and to which it can be told at best; None where
            the reference with it planted reproduces it to the last digits.
    """

    name: str
    sentence: str
    plant: Plant
    applies: Callable[[Probe], bool] = everywhere
    remembers: bool = False
    precision: Precision | None = None
    mixes_windows: bool = False
    family: str = ""
    level: str = field(kw_only=True)


def plant_all(deviations: Iterable[Deviation], reference: ReferenceForecaster) -> ReferenceForecaster:
    """A fresh forecaster like `reference` with all of them planted."""
    for deviation in deviations:
        reference = deviation.plant(reference)
    return reference


def steps(change: Callable[[Steps], Mapping[str, Any]]) -> Plant:
    """Replaces functions of the reference.

    Args:
        change: from the functions as they are, to be called by the new ones, to the new ones by name.
    """

    def plant(reference: ReferenceForecaster) -> ReferenceForecaster:
        return made_like(reference, type(reference), replace(reference.steps, **change(reference.steps)))

    return plant


def methods(deviating: type[ReferenceForecaster]) -> Plant:
    """Puts the methods of a subclass of the reference before those of the forecaster given."""

    def plant(reference: ReferenceForecaster) -> ReferenceForecaster:
        kind = type(deviating.__name__, (deviating, type(reference)), {})
        return made_like(reference, kind, reference.steps)

    return plant


def weights_taken_for(there: WeightMap, back: WeightMap) -> Plant:
    """Lets the network compute with other weights than the canonical ones.

    Args:
        there: the weights it computes with.
        back: the gradients of the canonical arrays, from those of the arrays it computes with.
    """

    def change(before: Steps) -> Mapping[str, Any]:
        def forward(steps: Steps, config: ForecasterConfig, weights: Weights, *rest: Any) -> Any:
            return before.forward(steps, config, there(weights, config), *rest)

        def backward(steps: Steps, config: ForecasterConfig, weights: Weights, *rest: Any) -> Any:
            gradients, derivatives = before.backward(steps, config, there(weights, config), *rest)
            return back(gradients, config), derivatives

        return {"forward": forward, "backward": backward}

    return steps(change)


def made_like(
    reference: ReferenceForecaster, kind: type[ReferenceForecaster], functions: Steps
) -> ReferenceForecaster:
    """A fresh forecaster of a kind with the settings of `reference` and these functions."""
    return kind(
        reference.config, reference.features, reference.targets, options=reference.options, steps=functions
    )
