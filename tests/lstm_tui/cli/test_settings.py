import click
import pytest

from lstm_plugins import SETTINGS
from lstm_tui.cli.command import Command
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import given_settings, setting_flags


def parse(*arguments):
    @click.command(cls=Command)
    @flags(*setting_flags)
    def command(**values):
        return given_settings(values)

    return command.main(list(arguments), prog_name="it", standalone_mode=False)


def test_nothing_is_fixed_unless_it_is_written():
    assert parse() == {}


def test_every_setting_has_a_flag_that_takes_its_default():
    for setting in SETTINGS:
        flag = f"--{setting.name.replace('_', '-')}"
        if setting.kind is bool:
            arguments = [flag if setting.default else flag.replace("--", "--no-", 1)]
        elif setting.several:
            arguments = [flag, ",".join(map(str, setting.default))]
        else:
            arguments = [flag, str(setting.default)]
        assert parse(*arguments) == {setting.name: setting.default}


@pytest.mark.parametrize(
    ("arguments", "fixed"),
    [
        (["--bidirectional"], {"bidirectional": True}),
        (["--no-bidirectional"], {"bidirectional": False}),
        (["--quantiles", "0.05, 0.5 0.95"], {"quantiles": (0.05, 0.5, 0.95)}),
        (["--learning-rate", "1"], {"learning_rate": 1.0}),
    ],
)
def test_values_have_the_settings_own_types(arguments, fixed):
    assert parse(*arguments) == fixed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--look-back", "many"], "'many' is not a whole number of at least 1"),
        (["--hidden-units", "0"], "0 is not a whole number of at least 1"),
        (["--attention", "self"], "'self' is not one of none, dot, general"),
        (["--quantiles", "0.9 0.1"], "not a rising list"),
    ],
)
def test_what_a_setting_cannot_be_is_a_usage_error_that_names_the_flag(arguments, words):
    with pytest.raises(click.BadParameter) as refused:
        parse(*arguments)
    assert words in refused.value.format_message()
    assert arguments[0] in refused.value.format_message()


def test_help_says_where_each_default_comes_from():
    @click.command(cls=Command)
    @flags(*setting_flags)
    def command(**values):
        pass

    text = " ".join(command.get_help(click.Context(command)).split())
    assert text.count("inferred from the data") == sum(setting.inferred for setting in SETTINGS)
    assert "Units of the hidden state, per layer and direction. [default: 32; at least 1]" in text
