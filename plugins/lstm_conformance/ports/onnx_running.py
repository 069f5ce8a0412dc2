"""Runs an ONNX model with onnxruntime, and records the inputs and outputs of its LSTM nodes."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lstm_conformance.ports.layers import C_N, H_N, Tensors
from lstm_conformance.ports.lstm import LstmLayers, library, reason
from lstm_conformance.ports.onnx_file import name_of
from lstm_conformance.ports.onnx_nodes import LstmNode, OnnxGraph, read_graph, stacks
from lstm_conformance.ports.recording import DRAWN, Recording, recorded
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Array

_X, _LENGTHS, _STATES = 0, 4, (5, 6)
_RECORD = "record what it computes and give --inputs and --outputs"
_PURPOSE = "Running an ONNX model"


def can_run() -> bool:
    """Whether onnxruntime is installed."""
    return importlib.util.find_spec("onnxruntime") is not None


def run_model(path: Path, lstm: LstmLayers, inputs: Array | None) -> Recording:
    """Runs a model and records its LSTM nodes.

    The reference reads the inputs of the first node, so that earlier operators do not matter. `inputs` have
    the shape of the model; None draws random ones.

    Raises:
        InputError: the model needs inputs that cannot be random, or onnxruntime refuses it.
    """
    graph = read_graph(path)
    stack = next(one for one in stacks(graph) if name_of(one) == lstm.name)
    feeds = _feeds(graph, stack, lstm, inputs)
    found = _run(graph, stack, feeds)
    for node in stack:
        for state in (node.input(position) for position in _STATES):
            if state and state in found and found[state].any():
                raise InputError(
                    f"{str(path)!r}: LSTM node {node.name} starts from states that are not zeros; the "
                    "reference starts from zeros."
                )
    tensors: Tensors = {}
    finals: dict[str, list[Array]] = {H_N: [], C_N: []}
    for layer, node in enumerate(stack):
        if layer:
            tensors[f"layer{layer}.inputs"] = _windows_first(found[node.input(_X)], node)
        if node.outputs[0]:
            by_direction = np.moveaxis(found[node.outputs[0]], 2 if node.batch_first else 1, 0)
            for direction, hidden in zip(("forward", "backward"), by_direction, strict=False):
                tensors[f"layer{layer}.{direction}.hidden"] = _windows_first(hidden, node)
        for final, output in zip(finals, node.outputs[1:], strict=False):
            if output:
                end = found[output]
                finals[final].append(end.swapaxes(0, 1) if node.batch_first else end)
    for name, states in finals.items():
        if len(states) == len(stack):
            tensors[name] = np.concatenate(states)
    return recorded(_windows_first(found[stack[0].input(_X)], stack[0]), tensors, lstm, str(path))


def _feeds(graph: OnnxGraph, stack: Sequence[LstmNode], lstm: LstmLayers, inputs: Array | None) -> Tensors:
    """Values for all inputs of the model: the series, and zeros for states."""
    helper = library("onnx.helper", _PURPOSE)
    constants = {one.name for one in graph.model.graph.initializer}
    states = {node.input(position) for node in stack for position in _STATES}
    lengths = {node.input(_LENGTHS) for node in stack} - {""}
    given = [one for one in graph.model.graph.input if one.name not in constants]
    series = [one for one in given if one.name not in states | lengths]
    if len(series) != 1 or lengths & {one.name for one in given}:
        names = ", ".join(one.name for one in given)
        raise InputError(f"{str(graph.path)!r} has the inputs {names} instead of one series; {_RECORD}.")
    sizes: dict[str, int] = {}
    shape = _shape(series[0], lstm.features, sizes)
    kind = helper.tensor_dtype_to_np_dtype(series[0].type.tensor_type.elem_type)
    if inputs is None and kind.kind != "f":
        raise InputError(
            f"{str(graph.path)!r} reads {kind} in its input {series[0].name}, for which random numbers "
            "make no sense; give --inputs."
        )
    if inputs is None:
        inputs = np.random.default_rng(0).normal(size=shape)
    feeds = {series[0].name: inputs.astype(kind)}
    batch = next(iter(sizes.values()), DRAWN[0])
    for one in given:
        if one.name in states:
            dimensions = one.type.tensor_type.shape.dim
            state = [d.dim_value or sizes.get(d.dim_param, batch) for d in dimensions]
            feeds[one.name] = np.zeros(state, kind)
    return feeds


def _shape(series: Any, features: int, sizes: dict[str, int]) -> list[int]:
    """The input's shape, with sizes for its open dimensions, which are added to `sizes` by name."""
    dimensions = list(series.type.tensor_type.shape.dim)
    free = list(DRAWN)
    shape = []
    for n, dimension in enumerate(dimensions):
        last = n == len(dimensions) - 1
        size = dimension.dim_value or (features if last or not free else free.pop(0))
        sizes.setdefault(dimension.dim_param or f"dimension {n}", size)
        shape.append(size)
    return shape


def _run(graph: OnnxGraph, stack: Sequence[LstmNode], feeds: Tensors) -> Tensors:
    onnx = library("onnx", _PURPOSE)
    runtime = library("onnxruntime", _PURPOSE)
    refusals = library("onnxruntime.capi.onnxruntime_pybind11_state", _PURPOSE)
    known = tuple(
        one for one in vars(refusals).values() if isinstance(one, type) and issubclass(one, Exception)
    )
    wanted = {tensor for node in stack for tensor in (node.input(_X), *node.outputs) if tensor}
    wanted |= {node.input(n) for node in stack for n in _STATES if node.input(n)}
    computed = {output for node in graph.model.graph.node for output in node.output}
    wanted &= computed
    there = {one.name for one in graph.model.graph.output}
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        model = onnx.load(graph.path)
        model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in sorted(wanted - there))
        session = runtime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        names = sorted(wanted)
        results = session.run(names, feeds)
    except (*known, onnx.checker.ValidationError, ValueError) as error:
        raise InputError(f"onnxruntime cannot run {str(graph.path)!r}: {reason(error)}; {_RECORD}.") from None
    return {**feeds, **dict(zip(names, results, strict=True))}


def _windows_first(array: Array, node: LstmNode) -> Array:
    """An input or output of a node as `[B, T, …]`."""
    return array if node.batch_first else array.swapaxes(0, 1)
