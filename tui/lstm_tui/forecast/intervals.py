"""The intervals of the models that a forecast screen shows, as far as they have been computed."""

from lstm_forecasting.evaluation.intervals.model import ModelIntervals
from lstm_forecasting.evaluation.intervals.scores import Coverage
from lstm_forecasting.experiment.result_intervals import ResultIntervals
from lstm_forecasting.experiment.results import ExperimentResult


class KnownIntervals:
    """Intervals by model and target. A model takes a tenth of a second, or seconds with hundreds of steps.

    Args:
        source: computes them.
    """

    def __init__(self, source: ResultIntervals) -> None:
        self._source = source
        self._known: dict[tuple[str, int], ModelIntervals] = {}

    def of(self, name: str, target: int) -> ModelIntervals | None:
        """The intervals of a model; None if they are not known yet."""
        return self._known.get((name, target))

    def offered(self, result: ExperimentResult, target: int) -> ModelIntervals | None:
        """The intervals of the model that is offered for a target; None if there is none, or not yet."""
        return self.of(result.offers[target].name, target) if result.offers else None

    def find(self, name: str, target: int) -> None:
        """Computes the intervals of a model; for a thread."""
        self._known[name, target] = self._source.of(name, target)


def coverage_at(intervals: ModelIntervals, level: float) -> Coverage | None:
    """How good the intervals of a level were; None if the model has none."""
    return next((one for one in intervals.coverage if one.level == level), None)


def in_order_of_need(result: ExperimentResult, target: int) -> list[str]:
    """The names of all models, those first that are offered for a target or shown beside it."""
    best = result.best_backend(target)
    first = [offer.name for offer in result.offers[target : target + 1]]
    if best is not None:
        first.append(best.evaluation.name)
    return list(dict.fromkeys([*first, *(one.name for one in result.models)]))
