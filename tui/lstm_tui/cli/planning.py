"""The options of an experiment, shared by the commands that plan one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import Experiment, plan_experiment
from lstm_forecasting.experiment.setting_warnings import setting_warnings
from lstm_tui.cli.choosing import choose_backends
from lstm_tui.cli.options import (
    ListsBackends,
    backend_option,
    input_option,
    plugin_options,
    split_option,
    target_option,
    threads_option,
)
from lstm_tui.cli.reading import ReadsData, take_read_options
from lstm_tui.cli.settings import TakesSettings, fixed_settings

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

FLAGS = {"token_normalize_func": lambda text: text.replace("_", "-")}
"""Settings may be written as they are called in Python, too: --look_back."""


class PlansExperiment(ListsBackends, TakesSettings, ReadsData):
    """A command that plans an experiment."""


@dataclass(frozen=True)
class Planned:
    """What a command line asks for.

    Attributes:
        experiment: to be run.
        titles: of its backends, by short name.
        notes: sentences about the choice of backends.
    """

    experiment: Experiment
    titles: dict[str, str]
    notes: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about settings that are allowed and will not fit the data."""
        return tuple(f"~ {warning.text}" for warning in setting_warnings(self.experiment))


def experiment_options(decorated: Decorated) -> Decorated:
    """The series, the backends, and how the rows are used; the settings come with `PlansExperiment`."""
    options = (
        click.argument("source", metavar="FILE|NAME|-"),
        backend_option("to train, all at once; without it, one that is available"),
        target_option,
        input_option,
        click.option("--steps", type=int, metavar="N", help="Rows to forecast. [default: the horizon]"),
        split_option,
        threads_option,
        plugin_options,
    )
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def planned(
    source: str,
    backends: tuple[str, ...],
    targets: tuple[str, ...],
    inputs: tuple[str, ...],
    steps: int | None,
    fractions: tuple[float, float, float],
    threads: int,
    no_plugins: bool,
    without: tuple[str, ...],
    **declared: Any,
) -> Planned:
    """Plans what the options say.

    Raises:
        InputError: the series cannot be used, or is too short.
        ConfigError: a setting is not allowed.
        BackendError: a backend cannot be used.
    """
    choice = choose_backends(backends, plugins=not no_plugins, without=frozenset(without))
    experiment = plan_experiment(
        open_data(source, targets, inputs, take_read_options(declared)),
        [backend.name for backend in choice.backends],
        fixed_settings(declared),
        fractions=fractions,
        steps=steps,
        threads=threads,
    )
    return Planned(experiment, {backend.name: backend.title for backend in choice.backends}, choice.notes)
