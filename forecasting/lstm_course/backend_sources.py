"""Where each built-in backend has the steps of the computation, shown beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lstm_course.course import Page, Values
from lstm_course.frameworks import absent, built_in
from lstm_course.sources import source_of


@dataclass(frozen=True)
class _Part:
    """A step of the computation, and where each backend has it.

    Attributes:
        about: what it does, and how the backends differ there.
        places: by backend module and function.
    """

    about: tuple[str, str]
    places: Mapping[str, tuple[str, str]]


PARTS: Mapping[str, _Part] = {
    "windows": _Part(
        (
            "Windows are cut. No backend copies the series for that: a window is a place in it.",
            "NumPy and PyTorch lay a view over the series that shows all windows at once. TensorFlow gathers "
            "the rows of a batch by their numbers when the batch is needed.",
        ),
        {
            "numpy": ("windows", "_sliding"),
            "torch": ("windows", "open_windows"),
            "tensorflow": ("windows", "gather_inputs"),
        },
    ),
    "cell": _Part(
        (
            "The six equations of the cell, step by step through a window.",
            "NumPy has them written out, each operation into memory that is already there. PyTorch calls its "
            "own LSTM. TensorFlow has them written out as the body of a loop, which it compiles.",
        ),
        {
            "numpy": ("kernels", "read_forward"),
            "torch": ("network", "lstm_layer"),
            "tensorflow": ("network", "run_layer.step"),
        },
    ),
    "gradient": _Part(
        (
            "Backpropagation through time, from the last day to the first.",
            "NumPy and TensorFlow have the derivatives written by hand, in a loop that runs backwards. "
            "PyTorch remembers what it computed forward, and differentiates it by itself.",
        ),
        {
            "numpy": ("kernels", "read_backward"),
            "torch": ("network", "differentiate"),
            "tensorflow": ("network", "layer_derivatives"),
        },
    ),
    "update": _Part(
        (
            "The optimizer changes the weights: here AdamW with its two memories, means of the gradient and "
            "of its square.",
            "All three have it written out over one long vector of all weights. Keras' own is not used: it "
            "adds ε at another place.",
        ),
        {
            "numpy": ("optimizer", "FlatOptimizer._adamw"),
            "torch": ("optimizer", "update_"),
            "tensorflow": ("optimizer", "update"),
        },
    ),
    "training": _Part(
        (
            "A run of updates, batch by batch: gradient, clipping, update.",
            "NumPy and PyTorch go around in a Python loop. In TensorFlow the loop itself is compiled, so "
            "that many updates are one call.",
        ),
        {
            "numpy": ("training", "Trainer.train"),
            "torch": ("training", "train_batches"),
            "tensorflow": ("training", "training_function.train"),
        },
    ),
}


def show_source(values: Values) -> Iterator[Page]:
    """The same step in each built-in backend, also in those whose framework is not installed."""
    part = PARTS[str(values["part"])]
    backends = built_in()
    present = [found.backend for found in backends if found.backend is not None]
    described = {backend.name for backend in present}
    unknown = tuple(absent([found for found in backends if found.name not in described]))
    yield Page(
        text=(*part.about, *unknown),
        figures=tuple(
            source_of(backend, *part.places[backend.name])
            for backend in present
            if backend.name in part.places
        ),
        facts={"sources": float(len(present))},
    )
