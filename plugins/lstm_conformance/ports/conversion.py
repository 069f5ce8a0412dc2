"""Converts the LSTM layers of a model file to another format."""

from dataclasses import dataclass
from pathlib import Path

from lstm_conformance.ports.formats import check_writable, file_content, read_lstm
from lstm_conformance.ports.lstm import LstmLayers
from lstm_plugins.errors import InputError
from lstm_plugins.files import write_file


@dataclass(frozen=True, eq=False)
class Conversion:
    """What was written.

    Attributes:
        source: the file that was read.
        destination: the file that was written.
        lstm: what both hold.
    """

    source: Path
    destination: Path
    lstm: LstmLayers


def convert(source: Path, destination: Path, name: str | None = None) -> Conversion:
    """Reads the LSTM of a model file and writes it in another format; the file appears whole or not at all.

    Two biases are summed, and written as the sum and zeros where a format has two.

    Args:
        source: see `formats.READ`.
        destination: see `formats.WRITTEN`; replaced when it exists.
        name: which LSTM, where the file holds several.

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
