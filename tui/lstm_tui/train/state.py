"""The state of the Train screen: choices, plan, and the latest training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_tui.kit.controller import Problem
    from lstm_tui.train.curves import KeptCurve
    from lstm_tui.train.training import TrainingState


@dataclass(frozen=True)
class TrainState:
    """The user's choices, the plan that follows from them, and the latest training.

    Attributes:
        chosen: short names of the backends to train.
        own_settings: settings that the user has set.
        mistaken: names of settings with an invalid value.
        planning: whether a new plan is being made.
        experiment: the plan; None if there is none.
        problem: why there is no plan.
        training: the latest training, running or finished.
        compared: curves of other runs to show beside those of the training.
    """

    chosen: tuple[str, ...] = ()
    own_settings: Mapping[str, Any] = field(default_factory=dict)
    mistaken: tuple[str, ...] = ()
    planning: bool = False
    experiment: Experiment | None = None
    problem: Problem | None = None
    training: TrainingState | None = None
    compared: tuple[KeptCurve, ...] = ()

    @property
    def running(self) -> bool:
        """Whether a training is running, here or in another program."""
        return self.training is not None and self.training.running
