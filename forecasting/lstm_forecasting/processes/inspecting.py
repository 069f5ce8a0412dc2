"""Computes the values inside a window, or the gradients of windows, as named arrays.

`lay_open` returns the members of the `Trace` of one window under their own names, with their batch axis:
`inputs`, `center`, `scale`, `head_input`, `output`, `prediction`, `attention` if there is one; for each layer
and direction `layer0.forward/forget` and so on, with derivatives such as `layer0.forward/hidden_derivatives`;
and `loss` and `gradients/NAME` for every weight array. `differentiate` returns `loss` and `gradients/NAME` of
a batch, and `losses` and `window gradients/NAME` of each window, with the axis of windows first.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.observing import prefixed
from lstm_conformance.recomputing import GATE_VALUES
from lstm_forecasting.processes.arrays import map_array, write_arrays
from lstm_forecasting.processes.messages import Differentiate, Inspect, Inspected
from lstm_forecasting.processes.work import prepared
from lstm_plugins import Backend, Forecaster, Starts, UnsupportedError
from lstm_plugins.records import LayerTrace

Arrays = dict[str, NDArray[Any]]

GRADIENTS, WINDOW_GRADIENTS = "gradients", "window gradients"
DERIVATIVES = ("preactivation", "hidden", "cell")


def inspected(backend: Backend, request: Inspect | Differentiate, threads: int) -> Inspected:
    """Answers the request with arrays in a file of its folder.

    Raises:
        ForecasterError: as in the contract.
        InputError: the weights are damaged.
    """
    forecaster, _ = prepared(backend, request, threads)
    if isinstance(request, Inspect):
        arrays = lay_open(forecaster, request.start)
    else:
        arrays = differentiate(forecaster, np.array(map_array(Path(request.starts))))
    path = Path(request.results) / "inside.npz"
    write_arrays(path, arrays)
    return Inspected(str(path))


def lay_open(forecaster: Forecaster, start: int) -> Arrays:
    """All values inside the window that starts at a row, with its loss and gradients.

    Raises:
        ForecasterError: as in the contract; for example, the trace has no derivatives.
    """
    starts = np.array([start], np.int64)
    trace = forecaster.trace(starts, derivatives=True)
    loss, gradients = forecaster.loss_and_gradients(starts)
    arrays: Arrays = {name: getattr(trace.windows, name) for name in ("inputs", "center", "scale")}
    for layer in trace.layers:
        arrays |= _layer(layer)
    if trace.attention is not None:
        arrays["attention"] = trace.attention
    arrays |= {name: getattr(trace, name) for name in ("head_input", "output", "prediction")}
    return arrays | {"loss": np.asarray(loss)} | prefixed(GRADIENTS, gradients)


def differentiate(forecaster: Forecaster, starts: Starts) -> Arrays:
    """The gradient of every window, and of all of them as one batch, without dropout."""
    loss, gradients = forecaster.loss_and_gradients(starts)
    alone = [forecaster.loss_and_gradients(starts[n : n + 1]) for n in range(len(starts))]
    stacked = {name: np.stack([found[name] for _, found in alone]) for name in gradients}
    losses = np.array([one for one, _ in alone], np.float64)
    whole = {"loss": np.asarray(loss), "losses": losses}
    return whole | prefixed(GRADIENTS, gradients) | prefixed(WINDOW_GRADIENTS, stacked)


def _layer(layer: LayerTrace) -> Arrays:
    if layer.derivatives is None:
        raise UnsupportedError("its trace has no derivatives")
    place = f"layer{layer.layer}.{layer.direction}"
    arrays = {f"{place}/{name}": getattr(layer, name) for name in ("inputs", *GATE_VALUES)}
    return arrays | {f"{place}/{name}_derivatives": getattr(layer.derivatives, name) for name in DERIVATIVES}
