"""How the linear part is fitted, from weights of windows to the choice of the penalty, and epoch −1."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, methods, overriding
from lstm_conformance.deviations.fit import Fit
from lstm_conformance.deviations.linear import several_outputs
from lstm_plugins.linear import LinearInputs, linear_inputs
from lstm_plugins.normalisation import of_values, statistics
from lstm_plugins.records import Epoch, Finished, Starts, TargetRows, TrainingState
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.ridge import PENALTIES, PENALTY_WITHOUT_VALIDATION
from lstm_plugins.weights import Weights

deviation = partial(Deviation, level="trajectory", applies=when.linear)
Float64 = NDArray[np.float64]
weighted = when.linear & when.scaled & ~when.in_window


@dataclass(frozen=True)
class Windows:
    """Windows of a regression: u `[B, d]`, ỹ `[B, Q, K]`, s `[B, K]`, and what was observed, `[B, Q, K]`."""

    inputs: Float64
    outputs: Float64
    scale: Float64
    observed: Float64


@dataclass(frozen=True)
class RidgeFit:
    """`linear.fit_linear`, written out for one output after the other; each field is a mistake in it.

    Attributes:
        power: of a window's scale in its weight; 2 is right.
        validation_power: the same where the penalty is chosen.
        intercept: how the bias is found: from weighted means, from plain ones, or not at all.
        penalties: to choose from.
        relative: whether penalties are multiples of the mean eigenvalue.
        alone: whether each output chooses a penalty of its own.
        chosen_on: the windows that choose the penalty.
        unvalidated: the penalty without validation windows.
        observed: which outputs count: the observed ones, all, or those of windows that are complete.
    """

    power: int = 2
    validation_power: int = 2
    intercept: Literal["weighted", "plain", "none"] = "weighted"
    penalties: Sequence[float] = PENALTIES
    relative: bool = True
    alone: bool = False
    chosen_on: Literal["validation", "training"] = "validation"
    unvalidated: float = PENALTY_WITHOUT_VALIDATION
    observed: Literal["observed", "all", "complete"] = "observed"

    def fit_linear(self, given: LinearInputs, training: Starts, validation: Starts) -> Weights:
        """See `linear.fit_linear`."""
        windows = self.windows(given, training)
        horizon, targets = windows.outputs.shape[1:]
        outputs = [(step, target) for step in range(horizon) for target in range(targets)]

        def solutions(penalty: float) -> list[tuple[Float64, float]]:
            return [self._solved(given, windows, penalty, *at) for at in outputs]

        if len(validation):
            judges = windows if self.chosen_on == "training" else self.windows(given, validation)
            found = [solutions(penalty) for penalty in self.penalties]
            each = [
                [
                    self._error(given, judges, *solution, *at)
                    for solution, at in zip(row, outputs, strict=True)
                ]
                for row in found
            ]
            errors = np.array(each) if self.alone else np.sum(each, axis=1, keepdims=True)
            best = np.broadcast_to(errors.argmin(axis=0), len(outputs))
            chosen = [found[row][n] for n, row in enumerate(best)]
        else:
            chosen = solutions(self.unvalidated)
        precision = given.config.precision
        return {
            "linear.kernel": np.stack([kernel for kernel, _ in chosen], axis=1).astype(precision),
            "linear.bias": np.array([bias for _, bias in chosen]).astype(precision),
        }

    def windows(self, given: LinearInputs, starts: Starts) -> Windows:
        """The windows that begin at these rows."""
        config, series = given.config, given.series
        inputs = series.values.take(starts[:, None] + np.arange(config.look_back), axis=0)
        found = of_values(statistics(inputs, config), given.indicators)
        rows, columns = starts[:, None] + config.look_back + np.arange(config.horizon), list(series.targets)
        scale = found.scale[:, columns]
        outputs = (series.values[:, columns].take(rows, axis=0) - found.ahead[:, :, columns]) / scale[:, None]
        observed = np.ones(outputs.shape)
        if series.observed is not None and self.observed != "all":
            observed = series.observed.take(rows, axis=0).astype(np.float64)
        if self.observed == "complete":
            observed = observed * observed.min(axis=(1, 2), keepdims=True)
        return Windows(linear_inputs(given, starts), outputs, scale, observed)

    def _weights(self, given: LinearInputs, windows: Windows, target: int, power: int) -> Float64:
        config = given.config
        if config.measured_in_window or config.normalisation not in ("standard", "last-deviation"):
            return np.ones(len(windows.inputs))
        return np.asarray(windows.scale[:, target] ** power)

    def _solved(
        self, given: LinearInputs, windows: Windows, penalty: float, step: int, target: int
    ) -> tuple[Float64, float]:
        """Kernel and bias of one output."""
        weights = self._weights(given, windows, target, self.power)
        own = weights * windows.observed[:, step, target]
        of_inputs, of_outputs = (
            (weights, own) if self.intercept == "weighted" else (np.ones(len(own)), own > 0)
        )
        u, y = windows.inputs, windows.outputs[:, step, target]
        u_mean = np.average(u, axis=0, weights=of_inputs)
        y_mean = float(of_outputs @ y / max(float(of_outputs.sum()), 1e-300))
        if self.intercept == "none":
            u_mean, y_mean = np.zeros_like(u_mean), 0.0
        centred = u - u_mean
        products = (centred * weights[:, None]).T @ centred / weights.sum()
        cross = centred.T @ (own * (y - y_mean)) / max(float(own.sum()), 1e-300)
        size = np.trace(products) / len(products) if self.relative else 1.0
        kernel = np.linalg.solve(products + penalty * size * np.eye(len(products)), cross)
        return kernel, y_mean - float(u_mean @ kernel)

    def _error(
        self, given: LinearInputs, windows: Windows, kernel: Float64, bias: float, step: int, target: int
    ) -> float:
        weights = self._weights(given, windows, target, self.validation_power)
        errors = windows.inputs @ kernel + bias - windows.outputs[:, step, target]
        return float(weights * windows.observed[:, step, target] @ np.square(errors))


def _fitting(**changed: Any) -> Plant:
    fit = RidgeFit(**changed)
    return altered(fit_linear=lambda true, *given: fit.fit_linear(*given))


def _on_both(true: Any, given: LinearInputs, training: Starts, validation: Starts) -> Weights:
    found: Weights = true(given, np.concatenate([training, validation]), validation)
    return found


class _EveryWindow(ReferenceForecaster):
    """Fits the linear part on all training windows, whatever the stride."""

    def fit(self, training: TargetRows, validation: TargetRows, state: TrainingState | None = None) -> Fit:
        """See `Forecaster`."""
        self._every = self.window_starts(training, 1)
        yield from super().fit(training, validation, state)

    def fit_linear(self, training: Starts, validation: Starts) -> Weights:
        """See `Forecaster`."""
        return super().fit_linear(self._every, validation)


def _kept(true: Any, self: ReferenceForecaster, *given: Any) -> Weights:
    return {name: self._weights[name] for name in true(*given)}


def _of_first_epoch(true: Any, self: ReferenceForecaster, training: Starts, validation: Starts) -> Weights:
    found: Weights = true(self.epoch_starts(training, 0), validation)
    return found


def _at_the_start(change: Callable[[TrainingState, TrainingState], TrainingState]) -> Plant:
    """Another state after epoch −1, from the state before it and the true one."""

    def after_epoch(
        true: Any, self: ReferenceForecaster, state: TrainingState, *losses: Any
    ) -> TrainingState:
        after: TrainingState = true(state, *losses)
        return after if state.epoch else change(state, after)

    return overriding(after_epoch=after_epoch)


def _never_best(before: TrainingState, after: TrainingState) -> TrainingState:
    names = ("best_weights", "best_loss", "best_epoch", "epochs_without_gain")
    return replace(after, **{name: getattr(before, name) for name in names})


def _no_plateau(before: TrainingState, after: TrainingState) -> TrainingState:
    names = ("plateau_loss", "plateau_count", "rate_factor")
    return replace(after, **{name: getattr(before, name) for name in names})


def _records(change: Callable[[Iterator[Any]], Iterator[Any]]) -> Plant:
    """Other records of a fit."""
    return overriding(fit=lambda true, self, *given: change(true(*given)))


def _not_recorded(records: Iterator[Any]) -> Iterator[Any]:
    for record in records:
        if not (isinstance(record, Epoch) and record.epoch < 0):
            yield record


def _reported_as_first(records: Iterator[Any]) -> Iterator[Any]:
    for record in records:
        yield (
            replace(record, best_epoch=max(record.best_epoch, 0)) if isinstance(record, Finished) else record
        )


validated = when.linear & when.validated

DEVIATIONS = (
    deviation(
        "linear part not fitted",
        "a linear part that is not fitted before training",
        overriding(fit_linear=_kept),
    ),
    deviation(
        "linear part fitted on validation too",
        "a linear part fitted on training and validation windows",
        altered(fit_linear=_on_both),
        applies=validated,
    ),
    deviation(
        "linear part fitted on every window",
        "a linear part fitted on all training windows, whatever the stride",
        methods(_EveryWindow),
        applies=when.linear & when.strided,
    ),
    deviation(
        "linear part fitted on the first epoch's windows",
        "a linear part fitted on the first epoch's windows alone",
        overriding(fit_linear=_of_first_epoch),
        applies=when.linear & when.drawing_windows,
    ),
    deviation(
        "windows not weighted",
        "a linear part fitted without the weights of windows",
        _fitting(power=0, validation_power=0),
        applies=weighted,
    ),
    deviation(
        "windows weighted by their scale",
        "a linear part whose windows are weighted by their scale instead of its square",
        _fitting(power=1, validation_power=1),
        applies=weighted,
    ),
    deviation(
        "penalty chosen by errors in the window",
        "a penalty chosen by errors in the window instead of the series' units",
        _fitting(validation_power=0),
        applies=weighted & when.validated,
    ),
    deviation(
        "intercept from plain means",
        "an intercept of the linear part from means without weights",
        _fitting(intercept="plain"),
        applies=weighted,
    ),
    deviation("no intercept", "a linear part without an intercept", _fitting(intercept="none")),
    deviation(
        "penalty not relative",
        "penalties that are not multiples of the inputs' mean variance",
        _fitting(relative=False),
    ),
    deviation(
        "penalties in whole decades",
        "penalties in whole decades instead of half decades",
        _fitting(penalties=PENALTIES[::2]),
        applies=validated,
    ),
    deviation(
        "penalties from 1 to 10,000",
        "penalties from 1 to 10,000",
        _fitting(penalties=tuple(10.0 ** (half / 2) for half in range(9))),
        applies=validated,
    ),
    deviation(
        "a penalty for each output",
        "a penalty chosen for each output on its own",
        _fitting(alone=True),
        applies=validated & several_outputs,
    ),
    deviation(
        "penalty chosen on training windows",
        "a penalty chosen by the errors of the training windows",
        _fitting(chosen_on="training"),
        applies=validated,
    ),
    deviation(
        "penalty 0.01 always",
        "a penalty of 0.01, in spite of validation windows",
        _fitting(penalties=(PENALTY_WITHOUT_VALIDATION,)),
        applies=validated,
    ),
    deviation(
        "penalty 1 without validation",
        "a penalty of 1 instead of 0.01 without validation windows",
        _fitting(unvalidated=1.0),
        applies=when.linear & ~when.validated,
    ),
    deviation(
        "linear part fitted to made-up targets",
        "a linear part fitted to made-up targets too",
        _fitting(observed="all"),
        applies=when.linear & when.masked,
    ),
    deviation(
        "linear part fitted to complete windows",
        "a linear part fitted to windows that are complete",
        _fitting(observed="complete"),
        applies=when.linear & when.masked,
    ),
    deviation(
        "epoch before training not counted",
        "a loss before training that counts for neither best epoch, patience nor plateau",
        _at_the_start(lambda before, after: before),
        applies=validated,
    ),
    deviation(
        "epoch before training never best",
        "a best epoch and patience that ignore the loss before training",
        _at_the_start(_never_best),
        applies=validated & when.plateau,
    ),
    deviation(
        "plateau without the epoch before training",
        "a plateau that ignores the loss before training",
        _at_the_start(_no_plateau),
        applies=validated & when.plateau,
    ),
    deviation(
        "epoch before training not recorded",
        "no record of the loss before training",
        _records(_not_recorded),
        applies=validated,
    ),
    deviation(
        "first epoch reported as best",
        "the first epoch reported as the best where the linear part alone is",
        _records(_reported_as_first),
        applies=validated,
    ),
)
