"""Tables of scores: ours beside the baselines and the published ones, as text and as Markdown."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["baseline", "ours", "published", "limit", "file"]
NAIVE = "seasonal naive"
"""The forecast that shows first whether a protocol is followed."""
_EMPTY = "–"


@dataclass(frozen=True)
class Line:
    """The scores of one model, or of all models on one file.

    Attributes:
        model: its name.
        kind: whose it is; "file" for a line about a file, whose columns are models.
        scores: by column, one score for each seed.
        seconds: to fit and forecast all columns with one seed; None if unknown.
    """

    model: str
    kind: Kind
    scores: Mapping[str, Sequence[float]]
    seconds: float | None = None


@dataclass(frozen=True)
class Table:
    """The scores of one protocol.

    Attributes:
        title: the protocol.
        command: what measures it.
        metric: what a number is, in a sentence.
        columns: names of the columns.
        lines: baselines first, then ours, then published ones.
        decimals: of the scores.
        notes: what was chosen on validation, one sentence each.
        subject: what a line is about.
    """

    title: str
    command: str
    metric: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    decimals: int = 3
    notes: tuple[str, ...] = ()
    subject: str = "model"


@dataclass
class Recorder:
    """Collects scores in the order in which models come."""

    _lines: dict[str, Line] = field(default_factory=dict)

    def add(self, model: str, kind: Kind, column: str, scores: Sequence[float], seconds: float = 0.0) -> None:
        """Adds the scores of a model in a column, one for each seed, and the seconds that they took."""
        line = self._lines.setdefault(model, Line(model, kind, {}, 0.0))
        self._lines[model] = Line(
            model, kind, {**line.scores, column: tuple(scores)}, (line.seconds or 0.0) + seconds
        )

    def scores(self, model: str) -> Mapping[str, Sequence[float]]:
        """The scores of a model by column; empty if it was not measured."""
        return self._lines[model].scores if model in self._lines else {}

    @property
    def lines(self) -> tuple[Line, ...]:
        """One line for each model."""
        return tuple(self._lines.values())


def published_lines(models: Mapping[str, Mapping[str, float]], limits: Mapping[str, float]) -> list[Line]:
    """The lines of published models and of the limits."""
    lines = [Line(name, "published", _single(scores)) for name, scores in models.items()]
    return [*lines, Line("at most, for this project", "limit", _single(limits))] if limits else lines


def _single(scores: Mapping[str, float]) -> dict[str, tuple[float, ...]]:
    return {column: (score,) for column, score in scores.items()}


def markdown(table: Table) -> str:
    """A section of a Markdown file."""
    head = [table.subject, "", *table.columns, "seconds"]
    rows = [head, ["---", "---", *["---:"] * (len(table.columns) + 1)]]
    for line in table.lines:
        seconds = _EMPTY if line.seconds is None else f"{line.seconds:.0f}"
        name = f"**{line.model}**" if line.kind == "ours" else line.model
        scores = [score_text(line.scores.get(column, ()), table.decimals) for column in table.columns]
        rows.append([name, "" if line.kind == "file" else line.kind, *scores, seconds])
    text = [f"## {table.title}", "", table.metric, "", f"    {table.command}", ""]
    text += ["| " + " | ".join(row) + " |" for row in rows]
    if table.notes:
        text += ["", *[f"- {note}" for note in table.notes]]
    return "\n".join(text) + "\n"


def score_text(scores: Sequence[float], decimals: int) -> str:
    """The mean over seeds, and the spread (largest minus smallest) where there are several."""
    if not scores:
        return _EMPTY
    text = f"{statistics.fmean(scores):.{decimals}f}"
    spread = max(scores) - min(scores)
    return f"{text} (spread {spread:.{decimals}f})" if len(scores) > 1 else text


def over_limit(table: Table) -> list[str]:
    """The columns whose limit no measured model reaches on the mean over seeds."""
    limits = {
        column: scores[0]
        for line in table.lines
        if line.kind == "limit"
        for column, scores in line.scores.items()
    }
    ours = [line for line in table.lines if line.kind in ("baseline", "ours")]
    missed = []
    for column, limit in limits.items():
        found = [statistics.fmean(line.scores[column]) for line in ours if column in line.scores]
        if found and round(min(found), table.decimals) > limit:
            missed.append(column)
    return missed
