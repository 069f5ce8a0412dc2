"""Named arrays with a header as one safetensors file, which appears whole or not at all.

Source: the format's description in the README of huggingface/safetensors.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from lstm_forecasting.records import plain, record
from lstm_plugins.errors import InputError
from lstm_plugins.files import replace_file

FORMAT = 1
"""Raised when a header or a name of a tensor changes."""

_ENTRY = "lstm-tui"
Arrays = dict[str, NDArray[Any]]


def write_tensors(path: Path, header: Any, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes arrays with a header.

    Args:
        path: where to.
        header: a frozen dataclass that `lstm_forecasting.records` can write.
        arrays: by name.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    text = json.dumps({"format": FORMAT, "kind": type(header).__name__, "header": plain(header)})
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    replace_file(path, safetensors.numpy.save(contiguous, metadata={_ENTRY: text}))


def read_header(path: Path, kind: type) -> Any:
    """The header of a file of this kind, without reading its arrays.

    Raises:
        InputError: there is no such file, or it is damaged, foreign or of another kind.
    """
    return _read(path, kind, with_arrays=())[0]


def read_tensors(path: Path, kind: type) -> tuple[Any, Arrays]:
    """Header and arrays of a file of this kind.

    Raises:
        InputError: as `read_header`.
    """
    return _read(path, kind, with_arrays=None)


def kind_of(path: Path) -> str:
    """Name of the dataclass that is a file's header; raises as `read_header`."""
    with _opened(path) as file:
        return str(_content(str(path), file.metadata() or {})["kind"])


def _read(path: Path, kind: type, with_arrays: tuple[str, ...] | None) -> tuple[Any, Arrays]:
    with _opened(path) as file:
        header = _header(str(path), file.metadata() or {}, kind)
        names = file.keys() if with_arrays is None else with_arrays
        return header, {name: file.get_tensor(name) for name in names}


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    shown = str(path)
    try:
        # A first look, since safetensors tells of a missing or forbidden file only in its own words.
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
            f"{shown} is damaged, or no safetensors file ({error}); use another checkpoint of the run."
        ) from None


def _content(shown: str, metadata: Mapping[str, str]) -> Any:
    if _ENTRY not in metadata:
        raise InputError(
            f"{shown} holds tensors, but not lstm-tui's; the LSTM of another program is read by "
            "lstm-tui convert."
        )
    try:
        content = json.loads(metadata[_ENTRY])
        written = content["format"]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"The header of {shown} is damaged ({error}); use another checkpoint.") from None
    if written != FORMAT:
        raise InputError(
            f"{shown} has format {written}, but this version of lstm-tui reads format {FORMAT}; use the "
            "version that wrote it."
        )
    return content


def _header(shown: str, metadata: Mapping[str, str], kind: type) -> Any:
    content = _content(shown, metadata)
    try:
        if content["kind"] != kind.__name__:
            raise InputError(
                f"{shown} holds {_words(content['kind'])} and not {_words(kind.__name__)}; name another file."
            )
        return record(kind, content["header"])
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"The header of {shown} is damaged ({error}); use another checkpoint.") from None


def _words(kind: str) -> str:
    words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in str(kind)).strip()
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"
