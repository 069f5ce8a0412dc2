"""Converts the LSTM layers of a model file to another format."""

from dataclasses import dataclass
from pathlib import Path

from lstm_conformance.ports.formats import check_writable, file_content, read_lstm
from lstm_conformance.ports.lstm import LstmLayers
from lstm_plugins.errors import InputError
from lstm_plugins.files import write_file


@dataclass(frozen=True, eq=False)
class Conversion:
    """The LSTM of a file, and the file to which it was written."""

    source: Path
    destination: Path
    lstm: LstmLayers


def convert(source: Path, destination: Path, name: str | None = None) -> Conversion:
    """Reads the LSTM of a model file and writes it in another format; the file appears whole or not at all.

    Two biases are summed, and written as the sum and zeros if a format has two. An existing destination is
    replaced. `name` chooses one of several LSTMs.

    Raises:
        InputError: either file cannot be used.
    """
    check_writable(destination)
    if destination.exists() and source.exists() and destination.samefile(source):
        raise InputError(
            f"{str(destination)!r} is the model itself; its other layers would be lost, so name another file."
        )
    lstm = read_lstm(source, name)
    write_file(destination, file_content(lstm.weights, destination))
    return Conversion(source, destination, lstm)
