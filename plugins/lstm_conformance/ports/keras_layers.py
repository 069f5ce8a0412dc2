"""The LSTM layers in a Keras model's config.json: where their arrays are, and what feeds them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

_TRANSPARENT = {"Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout"}
"""Layers without effect at prediction."""
_MODELS = {"Sequential", "Functional", "Model"}


@dataclass(frozen=True)
class KerasLayer:
    """An `LSTM`, or a `Bidirectional` around one.

    Attributes:
        name: of the layer, after those of the models that it is nested in.
        group: path of its group in the HDF5 file, by the rule that counts layers of a kind.
        fed_by: name of the layer whose outputs it reads, dropout passed over; "" where that is none.
        bidirectional: whether there is a second direction.
        merge_mode: how the directions are joined.
        returns_sequences: whether it gives the outputs of all steps.
        refusal: completes "layer NAME …" where the reference cannot follow it; "" where it can.
        notes: sentences on what the reference leaves out.
    """

    name: str
    group: tuple[str, ...]
    fed_by: str
    bidirectional: bool
    merge_mode: str | None
    returns_sequences: bool
    refusal: str
    notes: tuple[str, ...]


def found_layers(model: dict[str, Any]) -> list[KerasLayer]:
    """All LSTM layers of a model and of its nested models, in order."""
    return list(_walk(model, ("layers",), ""))


def _walk(model: dict[str, Any], group: tuple[str, ...], within: str) -> Iterator[KerasLayer]:
    counted: Counter[str] = Counter()
    feeds: dict[str, str] = {}
    masked = False
    last = ""
    for entry in model["config"].get("layers", ()):
        kind, config = entry["class_name"], entry["config"]
        name = config["name"]
        snake = _snake_case(kind)
        own = (*group, f"{snake}_{counted[snake]}" if counted[snake] else snake)
        counted[snake] += 1
        sources = _sources(entry) if "inbound_nodes" in entry else [last]
        calls = len(entry.get("inbound_nodes", ()))
        below = feeds.get(sources[0], "") if len(sources) == 1 else ""
        masked |= kind == "Masking" or bool(config.get("mask_zero"))
        last = name
        feeds[name] = below if kind in _TRANSPARENT else within + name
        if kind in _MODELS:
            yield from _walk(entry, (*own, "layers"), f"{within}{name}/")
        elif (inner := _lstm(kind, config)) is not None:
            layer = _layer(within + name, own, below, config, inner, masked)
            yield replace(layer, notes=(*layer.notes, *_notes_on_calls(layer.name, len(sources), calls)))


def _lstm(kind: str, config: dict[str, Any]) -> dict[str, Any] | None:
    """The settings of the LSTM, or of the forward one of two; None for other layers."""
    if kind == "LSTM":
        return config
    if kind == "Bidirectional" and config["layer"]["class_name"] == "LSTM":
        inner: dict[str, Any] = config["layer"]["config"]
        return inner
    return None


def _layer(
    name: str, group: tuple[str, ...], below: str, config: dict[str, Any], inner: dict[str, Any], masked: bool
) -> KerasLayer:
    bidirectional = inner is not config
    both = [inner]
    if bidirectional and config.get("backward_layer"):
        both.append(config["backward_layer"]["config"])
    refusal = next((found for one in both if (found := _refusal(one))), "")
    if not refusal and inner.get("go_backwards"):
        refusal = "has go_backwards; only LSTMs that read forwards, or in both directions, can be read."
    notes = []
    if inner.get("stateful"):
        notes.append(f"Layer {name} is stateful; the reference starts every window from zeros.")
    if masked:
        notes.append(f"A mask comes before layer {name}; the reference reads every step.")
    merge_mode = config.get("merge_mode", "concat") if bidirectional else "concat"
    sequences = bool(inner.get("return_sequences"))
    return KerasLayer(name, group, below, bidirectional, merge_mode, sequences, refusal, tuple(notes))


def _notes_on_calls(name: str, inputs: int, calls: int) -> Iterator[str]:
    if inputs > 1:
        yield f"Layer {name} starts from states that other layers give; the reference starts from zeros."
    if calls > 1:
        yield f"Layer {name} is called {calls} times; the reference reads what it is given once."


def _refusal(settings: dict[str, Any]) -> str:
    for key, wanted in (("activation", "tanh"), ("recurrent_activation", "sigmoid")):
        given = _function_name(settings.get(key, wanted))
        if given != wanted:
            return f"has {key} {given!r}; the reference knows only {wanted}."
    return ""


def _function_name(value: Any) -> str:
    if isinstance(value, dict):
        inner = value.get("config")
        return inner if isinstance(inner, str) else str(value.get("class_name"))
    return "linear" if value is None else str(value)


def _sources(entry: dict[str, Any]) -> list[str]:
    """Names of the layers that feed a layer of a functional model in its first call."""
    found: list[str] = []

    def search(value: Any) -> None:
        if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
            found.append(value["config"]["keras_history"][0])
        elif isinstance(value, dict):
            for key, one in value.items():
                # A mask comes beside the tensor it is of.
                if key != "mask":
                    search(one)
        elif isinstance(value, list):
            for one in value:
                search(one)

    search(entry["inbound_nodes"][:1])
    return found


def _snake_case(name: str) -> str:
    """As keras.src.utils.naming.to_snake_case."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
