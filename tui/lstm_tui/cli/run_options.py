"""What the commands that work on runs have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def runs_option(decorated: Decorated) -> Decorated:
    """`--runs FOLDER`: where runs are kept."""
    return _runs(decorated, default=_runs_folder)


def app_runs_option(decorated: Decorated) -> Decorated:
    """`--runs FOLDER` for the app, which looks for the folder only once it is painted; None without it."""
    return _runs(decorated)


def _runs(decorated: Decorated, **default: Any) -> Decorated:
    return click.option(
        "--runs",
        "parent",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        callback=lambda _context, _option, path: path and path.expanduser(),
        help="Folder of the runs. [default: lstm-tui/runs among the user's data]",
        **default,
    )(decorated)


def _runs_folder() -> Path:
    from lstm_forecasting.runs.folder import runs_folder

    return runs_folder()


def run_argument(decorated: Decorated) -> Decorated:
    """`[RUN]`: name or folder of a run, the last one without it."""
    return click.argument("name", metavar="[RUN]", default="last")(decorated)


def detach_option(decorated: Decorated) -> Decorated:
    """`--detach`: goes on without the terminal."""
    return click.option(
        "--detach", is_flag=True, help="Go on in the background; lstm-tui attach shows it again."
    )(decorated)
