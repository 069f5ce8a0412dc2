"""`lstm-tui datasets`: what can be opened by name."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.table import Table
from rich.text import Text

from lstm_forecasting.data.catalogue import data_sets
from lstm_tui.cli import console
from lstm_tui.cli.tables import plain_table


@click.command(
    help="Lists the data sets that come with the program; lstm-tui and forecast open them by name."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array instead of a table.")
def command(as_json: bool) -> None:
    """Prints them."""
    sets = data_sets()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in sets], indent=2, ensure_ascii=False))
        return
    table: Table = plain_table("name", "frequency", "rows", "target", "what it is")
    table.columns[2].justify = "right"
    for one in sets:
        table.add_row(
            Text(one.name, style="bold"), one.frequency, f"{one.rows:,}", one.target, one.description
        )
    out = console.results()
    out.print(table)
    out.print("Licences and sources: lstm-tui datasets --json. To begin: lstm-tui forecast co2")
