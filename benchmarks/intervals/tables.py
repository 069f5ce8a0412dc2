"""Tables of intervals, as Markdown."""

from collections.abc import Mapping, Sequence

import numpy as np
from benchmarks.intervals.methods import FIXED, METHODS, OURS, PLAIN, Score

from lstm_forecasting.evaluation.intervals.levels import DEFAULT_LEVELS, in_percent

HEADER = (
    *(f"{in_percent(level)} %: {name}" for level in DEFAULT_LEVELS for name in METHODS),
    *(f"score {in_percent(level)} %" for level in DEFAULT_LEVELS),
    *(f"width {in_percent(level)} %" for level in DEFAULT_LEVELS),
    "CRPS",
)
EXPLANATION = (
    f"Coverage of the test part in percent: {OURS}, {PLAIN} (rolling conformal without a scale) and {FIXED} "
    f"(the errors of the validation part). Interval score, width and CRPS are those of {OURS} divided by "
    f"those of {PLAIN}; below 1 is better."
)


def figures(scores: Sequence[Mapping[str, Score]]) -> tuple[float, ...]:
    """The columns of `HEADER`: means over several draws; nan for a level that is left out."""
    return tuple(float(mean) for mean in np.mean([_figures(one) for one in scores], axis=0))


def _figures(scores: Mapping[str, Score]) -> list[float]:
    ours, plain = scores[OURS], scores[PLAIN]
    measured = {name: {one.level: one for one in score.coverages} for name, score in scores.items()}
    found = []
    for level in DEFAULT_LEVELS:
        found += [measured[name][level].measured if level in measured[name] else np.nan for name in METHODS]
    for value in ("score", "width"):
        for level in DEFAULT_LEVELS:
            pair = [getattr(measured[name].get(level), value, np.nan) for name in (OURS, PLAIN)]
            found.append(pair[0] / pair[1])
    return [*found, ours.crps / plain.crps]


def markdown(
    title: str, command: str, labels: Sequence[str], rows: Mapping[Sequence[str], Sequence[float]]
) -> str:
    """A table with a title, the command that measured it, and an explanation."""
    head = [*labels, *HEADER]
    lines = [
        f"# {title}",
        "",
        f"Measured with `{command}`.",
        "",
        EXPLANATION,
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(labels)}{'--:|' * len(HEADER)}",
    ]
    percents = len(DEFAULT_LEVELS) * len(METHODS)
    for names, values in rows.items():
        texts = [
            "–" if np.isnan(value) else f"{value:.1f}" if place < percents else f"{value:.3f}"
            for place, value in enumerate(values)
        ]
        lines.append(f"| {' | '.join([*names, *texts])} |")
    return "\n".join([*lines, ""])
