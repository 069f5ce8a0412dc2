"""The features of the program, as text: looking one up imports nothing of it.

A feature has one name, which is that of its folder. To remove a feature, remove its folder and its entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Feature:
    """One feature of the program.

    Attributes:
        name: its folder.
        title: its name for people.
        summary: one sentence that says what it shows or does.
        screen: class of its tab's screen, in its module `screen`; empty for a feature without a tab.
        commands: its commands, each with one line for `lstm-tui --help`.
    """

    name: str
    title: str
    summary: str
    screen: str = ""
    commands: Mapping[str, str] = field(default_factory=dict)

    def module(self, command: str) -> str:
        """Returns the module of a command: `command`, or, beside others, `check_command` for example."""
        single = len(self.commands) == 1 or command == self.name
        return f"lstm_tui.{self.name}.{'' if single else command.partition('-')[0] + '_'}command"


FEATURES = (
    Feature(
        "data",
        "Data",
        "The series, its columns, and how they are read.",
        "DataScreen",
        {
            "check": "list what to know about data before training on them",
            "datasets": "list the bundled data sets",
        },
    ),
    Feature(
        "train",
        "Train",
        "Choose settings and backends, train, and watch the loss.",
        "TrainScreen",
        {"train": "train on a series, forecast it, and save everything in a run"},
    ),
    Feature(
        "forecast",
        "Forecast",
        "The verdict, the test part, the future, and the scores.",
        "ForecastScreen",
        commands={"forecast": "train on a series and forecast it, without saving a run"},
    ),
    Feature(
        "backtest",
        "Backtest",
        "Forecasts from many origins, and their errors by step and over time.",
        "BacktestScreen",
        {"backtest": "forecast from many origins and compare models over time"},
    ),
    Feature(
        "crosscheck",
        "Cross-check",
        "Which step of a backend differs from the reference, and why.",
        "CrossCheckScreen",
        {"crosscheck": "find the first step at which a backend differs, and why"},
    ),
    Feature(
        "inspect",
        "Inspect",
        "Gates, states, gradients and weights of a trained network, in numbers.",
        "InspectScreen",
        {"inspect": "look inside a trained network: gates, gradients, weights"},
    ),
    Feature(
        "backends",
        "Backends",
        "Where each backend comes from, its state, and whether it is correct.",
        "BackendsScreen",
        {"backends": "list the backends and what each of them needs"},
    ),
    Feature(
        "learn",
        "Learn",
        "A course: what an LSTM is, with every number computed as you read.",
        "LearnScreen",
        {"learn": "read the course: what an LSTM is, with every number computed as you read"},
    ),
    Feature(
        "runs",
        "Runs",
        "Saved trainings: open, resume, compare, delete, and forecast with them.",
        commands={
            "runs": "list the runs; show, stop or delete one",
            "resume": "continue a run that was stopped or interrupted",
            "attach": "watch a run that another program trains",
            "predict": "forecast a later file with a trained model",
        },
    ),
    Feature(
        "settings",
        "Settings",
        "Every setting, its value, and where the value comes from.",
        commands={"settings": "show every setting and where its value comes from"},
    ),
    Feature(
        "ports",
        "Ports",
        "LSTMs of other programs and libraries: convert them, and check them against the reference.",
        commands={
            "convert": "convert the LSTM of a model file to another format",
            "check-lstm": "find the bug in a ported LSTM",
        },
    ),
)

TABS = tuple(feature for feature in FEATURES if feature.screen)
"""The features with a tab; the key of a tab is its place here, from 1."""

APP = "lstm_tui.app.command"
"""The module whose `command` opens the app, and whose `open_app` shows it."""
ACTIONS = "lstm_tui.app.actions"
"""The module whose `ACTIONS` are everything that keys do."""
COMMANDS = {name: summary for feature in FEATURES for name, summary in feature.commands.items()}
"""All commands, each with one line for help."""
MODULES = {name: feature.module(name) for feature in FEATURES for name in feature.commands}
"""The module of each command."""
