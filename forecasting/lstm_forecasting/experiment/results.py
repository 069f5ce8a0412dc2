"""The results of an experiment, in the series' own units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.evaluation.baselines.kinds import Kind, Offered
from lstm_forecasting.evaluation.comparison import Comparison
from lstm_forecasting.evaluation.metrics import Scores
from lstm_forecasting.evaluation.trivial import Trivial
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.result_intervals import ResultIntervals
from lstm_forecasting.processes.events import EndReason


@dataclass(frozen=True)
class Validated:
    """A model's forecasts of the validation part, which choose the model that is offered.

    Attributes:
        forecasts: `[windows, horizon, targets]` of all validation windows, in the series' units.
        mae: mean absolute error by target; nan if no value of the target counts.
    """

    forecasts: Array
    mae: tuple[float, ...]


@dataclass(frozen=True)
class Evaluation:
    """A model, LSTM or baseline, evaluated on the test part.

    Attributes:
        name: as shown to users: "PyTorch", "last value", "seasonal naive (24)".
        forecasts: `[windows, horizon, targets]` point forecasts of all test windows, in the series' units.
        scores: by target.
        scores_by_step: by horizon step, then by target.
        validation: its forecasts of the validation part; None without validation windows, without enough
            rows before them, or for runs of earlier versions.
    """

    name: str
    forecasts: Array
    scores: tuple[Scores, ...]
    scores_by_step: tuple[tuple[Scores, ...], ...]
    validation: Validated | None = None


@dataclass(frozen=True)
class BackendResult:
    """The result of one backend.

    Attributes:
        backend: short name.
        evaluation: on the test part.
        future: `[steps, targets]` point forecast after the last row, in the series' units.
        future_quantiles: `[steps, targets, quantiles]`; one quantile for a point model.
        epochs: number of complete epochs, of all networks together.
        best_epoch: the epoch whose weights forecast, from 0; that of the first network of an ensemble.
        seconds: duration of the training.
        reason: why training ended.
        members: the networks whose forecasts are averaged; one without an ensemble.
    """

    backend: str
    evaluation: Evaluation
    future: Array
    future_quantiles: Array
    epochs: int
    best_epoch: int
    seconds: float
    reason: EndReason
    members: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Member:
    """A network of an ensemble.

    Attributes:
        epochs: number of complete epochs.
        best_epoch: the epoch whose weights forecast, from 0.
        seconds: duration of its training.
        reason: why its training ended.
        error: mean over the targets of its MAE on the validation part, relative to the lowest of a network;
            None without validation windows.
        kept: whether it is part of the forecast.
    """

    epochs: int
    best_epoch: int
    seconds: float
    reason: EndReason
    error: float | None
    kept: bool


@dataclass(frozen=True, kw_only=True)
class EvaluatedBaseline(Evaluation):
    """A baseline's evaluation and forecast.

    Attributes:
        kind: as `--model` names it.
        future: `[steps, targets]`, in the series' units.
    """

    kind: Kind
    future: Array


@dataclass(frozen=True)
class Baselines:
    """The evaluated baselines, and sentences about those that there are not, such as "Not installed: …"."""

    evaluated: tuple[EvaluatedBaseline, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """The model whose forecast of a target comes first and is saved.

    Attributes:
        kind: `lstm`, or the kind of a baseline.
        name: as shown to users; that of the backend for the LSTM.
        backend: short name of the backend; empty for a baseline.
        future: `[steps]`, the forecast after the last row, in the series' units.
        sentence: what to use and why, or that the user asked for it.
    """

    kind: Offered
    name: str
    backend: str
    future: Array
    sentence: str


@dataclass(frozen=True)
class Agreement:
    """How much the backends' test forecasts differ.

    Attributes:
        largest: largest difference of two forecasts of the same value, as a share of the target's standard
            deviation over the training rows.
        error: largest difference of two backends' MAE, as a share of the smaller one.
    """

    largest: float
    error: float


@dataclass(frozen=True)
class ExperimentResult:
    """The results of all backends and of the baselines.

    Attributes:
        experiment: the plan.
        truth: `[windows, horizon, targets]`, the test targets in the series' units.
        first_rows: `[windows]`, the row of each test window's first target.
        counted: `[windows, horizon, targets]`, the values that are scored; the others are filled, or their
            target was not observed in the window's last input row.
        baselines: evaluated on the same windows.
        notes: sentences about baselines that there are not.
        backends: the backends that finished.
        failures: for each other backend, why it did not finish.
        agreement: None with fewer than two backends.
        comparisons: for each target, the best backend compared with the best baseline; empty without
            backends, like `verdicts`, `trivial` and `offers`.
        verdicts: for each target, the comparison in a sentence, what is trivial about the forecast, and what
            to use.
        trivial: for each target, what is trivial about the forecasts of the best backend, if anything.
        offers: for each target, the model whose forecast comes first.
    """

    experiment: Experiment
    truth: Array
    first_rows: Integers
    counted: Truths
    baselines: tuple[EvaluatedBaseline, ...]
    backends: tuple[BackendResult, ...]
    failures: dict[str, str]
    agreement: Agreement | None
    comparisons: tuple[Comparison, ...]
    verdicts: tuple[str, ...]
    trivial: tuple[Trivial | None, ...]
    offers: tuple[Offer, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def intervals(self) -> ResultIntervals:
        """The intervals of the models, each computed when it is first asked for."""
        return ResultIntervals(self)

    @property
    def models(self) -> tuple[Evaluation, ...]:
        """The evaluations of the backends, then of the baselines."""
        return (*(backend.evaluation for backend in self.backends), *self.baselines)

    def best_backend(self, target: int) -> BackendResult | None:
        """The backend with the lowest MAE on the test part; None if none finished."""
        return min(self.backends, key=lambda one: one.evaluation.scores[target].mae, default=None)

    def best_baseline(self, target: int) -> EvaluatedBaseline | None:
        """The baseline with the lowest MAE on the test part; None if there is none."""
        return min(self.baselines, key=lambda one: one.scores[target].mae, default=None)

    @property
    def uneven_endings(self) -> str:
        """The number of epochs of each backend, in words; empty if all are equal.

        A backend that was stopped early has another model, so different forecasts then say nothing about the
        backends.
        """
        if len({result.epochs for result in self.backends}) < 2:
            return ""
        return ", ".join(f"{result.evaluation.name} after {result.epochs}" for result in self.backends)
