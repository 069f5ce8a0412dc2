"""Whether an experiment will have enough errors for the intervals that the user asks for."""

from collections.abc import Sequence

from lstm_forecasting.data.arrays import Truths
from lstm_forecasting.evaluation.intervals.levels import LEVEL, in_percent, residuals_needed, too_few
from lstm_plugins.errors import OptionError


def check_levels(levels: Sequence[float], counted: Sequence[Truths]) -> None:
    """Checks that the values that count in some parts support intervals at every step.

    Args:
        levels: nominal coverage in percent, as the user asked for.
        counted: for each part, `[windows, horizon, targets]`.

    Raises:
        OptionError: there are too few for a level.
    """
    fewest = int(sum(part.sum(axis=0) for part in counted).min()) if levels else 0
    for level in levels:
        if residuals_needed(level) > fewest:
            most = 100 * fewest // (fewest + 1)
            rest = f"ask for at most {in_percent(most)} %, or " if most > 0 else ""
            raise OptionError(LEVEL.name, f"{too_few(level, fewest).rstrip('.')}; {rest}give a longer series")
