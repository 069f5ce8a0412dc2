"""Chapters of the course as JSON."""

import dataclasses
from typing import Any

from lstm_course.course import Chapter, Step, Values, ends, spans
from lstm_plugins.options import Option


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
