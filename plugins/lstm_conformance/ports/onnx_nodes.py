"""The LSTM nodes of an ONNX graph: their attributes and arrays, and which nodes feed one another.

Source: the operator LSTM of the ONNX specification, versions 7, 14 and 22.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_conformance.ports.lstm import library, real, reason
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError
from lstm_plugins.layouts import OnnxLayer
from lstm_plugins.weights import Array

_TRANSPARENT = {"Identity", "Dropout", "Squeeze", "Unsqueeze", "Transpose", "Reshape", "Cast"}
"""Operators that only rearrange an LSTM's outputs for the next one."""
_DIRECTIONS = {b"forward": 1, b"reverse": 1, b"bidirectional": 2}
_ACTIVATIONS = ["Sigmoid", "Tanh", "Tanh"]
_STATES = {5: "initial_h", 6: "initial_c"}
_X, _W, _R, _B, _LENGTHS, _P = 0, 1, 2, 3, 4, 7


@dataclass(frozen=True, eq=False)
class LstmNode:
    """One LSTM node.

    Attributes:
        name: of the node, or of its first output.
        inputs: names of the tensors X, W, R, B, sequence_lens, initial_h, initial_c, P; "" for none.
        outputs: names of Y, Y_h, Y_c; "" for none.
        attributes: by name.
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]

    @property
    def batch_first(self) -> bool:
        """Whether X is `[B, T, D]` instead of `[T, B, D]`."""
        return bool(self.attributes.get("layout", 0))

    def input(self, position: int) -> str:
        """Name of one input, "" for none."""
        return self.inputs[position] if position < len(self.inputs) else ""


@dataclass(frozen=True, eq=False)
class OnnxGraph:
    """A model and its LSTM nodes in the order of computation.

    Attributes:
        model: as onnx has read it.
        path: of the file.
        nodes: all of them.
    """

    model: Any
    path: Path
    nodes: tuple[LstmNode, ...]

    def constant(self, name: str) -> Array | None:
        """The tensor with this name if the file has its numbers; None if the model computes it."""
        helper = library("onnx.numpy_helper", "Reading .onnx")
        invalid = library("onnx.checker", "Reading .onnx").ValidationError
        tensor = self._tensor(name)
        if tensor is None:
            return None
        try:
            return np.asarray(helper.to_array(tensor, base_dir=str(self.path.parent)))
        except (invalid, ValueError, TypeError, OSError, LookupError, MemoryError) as error:
            raise InputError(
                f"{str(self.path)!r}: the numbers of {name} cannot be read: {reason(error)}."
            ) from None

    def _tensor(self, name: str) -> Any:
        for tensor in self.model.graph.initializer:
            if tensor.name == name:
                return tensor
        for node in self.model.graph.node:
            if node.op_type == "Constant" and node.output[0] == name:
                return next((one.t for one in node.attribute if one.name == "value"), None)
        return None

    def source(self, name: str) -> LstmNode | None:
        """The LSTM node whose outputs Y a tensor is, perhaps rearranged; None if there is none."""
        producers = {output: node for node in self.model.graph.node for output in node.output if output}
        lstms = {node.outputs[0]: node for node in self.nodes if node.outputs and node.outputs[0]}
        while name not in lstms:
            # Taken out, so that a damaged graph that feeds itself comes to an end.
            node = producers.pop(name, None)
            if node is None or node.op_type not in _TRANSPARENT:
                return None
            name = node.input[0]
        return lstms[name]


def read_graph(path: Path) -> OnnxGraph:
    """The LSTM nodes of a file.

    Raises:
        InputError: it is damaged.
    """
    onnx = library("onnx", "Reading .onnx")
    decode_error = library("google.protobuf.message", "Reading .onnx").DecodeError
    helper = library("onnx.helper", "Reading .onnx")
    try:
        model = onnx.load(path, load_external_data=False)
    except decode_error as error:
        raise InputError(f"{str(path)!r} is not an ONNX file, or it is damaged: {reason(error)}.") from None
    nodes = tuple(
        LstmNode(
            node.name or next(filter(None, node.output), "LSTM"),
            tuple(node.input),
            tuple(node.output),
            {one.name: helper.get_attribute_value(one) for one in node.attribute},
        )
        for node in model.graph.node
        if node.op_type == "LSTM" and node.domain in ("", "ai.onnx")
    )
    return OnnxGraph(model, path, nodes)


def stacks(graph: OnnxGraph) -> list[list[LstmNode]]:
    """Groups of nodes that feed one another and have the same width and directions: the layers of an LSTM."""
    found: list[list[LstmNode]] = []
    for node in graph.nodes:
        below = graph.source(node.input(_X))
        stack = next((stack for stack in found if below is stack[-1]), None)
        if stack is not None and _alike(graph, stack[-1], node):
            stack.append(node)
        else:
            found.append([node])
    return found


def layer_of(graph: OnnxGraph, node: LstmNode) -> OnnxLayer:
    """The arrays of a node.

    Raises:
        InputError: it does what the reference does not, or its arrays are not in the file.
    """

    def refuse(reason: str) -> InputError:
        return InputError(f"{str(graph.path)!r}: LSTM node {node.name} {reason}.")

    if reason := _refusal(node.attributes):
        raise refuse(reason)
    peepholes = graph.constant(node.input(_P)) if node.input(_P) else None
    if node.input(_P) and (peepholes is None or peepholes.any()):
        raise refuse("has peepholes (input P), which the reference does not have")
    for position, state in _STATES.items():
        start = graph.constant(node.input(position)) if node.input(position) else None
        if start is not None and start.any():
            raise refuse(f"starts from an {state} that is not zeros; the reference starts from zeros")
    arrays: list[Array | None] = []
    for position, name in ((_W, "W"), (_R, "R"), (_B, "B")):
        if not node.input(position):
            arrays.append(None)
            continue
        array = graph.constant(node.input(position))
        if array is None:
            raise refuse(
                f"computes its {name} from other tensors; export the model with constants folded, so that "
                "the weights stand in the file"
            )
        arrays.append(real(array, f"{name} of {node.name}", graph.path))
    w, r, b = arrays
    if w is None or r is None:
        raise refuse("has no W or no R")
    directions = _DIRECTIONS.get(node.attributes.get("direction", b"forward"))
    if directions is None:
        raise refuse("has a direction that ONNX does not know")
    units = node.attributes.get("hidden_size", r.shape[-1])
    if r.ndim and r.shape[-1] != units:
        raise refuse(f"has an R for {r.shape[-1]} units, and its attribute hidden_size says {units}")
    if w.ndim and len(w) != directions:
        raise refuse(
            f"has {counted(len(w), 'direction')} of weights, and its attribute direction says {directions}"
        )
    return OnnxLayer(w, r, b)


def notes_on(graph: OnnxGraph, node: LstmNode) -> tuple[str, ...]:
    """Sentences on what the reference ignores about a node."""
    notes = []
    if node.input(_LENGTHS):
        notes.append(f"LSTM node {node.name} takes sequence_lens; the reference reads all steps.")
    given = {one.name for one in graph.model.graph.input}
    inputs = {state: node.input(position) for position, state in _STATES.items() if node.input(position)}
    states = [state for state, name in inputs.items() if name in given]
    computed = [state for state, name in inputs.items() if name not in given and graph.constant(name) is None]
    if computed:
        notes.append(
            f"LSTM node {node.name} takes {' and '.join(computed)} from what the model computes, perhaps "
            "zeros; the reference starts from zeros."
        )
    if states:
        notes.append(
            f"LSTM node {node.name} takes {' and '.join(states)} from its caller; the reference starts from "
            "zeros."
        )
    return tuple(notes)


def _refusal(attributes: dict[str, Any]) -> str:
    directions = 2 if attributes.get("direction", b"forward") == b"bidirectional" else 1
    activations = [name.decode() for name in attributes.get("activations", [])]
    if attributes.get("direction") == b"reverse":
        return "reads backwards only; LSTMs that read forwards, or in both directions, can be read"
    if activations and activations != _ACTIVATIONS * directions:
        return f"has activations {', '.join(activations)}; the reference has Sigmoid, Tanh, Tanh"
    if "clip" in attributes:
        return f"clips at {attributes['clip']:g}, which the reference does not"
    if attributes.get("input_forget"):
        return "couples its input and forget gates (input_forget), which the reference does not"
    return ""


def _alike(graph: OnnxGraph, below: LstmNode, above: LstmNode) -> bool:
    recurrent = [graph.constant(node.input(_R)) for node in (below, above)]
    kernel = graph.constant(above.input(_W))
    if kernel is None or any(array is None for array in recurrent):
        return True  # Both are refused when they are read, with the reason.
    first, second = (array.shape for array in recurrent if array is not None)
    return first == second and kernel.shape[-1] == first[0] * first[-1]
