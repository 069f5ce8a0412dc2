"""The tables of a forecast with all their digits, to be copied."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from lstm_forecasting.evaluation.residuals import Residuals
from lstm_forecasting.evaluation.single_forecasts import forecast_rows
from lstm_forecasting.experiment.results import Evaluation, ExperimentResult
from lstm_forecasting.saving.forecast import future_columns
from lstm_tui.kit.copying import CopyTable


def models(result: ExperimentResult) -> tuple[Evaluation, ...]:
    """Backends, then baselines."""
    return (*(backend.evaluation for backend in result.backends), *result.baselines)


def scores_copy(result: ExperimentResult, target: int) -> CopyTable:
    """All measures of every model."""
    rows = [(one.name, *asdict(one.scores[target]).values()) for one in models(result)]
    return CopyTable("the scores", ("model", "mae", "rmse", "mase", "smape", "r2"), rows)


def steps_copy(result: ExperimentResult, target: int) -> CopyTable:
    """The MAE of every model by horizon step."""
    shown = models(result)
    rows = [
        (step + 1, *(one.scores_by_step[step][target].mae for one in shown))
        for step in range(result.experiment.config.horizon)
    ]
    return CopyTable("the MAE by horizon step", ("step", *(one.name for one in shown)), rows)


def future_copy(result: ExperimentResult) -> CopyTable:
    """What is saved as CSV."""
    columns = future_columns(result)
    return CopyTable("the future", tuple(columns), list(zip(*columns.values(), strict=True)))


def window_copy(result: ExperimentResult, window: int, target: int) -> CopyTable:
    """Truth and every model over the horizon of one window."""
    table, rows = result.experiment.table, forecast_rows(result, window)
    first = table.row_text(rows.start)
    found = [
        (
            table.row_text(rows.start + step),
            float(result.truth[window, step, target]),
            *(float(one.forecasts[window, step, target]) for one in models(result)),
        )
        for step in range(len(rows))
    ]
    names = [one.name for one in models(result)]
    return CopyTable(f"the forecast from {first}", (table.frequency.step, "truth", *names), found)


def residuals_copy(result: ExperimentResult, residuals: Sequence[Residuals]) -> CopyTable:
    """The residuals of every model at one step; `residuals` in the order of `models`."""
    table, one = result.experiment.table, residuals[0]
    names = [model.name for model in models(result)]
    times = (table.row_text(int(row)) for row in one.rows)
    rows = list(zip(times, *(each.values.tolist() for each in residuals), strict=True))
    return CopyTable(f"the residuals of step {one.step}", (table.frequency.step, *names), rows)


def correlations_copy(residuals: Residuals, name: str) -> CopyTable:
    """Autocorrelation and bound of every lag."""

    def rows() -> Iterator[tuple[int, float, float]]:
        for lag, value in enumerate(residuals.correlations.tolist(), 1):
            yield lag, value, float(residuals.bounds[lag - 1])

    columns = ("lag", "autocorrelation", "95 % bound")
    return CopyTable(f"the autocorrelation of {name}", columns, list(rows()))
