"""Columns of scores: one form for all models, the best one marked."""

import math

from rich.text import Text

from lstm_tui.kit.numbers import score_texts

BEST = "✓"
SCORES = {"mae": "MAE", "rmse": "RMSE", "mase": "MASE", "smape": "sMAPE %", "r2": "R²"}
"""The measures of `Scores`, with the title of their column."""


def marked(values: list[float], name: str) -> list[Text]:
    """A column of numbers in one form; the best one is bold and marked."""
    defined = [value for value in values if not math.isnan(value)]
    best = (max if name == "r2" else min)(defined, default=math.nan)
    texts = score_texts(name, values)
    shown = texts[values.index(best)] if defined else ""
    return [
        Text(f"{BEST} {text}", style="bold") if defined and text == shown else Text(f"  {text}")
        for text in texts
    ]


def chosen_steps(horizon: int, most: int) -> list[int]:
    """The first and the last step, and some evenly between them."""
    count = min(horizon, most)
    return sorted({round(index * (horizon - 1) / max(count - 1, 1)) for index in range(count)})
