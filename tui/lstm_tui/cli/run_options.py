"""What the commands that work on runs have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from lstm_forecasting.runs.folder import runs_folder

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def runs_option(decorated: Decorated) -> Decorated:
    """`--runs FOLDER`: where runs are kept."""
    return click.option(
        "--runs",
        "parent",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        default=runs_folder,
        help="Folder of the runs. [default: lstm-tui/runs among the user's data]",
    )(decorated)


def run_argument(decorated: Decorated) -> Decorated:
    """`[RUN]`: name or folder of a run, the last one without it."""
    return click.argument("name", metavar="[RUN]", default="last")(decorated)


def detach_option(decorated: Decorated) -> Decorated:
    """`--detach`: goes on without the terminal."""
    return click.option(
        "--detach", is_flag=True, help="Go on in the background; lstm-tui attach shows it again."
    )(decorated)
