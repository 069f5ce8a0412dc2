"""Warnings about settings that are allowed but do not fit the data.

Only settings that the user fixed are warned about; inferred ones fit as well as the number of rows allows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins.weights import parameter_count

MOST_PARAMETERS = 10
"""Parameters per training window above which a network memorises rather than learns."""


@dataclass(frozen=True)
class SettingWarning:
    """A warning about a setting.

    Attributes:
        setting: name of the one to change.
        text: one sentence that names the setting and a remedy.
    """

    setting: str
    text: str


def setting_warnings(experiment: Experiment) -> tuple[SettingWarning, ...]:
    """The warnings about an experiment, each at the first of its settings that the user fixed."""
    return tuple(
        SettingWarning(blamed[0], text)
        for settings, text in _doubts(experiment)
        if (blamed := [name for name in settings if name in experiment.fixed])
    )


def training_windows(experiment: Experiment) -> int:
    """Number of windows in an epoch."""
    return len(experiment.window_starts("train"))


def _doubts(experiment: Experiment) -> Iterator[tuple[tuple[str, ...], str]]:
    """The settings that a warning is about, the most responsible one first, and its text."""
    config, table, windows = experiment.config, experiment.table, training_windows(experiment)
    rows, validation, test = (
        len(part) for part in (experiment.split.train, experiment.split.validation, experiment.split.test)
    )
    if config.look_back > rows / 3:
        yield (
            ("look_back",),
            f"look_back {config.look_back} is more than a third of the {rows:,} training rows, which leaves "
            f"few and similar windows; use at most {max(1, rows // 3)}.",
        )
    if experiment.season > 1 and config.look_back < experiment.season:
        yield (
            ("look_back",),
            f"look_back {config.look_back} is shorter than the season of {experiment.season} rows, so no "
            f"window covers a whole season; use at least {experiment.season}.",
        )
    if 0 < validation < config.horizon:
        yield (
            ("horizon",),
            f"horizon {config.horizon} is longer than the {validation} validation rows, so the best epoch "
            f"cannot be determined; use at most {validation}.",
        )
    if test < 2 * config.horizon:
        yield (
            ("horizon",),
            f"horizon {config.horizon} fits into the {test} test rows only once, which says little about the "
            f"quality of forecasts; use at most {max(1, test // 2)}.",
        )
    if config.batch_size > windows:
        yield (
            ("batch_size",),
            f"batch_size {config.batch_size} exceeds the {_count(windows, 'training window')}, so an epoch "
            f"is a single update; {max(1, windows // 8)} gives eight.",
        )
    if config.stride > config.look_back + config.horizon:
        yield (
            ("stride",),
            f"stride {config.stride} is longer than a window of {config.look_back} + {config.horizon} rows, "
            "so rows between windows are never used.",
        )
    known = len(experiment.known_choice.names)
    parameters = parameter_count(config, experiment.features, len(table.targets), known)
    if parameters > MOST_PARAMETERS * windows:
        yield (
            ("hidden_units", "layers", "bidirectional"),
            f"The network has {parameters:,} parameters and can memorise "
            f"{_count(windows, 'training window')}; fewer hidden_units or layers generalise better.",
        )
    if config.patch > 1 and config.steps == 1:
        yield (
            ("patch", "look_back"),
            f"patch {config.patch} makes the whole look_back one step, so the LSTM has no earlier step to "
            "remember; use a smaller patch.",
        )
    if config.patience >= config.epochs > 1:
        yield (
            ("patience",),
            f"patience {config.patience} cannot end a training of {config.epochs} epochs early; use a "
            "smaller patience.",
        )
    if config.schedule == "plateau" and 0 < config.patience <= config.plateau:
        yield (
            ("plateau", "patience", "schedule"),
            f"patience {config.patience} ends the training before plateau {config.plateau} lowers the "
            "learning rate; make plateau smaller than patience.",
        )
    updates = config.epochs * -(-windows // config.batch_size)
    if config.schedule == "cosine" and config.warmup > updates:
        yield (
            ("warmup", "epochs", "batch_size"),
            f"warmup {config.warmup} is longer than all {_count(updates, 'update')}, so the learning rate "
            f"never reaches {config.learning_rate:g}; use a shorter warmup.",
        )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
