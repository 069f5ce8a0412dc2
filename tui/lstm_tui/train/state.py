"""What would be trained, and the latest training, as the app knows them."""

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
    """The choices of the user, the plan that follows from them, and the latest training.

    Attributes:
        chosen: short names of the backends to train.
        own_settings: settings that the user fixed.
        mistaken: names of settings that hold something that is no value.
        planning: something was chosen that the plan does not have yet.
        experiment: what would be trained now; None if that is not possible.
        problem: why it is not possible.
        training: the latest one, under way or over.
        compared: curves of other runs, to be drawn beside those of the training.
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
        """Whether a training is under way, here or in another program."""
        return self.training is not None and self.training.running
