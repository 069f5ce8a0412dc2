"""Settings that are allowed and yet will not fit the data: what to tell those who fixed them.

Only what somebody fixed is warned of. What was chosen from the data fits as well as so many rows let it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lstm_forecasting.data.splits import window_starts
from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins.weights import parameter_count

MOST_PARAMETERS = 10
"""Parameters for each training window, from which on a network rather remembers than learns."""


@dataclass(frozen=True)
class SettingWarning:
    """What will not go well.

    Attributes:
        setting: name of the one to change.
        text: one sentence, with the setting and a way out in it.
    """

    setting: str
    text: str


@dataclass(frozen=True)
class _Doubt:
    """A sentence, and the settings that it is about, the one to blame first."""

    settings: tuple[str, ...]
    text: str


def setting_warnings(experiment: Experiment) -> tuple[SettingWarning, ...]:
    """The warnings about an experiment, each at the first of its settings that was fixed."""
    return tuple(
        SettingWarning(blamed[0], doubt.text)
        for rule in _RULES
        for doubt in rule(experiment)
        if (blamed := [name for name in doubt.settings if name in experiment.fixed])
    )


def training_windows(experiment: Experiment) -> int:
    """Windows of an epoch."""
    config = experiment.config
    return len(window_starts(experiment.split.train, config.look_back, config.horizon, config.stride))


def _look_back(experiment: Experiment) -> Iterator[_Doubt]:
    look_back, rows = experiment.config.look_back, len(experiment.split.train)
    if look_back > rows / 3:
        yield _Doubt(
            ("look_back",),
            f"look_back {look_back} is more than a third of the {rows:,} training rows, so that windows are "
            f"few and much alike; at most {max(1, rows // 3)} fits.",
        )
    if experiment.season > 1 and look_back < experiment.season:
        yield _Doubt(
            ("look_back",),
            f"look_back {look_back} is shorter than the season of {experiment.season} rows, so that no "
            "window holds a whole one.",
        )


def _horizon(experiment: Experiment) -> Iterator[_Doubt]:
    horizon = experiment.config.horizon
    validation, test = len(experiment.split.validation), len(experiment.split.test)
    if 0 < validation < horizon:
        yield _Doubt(
            ("horizon",),
            f"horizon {horizon} is longer than the {validation} validation rows, so that no epoch can be "
            f"told to be the best; at most {validation} fits.",
        )
    if test < 2 * horizon:
        yield _Doubt(
            ("horizon",),
            f"horizon {horizon} fits only once into the {test} test rows, which says little about how good "
            f"the forecasts are; at most {max(1, test // 2)} fits twice.",
        )


def _windows(experiment: Experiment) -> Iterator[_Doubt]:
    config, windows = experiment.config, training_windows(experiment)
    if config.batch_size > windows:
        yield _Doubt(
            ("batch_size",),
            f"batch_size {config.batch_size} is above the {_count(windows, 'training window')}, so that an "
            f"epoch is a single update; {max(1, windows // 8)} gives eight.",
        )
    if config.stride > config.look_back + config.horizon:
        yield _Doubt(
            ("stride",),
            f"stride {config.stride} is longer than a window of {config.look_back} + {config.horizon} rows, "
            "so that rows between the windows teach nothing.",
        )


def _network(experiment: Experiment) -> Iterator[_Doubt]:
    config, table, windows = experiment.config, experiment.table, training_windows(experiment)
    parameters = parameter_count(config, len(table.columns), len(table.targets))
    if parameters > MOST_PARAMETERS * windows:
        yield _Doubt(
            ("hidden_units", "layers", "bidirectional"),
            f"The network has {parameters:,} parameters for {_count(windows, 'training window')}, "
            "which it can remember one by one; fewer hidden_units or layers generalise better.",
        )
    if config.patch > 1 and config.steps == 1:
        yield _Doubt(
            ("patch", "look_back"),
            f"patch {config.patch} takes the whole look_back in one step, so that nothing is left to be "
            "remembered from step to step.",
        )


def _duration(experiment: Experiment) -> Iterator[_Doubt]:
    config = experiment.config
    if config.patience >= config.epochs > 1:
        yield _Doubt(
            ("patience", "epochs"),
            f"a training of {config.epochs} epochs is over before patience {config.patience} can end it.",
        )
    if config.schedule == "plateau" and 0 < config.patience <= config.plateau:
        yield _Doubt(
            ("plateau", "patience", "schedule"),
            f"patience {config.patience} ends the training before plateau {config.plateau} lowers the rate "
            "once; make plateau smaller than patience.",
        )
    updates = config.epochs * -(-training_windows(experiment) // config.batch_size)
    if config.schedule == "cosine" and config.warmup > updates:
        yield _Doubt(
            ("warmup", "epochs", "batch_size"),
            f"warmup {config.warmup} lasts longer than all {_count(updates, 'update')}, so that the rate "
            f"never reaches {config.learning_rate:g}.",
        )


_RULES: tuple[Callable[[Experiment], Iterator[_Doubt]], ...] = (
    _look_back,
    _horizon,
    _windows,
    _network,
    _duration,
)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
