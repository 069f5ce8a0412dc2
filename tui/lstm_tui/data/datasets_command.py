"""`lstm-tui datasets`: lists the bundled data sets."""

from dataclasses import asdict

import click
from rich.text import Text

from lstm_forecasting.data.catalogue import data_sets
from lstm_tui.cli import console
from lstm_tui.cli.command import Command
from lstm_tui.cli.options import json_option
from lstm_tui.cli.tables import plain_table


@click.command(cls=Command, help="List the bundled data sets. Commands that take a series open them by name.")
@json_option
def command(as_json: bool) -> None:
    """Prints the data sets."""
    sets = data_sets()
    if as_json:
        console.print_json([asdict(one) for one in sets])
        return
    table = plain_table("name", "frequency", "rows", "target", "description")
    table.columns[2].justify = "right"
    for one in sets:
        table.add_row(
            Text(one.name, style="bold"), one.frequency, f"{one.rows:,}", one.target, one.description
        )
    out = console.results()
    out.print(table)
    out.print("Licences and sources: lstm-tui datasets --json. To begin: lstm-tui forecast co2")
