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

from lstm_forecasting.experiment.chosen import CHOSEN
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.setting_warnings import setting_warnings
from lstm_plugins import SETTINGS, SETTINGS_BY_NAME, Setting
from lstm_tui.train.form.field import SettingField
from lstm_tui.train.form.line import DATA_MARK, OWN_MARK

GROUPS = {
    "Window": ("look_back", "horizon", "patch", "stride", "normalisation"),
    "Network": ("hidden_units", "layers", "bidirectional", "attention", "dropout"),
    "Training": ("epochs", "patience", "batch_size", "loss", "quantiles"),
    "Optimizer": (
        "optimizer",
        "learning_rate",
        "momentum",
        "weight_decay",
        "schedule",
        "warmup",
        "plateau",
        "clip_norm",
    ),
}
REST = "Arithmetic"
"""Settings that no group names, so that a new one is never missing from the form."""

USED_WITH = {
    "quantiles": ("loss", "quantile"),
    "momentum": ("optimizer", "sgd"),
    "weight_decay": ("optimizer", "adamw"),
    "warmup": ("schedule", "cosine"),
    "plateau": ("schedule", "plateau"),
}
"""Settings that have an effect only beside a certain choice."""


def grouped() -> dict[str, tuple[Setting, ...]]:
    """Every setting, by the heading it stands under."""
    named = {name for names in GROUPS.values() for name in names}
    groups = {title: tuple(SETTINGS_BY_NAME[name] for name in names) for title, names in GROUPS.items()}
    groups[REST] = tuple(setting for setting in SETTINGS if setting.name not in named)
    return groups


def explanation(setting: Setting, reason: str = "") -> str:
    """What a setting is for, what it may be, and the reason for its present value, if there is one."""
    default = ", ".join(map(str, setting.default)) if setting.kind is tuple else setting.default
    if setting.kind is bool:
        default = "yes" if setting.default else "no"
    only = ""
    if setting.name in USED_WITH:
        only = "; used with {} {}".format(*USED_WITH[setting.name])
    text = f"{setting.help}{only}\n{setting.wanted}; default {default}"
    return f"{text}\n◆ {reason}" if reason else text


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
                yield SettingField(setting)

    def field(self, name: str) -> SettingField:
        """The field of a setting."""
        return self.query_one(f"#setting-{name}", SettingField)

    def on_mount(self) -> None:
        """Explains the fields, as far as that needs no data."""
        for field in self.query(SettingField):
            field.explain(explanation(field.setting))

    def show(self, experiment: Experiment) -> None:
        """Shows complete settings that hold, the user's and those that follow the data, and warns of some."""
        config = experiment.config
        warnings: dict[str, list[str]] = {}
        for warning in setting_warnings(experiment):
            warnings.setdefault(warning.setting, []).append(warning.text)
        for field in self.query(SettingField):
            name = field.setting.name
            if field.has_class("-conflict"):
                field.remove_class("-conflict")
                field.show_problem("")
            mark = OWN_MARK if name in self.own else DATA_MARK if name in CHOSEN else ""
            field.show(getattr(config, name), mark)
            other, value = USED_WITH.get(name, ("", ""))
            field.show_used(not other or getattr(config, other) == value)
            field.show_warning(" ".join(warnings.get(name, [])))
            field.explain(explanation(field.setting, _reason(experiment, name)))

    @property
    def warned(self) -> tuple[str, ...]:
        """Names of the settings that are warned of."""
        return tuple(field.setting.name for field in self.query(SettingField) if field.warning)

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
        for field in self.query(SettingField):
            field.remove_class("-conflict")
            field.forget()

    @on(SettingField.Changed)
    def _changed(self, event: SettingField.Changed) -> None:
        event.stop()
        if event.value is None:
            self.own.pop(event.name, None)
        else:
            self.own[event.name] = event.value
        self.post_message(self.Changed(dict(self.own), self._mistaken()))

    @on(SettingField.Mistaken)
    def _field_mistaken(self, event: SettingField.Mistaken) -> None:
        event.stop()
        self.field(event.name).remove_class("-conflict")
        self.post_message(self.Changed(dict(self.own), self._mistaken()))

    def _mistaken(self) -> tuple[str, ...]:
        # What conflicts with another setting is a value, and the plan finds out whether it still conflicts.
        fields = self.query(SettingField)
        return tuple(one.setting.name for one in fields if one.problem and not one.has_class("-conflict"))
