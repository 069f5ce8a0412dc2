"""Chapter 8: the same computation in every built-in backend: its source, its numbers, a training run."""

from functools import partial

from lstm_course.backend_numbers import show_numbers
from lstm_course.backend_sources import PARTS, show_source
from lstm_course.backend_training import show_training
from lstm_course.course import Chapter, Exercise, Step, change
from lstm_course.frameworks import Frameworks
from lstm_course.training import MOST, SEED
from lstm_forecasting.processes.pool import BackendProcesses

_PART = change("part", "Step that is shown", "cell", choices=tuple(PARTS))
_WINDOW = change("window", "Window that is shown", 8, 1, 8)
_WEIGHTS = change("updates", "Updates before the weights are read", MOST, 0, MOST)
_PRECISION = change("precision", "Precision of all arithmetic", "float64", choices=("float64", "float32"))
_COUNT = change("trained", "Updates that each backend trains", 100, 1, 400)


def chapter(processes: BackendProcesses) -> Chapter:
    """The chapter; its numbers come from the backends' processes."""
    frameworks = Frameworks(processes)
    return Chapter(
        name="backends",
        title="Three backends",
        summary="The same network in NumPy, PyTorch and TensorFlow: source and numbers.",
        steps=(
            Step("source", "The same step", (_PART,), show_source),
            Step(
                "numbers",
                "The same numbers",
                (_WINDOW, _WEIGHTS, _PRECISION),
                partial(show_numbers, frameworks),
            ),
            Step(
                "training",
                "The same training",
                (_COUNT, SEED, _PRECISION),
                partial(show_training, frameworks),
                exercises=(
                    Exercise(
                        "apart",
                        "Make the forecasts of Day 11 differ by more than 0.0000001 glasses.",
                        "The formulas are the same, so only rounding can differ. Keep fewer digits.",
                        lambda _, page: page.facts["forecast_apart"] > 1e-7,
                        "Each backend adds in its own order and rounds as it goes. With fewer digits, this "
                        "becomes visible.",
                    ),
                ),
            ),
        ),
    )
