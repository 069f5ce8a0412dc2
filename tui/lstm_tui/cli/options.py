"""The options that several commands share: each declared once, with its place in configuration files."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from lstm_forecasting.data.options import READ_OPTIONS, ReadOptions
from lstm_forecasting.data.series.splits import DEFAULT_FRACTIONS, split_by_fraction
from lstm_forecasting.evaluation.baselines.kinds import WANTED
from lstm_forecasting.evaluation.intervals.levels import LEVEL
from lstm_forecasting.presets.options import BUDGET, PRESET
from lstm_plugins import SETTINGS
from lstm_plugins.errors import InputError, OptionError
from lstm_plugins.options import Option, Range
from lstm_tui.cli.flags import Decorated, Flag, NameType
from lstm_tui.kit.theme_names import SHORT, find_theme

ALL = "all"
"""In place of the names of backends: all that are ready."""
SETTING, READING = "setting_", "reading_"
"""Prefixes of the parameters of settings and of read options."""


def _theme(name: str) -> str:
    try:
        find_theme(name)
    except InputError as error:
        raise ValueError(f"{str(error)[0].lower()}{str(error)[1:].rstrip('.')}") from None
    return name


def _shares(shares: tuple[float, ...]) -> tuple[float, ...]:
    if len(shares) != len(DEFAULT_FRACTIONS):
        raise ValueError
    try:
        split_by_fraction(1000, *shares)
    except InputError as error:
        raise ValueError(f"{str(error)[0].lower()}{str(error)[1:].rstrip('.')}") from None
    return shares


BACKENDS = Option(name="backends", kind=str, several=True, default=(), help="Backends to use", metavar="NAME")
TARGET = Option(
    name="target",
    kind=str,
    several=True,
    default=(),
    help="Column to forecast",
    metavar="COLUMN",
    inferred=True,
)
INPUT = Option(
    name="input",
    kind=str,
    several=True,
    default=(),
    help="Further column that a forecast sees",
    metavar="COLUMN",
)
SPLIT = Option(
    name="split",
    kind=float,
    several=True,
    default=DEFAULT_FRACTIONS,
    help="Shares of the rows for training, validation and test, in chronological order",
    expects="a list of three numbers that add up to 1",
    clean=_shares,
    metavar="TRAIN VALIDATION TEST",
)
THREADS = Option(name="threads", kind=int, default=1, range=Range(1), help="Threads of each backend")
MODEL = Option(
    name="model",
    kind=str,
    choices=WANTED,
    default=WANTED[0],
    help="Model whose forecast comes first and is saved; best: the LSTM or the baseline with the least error "
    "on the validation part",
)
THEME = Option(
    name="theme",
    kind=str,
    default=next(iter(SHORT)),
    help="Colours: dark, light, ansi (those of the terminal), or the name of a Textual theme",
    metavar="NAME",
    clean=_theme,
)
RUNS = Option(
    name="runs",
    kind=str,
    default=None,
    help="Folder of the runs; by default lstm-tui/runs in the user's data folder",
    metavar="FOLDER",
)

IN_FILES: Mapping[str, tuple[Option, ...]] = {
    "settings": SETTINGS,
    "data": (TARGET, INPUT, SPLIT, *READ_OPTIONS),
    "app": (BACKENDS, THREADS, PRESET, BUDGET, MODEL, LEVEL, THEME, RUNS),
}
"""The tables of a configuration file, with the options that each may have."""


def backend_flag(help: str) -> Flag:  # noqa: A002
    """Returns the flag `--backend NAME …`, which takes one or more short names, or "all"."""
    return Flag(
        BACKENDS, "--backend", "backends", table="app", type=NameType(), metavar="NAME ...|all", help=help
    )


target_flag = Flag(TARGET, "--target", "targets", table="data")
input_flag = Flag(INPUT, "--input", "inputs", table="data")
split_flag = Flag(
    SPLIT,
    "--split",
    "fractions",
    table="data",
    type=float,
    nargs=3,
    default=SPLIT.default,
    metavar=SPLIT.metavar,
    callback=lambda _context, _flag, value: _checked(SPLIT, value),
)
threads_flag = Flag(THREADS, table="app", default=THREADS.default)
offer_flag = Flag(
    MODEL,
    "--model",
    "offer",
    help="Model whose forecast comes first and is saved. [default: the one that the run offers]",
)
model_flag = Flag(MODEL, "--model", "offer", table="app", default=MODEL.default)
run_level_flag = Flag(
    LEVEL,
    "--level",
    "levels",
    default=(),
    help="Nominal coverage of the prediction intervals, in percent; by default that of the run.",
)
level_flag = Flag(LEVEL, "--level", "levels", table="app", default=())
preset_flag = Flag(PRESET, table="app")
budget_flag = Flag(BUDGET, table="app", callback=lambda _context, _flag, value: _checked(BUDGET, value))
theme_flag = Flag(THEME, table="app", default=THEME.default)
reading_flags = tuple(
    Flag(option, table="data", section="Reading the data", prefix=READING) for option in READ_OPTIONS
)
setting_flags = tuple(
    Flag(setting, table="settings", section="Settings of the LSTM", prefix=SETTING) for setting in SETTINGS
)


def plugin_options(decorated: Decorated) -> Decorated:
    """Adds `--no-plugins` and `--without NAME`."""
    decorated = click.option(
        "--without",
        type=NameType(),
        multiple=True,
        metavar="NAME",
        help="Disable a backend, or all backends of a distribution; may be repeated.",
    )(decorated)
    return click.option("--no-plugins", is_flag=True, help="Disable the backends of other distributions.")(
        decorated
    )


run_argument = click.argument("name", metavar="[RUN]", default="last")
"""The name or the folder of a run; the last one by default."""
detach_option = click.option(
    "--detach", is_flag=True, help="Train in the background; lstm-tui attach shows it again."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
computing_option = click.option(
    "--backend", metavar="NAME", help="Backend that computes. [default: the one that trained the weights]"
)
trained_by_option = click.option(
    "--trained-by", metavar="NAME", help="Backend of the run whose weights are used. [default: the best]"
)


def save_option(
    name: str, what: str, suffixes: Iterable[str], check: Callable[[Path], None]
) -> Callable[[Decorated], Decorated]:
    """Returns an option for the path of a file to write; `check` refuses a bad path before any work."""

    def checked(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
        if path is not None:
            check(path)
        return path

    return click.option(
        name,
        type=click.Path(path_type=Path),
        metavar="PATH",
        callback=checked,
        help=f"Save {what}: {', '.join(suffixes)}.",
    )


def named_read_options(values: Mapping[str, Any]) -> frozenset[str]:
    """Returns the names of the read options that the user gave, also those with the value of the default."""
    return frozenset(
        name.removeprefix(READING)
        for name, value in values.items()
        if name.startswith(READING) and value not in (None, ())
    )


def take_read_options(values: dict[str, Any]) -> ReadOptions:
    """Returns the read options that were given and removes them from a command's `values`.

    Raises:
        OptionError: two of them conflict.
    """
    named = named_read_options(values)
    given = {name: values.pop(name) for name in list(values) if name.startswith(READING)}
    return ReadOptions.from_dict({name: given[READING + name] for name in sorted(named)})


def given_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the settings that the user gave, by flag, variable or file."""
    settings = {
        name.removeprefix(SETTING): value for name, value in values.items() if name.startswith(SETTING)
    }
    return {name: value for name, value in settings.items() if value is not None}


def _checked(option: Option, value: Any) -> Any:
    try:
        return option.check(value)
    except OptionError as error:
        raise click.BadParameter(f"{error.message}.") from None


def _runs_folder() -> Path:
    from lstm_forecasting.runs.folder import runs_folder

    return runs_folder()


def _runs_flag(**default: Any) -> Flag:
    return Flag(
        RUNS,
        "--runs",
        "parent",
        table="app",
        type=click.Path(path_type=Path),
        metavar=RUNS.metavar,
        callback=lambda _context, _flag, path: path and path.expanduser(),
        **default,
    )


runs_flag = _runs_flag(default=_runs_folder)
app_runs_flag = _runs_flag()
"""The app looks for the usual folder only once it is painted; None without the flag."""
file_flags = (
    *(backend_flag("Backends to use."), threads_flag, preset_flag, budget_flag, model_flag),
    level_flag,
    *(theme_flag, app_runs_flag),
    *(target_flag, input_flag, split_flag, *reading_flags, *setting_flags),
)
"""The flags of all options that a configuration file may have."""
