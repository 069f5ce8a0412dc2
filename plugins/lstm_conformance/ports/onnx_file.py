"""Reads and writes ONNX: the LSTM nodes of a model with their initializers W, R and B."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lstm_conformance.ports.lstm import Candidates, LstmLayers, library, without_bias
from lstm_conformance.ports.onnx_nodes import LstmNode, OnnxGraph, layer_of, notes_on, read_graph, stacks
from lstm_plugins.errors import InputError
from lstm_plugins.layouts import OnnxLayer, from_onnx, to_onnx
from lstm_plugins.weights import Array, Weights

_OPSET, _IR = 17, 8
"""Old enough for all runtimes in use, and new enough for what is written here."""


def lstms(path: Path) -> Candidates:
    """The stacks of LSTM nodes of a file.

    Raises:
        InputError: it is damaged, or holds none.
    """
    graph = read_graph(path)
    if not graph.nodes:
        raise InputError(
            f"{str(path)!r} has no LSTM node in its main graph; a model whose LSTM was unrolled or "
            "quantised has none."
        )
    return {name_of(stack): partial(_read, graph, stack) for stack in stacks(graph)}


def name_of(stack: Sequence[LstmNode]) -> str:
    """The name of a stack of nodes."""
    return " + ".join(node.name for node in stack)


def content(weights: Weights) -> bytes:
    """The bytes of a model from series `[batch, time, D]` to outputs `[batch, time, S·H]`, h_n and c_n.

    h_n and c_n are `[L·S, batch, H]` as in PyTorch.
    """
    onnx = library("onnx", "Writing .onnx")
    helper = library("onnx.helper", "Writing .onnx")
    numbers = library("onnx.numpy_helper", "Writing .onnx")
    layers = to_onnx(weights)
    directions, _, features = layers[0].W.shape
    hidden = layers[0].R.shape[2]
    kind = helper.np_dtype_to_tensor_dtype(layers[0].W.dtype)
    joined = f"{directions} directions joined"
    constants: list[Any] = [numbers.from_array(np.array([0, 0, directions * hidden]), joined)]
    nodes = [helper.make_node("Transpose", ["series"], ["layer0.X"], perm=[1, 0, 2])]
    for n, layer in enumerate(layers):
        arrays = {f"layer{n}.{name}": array for name, array in layer._asdict().items()}
        constants += [numbers.from_array(array, name) for name, array in arrays.items()]
        nodes += [
            helper.make_node(
                "LSTM",
                [f"layer{n}.X", *arrays],
                [f"layer{n}.Y", f"layer{n}.Y_h", f"layer{n}.Y_c"],
                name=f"layer{n}",
                hidden_size=hidden,
                direction="bidirectional" if directions == 2 else "forward",
            ),
            helper.make_node("Transpose", [f"layer{n}.Y"], [f"layer{n}.Y in turn"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", [f"layer{n}.Y in turn", joined], [f"layer{n + 1}.X"]),
        ]
    nodes.append(helper.make_node("Transpose", [f"layer{len(layers)}.X"], ["outputs"], perm=[1, 0, 2]))
    for state in ("h", "c"):
        last = [f"layer{n}.Y_{state}" for n in range(len(layers))]
        nodes.append(helper.make_node("Concat", last, [f"{state}_n"], axis=0))

    def tensor(name: str, *shape: str | int) -> Any:
        return helper.make_tensor_value_info(name, kind, shape)

    states = [tensor(f"{state}_n", len(layers) * directions, "batch", hidden) for state in ("h", "c")]
    graph = helper.make_graph(
        nodes,
        "lstm",
        [tensor("series", "batch", "time", features)],
        [tensor("outputs", "batch", "time", directions * hidden), *states],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    onnx.checker.check_model(model, full_check=True)
    written: bytes = model.SerializeToString()
    return written


def _read(graph: OnnxGraph, stack: Sequence[LstmNode]) -> LstmLayers:
    layers = [layer_of(graph, node) for node in stack]
    notes = tuple(note for node in stack for note in notes_on(graph, node))
    second = any(layer.B is not None and np.split(layer.B, 2, axis=-1)[1].any() for layer in layers)

    def arrays(first: bool, second: bool) -> Weights:
        return from_onnx([layer._replace(B=_kept(layer, first, second)) for layer in layers])

    weights = from_onnx(layers)
    left_out = without_bias(arrays, second, ("Wb", "Rb"))
    return LstmLayers(name_of(stack), weights, notes, left_out)


def _kept(layer: OnnxLayer, first: bool, second: bool) -> Array | None:
    if layer.B is None:
        return None
    halves = np.split(layer.B, 2, axis=-1)
    return np.concatenate([halves[0] * first, halves[1] * second], axis=-1)
