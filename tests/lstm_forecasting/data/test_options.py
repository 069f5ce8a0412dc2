import json
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.options import (
    DEFAULT_OPTIONS,
    DELIMITERS,
    READ_OPTIONS,
    READ_OPTIONS_BY_NAME,
    ReadOptions,
)
from lstm_forecasting.data.raw_table import tidy_title
from lstm_plugins.errors import InputError, OptionError
from lstm_plugins.options import Option

NAMES = st.lists(st.text(min_size=1, max_size=5).filter(lambda name: name != "none"), unique=True, max_size=3)
TEXTS = {
    "time_column": st.sampled_from(["none", "date", "a b"]),
    "time_zone": st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
    "resample": st.sampled_from(["1h", "daily", "monthly"]),
    "frequency": st.sampled_from(["hourly", "15min", "business days", "month ends", "monthly"]),
    "delimiter": st.sampled_from([*DELIMITERS, *DELIMITERS.values(), "~", "^"]),
    "query": st.just("SELECT day, sales FROM shop"),
    "sheet": st.sampled_from(["Sheet1", "Sales 2016"]),
    "encoding": st.sampled_from(["utf-8", "latin-1", "UTF-16", "cp1252"]),
    "minimum": st.sampled_from(["auto", "none", "0", "-2.5", "1e-3"]),
    "future": st.sampled_from(["next.csv", "/data/prices of next week.csv"]),
    "country": st.sampled_from(["US", "DE-BY"]),
}


@st.composite
def some_options(draw: st.DrawFn) -> ReadOptions:
    values = {}
    for option in READ_OPTIONS:
        if draw(st.booleans()):
            words = st.sampled_from(option.choices) if option.choices else TEXTS.get(option.name)
            values[option.name] = draw(NAMES if option.several else words)  # type: ignore[arg-type]
    if "missing_mark" in values:
        values["missing_mark"] = draw(st.sampled_from([["none"], ["-999"], ["-200", "9999"]]))
    if "resample" in values:
        values.pop("frequency", None)
    if "country" in values:
        values.pop("calendar", None)
    return ReadOptions(**values)


@given(some_options())
def test_options_survive_json(options: ReadOptions) -> None:
    assert ReadOptions.from_dict(json.loads(json.dumps(options.to_dict()))) == options


CHOICES = {"missing_indicator", "difference", "unit_change", "minimum", "whole", "transform", "calendar"}
"""Options whose default is a choice in words."""


def test_the_defaults_leave_everything_open() -> None:
    assert DEFAULT_OPTIONS == ReadOptions() == ReadOptions.from_dict({})
    left_open = {option.name for option in READ_OPTIONS if option.default in (None, ())}
    assert set(READ_OPTIONS_BY_NAME) - left_open == {"missing", "duplicates", "aggregate", *CHOICES}


def test_every_option_says_what_it_is_for_and_what_may_be_written() -> None:
    for option in READ_OPTIONS:
        assert option.help[0].isupper()
        assert not option.help.endswith(".")
        assert bool(option.choices) != bool(option.metavar)
        assert option.check(option.default) == option.default


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("delimiter", "semicolon", ";"),
        ("delimiter", "TAB", "\t"),
        ("delimiter", "~", "~"),
        ("encoding", "Latin-1", "iso8859-1"),
        ("series", "Shop 1", ("Shop 1",)),
        ("missing", "refuse", "refuse"),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("known", "price, promotion", ("price", "promotion")),
        ("country", "us_ca", "US-CA"),
    ],
)
def test_what_a_person_writes(name: str, written: str, meant: str) -> None:
    assert READ_OPTIONS_BY_NAME[name].parse(written) == meant


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"missing": "guess"},
            r"missing: 'guess' is not one of carry, season, interpolate, refuse\.",
        ),
        ({"missing": None}, "missing: None is not one of"),
        (
            {"duplicates": "median"},
            "duplicates: 'median' is not one of refuse, first, last, mean, sum",
        ),
        ({"date_order": "dmy"}, "'dmy' is not one of day-first, month-first, year-first"),
        ({"decimal": ","}, "decimal: ',' is not one of point, comma"),
        ({"time_zone": "Berlin"}, r"no time zone 'Berlin'; did you mean Europe/Berlin\?"),
        ({"time_zone": "xyzzy123"}, "write it like Europe/Berlin, or UTC"),
        ({"time_zone": "../../etc/passwd"}, "there is no time zone"),
        ({"time_zone": "\x00"}, "there is no time zone"),
        ({"country": "Germany"}, r"country: there are no holidays for 'Germany'; did you mean DE\?"),
        ({"country": "US", "calendar": "never"}, "country: holidays belong to the calendar, which is set"),
        ({"frequency": "now and then"}, "frequency: 'now and then' is not a frequency; write"),
        ({"delimiter": ""}, "delimiter: '' is not a text"),
        ({"delimiter": "::"}, "'::' is neither tab, semicolon, bar, comma nor a single other character"),
        ({"delimiter": "."}, "'.' is neither"),
        ({"delimiter": "a"}, "'a' is neither"),
        ({"encoding": "hex"}, "encoding: there is no encoding 'hex'; write it like utf-8"),
        ({"encoding": "klingon"}, "there is no encoding 'klingon'"),
        ({"time_column": 3}, "time_column: 3 is not a text"),
        ({"series": "a"}, "series: 'a' is not a list of names"),
        ({"series": ["a", ""]}, "is not a list of names"),
        ({"series": ["a", "b", "a"]}, "series: 'a' is named twice"),
        ({"series_column": ["none"], "series": ["a"]}, "series_column: none cannot be combined"),
        (
            {"sep": ";"},
            "sep: there is no such option of reading; there are missing, missing_indicator, missing_mark",
        ),
    ],
)
def test_what_an_option_cannot_be_is_told_in_one_sentence(values: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message) as refusal:
        ReadOptions.from_dict(values)
    assert isinstance(refusal.value, InputError)
    assert "\n" not in str(refusal.value)
    told = f"{refusal.value.option}: {refusal.value.message}"
    assert str(refusal.value) == (told if told.endswith("?") else f"{told}.")
    assert str(pickle.loads(pickle.dumps(refusal.value))) == str(refusal.value)  # noqa: S301


@given(st.text(), st.sampled_from([option for option in READ_OPTIONS if not option.choices]))
def test_any_text_is_taken_or_refused_as_an_option(text: str, option: Option) -> None:
    try:
        value = option.parse(text)
    except OptionError:
        return
    assert option.check(value) == value


def test_importing_the_options_loads_neither_polars_nor_numpy() -> None:
    program = (
        "import sys, lstm_forecasting.data.options; "
        "print([name for name in ('polars', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.lists(st.text(min_size=1, max_size=8).map(tidy_title).filter(bool), unique=True, max_size=4))
def test_names_on_one_line_are_read_as_they_were_written(names: list[str]) -> None:
    option = READ_OPTIONS_BY_NAME["series"]
    assert option.parse(option.text(tuple(names))) == tuple(names)


def test_a_person_may_quote_names_and_leave_spaces() -> None:
    assert READ_OPTIONS_BY_NAME["delimiter"].parse(" tab ") == "\t"
    assert READ_OPTIONS_BY_NAME["series"].parse('Berlin, "Shop 1, north"') == ("Berlin", "Shop 1, north")
    with pytest.raises(OptionError, match="not a list of names"):
        READ_OPTIONS_BY_NAME["series"].parse("Berlin,,Paris")
