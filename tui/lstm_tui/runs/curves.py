"""What kept runs tell of their trainings, to be drawn beside others."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lstm_forecasting.checkpoints.checkpoint import PastEpoch, read_training
from lstm_forecasting.runs.description import read_description
from lstm_forecasting.runs.folder import RunFolder


@dataclass(frozen=True)
class KeptCurve:
    """The epochs of one backend of a run that is compared."""

    run: str
    backend: str
    epochs: tuple[PastEpoch, ...]

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the lowest validation loss, from 0; None without one."""
        losses = [
            (past.epoch.validation_loss, past.epoch.epoch)
            for past in self.epochs
            if past.epoch.validation_loss is not None and math.isfinite(past.epoch.validation_loss)
        ]
        return min(losses)[1] if losses else None


def kept_curves(run: RunFolder) -> tuple[KeptCurve, ...]:
    """The curves of every backend that has one on disk.

    Raises:
        InputError: a file of the run is damaged.
    """
    curves = []
    for backend in read_description(run).backends:
        path = run.training(backend)
        if path.exists():
            _, _, history = read_training(path)
            curves.append(KeptCurve(run.name, backend, history))
    return tuple(curves)
