"""The form of all settings, built from their declarations."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Label

from lstm_forecasting.evaluation.intervals.levels import DEFAULT_LEVELS, LEVEL
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.setting_warnings import setting_warnings
from lstm_forecasting.presets.options import BUDGET, PRESET
from lstm_plugins import SETTINGS
from lstm_tui.kit.option_line import DATA_MARK, OWN_MARK, OptionLine


class SettingsForm(VerticalScroll, can_focus=False):
    """All settings under headings.

    Attributes:
        own: the settings that the user has set; the others are inferred or defaults.
    """

    DEFAULT_CSS = """
    SettingsForm {
        height: 1fr;
        scrollbar-size-vertical: 1;
        .heading { color: $primary; text-style: bold; margin-top: 1; }
        .heading.-first { margin-top: 0; }
    }
    """

    @dataclass
    class Changed(Message):
        """The user changed settings; those named in `mistaken` have invalid values."""

        own: Mapping[str, Any]
        mistaken: tuple[str, ...] = ()

    def __init__(self, own: Mapping[str, Any]) -> None:
        super().__init__()
        self.own: dict[str, Any] = dict(own)

    def compose(self) -> ComposeResult:
        """A heading and the lines of each group."""
        shown = (PRESET, BUDGET, *SETTINGS, LEVEL)
        for index, (title, settings) in enumerate(groupby(shown, lambda setting: setting.group)):
            yield Label(title, classes="heading -first" if index == 0 else "heading")
            for setting in settings:
                yield OptionLine(setting, eager=True)

    def field(self, name: str) -> OptionLine:
        """The line of a setting."""
        return self.query_one(f"#option-{name}", OptionLine)

    def show(self, experiment: Experiment) -> None:
        """Shows the settings of a plan with their sources and warnings."""
        values = {
            **vars(experiment.config),
            PRESET.name: experiment.preset,
            BUDGET.name: self.own.get(BUDGET.name),
            LEVEL.name: experiment.levels or DEFAULT_LEVELS,
        }
        warnings: dict[str, list[str]] = {}
        for warning in setting_warnings(experiment):
            warnings.setdefault(warning.setting, []).append(warning.text)
        for field in self.query(OptionLine):
            name = field.option.name
            field.accept()
            found = field.option.inferred or values[name] != field.option.default
            mark = OWN_MARK if name in self.own else DATA_MARK if found else ""
            field.show(values[name], mark)
            field.show_used(field.option.matters(values))
            field.show_warning(" ".join(warnings.get(name, [])))
            # Why the value was inferred, if it was.
            reasons = (text for text in experiment.decisions if text.startswith(f"{name} "))
            field.explain(next(reasons, ""))

    @property
    def warned(self) -> tuple[str, ...]:
        """Names of the settings with a warning."""
        return tuple(field.option.name for field in self.query(OptionLine) if field.warning)

    def show_conflict(self, name: str, message: str) -> None:
        """Shows below a setting that it conflicts with another one."""
        self.field(name).refuse(message)
        self.field(name).show_used(True)

    def back_to_data(self) -> None:
        """Resets all settings."""
        self.go_back_to({})
        self.post_message(self.Changed({}))

    def go_back_to(self, own: Mapping[str, Any]) -> None:
        """Replaces what the user has set and typed."""
        self.own = dict(own)
        for field in self.query(OptionLine):
            field.forget()

    @on(OptionLine.Changed)
    @on(OptionLine.Mistaken)
    def _changed(self, event: OptionLine.Changed | OptionLine.Mistaken) -> None:
        event.stop()
        if isinstance(event, OptionLine.Changed):
            if event.value is None:
                self.own.pop(event.name, None)
            else:
                self.own[event.name] = event.value
        # A value that conflicts with another one is valid; the plan finds out whether it still conflicts.
        lines = self.query(OptionLine)
        mistaken = tuple(line.option.name for line in lines if line.problem and not line.refused)
        self.post_message(self.Changed(dict(self.own), mistaken))
