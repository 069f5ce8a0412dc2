"""The levels: stages of the computation, in order.

A level gets named arrays from a backend through the public `Forecaster` alone. The reference recomputes them,
from the backend's own inputs to a step where it has any, so that an error shows where it is made and not in
everything that follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lstm_conformance import observing, recomputing
from lstm_conformance.probe import Probe
from lstm_conformance.recomputing import Tensors
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.reference.forecaster import ReferenceForecaster

if TYPE_CHECKING:
    from lstm_conformance.checks import LevelResult
    from lstm_conformance.places import Place

Observe = Callable[[Forecaster, Probe], Tensors]
Recompute = Callable[[ReferenceForecaster, Probe, Tensors], Tensors]


@dataclass(frozen=True)
class Level:
    """One stage of the computation.

    Attributes:
        name: short, unique.
        title: for people.
        observe: gets the arrays from a forecaster that has the probe's series and weights and an empty
            optimizer state.
        recompute: gets the same arrays from the reference and the backend's own observed inputs; None where
            the level has no inputs but the probe's, so that the reference is observed too.
        exact: whether arrays have to be equal.
        judged_in_float32: False where float32 may drift, so that errors are only shown.
        fresh: whether the forecaster is observed as it was made, without the probe's weights.
        two_passes: arrays recomputed from another pass of the backend through the whole network. Each pass
            rounds on its own, so that they may differ as much as the whole network's rounding.
        locate: finds the first difference of a failed level; None for the rule in `places`.
    """

    name: str
    title: str
    observe: Observe
    recompute: Recompute | None = None
    exact: bool = False
    judged_in_float32: bool = True
    fresh: bool = False
    two_passes: frozenset[str] = frozenset()
    locate: Callable[[LevelResult], Place] | None = None


def recompute_checkpoint(reference: ReferenceForecaster, probe: Probe, observed: Tensors) -> Tensors:
    """See `observe_checkpoint`: the same fit without a stop."""
    whole = observing.observe_trajectory(reference, probe)
    # With a linear part there is an epoch 0, before any update.
    first = 0 if "epoch 0/validation loss" in whole else 1
    before = tuple(f"epoch {n}/" for n in range(first, max(probe.config.epochs // 2, first) + 1))
    return {name: array for name, array in whole.items() if not name.startswith(before)}


LEVELS: tuple[Level, ...] = (
    Level("windows", "windows and order", observing.observe_windows, exact=True),
    Level("normalised", "normalised windows", observing.observe_normalised),
    Level(
        "initial weights",
        "initial weights",
        observing.observe_initial_weights,
        recomputing.recompute_initial_weights,
        fresh=True,
    ),
    Level("gates", "gates and states", observing.observe_gates, recomputing.recompute_gates),
    Level("attention", "attention, head input", observing.observe_attention, recomputing.recompute_attention),
    Level(
        "prediction",
        "prediction",
        observing.observe_prediction,
        recomputing.recompute_prediction,
        two_passes=frozenset({"prediction", "prediction, asked again"}),
    ),
    Level(
        "loss",
        "loss",
        observing.observe_loss,
        recomputing.recompute_loss,
        two_passes=frozenset({"full batch", "partial batch", "mean over batches"}),
    ),
    Level("derivatives", "derivatives inside", observing.observe_derivatives),
    Level("gradients", "gradients", observing.observe_gradients),
    Level("clipping", "clipping", observing.observe_clipping),
    Level("optimizer", "optimizer", observing.observe_optimizer),
    Level("two steps", "two steps", observing.observe_two_steps, judged_in_float32=False),
    Level("trajectory", "trajectory", observing.observe_trajectory, judged_in_float32=False),
    Level("forecast", "forecast", observing.observe_forecast),
    Level(
        "checkpoint",
        "checkpoint",
        observing.observe_checkpoint,
        recompute_checkpoint,
        judged_in_float32=False,
    ),
)
