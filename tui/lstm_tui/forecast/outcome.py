"""What the commands that train do with the result: print it, save its forecast, and find the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.saving.forecast import SUFFIXES, check_forecast_path, result_as_json, save_forecast
from lstm_plugins.errors import InputError
from lstm_tui.cli import console
from lstm_tui.cli.program import FAILED
from lstm_tui.forecast.printed import print_result

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def outcome_options(decorated: Decorated) -> Decorated:
    """`--output PATH` and `--json`."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
    output = click.option(
        "--output",
        type=click.Path(path_type=Path),
        metavar="PATH",
        callback=_checked,
        help=f"Save the forecast there, as {', '.join(SUFFIXES)}.",
    )
    return output(as_json(decorated))


def _checked(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """Makes sure, before work begins, that the forecast can be saved."""
    if path is not None:
        check_forecast_path(path)
    return path


def tell(
    found: AbstractContextManager[ExperimentResult],
    titles: Mapping[str, str],
    *,
    output: Path | None,
    as_json: bool,
) -> int:
    """Waits for a result, prints it and saves its forecast; the exit code is 1 when something failed.

    Args:
        found: gives the result; what it left running ends only when everything is printed.
        titles: of the backends, by short name.
        output: where the forecast goes; None saves nothing.
        as_json: prints JSON instead of text.
    """
    out, notes = console.results(), console.notes()
    with found as result:
        if as_json:
            click.echo(json.dumps(result_as_json(result), indent=2, ensure_ascii=False, allow_nan=False))
        else:
            print_result(out, result, titles)
        failed = bool(result.failures)
        if output is not None and result.backends:
            failed |= not _saved(result, output, notes)
    return FAILED if failed else 0


def _saved(result: ExperimentResult, output: Path, notes: Console) -> bool:
    try:
        save_forecast(result, output)
    except InputError as error:
        notes.print(f"Error: {error}")
        return False
    notes.print(f"The forecast is in {output}.")
    return True
