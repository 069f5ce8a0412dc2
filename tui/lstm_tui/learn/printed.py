"""Chapters of the course as text and as JSON."""

import dataclasses
from typing import Any

from rich.console import Console
from rich.text import Text

from lstm_course.course import Chapter, Exercise, Page, Step, Value, Values, ends, spans
from lstm_course.figures import Source
from lstm_plugins.options import Option
from lstm_tui.learn.drawing import drawn, paragraph, side_by_side, source_title
from lstm_tui.learn.ink import Ink
from lstm_tui.learn.state import fit_beside, sources_of

WIDEST = 96
"""Columns of a text that is comfortable to read."""
_CHART_ROWS = 12


def print_chapter(out: Console, number: int, chapter: Chapter, chosen: Values, ink: Ink) -> None:
    """Prints all steps of a chapter, numbered from 1, with the values in `chosen` and defaults otherwise."""
    _print(out, Text(f"{number} {chapter.title}", ink.term))
    _print(out, Text(chapter.summary))
    for place, step in enumerate(chapter.steps, 1):
        values = step.values(chosen)
        out.print()
        _print(out, Text(f"{number}.{place} {step.title}", ink.term))
        page = step.page(chosen)
        _print_page(out, page, ink)
        _print_changes(out, step, values, ink)
        solved = step.solved(values, page)
        for exercise in step.exercises:
            _print_exercise(out, exercise, exercise in solved, ink)


def _print_page(out: Console, page: Page, ink: Ink) -> None:
    for text in page.text:
        _print(out, paragraph(text, ink))
    sources = sources_of(page)
    beside = len(sources) > 1 and fit_beside(len(sources), out.width) and out.is_terminal
    for figure in page.figures:
        if beside and isinstance(figure, Source):
            continue
        out.print()
        title = source_title(figure, ink) if isinstance(figure, Source) else Text(figure.title, ink.term)
        _print(out, title)
        out.print(drawn(figure, _CHART_ROWS, ink), soft_wrap=False)
    if beside:
        out.print()
        out.print(side_by_side(sources, ink), soft_wrap=False)


def _print_changes(out: Console, step: Step, values: dict[str, Value], ink: Ink) -> None:
    if not step.changes:
        return
    out.print()
    _print(out, Text("Values you can change with --set NAME=VALUE:"))
    written = [f"{change.name}={change.text(values[change.name])}" for change in step.changes]
    wide = max(map(len, written))
    for change, text in zip(step.changes, written, strict=True):
        line = Text(f"  {text:<{wide}}", ink.roles["changed"])
        line.append(f"  {change.help}; {change.wanted}", "not bold")
        _print(out, line)


def _print_exercise(out: Console, exercise: Exercise, solved: bool, ink: Ink) -> None:
    line = Text("✓ ", ink.roles["good"]) if solved else Text("? ", ink.roles["strong"])
    line.append(exercise.text, ink.roles["strong"])
    line.append(f" {exercise.shows if solved else exercise.hint}")
    _print(out, line)


def _print(out: Console, text: Text) -> None:
    out.print(text, width=min(out.width, WIDEST), soft_wrap=False)


def chapter_fields(number: int, chapter: Chapter, chosen: Values) -> dict[str, Any]:
    """A chapter, numbered from 1, with its pages for some changed values, ready for JSON."""
    return {
        "chapter": number,
        "name": chapter.name,
        "title": chapter.title,
        "summary": chapter.summary,
        "steps": [_step(step, chosen) for step in chapter.steps],
    }


def _step(step: Step, chosen: Values) -> dict[str, Any]:
    values, page = step.values(chosen), step.page(chosen)
    solved = step.solved(values, page)
    return {
        "name": step.name,
        "title": step.title,
        "values": values,
        "changes": [_change(change) for change in step.changes],
        "text": ["".join(piece for piece, _ in spans(text)) for text in page.text],
        "facts": dict(page.facts),
        "figures": [
            {"kind": type(figure).__name__.lower(), **dataclasses.asdict(figure)} for figure in page.figures
        ],
        "exercises": [
            {
                "name": exercise.name,
                "text": exercise.text,
                "hint": exercise.hint,
                "solved": exercise in solved,
                "shows": exercise.shows if exercise in solved else None,
            }
            for exercise in step.exercises
        ],
    }


def _change(change: Option) -> dict[str, Any]:
    lowest, highest = ends(change)
    allowed = {"choices": change.choices} if change.choices else {"lowest": lowest, "highest": highest}
    return {"name": change.name, "label": change.help, "default": change.default, **allowed}
