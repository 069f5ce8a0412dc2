"""`lstm-tui settings`: every setting, its value in this folder, and where the value comes from."""

import difflib
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.text import Text

from lstm_tui.cli import console
from lstm_tui.cli.command import Command, configuration_of, origin
from lstm_tui.cli.configuration.files import PROJECT_FILE, shown, user_file
from lstm_tui.cli.configuration.keys import chosen_keys
from lstm_tui.cli.configuration.reading import Entry
from lstm_tui.cli.configuration.tables import TABLES, in_toml
from lstm_tui.cli.configuration.template import write_template
from lstm_tui.cli.configuration.variables import has_variable, options_of, unknown_variables, variable
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import file_flags, json_option
from lstm_tui.cli.program import load_command
from lstm_tui.cli.tables import plain_table
from lstm_tui.kit.actions import Action, by_id, with_keys
from lstm_tui.registry import ACTIONS, COMMANDS


class _Row(NamedTuple):
    """A setting: its table and key in configuration files, its value, and where the value comes from."""

    table: str
    key: str
    value: Any
    origin: Entry | str

    @property
    def source(self) -> str:
        return self.origin.place if isinstance(self.origin, Entry) else self.origin

    def as_json(self) -> dict[str, Any]:
        entry = self.origin if isinstance(self.origin, Entry) else None
        return {
            "table": self.table,
            "key": self.key,
            "value": self.value,
            "from": self.source,
            "file": str(entry.path) if entry else None,
            "line": entry.line if entry else None,
        }


@click.command(
    cls=Command,
    help="Show every setting of the program, its value in this folder, and where the value comes from: a "
    "flag, an environment variable, the project's file, your own file, the data, or the default. With flags, "
    "show what they would change.",
)
@click.option(
    "--init",
    is_flag=True,
    help=f"Write a file {PROJECT_FILE} into this folder, with every setting explained and commented out.",
)
@json_option
@flags(*file_flags)
def command(init: bool, as_json: bool, **_values: Any) -> None:
    """Prints the settings, or writes a configuration file."""
    actions: tuple[Action, ...] = importlib.import_module(ACTIONS).ACTIONS
    if init:
        write_template(Path(PROJECT_FILE), actions)
        click.echo(f"Wrote {PROJECT_FILE}; remove the # before each line that you want to set.")
        return
    context = click.get_current_context()
    files = configuration_of(context).files
    rows = sorted(
        [*_options(context), *_keys(context, actions)], key=lambda row: list(TABLES).index(row.table)
    )
    if as_json:
        console.print_json(
            {"files": [str(path) for path in files], "settings": [row.as_json() for row in rows]}
        )
        return
    table = plain_table("key", "value", "from")
    heading = ""
    for row in rows:
        if row.table != heading:
            heading = row.table
            table.add_row(Text(f"[{heading}]", style="bold"))
        value = "" if row.value is None else in_toml(row.value)
        table.add_row(f"  {row.key}", value, row.source)
    out = console.results()
    out.print(table)
    for line in _remarks(files):
        out.print(line)


def _options(context: click.Context) -> Iterator[_Row]:
    for flag in file_flags:
        where, inferred = origin(context, flag), flag.option.inferred
        value = context.params[flag.name or ""]
        if where is None and not inferred:
            value = flag.option.default
        elif isinstance(value, Path):
            value = str(value)
        yield _Row(*flag.place, None if value == () else value, where or ("data" if inferred else "default"))


def _keys(context: click.Context, actions: tuple[Action, ...]) -> Iterator[_Row]:
    entries = {entry.key: entry for entry in configuration_of(context).key_entries()}
    for name, action in by_id(with_keys(actions, chosen_keys(entries.values(), actions))).items():
        yield _Row("keys", name, action.keys.split(","), entries.get(name, "default"))


def _remarks(files: tuple[Path, ...]) -> Iterator[str]:
    if files:
        yield f"Files, the most specific first: {', '.join(map(shown, files))}"
    else:
        yield (
            "There is no configuration file for this folder; lstm-tui settings --init writes one, and "
            f"{user_file()} would apply to every folder."
        )
    yield "data: inferred from the data unless you set it."
    options = (option for name in ("", *COMMANDS) for option in options_of(load_command(name)))
    known = {variable(option) for option in options if has_variable(option)}
    for name in unknown_variables(known):
        close = difflib.get_close_matches(name, known, n=1)
        yield f"lstm-tui has no variable {name}" + (f"; did you mean {close[0]}?" if close else ".")
