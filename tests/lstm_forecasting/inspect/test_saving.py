import numpy as np
import pytest

from lstm_forecasting.inspect.asking import inspect_batch
from lstm_forecasting.inspect.batches import next_batch
from lstm_forecasting.inspect.comparing import compare
from lstm_forecasting.inspect.saving import (
    batch_arrays,
    check_arrays_path,
    comparison_arrays,
    save_arrays,
    window_arrays,
)
from lstm_plugins.errors import InputError


def reread(arrays, path):
    save_arrays(arrays, path)
    with np.load(path, allow_pickle=False) as archive:
        found = {name: archive[name] for name in archive.files}
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
    return found


def test_all_arrays_of_a_window_can_be_computed_with_again(laboratory, tmp_path):
    inspected = laboratory.window("everything")
    found = reread(window_arrays(inspected), tmp_path / "window.npz")
    for layer in inspected.layers:
        f, i, g = (found[f"{layer.name}/{name}"] for name in ("forget", "input", "candidate"))
        cell = f * layer.previous_cell + i * g
        np.testing.assert_allclose(found[f"{layer.name}/cell"], cell, atol=1e-14)
        shown = found[f"{layer.name}/output"] * np.tanh(cell)
        np.testing.assert_allclose(found[f"{layer.name}/hidden"], shown, atol=1e-14)
        deltas = found[f"{layer.name}/preactivation_derivatives"]
        kernel = found[f"{layer.name}/inputs"].T @ deltas
        np.testing.assert_allclose(found[f"gradients/{layer.name}.kernel"], kernel, atol=1e-12)
        norms = np.linalg.norm(deltas, axis=1)
        np.testing.assert_allclose(found[f"contribution norms/{layer.name}.bias"], norms)
        hidden = np.linalg.norm(found[f"{layer.name}/hidden_derivatives"], axis=1)
        np.testing.assert_allclose(found[f"{layer.name}/norm of hidden_derivatives"], hidden)
    output = found["head_input"] @ found["weights/head.kernel"] + found["weights/head.bias"]
    np.testing.assert_allclose(found["output"].ravel(), output, atol=1e-14)
    assert found["attention"].shape == (4,)
    assert found["loss"] == inspected.loss


def test_two_backends_and_a_batch_are_saved_with_their_difference_and_mean(laboratory, tmp_path):
    one, other = laboratory.window("everything"), laboratory.window("everything", "torch")
    found = reread(comparison_arrays(compare(one, other)), tmp_path / "both.npz")
    for name in ("layer1.backward/cell", "attention", "prediction"):
        np.testing.assert_array_equal(
            found[f"difference/{name}"], found[f"other/{name}"] - found[f"one/{name}"]
        )
    subject = laboratory.subject("plain")
    batch = inspect_batch(subject, next_batch(subject), processes=laboratory.processes)
    found = reread(batch_arrays(batch), tmp_path / "batch.npz")
    mean = found["window gradients/head.kernel"].mean(axis=0)
    np.testing.assert_allclose(found["gradients/head.kernel"], mean, atol=1e-12)
    np.testing.assert_array_equal(found["starts"], batch.starts)


def test_where_nothing_can_be_saved_is_said(laboratory, tmp_path):
    with pytest.raises(InputError, match=r"saved as .npz, but .*window.csv' ends in '.csv'; use .npz"):
        check_arrays_path(tmp_path / "window.csv")
    with pytest.raises(InputError, match="There is no folder"):
        save_arrays({}, tmp_path / "nowhere" / "window.npz")
    assert not list(tmp_path.iterdir())
