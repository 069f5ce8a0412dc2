"""`lstm-tui predict MODEL [FILE|NAME]`: forecasts with a trained model."""

from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console

from lstm_forecasting.evaluation.baselines.kinds import Wanted
from lstm_forecasting.runs.folder import find_run
from lstm_forecasting.runs.offering import offer_of_run
from lstm_forecasting.runs.predicting import (
    Prediction,
    TrainedModel,
    open_model,
    open_series,
    own_series,
    predict,
)
from lstm_forecasting.saving.destination import check_destination
from lstm_forecasting.saving.forecast import TABLES, prediction_columns, save_prediction
from lstm_forecasting.saving.future_table import rows_of
from lstm_tui.cli import console
from lstm_tui.cli.choosing import choose_backends, known_titles
from lstm_tui.cli.command import Command
from lstm_tui.cli.experiment.printed import PrintedForecast, forecast_table, print_series
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import (
    computing_option,
    json_option,
    named_read_options,
    offer_flag,
    reading_flags,
    run_level_flag,
    runs_flag,
    save_option,
    take_read_options,
    threads_flag,
    trained_by_option,
)
from lstm_tui.kit.numbers import form_of_forecast


def _check(path: Path) -> None:
    check_destination(path, TABLES, "A prediction")


@click.command(
    cls=Command,
    help="Forecast with a trained model. MODEL is a run or a checkpoint file of one. FILE is a later file or "
    "another series with the same column names; by default, the run's own rows. Every backend makes the same "
    "forecast from the same weights.",
)
@click.argument("model", metavar="MODEL")
@click.argument("source", metavar="[FILE|NAME|-]", required=False)
@computing_option
@trained_by_option
@click.option("--steps", type=int, metavar="N", help="Rows to forecast. [default: the horizon]")
@flags(threads_flag, runs_flag, offer_flag, run_level_flag)
@save_option("--output", "the forecast", TABLES, _check)
@json_option
@flags(*reading_flags)
def command(
    model: str,
    source: str | None,
    backend: str | None,
    trained_by: str | None,
    steps: int | None,
    threads: int,
    parent: Path,
    offer: Wanted | None,
    levels: tuple[float, ...],
    output: Path | None,
    as_json: bool,
    **declared: Any,
) -> int:
    """Forecasts and returns the exit code."""
    named = named_read_options(declared)
    options = take_read_options(declared)
    trained = open_model(model, parent, trained_by)
    (computing,) = choose_backends([backend or trained.header.maker.backend]).names
    is_file = Path(model).expanduser().is_file()
    if source is not None:
        table = open_series(trained.model, source, options, named)
    elif is_file:
        raise click.UsageError("A checkpoint file contains no rows; name the file to forecast.")
    else:
        table = own_series(find_run(model, parent), options)
    prediction = predict(trained, table, computing, steps=steps, threads=threads)
    if not is_file:
        prediction = offer_of_run(prediction, find_run(model, parent), offer, levels)
    elif levels:
        raise click.UsageError("A checkpoint file has no errors to measure intervals with; name its run.")
    elif offer not in (None, "lstm"):
        raise click.UsageError(
            "A checkpoint file has no rows to choose or fit a baseline with; name its run."
        )
    if as_json:
        console.print_json(as_fields(prediction))
    else:
        _print(console.results(), prediction)
    if output is not None:
        save_prediction(prediction, output)
        console.notes().print(f"The forecast is in {output}.")
    return 0


def as_fields(prediction: Prediction) -> dict[str, Any]:
    """Returns a prediction as JSON-ready values."""
    header, table = prediction.model.header, prediction.table
    return {
        "model": {
            "path": str(prediction.model.path),
            "trained_by": header.maker.backend,
            "framework": header.maker.framework,
            "epoch": header.epoch,
            "validation_loss": header.loss,
            "columns": list(header.model.columns),
            "settings": header.model.settings,
        },
        "data": {
            "name": table.name,
            "rows": table.rows,
            "last_time": table.row_text(table.rows - 1),
            "decisions": [*table.decisions, *prediction.bounds.decisions],
        },
        "backend": prediction.backend,
        "offered": [
            {"target": target, "kind": offer.kind, "name": offer.name, "sentence": offer.sentence}
            for target, offer in zip(table.targets, prediction.offers, strict=True)
        ],
        "forecast": rows_of(prediction_columns(prediction)),
    }


def _print(out: Console, prediction: Prediction) -> None:
    table, config = prediction.table, prediction.model.model.config
    model = _model_in_words(prediction.model, prediction.backend)
    title = known_titles({prediction.backend})[prediction.backend]
    print_series(out, table, (model, *table.decisions, *prediction.bounds.decisions))
    for index, target in enumerate(table.targets):
        points = prediction.future[:, index]
        spread = float(np.ptp(points)) or abs(float(points[0])) or 1.0
        offer = prediction.offers[index]
        form = form_of_forecast([*points.tolist(), *offer.future.tolist()], spread / 100)
        forecasts: list[PrintedForecast] = [(title, points, prediction.future_quantiles[:, index])]
        if offer.kind != "lstm":
            forecasts.insert(0, (offer.name, offer.future, None))
        if offer.sentence:
            out.print(f"{target}: {offer.sentence}")
        out.print(
            forecast_table(
                table,
                config.output_quantiles,
                forecasts,
                form,
                title=f"{target}: forecast",
                most=len(points),
                intervals=prediction.intervals[index] if prediction.intervals else None,
                width=out.width if out.is_terminal else None,
            )
        )


def _model_in_words(model: TrainedModel, backend: str) -> str:
    header = model.header
    titles = known_titles({header.maker.backend, backend})
    loss = "" if header.loss is None else f", validation loss {header.loss:.4g}"
    by = "" if backend == header.maker.backend else f"; {titles[backend]} computes"
    made = f"{model.path.name} of {titles[header.maker.backend]}"
    return f"The model is {made}, after epoch {header.epoch}{loss}{by}."
