"""The options and the plan of an experiment, for the commands that train."""

from dataclasses import dataclass
from typing import Any

import click

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.evaluation.baselines.kinds import Wanted
from lstm_forecasting.experiment.abilities import common_additions, with_able_backends
from lstm_forecasting.experiment.plan import Experiment, plan_experiment
from lstm_forecasting.experiment.setting_warnings import setting_warnings
from lstm_forecasting.presets.options import Preset, budget_seconds, default_preset
from lstm_tui.cli import console, options
from lstm_tui.cli.choosing import Choice, choose_backends
from lstm_tui.cli.experiment.printed import print_plan
from lstm_tui.cli.flags import Decorated, flags


@dataclass(frozen=True)
class Planned:
    """The experiment that a command line describes, and the choice of its backends."""

    experiment: Experiment
    choice: Choice

    def announce(self, *, quiet: bool) -> None:
        """Prints the plan, unless `quiet`, and notes and warnings about it."""
        notes = console.notes()
        if quiet:
            for note in self.choice.notes:
                notes.print(note)
        else:
            print_plan(console.results(), self.experiment, self.choice.notes)
        for warning in setting_warnings(self.experiment):
            notes.print(f"~ {warning.text}")


def experiment_options(decorated: Decorated) -> Decorated:
    """Adds the series, the backends, the use of the rows, the read options and the settings."""
    added = (
        click.argument("source", metavar="FILE|NAME|-"),
        flags(
            options.backend_flag("Backends to train at once; by default, the first that is ready."),
            *(options.target_flag, options.input_flag),
        ),
        click.option("--steps", type=int, metavar="N", help="Rows to forecast. [default: the horizon]"),
        flags(options.split_flag, options.threads_flag),
        flags(options.preset_flag, options.budget_flag, options.model_flag, options.level_flag),
        options.plugin_options,
        flags(*options.reading_flags, *options.setting_flags),
    )
    for add in reversed(added):
        decorated = add(decorated)
    return decorated


def planned(
    source: str,
    backends: tuple[str, ...],
    targets: tuple[str, ...],
    inputs: tuple[str, ...],
    steps: int | None,
    fractions: tuple[float, float, float],
    threads: int,
    preset: Preset | None,
    budget: str | None,
    offer: Wanted,
    levels: tuple[float, ...],
    no_plugins: bool,
    without: tuple[str, ...],
    **declared: Any,
) -> Planned:
    """Plans the experiment that the options describe.

    Raises:
        InputError: the series cannot be used, is too short, or has gaps that no named backend can handle.
        OptionError: a setting is not allowed.
        BackendError: a backend cannot be used.
    """
    choice = choose_backends(backends, no_plugins, without)
    reading, settings = options.take_read_options(declared), options.given_settings(declared)
    experiment = plan_experiment(
        open_data(source, targets, inputs, reading),
        choice.names,
        settings,
        fractions=fractions,
        steps=steps,
        threads=threads,
        preset=preset or default_preset(settings),
        budget=None if budget is None else budget_seconds(budget),
        additions=common_additions(choice.backends),
        offer=offer,
        levels=levels,
    )
    return Planned(with_able_backends(experiment, choice.backends), choice)
