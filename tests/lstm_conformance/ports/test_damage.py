"""Files that are damaged, or made to do harm, are one sentence of bad input."""

import json
import os
import zipfile

import numpy as np
import pytest

from lstm_conformance.ports.damage import MOST_TEXT, read_text
from lstm_conformance.ports.formats import read_lstm
from lstm_plugins.errors import InputError

DESCRIPTION = {
    ".keras": "config.json",
    ".pt2": "m/data/weights/model_weights_config.json",
    ".npz": "layer0.forward.kernel.npy",
}


def zipped(path, name, content, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(name, content)
        archive.writestr("model.weights.h5", b"x")
    return path


def altered(path, *places):
    """The file with bytes of a local header and of the directory replaced."""
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\1\2")
    for local, central, value in places:
        content[local] = content[directory + central] = value
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("suffix", DESCRIPTION)
def test_an_encrypted_file_is_told(tmp_path, suffix):
    path = altered(zipped(tmp_path / f"a{suffix}", DESCRIPTION[suffix], b"{}"), (6, 8, 1))
    with pytest.raises(InputError, match=r"or it is damaged: .*encrypted"):
        read_lstm(path)


@pytest.mark.parametrize("suffix", DESCRIPTION)
def test_an_unknown_compression_is_told(tmp_path, suffix):
    path = altered(zipped(tmp_path / f"a{suffix}", DESCRIPTION[suffix], b"{}"), (8, 10, 97))
    with pytest.raises(InputError, match=r"or it is damaged: .*compression"):
        read_lstm(path)


@pytest.mark.parametrize("suffix", DESCRIPTION)
def test_packed_bytes_that_are_wrong_are_told(tmp_path, suffix):
    path = zipped(
        tmp_path / f"a{suffix}", DESCRIPTION[suffix], json.dumps(list(range(999))), zipfile.ZIP_DEFLATED
    )
    content = bytearray(path.read_bytes())
    begin = 30 + len(DESCRIPTION[suffix])
    content[begin : begin + 40] = bytes(byte ^ 0x77 for byte in content[begin : begin + 40])
    path.write_bytes(content)
    with pytest.raises(InputError, match="or it is damaged"):
        read_lstm(path)


@pytest.mark.parametrize("suffix", [".keras", ".pt2"])
def test_a_description_that_nests_too_deeply_is_told(tmp_path, suffix):
    path = zipped(tmp_path / f"a{suffix}", DESCRIPTION[suffix], "[" * 200_000, zipfile.ZIP_DEFLATED)
    with pytest.raises(InputError, match="or it is damaged"):
        read_lstm(path)


def test_a_description_that_unpacks_to_very_much_is_not_unpacked(tmp_path):
    path = zipped(tmp_path / "a.keras", "config.json", b" " * (MOST_TEXT + 1), zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < MOST_TEXT / 500
    with zipfile.ZipFile(path) as archive, pytest.raises(ValueError, match=r"config.json unpacks to 100,000"):
        read_text(archive, "config.json")
    with pytest.raises(InputError, match=r"or it is damaged: its config\.json unpacks to"):
        read_lstm(path)


def test_an_array_larger_than_any_memory_is_told(tmp_path):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({10**8}, {10**8}), }}".ljust(117) + "\n"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    path = zipped(tmp_path / "a.npz", "layer0.forward.kernel.npy", content)
    with pytest.raises(InputError, match="unpacks to more than fits into memory"):
        read_lstm(path)


@pytest.mark.parametrize(
    ("sizes", "strides"),
    [([2**32, 2**32], [0, 0]), ([2**40, 0], [0, 0]), ([-4, 4], [4, 1]), ([10**30, 4], [4, 1])],
)
def test_sizes_of_an_export_that_its_numbers_do_not_fill_are_told(tmp_path, sizes, strides):
    meta = {
        "dtype": 7,
        "sizes": [{"as_int": size} for size in sizes],
        "strides": [{"as_int": stride} for stride in strides],
        "storage_offset": {"as_int": 0},
    }
    entry = {"path_name": "w0", "use_pickle": False, "tensor_meta": meta}
    path = tmp_path / "a.pt2"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(DESCRIPTION[".pt2"], json.dumps({"config": {"weight_ih_l0": entry}}))
        archive.writestr("m/data/weights/w0", bytes(64))
    with pytest.raises(InputError, match="weight_ih_l0 has 16 numbers, but its sizes"):
        read_lstm(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
@pytest.mark.parametrize("suffix", DESCRIPTION)
def test_what_may_not_be_read_is_not_called_damaged(tmp_path, suffix):
    path = zipped(tmp_path / f"a{suffix}", DESCRIPTION[suffix], b"{}")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        read_lstm(path)


@pytest.mark.parametrize(("units", "inputs"), [(0, 0), (1, 0)])
def test_an_lstm_of_nothing_is_refused(tmp_path, units, inputs):
    arrays = {"kernel": (inputs, 4 * units), "recurrent": (units, 4 * units), "bias": (4 * units,)}
    np.savez(
        tmp_path / "a.npz", **{f"layer0.forward.{name}": np.zeros(shape) for name, shape in arrays.items()}
    )
    with pytest.raises(InputError, match="at least one unit and one input"):
        read_lstm(tmp_path / "a.npz")
