import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lstm_forecasting.processes.arrays import map_array, read_arrays, write_array, write_arrays


@given(
    hnp.arrays(st.sampled_from([np.float32, np.float64, np.int64]), hnp.array_shapes(min_side=0, max_dims=4))
)
def test_arrays_come_back_bit_by_bit(tmp_path_factory, array):
    path = tmp_path_factory.mktemp("arrays") / "array.npy"
    write_array(path, array)
    mapped = map_array(path)
    assert mapped.dtype == array.dtype
    assert mapped.shape == array.shape
    assert mapped.tobytes() == array.tobytes()


def test_an_array_is_not_there_before_it_is_whole(tmp_path, monkeypatch):
    path = tmp_path / "array.npy"
    write_array(path, np.zeros(3))

    def dies(file, array, allow_pickle):
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(np, "save", dies)
    with pytest.raises(OSError, match="disk full"):
        write_array(path, np.ones(3))
    assert map_array(path).tolist() == [0.0, 0.0, 0.0]


def test_a_mapped_array_is_read_only_and_outlives_its_file(tmp_path):
    path = tmp_path / "array.npy"
    write_array(path, np.arange(100_000.0))
    mapped = map_array(path)
    path.unlink()
    assert mapped.sum() == 99_999 * 50_000
    with pytest.raises(ValueError, match="read-only"):
        mapped[0] = 1.0


def test_views_that_are_not_contiguous_are_written(tmp_path):
    path = tmp_path / "array.npy"
    array = np.arange(24.0).reshape(2, 3, 4).transpose(2, 0, 1)[::2]
    write_array(path, array)
    assert np.array_equal(map_array(path), array)


def test_objects_are_never_read(tmp_path):
    path = tmp_path / "array.npy"
    np.save(path, np.array([os.system], object), allow_pickle=True)
    with pytest.raises(ValueError, match="Python objects"):
        map_array(path)


arrays = hnp.arrays(
    st.sampled_from([np.float32, np.float64, np.int64]), hnp.array_shapes(min_dims=0, min_side=0, max_dims=3)
)


@given(st.dictionaries(st.just("file") | st.just("full batch/layer0.forward.kernel"), arrays))
def test_named_arrays_come_back_bit_by_bit_and_in_order(tmp_path_factory, named):
    path = tmp_path_factory.mktemp("arrays") / "named.npz"
    write_arrays(path, named)
    read = read_arrays(path)
    assert list(read) == list(named)
    for name, array in named.items():
        assert read[name].dtype == array.dtype
        assert read[name].shape == array.shape
        assert read[name].tobytes() == array.tobytes()


def test_named_arrays_are_not_there_before_they_are_whole(tmp_path):
    path = tmp_path / "named.npz"
    write_arrays(path, {"loss": np.ones(3)})
    with pytest.raises(ValueError, match="Object arrays"):
        write_arrays(path, {"loss": np.zeros(3), "model": np.array([os.system], object)})
    assert read_arrays(path)["loss"].tolist() == [1.0, 1.0, 1.0]
