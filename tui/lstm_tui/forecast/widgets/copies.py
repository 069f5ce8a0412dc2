"""The tables of a forecast with all digits, to copy."""

from collections.abc import Sequence
from dataclasses import asdict

from lstm_forecasting.evaluation.residuals import Residuals
from lstm_forecasting.evaluation.single_forecasts import forecast_rows
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.saving.forecast import future_columns
from lstm_tui.kit.copying import CopyTable


def scores_copy(result: ExperimentResult, target: int) -> CopyTable:
    """All scores of each model."""
    rows = [(one.name, *asdict(one.scores[target]).values()) for one in result.models]
    return CopyTable("the scores", ("model", "mae", "rmse", "mase", "smape", "r2"), rows)


def steps_copy(result: ExperimentResult, target: int) -> CopyTable:
    """The MAE of each model by horizon step."""
    rows = [
        (step + 1, *(one.scores_by_step[step][target].mae for one in result.models))
        for step in range(result.experiment.config.horizon)
    ]
    return CopyTable("the MAE by horizon step", ("step", *(one.name for one in result.models)), rows)


def future_copy(result: ExperimentResult) -> CopyTable:
    """The same table as a saved CSV file."""
    columns = future_columns(result)
    return CopyTable("the future", tuple(columns), list(zip(*columns.values(), strict=True)))


def window_copy(result: ExperimentResult, window: int, target: int) -> CopyTable:
    """The truth and the forecast of each model in one window."""
    table, steps = result.experiment.table, forecast_rows(result, window)
    values = [result.truth, *(one.forecasts for one in result.models)]
    columns = [one[window, :, target].tolist() for one in values]
    names = (table.frequency.step, "truth", *(one.name for one in result.models))
    rows = list(zip(map(table.row_text, range(steps.start, steps.stop)), *columns, strict=True))
    return CopyTable(f"the forecast from {table.row_text(steps.start)}", names, rows)


def residuals_copy(result: ExperimentResult, residuals: Sequence[Residuals]) -> CopyTable:
    """The residuals of each model at one step; `residuals` in the order of the models."""
    table, one = result.experiment.table, residuals[0]
    times = map(table.row_text, one.rows.tolist())
    rows = list(zip(times, *(each.values.tolist() for each in residuals), strict=True))
    names = (table.frequency.step, *(model.name for model in result.models))
    return CopyTable(f"the residuals of step {one.step}", names, rows)


def correlations_copy(residuals: Residuals, name: str) -> CopyTable:
    """The autocorrelation and its bound at each lag."""
    found, bounds = residuals.correlations.tolist(), residuals.bounds.tolist()
    rows = list(zip(range(1, len(found) + 1), found, bounds, strict=True))
    return CopyTable(f"the autocorrelation of {name}", ("lag", "autocorrelation", "95 % bound"), rows)
