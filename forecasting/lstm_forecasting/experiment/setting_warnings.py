"""Warnings about settings that are allowed but do not fit the data.

Only settings that the user fixed are warned about; inferred ones fit as well as the number of rows allows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lstm_forecasting.data.splits import window_starts
from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins.weights import parameter_count

MOST_PARAMETERS = 10
"""Parameters for each training window from which a network memorises rather than learns."""


@dataclass(frozen=True)
class SettingWarning:
    """A warning about a setting.

    Attributes:
        setting: name of the one to change.
        text: one sentence that names the setting and a remedy.
    """

    setting: str
    text: str


@dataclass(frozen=True)
class _Doubt:
    """A sentence, and the settings that it is about, the most responsible one first."""

    settings: tuple[str, ...]
    text: str


def setting_warnings(experiment: Experiment) -> tuple[SettingWarning, ...]:
    """The warnings about an experiment, each at the first of its settings that the user fixed."""
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
            f"look_back {look_back} is more than a third of the {rows:,} training rows, which leaves few and "
            f"similar windows; use at most {max(1, rows // 3)}.",
        )
    if experiment.season > 1 and look_back < experiment.season:
        yield _Doubt(
            ("look_back",),
            f"look_back {look_back} is shorter than the season of {experiment.season} rows, so no window "
            f"covers a whole season; use at least {experiment.season}.",
        )


def _horizon(experiment: Experiment) -> Iterator[_Doubt]:
    horizon = experiment.config.horizon
    validation, test = len(experiment.split.validation), len(experiment.split.test)
    if 0 < validation < horizon:
        yield _Doubt(
            ("horizon",),
            f"horizon {horizon} is longer than the {validation} validation rows, so the best epoch cannot be "
            f"determined; use at most {validation}.",
        )
    if test < 2 * horizon:
        yield _Doubt(
            ("horizon",),
            f"horizon {horizon} fits into the {test} test rows only once, which says little about the "
            f"quality of forecasts; use at most {max(1, test // 2)}.",
        )


def _windows(experiment: Experiment) -> Iterator[_Doubt]:
    config, windows = experiment.config, training_windows(experiment)
    if config.batch_size > windows:
        yield _Doubt(
            ("batch_size",),
            f"batch_size {config.batch_size} exceeds the {_count(windows, 'training window')}, so an epoch "
            f"is a single update; {max(1, windows // 8)} gives eight.",
        )
    if config.stride > config.look_back + config.horizon:
        yield _Doubt(
            ("stride",),
            f"stride {config.stride} is longer than a window of {config.look_back} + {config.horizon} rows, "
            "so rows between windows are never used.",
        )


def _network(experiment: Experiment) -> Iterator[_Doubt]:
    config, table, windows = experiment.config, experiment.table, training_windows(experiment)
    parameters = parameter_count(config, len(table.columns), len(table.targets))
    if parameters > MOST_PARAMETERS * windows:
        yield _Doubt(
            ("hidden_units", "layers", "bidirectional"),
            f"The network has {parameters:,} parameters and can memorise "
            f"{_count(windows, 'training window')}; fewer hidden_units or layers generalise better.",
        )
    if config.patch > 1 and config.steps == 1:
        yield _Doubt(
            ("patch", "look_back"),
            f"patch {config.patch} makes the whole look_back one step, so the LSTM has no earlier step to "
            "remember; use a smaller patch.",
        )


def _duration(experiment: Experiment) -> Iterator[_Doubt]:
    config = experiment.config
    if config.patience >= config.epochs > 1:
        yield _Doubt(
            ("patience", "epochs"),
            f"patience {config.patience} cannot end a training of {config.epochs} epochs early; use a "
            "smaller patience.",
        )
    if config.schedule == "plateau" and 0 < config.patience <= config.plateau:
        yield _Doubt(
            ("plateau", "patience", "schedule"),
            f"patience {config.patience} ends the training before plateau {config.plateau} lowers the "
            "learning rate; make plateau smaller than patience.",
        )
    updates = config.epochs * -(-training_windows(experiment) // config.batch_size)
    if config.schedule == "cosine" and config.warmup > updates:
        yield _Doubt(
            ("warmup", "epochs", "batch_size"),
            f"warmup {config.warmup} is longer than all {_count(updates, 'update')}, so the learning rate "
            f"never reaches {config.learning_rate:g}; use a shorter warmup.",
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
