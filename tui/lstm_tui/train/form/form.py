"""The form of all settings, made from the declarations in `lstm_plugins.config`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Label

from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.setting_warnings import setting_warnings
from lstm_plugins import SETTINGS, Option
from lstm_tui.kit.option_line import DATA_MARK, OWN_MARK, OptionLine, explanation


def grouped() -> dict[str, tuple[Option, ...]]:
    """Returns every setting, by the heading it stands under."""
    titles = dict.fromkeys(setting.group for setting in SETTINGS)
    return {title: tuple(setting for setting in SETTINGS if setting.group == title) for title in titles}


def _reason(experiment: Experiment, name: str) -> str:
    """Why the data gave a setting its value, where the user did not."""
    return next((text for text in experiment.decisions if text.startswith(f"{name} ")), "")


class SettingsForm(VerticalScroll, can_focus=False):
    """All settings under headings. It holds what the user wants changed; everything else follows the data."""

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
        """The settings that the user fixed are others now; some hold something that is no value."""

        own: Mapping[str, Any]
        mistaken: tuple[str, ...] = ()

    def __init__(self, own: Mapping[str, Any]) -> None:
        super().__init__()
        self.own: dict[str, Any] = dict(own)

    def compose(self) -> ComposeResult:
        """A heading and the fields of every group."""
        for index, (title, settings) in enumerate(grouped().items()):
            yield Label(title, classes="heading -first" if index == 0 else "heading")
            for setting in settings:
                yield OptionLine(setting, eager=True)

    def field(self, name: str) -> OptionLine:
        """The field of a setting."""
        return self.query_one(f"#option-{name}", OptionLine)

    def on_mount(self) -> None:
        """Explains the fields, as far as that needs no data."""
        for field in self.query(OptionLine):
            field.explain(explanation(field.option))

    def show(self, experiment: Experiment) -> None:
        """Shows complete settings that hold, the user's and those that follow the data, and warns of some."""
        config = experiment.config
        warnings: dict[str, list[str]] = {}
        for warning in setting_warnings(experiment):
            warnings.setdefault(warning.setting, []).append(warning.text)
        for field in self.query(OptionLine):
            name = field.option.name
            if field.has_class("-conflict"):
                field.remove_class("-conflict")
                field.show_problem("")
            mark = OWN_MARK if name in self.own else DATA_MARK if field.option.inferred else ""
            field.show(getattr(config, name), mark)
            field.show_used(field.option.matters(vars(config)))
            field.show_warning(" ".join(warnings.get(name, [])))
            field.explain(explanation(field.option, _reason(experiment, name)))

    @property
    def warned(self) -> tuple[str, ...]:
        """Names of the settings that are warned of."""
        return tuple(field.option.name for field in self.query(OptionLine) if field.warning)

    def show_conflict(self, name: str, message: str) -> None:
        """Puts the error of settings that do not go together under one of them."""
        field = self.field(name)
        field.add_class("-conflict")
        field.show_problem(message)
        field.show_used(True)

    def back_to_data(self) -> None:
        """Takes everything back that the user fixed."""
        self.go_back_to({})
        self.post_message(self.Changed({}))

    def go_back_to(self, own: Mapping[str, Any]) -> None:
        """Forgets what the user fixed and wrote since, because it belonged to another series."""
        self.own = dict(own)
        for field in self.query(OptionLine):
            field.remove_class("-conflict")
            field.forget()

    @on(OptionLine.Changed)
    def _changed(self, event: OptionLine.Changed) -> None:
        event.stop()
        if event.value is None:
            self.own.pop(event.name, None)
        else:
            self.own[event.name] = event.value
        self.post_message(self.Changed(dict(self.own), self._mistaken()))

    @on(OptionLine.Mistaken)
    def _field_mistaken(self, event: OptionLine.Mistaken) -> None:
        event.stop()
        self.field(event.name).remove_class("-conflict")
        self.post_message(self.Changed(dict(self.own), self._mistaken()))

    def _mistaken(self) -> tuple[str, ...]:
        # What conflicts with another setting is a value, and the plan finds out whether it still conflicts.
        fields = self.query(OptionLine)
        return tuple(one.option.name for one in fields if one.problem and not one.has_class("-conflict"))
