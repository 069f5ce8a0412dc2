"""Compares the values inside a window, as computed by each backend, with the reference."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.tolerance import compare, measure_changes
from lstm_course.course import Page, Values
from lstm_course.figures import Table, number, word
from lstm_course.frameworks import Frameworks, Said, pages_of_answers, pending, tiny, title
from lstm_course.network import LAYER, course_config, first_unit, train
from lstm_course.series import DAYS, scaled
from lstm_course.training import after_updates
from lstm_forecasting.inspect.results import NamedValues
from lstm_forecasting.processes.arrays import read_arrays, write_arrays
from lstm_forecasting.processes.asking import series_fields
from lstm_forecasting.processes.inspecting import Arrays, lay_open
from lstm_forecasting.processes.messages import Inspect, Inspected, Request
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.discovery import Found
from lstm_plugins.records import SeriesSet
from lstm_plugins.reference import ReferenceForecaster
from lstm_plugins.weights import Weights


def _places(config: ForecasterConfig) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The numbers to show: by title, an array of `processes.inspecting` and the index in it."""
    forget = first_unit(config, "forget")
    return {
        "forget gate f1": (f"{LAYER}/forget", (0, -1, 0)),
        "cell state C1": (f"{LAYER}/cell", (0, -1, 0)),
        "hidden state h1": (f"{LAYER}/hidden", (0, -1, 0)),
        "forecast (scaled)": ("prediction", (0, 0, 0, 0)),
        "loss": ("loss", ()),
        "gradient of W_f1": (f"gradients/{LAYER}.kernel", (0, forget)),
        "gradient of b_f1": (f"gradients/{LAYER}.bias", (forget,)),
    }


def show_numbers(frameworks: Frameworks, values: Values) -> Iterator[Page]:
    """Yields pages while the backends answer; the last one is complete."""
    row, updates = int(values["window"]) - 1, int(values["updates"])
    config = course_config(precision=str(values["precision"]))
    weights = train(course_config()).weights[updates]
    request = partial(_inspection, config, weights, row)
    yield from pages_of_answers(frameworks, request, partial(_numbers_page, config, row, updates))


def _inspection(config: ForecasterConfig, weights: NamedValues, row: int, folder: Path) -> Request:
    write_arrays(folder / "weights.npz", weights)
    fields = series_fields(config, SeriesSet(scaled(), (0,), (len(DAYS),)), folder)
    return Inspect(**fields, weights=str(folder / "weights.npz"), start=row)


def _numbers_page(
    config: ForecasterConfig,
    row: int,
    updates: int,
    backends: Sequence[Found],
    said: Said,
) -> Page:
    wanted, changes = _reference_inside(config, updates, row)
    found = {
        backend: read_arrays(Path(messages[-1].arrays))
        for backend, messages in said.items()
        if isinstance(messages[-1], Inspected)
    }
    verdicts = {
        backend: {
            verdict.tensor: verdict
            for verdict in compare(arrays, wanted, changes, config.steps, config.precision)
        }
        for backend, arrays in found.items()
    }
    judged = [verdict for by_name in verdicts.values() for verdict in by_name.values()]
    passed = all(verdict.passed for verdict in judged)
    size = sum(np.size(array) for array in wanted.values())
    far = max((verdict.error for verdict in judged), default=0.0)
    rows = []
    for name, (array, index) in _places(config).items():
        own = [by_name[array] for by_name in verdicts.values()]
        answers = {backend: number(float(arrays[array][index]), 10) for backend, arrays in found.items()}
        rows.append(
            (
                word(name),
                *(answers.get(backend.name) or pending(backend) for backend in backends),
                tiny(max(verdict.error for verdict in own)) if own else word("…", "quiet"),
                tiny(min(verdict.allowed for verdict in own)) if own else word("…", "quiet"),
            )
        )
    judgement = (
        f"Of the {size} numbers inside each backend (gates, states, derivatives and gradients), none is off "
        f"by more than {tiny(far).text}. All are within the tolerance of the specification: adding in a "
        "different order rounds differently."
        if passed
        else "Some numbers differ from the reference by more than the specification allows. This should not "
        "happen; run lstm-tui crosscheck to find out more."
    )
    return Page(
        text=(
            f"Each backend computes window {row + 1} in its own process, with the same weights "
            f"({after_updates(updates).lower()}), in {config.precision}: forward pass, loss, backward pass. "
            "The table shows the first unit on the last day.",
            *((judgement,) if judged else ()),
        ),
        figures=(
            Table(
                f"Window {row + 1} in {config.precision}, and the largest difference from the reference",
                ("", *map(title, backends), "off by", "allowed"),
                tuple(rows),
            ),
        ),
        facts={
            "apart": far,
            "passed": float(sum(verdict.passed for verdict in judged)),
            "judged": float(len(judged)),
            "backends": float(len(found)),
        },
    )


@lru_cache(maxsize=64)
def _reference_inside(config: ForecasterConfig, updates: int, row: int) -> tuple[Arrays, dict[str, float]]:
    """The values of the reference in float64, and how much rounding errors of the inputs change them."""
    weights: Weights = {**train(course_config()).weights[updates]}

    def evaluate(moved: Weights, values: NDArray[np.float64]) -> Arrays:
        reference = ReferenceForecaster(course_config(), 1, (0,))
        reference.load_series(SeriesSet(values, (0,), (len(DAYS),)))
        reference.load_weights(moved)
        return lay_open(reference, row)

    return evaluate(weights, scaled()), measure_changes(evaluate, weights, scaled(), config.precision)
