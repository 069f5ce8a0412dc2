"""The numbers of a training's epochs as columns."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lstm_plugins import Epoch

Floats = NDArray[np.float64]
_COLUMNS = 4
_FIRST_ROOM = 64


@dataclass(eq=False)
class _Rows:
    """An array of rows, of which the first `used` are written and never change."""

    values: Floats = field(default_factory=lambda: np.empty((_FIRST_ROOM, _COLUMNS)))
    used: int = 0


@dataclass(frozen=True, eq=False)
class History:
    """The complete epochs of one backend, oldest first.

    A history never changes. A longer one shares the array while it has room, so that a training of 100,000
    epochs does not copy all of them after each one.

    Attributes:
        epochs: number of epochs.
        start: validation loss of the linear part alone, before any update; None without one.
    """

    epochs: int = 0
    start: float | None = None
    _rows: _Rows = field(default_factory=_Rows)

    @classmethod
    def of(cls, epochs: Iterable[Epoch]) -> History:
        """The history of some epochs."""
        history = cls()
        for epoch in epochs:
            history = history.after(epoch)
        return history

    def after(self, epoch: Epoch) -> History:
        """The history with one more epoch, or with the loss before the first one, epoch −1."""
        if epoch.epoch < 0:
            return replace(self, start=epoch.validation_loss)
        rows = self._rows
        if rows.used != self.epochs or self.epochs == len(rows.values):
            values = np.empty((2 * max(self.epochs, _FIRST_ROOM), _COLUMNS))
            values[: self.epochs] = rows.values[: self.epochs]
            rows = _Rows(values, self.epochs)
        validation = math.nan if epoch.validation_loss is None else epoch.validation_loss
        training = math.nan if epoch.training_loss is None else epoch.training_loss
        rows.values[self.epochs] = training, validation, epoch.learning_rate, epoch.gradient_norm
        rows.used += 1
        return replace(self, epochs=self.epochs + 1, _rows=rows)

    @property
    def training(self) -> Floats:
        """Training losses, `[epochs]`."""
        return self._column(0)

    @property
    def validation(self) -> Floats:
        """Validation losses, nan without a validation part, `[epochs]`."""
        return self._column(1)

    @property
    def learning_rates(self) -> Floats:
        """Learning rates at the end of each epoch, `[epochs]`."""
        return self._column(2)

    @property
    def gradient_norms(self) -> Floats:
        """The largest gradient norm of each epoch, before clipping, `[epochs]`."""
        return self._column(3)

    def _column(self, number: int) -> Floats:
        column = self._rows.values[: self.epochs, number]
        column.flags.writeable = False
        return column

    @property
    def validated(self) -> bool:
        """Whether any epoch has a validation loss."""
        return bool(np.isfinite(self.validation).any())

    @property
    def loss(self) -> float | None:
        """The lowest validation loss so far; the lowest training loss without a validation part."""
        losses = self.validation if self.validated else self.training
        losses = losses if self.start is None else np.append(losses, self.start)
        finite = losses[np.isfinite(losses)]
        return float(finite.min()) if len(finite) else None

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the lowest validation loss, from 0; None without a validation part.

        It is −1 if none is better than the linear part alone.
        """
        losses = np.where(self.validation > 0, self.validation, math.inf)
        if self.start is not None and self.start <= losses.min(initial=math.inf):
            return -1
        return int(losses.argmin()) if np.isfinite(losses).any() else None
