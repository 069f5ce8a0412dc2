import json
import subprocess
import sys

import click
import pytest

from lstm_forecasting.data.options import READ_OPTIONS, ReadOptions
from lstm_tui.cli.command import Command
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import reading_flags, take_read_options

pytestmark = pytest.mark.exhaustive

WRITTEN = {
    "time_column": "when",
    "time_zone": "Europe/Berlin",
    "frequency": "15 minutes",
    "series_column": "store",
    "series": "Shop 1",
    "delimiter": "tab",
    "encoding": "latin-1",
    "missing_mark": "-999",
    "resample": "1h",
    "sheet": "Sales 2016",
    "query": "SELECT day, sales FROM shop",
    "minimum": "-2.5",
    "known": "price",
    "future": "later.csv",
    "country": "DE",
}


def parse(*arguments):
    @click.command(cls=Command)
    @flags(*reading_flags)
    def command(**values):
        options = take_read_options(values)
        assert values == {}
        return options

    return command.main(list(arguments), prog_name="it", standalone_mode=False)


def test_nothing_is_decided_unless_it_is_written():
    assert parse() == ReadOptions()


@pytest.mark.parametrize("option", READ_OPTIONS, ids=lambda option: option.name)
def test_every_option_has_a_flag(option):
    flag = f"--{option.name.replace('_', '-')}"
    text = option.choices[-1] if option.choices else WRITTEN[option.name]
    options = parse(flag, text)
    assert getattr(options, option.name) == option.parse(text)


def test_a_flag_of_yes_and_no_means_yes_alone():
    assert parse("--whole").whole == "yes"
    assert parse("--whole", "--minimum", "0").whole == "yes"
    assert parse("--whole", "no").whole == "no"
    assert parse().whole == "auto"


def test_names_may_be_given_several_times():
    assert parse("--series", "a", "--series", "b").series == ("a", "b")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--missing", "guess"], "'guess' is not one of carry, season, interpolate, refuse."),
        (["--time-zone", "Berlin"], "did you mean Europe/Berlin"),
        (["--frequency", "often"], "'often' is not a frequency; write secondly"),
        (["--delimiter", "abc"], "'abc' is neither tab"),
    ],
)
def test_what_an_option_cannot_be_is_a_usage_error_that_names_the_flag(arguments, words):
    with pytest.raises(click.BadParameter) as refused:
        parse(*arguments)
    assert words in refused.value.format_message()
    assert arguments[0] in refused.value.format_message()


def test_help_lists_them_apart(program):
    text = program.run("forecast", "--help").stdout
    order = [
        "\nOptions:",
        "--threads",
        "\nReading the data:",
        "--time-zone ZONE",
        "\nSettings of the LSTM:",
        "--seed",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def piped(program, content, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "lstm_tui", *arguments],
        cwd=program.folder,
        env=program.environment(),
        input=content,
        capture_output=True,
        timeout=600,
    )


def test_forecast_reads_standard_input_as_the_options_say(program, quick):
    text = (program.folder / "shop.csv").read_text().replace(".", "#").replace(",", "~").replace("#", ",")
    done = piped(
        program,
        text.encode("utf-16-le"),
        *("forecast", "-", "--backend", "numpy", "--json", *quick),
        *("--delimiter", "~", "--decimal", "comma", "--encoding", "utf-16-le"),
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["data"]["name"], found["data"]["source"]) == ("stdin", "standard input")
    assert "stdin is read as ~-separated text in utf-16-le." in found["decisions"]


def test_crosscheck_reads_standard_input_too(program):
    done = piped(program, b"date,x\n2016-01-01,1\n", "crosscheck", "-", "--backend", "numpy")
    assert done.returncode == 2
    assert done.stderr.decode().startswith("Error: Column 'date' has a single time")


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (b"", ["-"], "Error: Standard input is empty; pipe a table into it, or name a file."),
        (b"date,x\n1/2/16,1\n1/3/16,2\n", ["-"], "set date_order to day-first or month-first"),
        (b'{"a": 1}\n{"a": [2]}\n', ["-"], "Error: stdin, line 2, has an array in 'a'; use plain values"),
        (
            b"",
            ["shop.csv", "--series", "a"],
            "Error: shop.csv has no column that obviously names series",
        ),
        (
            b"",
            ["shop.csv", "--time-column", "dat"],
            "no column 'dat' to take as time_column; did you mean date?",
        ),
        (
            b"",
            ["shop.csv", "--frequency", "month ends"],
            "is not monthly (month ends) as requested: 2024-01-01",
        ),
        (
            b"",
            ["shop.csv", "--series-column", "none", "--series", "a"],
            "Error: series_column: none cannot be combined",
        ),
    ],
)
def test_bad_input_ends_with_2_and_one_sentence(program, content, arguments, words):
    done = piped(program, content, "forecast", *arguments, "--backend", "numpy")
    errors = done.stderr.decode()
    assert done.returncode == 2
    assert done.stdout == b""
    assert errors.count("\n") == 1
    assert words in errors


def test_options_of_reading_without_a_series_are_refused(program):
    done = program.run("crosscheck", "--decimal", "comma")
    assert done.returncode == 2
    assert "--decimal describes a probe of your own" in done.stderr
