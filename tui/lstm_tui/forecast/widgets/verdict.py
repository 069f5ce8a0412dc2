"""The verdict, with a sign and a colour."""

from rich.text import Text

from lstm_forecasting.evaluation.verdict import TOO_FEW
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.kit.palette import Palette


def verdict_line(result: ExperimentResult, target: int, palette: Palette) -> Text:
    """What the test part says about the best backend; why there is no verdict where there is none.

    Args:
        result: of the experiment.
        target: its index.
        palette: the colours of the theme.
    """
    if not result.verdicts:
        line = Text().append("✗ ", f"bold {palette.named('error')}")
        reasons = "; ".join(f"{backend}: {reason}" for backend, reason in result.failures.items())
        line.append(f"No backend finished. {reasons}", f"bold {palette.truth}")
        return line
    verdict = result.verdicts[target]
    outcome = verdict.partition("the LSTM")[2]  # a target's name before it may have any word
    sign, colour = next((shown for words, shown in _SIGNS.items() if words in outcome), _OPEN)
    line = Text().append(f"{sign} ", f"bold {palette.named(colour)}")
    first, stop, rest = verdict.partition(". ")
    line.append(first + stop, f"bold {palette.truth}")
    line.append(rest, palette.truth)
    for backend, reason in result.failures.items():
        line.append(f"\n✗ {backend}: {reason}", palette.named("error"))
    return line


_OPEN = ("~", "warning")
_SIGNS = {
    TOO_FEW: _OPEN,
    " beats ": ("✓", "success"),
    " loses to ": ("✗", "error"),
    " ties with ": _OPEN,
}
"""The words of `lstm_forecasting.evaluation.verdict`, what limits the others first."""
