"""The source of each step of the computation in every built-in backend, side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lstm_course.course import Page, Values
from lstm_course.frameworks import absent, built_in
from lstm_course.sources import source_of


@dataclass(frozen=True)
class _Part:
    """A step of the computation: text about it, and the module and function that contain it, by backend."""

    about: tuple[str, str]
    places: Mapping[str, tuple[str, str]]


PARTS: Mapping[str, _Part] = {
    "windows": _Part(
        (
            "Windows are cut from the series. No backend copies the series for that: a window is a position "
            "in it.",
            "NumPy and PyTorch create a view of the series that contains all windows at once. TensorFlow "
            "gathers the rows of a batch by number when it needs the batch.",
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
            "NumPy spells them out, each operation writing into existing memory. PyTorch calls its built-in "
            "LSTM. TensorFlow spells them out as the body of a loop, which it compiles.",
        ),
        {
            "numpy": ("kernels", "layer_forward"),
            "torch": ("kernels", "_lstm"),
            "tensorflow": ("kernels", "layer_forward.step"),
        },
    ),
    "gradient": _Part(
        (
            "Backpropagation through time, from the last day to the first.",
            "In NumPy and TensorFlow the derivatives are written by hand, in a loop that runs backwards. "
            "PyTorch records the forward pass and differentiates it automatically.",
        ),
        {
            "numpy": ("kernels", "_direction_backward"),
            "torch": ("kernels", "_recorded_backward"),
            "tensorflow": ("kernels", "_state_derivatives"),
        },
    ),
    "update": _Part(
        (
            "The optimizer changes the weights. Here it is AdamW, which keeps running means of the gradient "
            "and of its square.",
            "All three spell it out over one long vector of all weights. The one in Keras is not used, "
            "because it adds ε in a different place.",
        ),
        {
            "numpy": ("optimizer", "update"),
            "torch": ("optimizer", "update"),
            "tensorflow": ("optimizer", "update"),
        },
    ),
    "training": _Part(
        (
            "A series of updates, batch by batch: gradient, clipping, update.",
            "NumPy and PyTorch use a Python loop. In TensorFlow the loop itself is compiled, so that many "
            "updates are a single call.",
        ),
        {
            "numpy": ("training", "train_batches"),
            "torch": ("training", "train_batches"),
            "tensorflow": ("training", "_training_function.train"),
        },
    ),
}


def show_source(values: Values) -> Iterator[Page]:
    """The same step in each built-in backend, even if its framework is not installed."""
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
