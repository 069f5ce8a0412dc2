"""What a known deviation is, and how one is planted in the reference."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from lstm_conformance.deviations.conditions import Condition, always
from lstm_plugins.config import ForecasterConfig, Precision
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Weights

Plant = Callable[[ReferenceForecaster], ReferenceForecaster]
WeightMap = Callable[[Weights, ForecasterConfig], Weights]
"""From canonical arrays to those that a port takes them for."""


@dataclass(frozen=True)
class Deviation:
    """One way in which real ports differ from docs/specification.md.

    Attributes:
        name: short, unique.
        sentence: a noun phrase, to follow "Cause:".
        level: name of the first level that must see it.
        plant: a fresh forecaster like the one given, deviating. What is planted already stays planted.
        applies: whether it can show at all under a probe's settings.
        remembers: True where an answer depends on earlier ones.
        mixes_windows: True where the answer for one window depends on other windows of the batch.
        family: name of a group of which two together are a third, such as orders of gates; "" for none.
        precision: the coarser one in which it computes, so that it bounds the errors only; None if the
            reference with it planted reproduces it to the last digits.
    """

    name: str
    sentence: str
    plant: Plant
    applies: Condition = always
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
    """Replaces functions of the reference; `change` makes the new ones, by name, from all true ones."""

    def plant(reference: ReferenceForecaster) -> ReferenceForecaster:
        return made_like(reference, type(reference), replace(reference.steps, **change(reference.steps)))

    return plant


def altered(**functions: Callable[..., Any]) -> Plant:
    """Replaces functions of the reference, each by one that takes the true function and its arguments."""
    return steps(
        lambda before: {name: partial(alter, getattr(before, name)) for name, alter in functions.items()}
    )


def overriding(**methods: Callable[..., Any]) -> Plant:
    """Replaces methods, each by a function of the true method, the forecaster and the method's arguments."""

    def plant(reference: ReferenceForecaster) -> ReferenceForecaster:
        def method(name: str, alter: Callable[..., Any]) -> Callable[..., Any]:
            def call(self: ReferenceForecaster, *given: Any, **named: Any) -> Any:
                return alter(getattr(super(kind, self), name), self, *given, **named)

            return call

        kind = type(
            "Deviating", (type(reference),), {name: method(name, alter) for name, alter in methods.items()}
        )
        return made_like(reference, kind, reference.steps)

    return plant


def methods(deviating: type[ReferenceForecaster]) -> Plant:
    """Puts the methods of a subclass of the reference before those of the forecaster given."""

    def plant(reference: ReferenceForecaster) -> ReferenceForecaster:
        kind = type(deviating.__name__, (deviating, type(reference)), {})
        return made_like(reference, kind, reference.steps)

    return plant


def overriding_parts(base: type[ReferenceForecaster]) -> Callable[..., Plant]:
    """`overriding` of the methods that a subclass of the reference has beside the reference's."""

    def with_parts(**parts: Callable[..., Any]) -> Plant:
        def plant(reference: ReferenceForecaster) -> ReferenceForecaster:
            whole = reference if isinstance(reference, base) else methods(base)(reference)
            return overriding(**parts)(whole)

        return plant

    return with_parts


def variants_of(plain: Any, **functions: str) -> Callable[..., Plant]:
    """Makes plants from fields of a frozen record whose methods replace functions of the reference.

    `plain` computes like the reference; `functions` maps the replaced functions to the methods.
    """

    def variant(**changed: Any) -> Plant:
        def change(before: Steps) -> Mapping[str, Any]:
            # Another variant that is planted already keeps its own changes.
            there = getattr(getattr(before, next(iter(functions))), "__self__", plain)
            record = replace(there, **changed)
            return {name: getattr(record, method) for name, method in functions.items()}

        return steps(change)

    return variant


def weights_taken_for(there: WeightMap, back: WeightMap) -> Plant:
    """Makes the network compute with the weights `there` instead of the canonical ones.

    `back` returns the gradients of the canonical arrays.
    """

    def forward(true: Any, inner: Steps, config: ForecasterConfig, weights: Weights, *rest: Any) -> Any:
        return true(inner, config, there(weights, config), *rest)

    def backward(true: Any, inner: Steps, config: ForecasterConfig, weights: Weights, *rest: Any) -> Any:
        gradients, derivatives = true(inner, config, there(weights, config), *rest)
        return back(gradients, config), derivatives

    return altered(forward=forward, backward=backward)


def made_like(
    reference: ReferenceForecaster, kind: type[ReferenceForecaster], functions: Steps
) -> ReferenceForecaster:
    """A fresh forecaster of a kind with the settings of `reference` and these functions."""
    return kind(
        reference.config,
        reference.features,
        reference.targets,
        options=reference.options,
        indicators=reference.indicators,
        known=reference.known,
        own_known=reference.own_known,
        steps=functions,
    )
