"""Named arrays with a header as one safetensors file, written atomically.

Source: the format's description in the README of huggingface/safetensors.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from lstm_forecasting.records import from_json, to_json
from lstm_plugins.errors import InputError
from lstm_plugins.files import replace_file

FORMAT = 1
"""Increased when a header or a name of a tensor changes."""

_ENTRY = "lstm-tui"
Arrays = dict[str, NDArray[Any]]


def write_tensors(path: Path, header: Any, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes arrays with a header, a frozen dataclass that `lstm_forecasting.records` can write.

    Raises:
        OSError: the file cannot be written; an earlier file is unchanged.
    """
    text = json.dumps({"format": FORMAT, "kind": type(header).__name__, "header": to_json(header)})
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    replace_file(path, safetensors.numpy.save(contiguous, metadata={_ENTRY: text}))


def read_header(path: Path, *kinds: type) -> Any:
    """Reads the header of a file of one of these kinds, without the arrays.

    Raises:
        InputError: there is no such file, or it is damaged, foreign or of another kind.
    """
    with _opened(path) as file:
        return _header(str(path), file.metadata() or {}, kinds)


def read_tensors(path: Path, *kinds: type) -> tuple[Any, Arrays]:
    """Reads header and arrays of a file of one of these kinds.

    Raises:
        InputError: as `read_header`.
    """
    with _opened(path) as file:
        header = _header(str(path), file.metadata() or {}, kinds)
        return header, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping


def prefixed(group: str, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
    """The arrays under the names `group/name`."""
    return {f"{group}/{name}": array for name, array in arrays.items()}


def group_of(arrays: Mapping[str, NDArray[Any]], group: str) -> Arrays:
    """The arrays of a group, under their names without `group/`."""
    prefix = f"{group}/"
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    shown = str(path)
    try:
        # Opened first, since safetensors has other messages for missing and unreadable files.
        with path.open("rb"):
            pass
        with safetensors.safe_open(path, framework="numpy") as file:
            yield file
    except FileNotFoundError:
        raise InputError(f"There is no file {shown}; correct the path.") from None
    except OSError as error:
        raise InputError(f"{shown} cannot be read: {error.strerror or error}.") from None
    except safetensors.SafetensorError as error:
        raise InputError(
            f"{shown} is damaged, or not a safetensors file ({error}); use another checkpoint of the run."
        ) from None


def _header(shown: str, metadata: Mapping[str, str], kinds: tuple[type, ...]) -> Any:
    if _ENTRY not in metadata:
        raise InputError(
            f"{shown} was not written by lstm-tui; lstm-tui convert reads the LSTMs of other programs."
        )
    try:
        content = json.loads(metadata[_ENTRY])
        written, name = content["format"], content["kind"]
        if written != FORMAT:
            raise InputError(
                f"{shown} has format {written}, but this version of lstm-tui reads format {FORMAT}; use the "
                "version that wrote it."
            )
        kind = next((kind for kind in kinds if kind.__name__ == name), None)
        if kind is None:
            wanted = " or ".join(_words(kind.__name__) for kind in kinds)
            raise InputError(f"{shown} is {_words(name)} instead of {wanted}; name another file.")
        return from_json(kind, content["header"])
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"The header of {shown} is damaged ({error}); use another checkpoint.") from None


def _words(kind: str) -> str:
    words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in str(kind)).strip()
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"
