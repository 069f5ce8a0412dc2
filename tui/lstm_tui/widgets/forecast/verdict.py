"""The verdict, with a sign and a colour."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from lstm_forecasting.experiment.results import ExperimentResult


def verdict_line(result: ExperimentResult, target: int, variables: Mapping[str, str]) -> Text:
    """What the test part says about the best backend; why there is no verdict where there is none.

    Args:
        result: of the experiment.
        target: its index.
        variables: colours of the theme.
    """
    if not result.verdicts:
        line = Text("✗ ", f"bold {variables['error']}")
        reasons = "; ".join(f"{backend}: {reason}" for backend, reason in result.failures.items())
        line.append(f"No backend finished. {reasons}", f"bold {variables['foreground']}")
        return line
    verdict = result.verdicts[target]
    sign, colour = next((shown for word, shown in _SIGNS.items() if word in verdict), ("~", "warning"))
    line = Text(f"{sign} ", f"bold {variables[colour]}")
    first, stop, rest = verdict.partition(". ")
    line.append(first + stop, f"bold {variables['foreground']}")
    line.append(rest, variables["foreground"])
    for backend, reason in result.failures.items():
        line.append(f"\n✗ {backend}: {reason}", variables["error"])
    return line


_SIGNS = {" beats ": ("✓", "success"), " loses to ": ("✗", "error"), " ties with ": ("~", "warning")}
"""The words of `lstm_forecasting.verdict.Outcome`."""
