"""`lstm-tui convert IN OUT`: writes the LSTM of a model file in another format."""

from pathlib import Path

import click

from lstm_conformance.ports.conversion import convert
from lstm_conformance.ports.formats import READ, WRITTEN
from lstm_tui.cli import console
from lstm_tui.cli.command import Command
from lstm_tui.cli.options import json_option

lstm_option = click.option(
    "--lstm", "name", metavar="NAME", help="LSTM to read, if the model has several that are not one stack."
)


@click.command(
    cls=Command,
    help=f"Read the LSTM layers of a model file ({', '.join(READ)}) and write them in another format "
    f"({', '.join(WRITTEN)}), bit for bit. Other layers are left out. Nothing in the file is executed. The "
    "two biases of PyTorch and ONNX are added, and written as the sum and zeros.",
)
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("destination", metavar="OUT", type=click.Path(path_type=Path))
@lstm_option
@json_option
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
        console.print_json(described)
        return
    out = console.results()
    out.print(f"{destination} contains the LSTM {lstm.name} of {source}: {lstm.sentence}.")
    for note in lstm.notes:
        out.print(note)
