"""Intervals in words: how sure a forecast is, and how often that was right."""

import math

from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.evaluation.intervals.scores import Coverage
from lstm_plugins.counting import counted

_IN_WORDS = {75.0: "3 of 4", 95.0: "19 of 20", 99.0: "99 of 100"}


def how_often(level: float) -> str:
    """A level as a number of cases: "8 of 10", "19 of 20"."""
    if level in _IN_WORDS:
        return _IN_WORDS[level]
    return f"{level / 10:g} of 10" if level % 10 == 0 else f"{in_percent(level)} of 100"


def how_sure(target: str, step: str, low: str, high: str, coverage: Coverage) -> str:
    """The interval of a forecast in a sentence, with what was measured on the test part.

    "In 8 of 10 weeks, expect sales between 310 and 420; measured on 146 test weeks: 79 %."

    Args:
        target: name of the target.
        step: a time step as a noun, as `Frequency.step`: "week", "5 minutes", "row".
        low: the lower end, as numbers are shown.
        high: the upper end.
        coverage: of the level.
    """
    case = step if step[:1].isalpha() and step != "row" else "case"
    return (
        f"In {how_often(coverage.level)} {case}s, expect {target} between {low} and {high}; "
        f"{measured(coverage, f'test {case}')}."
    )


def how_sure_in_short(low: str, high: str, coverage: Coverage) -> str:
    """`how_sure` where there is little room: "310 to 420 in 8 of 10 cases (test: 79 %)."."""
    found = f" (test: {coverage.measured:.0f} %)" if math.isfinite(coverage.measured) else ""
    return f"{low} to {high} in {how_often(coverage.level)} cases{found}."


def measured(coverage: Coverage, window: str = "test window") -> str:
    """What was measured: "measured on 146 test weeks: 79 %"; `window` is one of them as a noun."""
    if not math.isfinite(coverage.measured):
        return "not measured, because too few errors were known before the test part"
    return f"measured on {counted(coverage.windows, window)}: {coverage.measured:.0f} %"


def disagreement(coverage: Coverage, where: str = "on the test part") -> str:
    """Warns that measured and nominal coverage differ by more than chance; empty if they do not."""
    if coverage.agrees is not False:
        return ""
    narrow = coverage.measured < coverage.level
    return (
        f"The {in_percent(coverage.level)} % intervals were too {'narrow' if narrow else 'wide'} {where}: "
        f"{coverage.measured:.1f} % of the values were inside, which chance does not explain."
    )
