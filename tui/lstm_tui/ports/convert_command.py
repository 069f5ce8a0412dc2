"""`lstm-tui convert IN OUT`: the LSTM of a model file in another format."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lstm_conformance.ports.conversion import convert
from lstm_conformance.ports.formats import READ, WRITTEN
from lstm_tui.cli import console

lstm_option = click.option(
    "--lstm", "name", metavar="NAME", help="Which LSTM, where the model has several that are not one stack."
)


@click.command(
    help=f"Reads the LSTM layers of a model file ({', '.join(READ)}) and writes them in another format "
    f"({', '.join(WRITTEN)}), bit for bit; other layers of the model are left out. Nothing of the file is "
    "executed. PyTorch's and ONNX' two biases are summed, and written as the sum and zeros."
)
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("destination", metavar="OUT", type=click.Path(path_type=Path))
@lstm_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a sentence.")
def command(source: Path, destination: Path, name: str | None, as_json: bool) -> None:
    """Writes the file."""
    done = convert(source, destination, name)
    lstm = done.lstm
    if as_json:
        described = {
            "source": str(source),
            "destination": str(destination),
            "lstm": lstm.name,
            "layers": lstm.layers,
            "bidirectional": lstm.bidirectional,
            "hidden_units": lstm.hidden_units,
            "inputs": lstm.features,
            "notes": list(lstm.notes),
        }
        click.echo(json.dumps(described, indent=2, ensure_ascii=False))
        return
    out = console.results()
    out.print(f"{destination} holds the LSTM {lstm.name} of {source}: {lstm.sentence}.")
    for note in lstm.notes:
        out.print(note)
