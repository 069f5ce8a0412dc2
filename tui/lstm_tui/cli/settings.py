"""A flag for every setting of a forecaster, made from the one place where settings are declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from lstm_forecasting.experiment.chosen import CHOSEN
from lstm_plugins import SETTINGS, ConfigError, Setting
from lstm_tui.cli.configuration.tables import SETTING
from lstm_tui.cli.configured import Configured
from lstm_tui.cli.sections import InSections, SectionOption


class SettingType(click.ParamType[Any]):
    """What may be written after a setting's flag."""

    def __init__(self, setting: Setting) -> None:
        self.name = setting.name
        self._setting = setting

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Its choices, or what kind of value it is."""
        words = {int: "N", float: "X", tuple: "LEVELS"}
        return words.get(self._setting.kind) or "|".join(self._setting.choices)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value in the setting's own type."""
        if not isinstance(value, str):
            return value
        try:
            return self._setting.parse(value)
        except ConfigError as error:
            self.fail(error.message, param, ctx)


class SettingOption(SectionOption):
    """The flag of a setting."""

    section = "Settings of the LSTM"


class TakesSettings(InSections, Configured):
    """A command with a flag for every setting, which its help lists apart from its own options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(setting_options())


def setting_options() -> list[SettingOption]:
    """One option for each setting, in the order of declaration, none with a value of its own."""
    return [_option(setting) for setting in SETTINGS]


def fixed_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that the user gave, by flag, variable or file, by name."""
    given = {name.removeprefix(SETTING): value for name, value in values.items() if name.startswith(SETTING)}
    return {name: value for name, value in given.items() if value is not None}


def _option(setting: Setting) -> SettingOption:
    flag = setting.name.replace("_", "-")
    names = [f"--{flag}", SETTING + setting.name]
    if setting.kind is bool:
        names[0] = f"--{flag}/--no-{flag}"
        return SettingOption(names, is_flag=True, default=None, help=_help(setting))
    return SettingOption(names, type=SettingType(setting), default=None, help=_help(setting))


def _help(setting: Setting) -> str:
    default = setting.default
    if setting.name in CHOSEN:
        words = "chosen from the data"
    elif isinstance(default, bool):
        words = "yes" if default else "no"
    elif isinstance(default, tuple):
        words = ", ".join(f"{level:g}" for level in default)
    else:
        words = f"{default:g}" if isinstance(default, float) else str(default)
    limits = f"; {setting.range}" if setting.range else ""
    return f"{setting.help[0].upper()}{setting.help[1:]}. [default: {words}{limits}]"
