"""The forecast after the last row, and what a checkpoint keeps."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, overriding
from lstm_conformance.deviations.fit import Fit, Fitting, fitting
from lstm_plugins.records import OptimizerState, Starts, TargetRows, TrainingState, TrainingStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Array, Weights

forecast = partial(Deviation, level="forecast")
checkpoint = partial(Deviation, level="checkpoint", applies=when.several_epochs)


def _latest(rows_left: Callable[[ReferenceForecaster], int]) -> Plant:
    """Forecasts of no window later than that which leaves so many rows behind it in its series."""

    def predict(true: Any, self: ReferenceForecaster, starts: Starts) -> Array:
        latest = _ends(self, starts) - self.config.look_back - rows_left(self)
        forecasts: Array = true(np.minimum(starts, latest))
        return forecasts

    return overriding(predict=predict)


def _ends(forecaster: ReferenceForecaster, starts: Starts) -> Starts:
    """The row after the last of the series that each window lies in."""
    series = forecaster._loaded()
    ends = np.array(series.offsets) + np.array(series.lengths)
    return np.asarray(ends[np.searchsorted(ends, starts, side="right")])


def _last_series_only(true: Any, self: ReferenceForecaster, starts: Starts) -> Any:
    newest = _ends(self, starts) == starts + self.config.look_back
    return true(np.where(newest, len(self._loaded().values) - self.config.look_back, starts))


def _resumed(change: Callable[[ReferenceForecaster, TrainingState], dict[str, Any]]) -> Plant:
    """A fit resumed from a state some of whose parts are others than those handed in."""

    def fit(
        true: Any,
        self: ReferenceForecaster,
        training: TargetRows,
        validation: TargetRows,
        state: TrainingState | None = None,
    ) -> Fit:
        resumed = None if state is None else replace(state, **change(self, state))
        records: Fit = true(training, validation, resumed)
        return records

    return overriding(fit=fit)


def _without(**parts: Any) -> Plant:
    """A fit resumed from a state in which these parts have these values."""
    return _resumed(lambda forecaster, state: parts)


def _optimizer(*, first: bool = False, second: bool = False, step: bool = False) -> Plant:
    """A fit resumed from an optimizer state in which these parts are zeros."""

    def zeros(arrays: Any) -> Weights:
        return {name: np.zeros_like(array) for name, array in arrays.items()}

    def change(forecaster: ReferenceForecaster, state: TrainingState) -> dict[str, Any]:
        old = state.optimizer
        return {
            "optimizer": OptimizerState(
                0 if step else old.step,
                zeros(old.first) if first else old.first,
                zeros(old.second) if second else old.second,
            )
        }

    return _resumed(change)


def _head_transposed(forecaster: ReferenceForecaster, state: TrainingState) -> dict[str, Any]:
    head = state.weights["head.kernel"]
    wrong = np.ascontiguousarray(head.T).reshape(head.shape)
    return {"weights": {**state.weights, "head.kernel": wrong}}


def _since(forecaster: Fitting, epoch: int) -> int:
    """The epoch counted from the one at which the fit under way was resumed."""
    return epoch - (forecaster.fitted.begun_at if forecaster.fitted else 0)


DEVIATIONS = (
    forecast(
        "forecast from known targets",
        "the forecast of the last window whose targets are known",
        _latest(lambda forecaster: forecaster.config.horizon),
    ),
    forecast(
        "forecast without the last row",
        "a forecast that does not see the last row",
        _latest(lambda forecaster: 1),
        when.long_horizon,
    ),
    forecast(
        "forecast of the last series",
        "the last series' forecast for all series",
        overriding(predict=_last_series_only),
        when.several_series,
    ),
    checkpoint(
        "moments not saved",
        "moments missing from checkpoints",
        _optimizer(first=True, second=True),
        applies=when.several_epochs & (when.adamw | when.momentum),
    ),
    checkpoint(
        "second moments not saved",
        "second moments missing from checkpoints",
        _optimizer(second=True),
        applies=when.several_epochs & when.adamw,
    ),
    checkpoint(
        "counter not saved",
        "the update counter missing from checkpoints",
        _optimizer(step=True),
        applies=when.several_epochs & when.adamw,
    ),
    checkpoint(
        "optimizer not saved",
        "the optimizer missing from checkpoints",
        _optimizer(first=True, second=True, step=True),
        applies=when.several_epochs & when.adamw,
    ),
    checkpoint("head transposed on load", "the head's kernel transposed on load", _resumed(_head_transposed)),
    checkpoint(
        "weights not loaded",
        "weights not taken from the checkpoint when a fit resumes",
        _resumed(lambda forecaster, state: {"weights": forecaster.weights()}),
    ),
    checkpoint(
        "resumed from the best weights",
        "training resumed from the best weights instead of the last",
        _resumed(lambda forecaster, state: {"weights": state.best_weights or state.weights}),
    ),
    checkpoint(
        "best epoch not saved",
        "the best epoch missing from checkpoints",
        _without(best_weights=None, best_loss=None, best_epoch=None, epochs_without_gain=0),
    ),
    checkpoint(
        "plateau not saved",
        "the plateau and its rate missing from checkpoints",
        _without(plateau_loss=None, plateau_count=0, rate_factor=1.0),
        applies=when.plateau,
    ),
    checkpoint(
        "best weights not saved",
        "the best epoch's weights missing from checkpoints",
        _without(best_weights=None),
    ),
    checkpoint(
        "plateau's count not saved",
        "the plateau's loss and count missing from checkpoints",
        _without(plateau_loss=None, plateau_count=0),
        applies=when.plateau,
    ),
    checkpoint(
        "plateau's rate not saved",
        "the plateau's rate missing from checkpoints",
        _without(rate_factor=1.0),
        applies=when.plateau,
    ),
    checkpoint(
        "epoch repeated after a resume",
        "the last epoch repeated when a fit resumes",
        _resumed(lambda forecaster, state: {"epoch": max(state.epoch - 1, 0)}),
    ),
    checkpoint(
        "patience not saved",
        "the epochs without gain missing from checkpoints",
        _without(epochs_without_gain=0),
        applies=when.several_epochs & when.patient,
    ),
    checkpoint(
        "order from the beginning",
        "the first epoch's order again when a fit resumes",
        fitting(epoch_starts=lambda true, self, starts, epoch: true(starts, _since(self, epoch))),
    ),
    checkpoint(
        "masks from the beginning",
        "the first epoch's dropout masks again when a fit resumes",
        fitting(
            train_batches=lambda true, self, starts, rates, first: true(
                starts, rates, TrainingStep(_since(self, first.epoch), first.step)
            )
        ),
        applies=when.several_epochs & when.dropping,
    ),
)
