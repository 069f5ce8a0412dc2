"""What every page of the course has to be, whatever was chosen."""

import math
import re
import textwrap

import pytest

from lstm_course.chapters import NAMES
from lstm_course.course import ends, spans
from lstm_course.figures import Curves, Equations, Heat, Table

WIDE, HIGH = 76, 9
"""Room for the text of a step in a terminal of 80x24."""


def steps(course):
    return [(chapter, step) for chapter in course for step in chapter.steps]


def extremes(step):
    """Each change at either end, the others as they begin."""
    for change in step.changes:
        for end in ends(change):
            yield {change.name: end}


def cells(figure):
    if isinstance(figure, Table):
        return [cell for row in figure.rows for cell in row]
    return [line.value for line in figure.lines] if isinstance(figure, Equations) else []


def check(page):
    assert page.text
    for text in page.text:
        assert text.count("*") % 2 == 0
        assert text[-1] in ".?!"
        assert not re.search(r"\bnan\b|\binf\b|[{}]|  ", text)
    assert all(math.isfinite(value) for value in page.facts.values())
    for figure in page.figures:
        for cell in cells(figure):
            assert cell.value is None or math.isfinite(cell.value), figure.title
            assert not cell.text.startswith("-")
        match figure:
            case Table():
                assert {len(row) for row in figure.rows} <= {len(figure.head)}
            case Heat():
                assert {len(row) for row in figure.values} == {len(figure.columns)}
                assert len(figure.values) == len(figure.rows)
            case Curves():
                assert all(len(line.x) == len(line.y) > 0 for line in figure.lines)


DEAR = ("further", "backends")
"""Chapters that train many networks, or ask processes."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.exhaustive] if name in DEAR else []) for name in NAMES]
)
def test_every_page_can_be_shown_at_the_ends_of_what_can_be_changed(course, name):
    (chapter,) = [one for one in course if one.name == name]
    for step in chapter.steps:
        for values in extremes(step):
            page = step.page(values)
            try:
                check(page)
            except AssertionError as error:
                raise AssertionError(f"{name}/{step.name} with {values}") from error


@pytest.mark.exhaustive
def test_texts_and_tables_fit_a_small_terminal(course):
    for chapter, step in steps(course):
        page = step.page({})
        check(page)
        plain = ["".join(piece for piece, _ in spans(text)) for text in page.text]
        lines = sum(len(textwrap.wrap(text, WIDE)) for text in plain)
        assert lines <= HIGH, f"{chapter.name}/{step.name} has {lines} lines"
        for table in (figure for figure in page.figures if isinstance(figure, Table)):
            rows = [table.head, *([cell.text for cell in row] for row in table.rows)]
            widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
            assert sum(widths) + len(widths) - 1 <= WIDE, f"{chapter.name}/{step.name}: {table.title}"


def test_the_same_values_give_the_same_page(course):
    for _, step in steps(course):
        first, second = step.page({}), step.page({})
        assert first.text == second.text
        assert first.facts == pytest.approx(second.facts, abs=0.0)
