"""The intervals of a model, and how good they are, for JSON."""

import math
from typing import Any

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.evaluation.intervals.model import ModelIntervals
from lstm_forecasting.saving.finite import finite


def intervals_as_json(intervals: ModelIntervals) -> dict[str, Any]:
    """The CRPS, notes, and for each level its scores and the ends after the last row; None if undefined."""
    future = intervals.future
    return {
        **finite({"crps": intervals.crps}),
        "notes": list(intervals.notes),
        "levels": [
            {
                "level": one.level,
                **finite({"measured": one.measured, "standard_error": one.standard_error}),
                "windows": one.windows,
                **finite({"width": one.width, "score": one.score}),
                "by_step": _numbers(one.by_step),
                "low": _numbers(future.low[:, index]),
                "high": _numbers(future.high[:, index]),
            }
            for index, one in enumerate(intervals.coverage)
        ],
    }


def _numbers(values: Array) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values.tolist()]
