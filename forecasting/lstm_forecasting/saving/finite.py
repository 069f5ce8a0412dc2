"""Numbers for JSON, which has none that are not finite."""

import math
from dataclasses import asdict
from typing import Any

from lstm_forecasting.evaluation.metrics import Scores


def scores_as_json(scores: Scores) -> dict[str, float | None]:
    """Every measure by its name; None if it is undefined."""
    return finite(asdict(scores))


def finite(values: dict[str, Any]) -> dict[str, Any]:
    """The same numbers by name, None in place of those that are not finite."""
    return {name: value if math.isfinite(value) else None for name, value in values.items()}
