"""Reports the result of an experiment: prints it, saves the forecast, and finds the exit code."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.saving.forecast import SUFFIXES, check_forecast_path, result_as_json, save_forecast
from lstm_tui.cli import console
from lstm_tui.cli.experiment.printed import print_result
from lstm_tui.cli.flags import Decorated
from lstm_tui.cli.options import json_option, save_option
from lstm_tui.cli.program import FAILED


def outcome_options(decorated: Decorated) -> Decorated:
    """Adds `--output PATH` and `--json`."""
    output = save_option("--output", "the forecast", SUFFIXES, check_forecast_path)
    return output(json_option(decorated))


def report(
    found: AbstractContextManager[ExperimentResult],
    titles: Mapping[str, str],
    *,
    output: Path | None,
    as_json: bool,
) -> int:
    """Waits for a result, prints it, saves its forecast, and returns the exit code: 1 if something failed.

    Processes that are still running end once everything is printed. `titles` are the names of the backends by
    short name.
    """
    with found as result:
        if as_json:
            console.print_json(result_as_json(result))
        else:
            print_result(console.results(), result, titles)
        done = not result.failures
        if result.backends:
            done &= console.saved("forecast", output, lambda path: save_forecast(result, path))
    return 0 if done else FAILED
