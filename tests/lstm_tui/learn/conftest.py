"""A course of two small chapters, and one reader at its beginning."""

import pytest

from lstm_course.course import Chapter, Exercise, Page, Step, change
from lstm_course.figures import Table, number, word
from lstm_course.progress import CourseProgress
from lstm_tui.learn.reader import Reader

COUNT = change("count", "How many", 1, 1, 600)
KIND = change("kind", "Which kind", "small", choices=("small", "large"))


def show(values):
    count = float(values.get("count", 1))
    yield Page(
        (f"There are *{count:.0f}*.",),
        (Table("All", ("", "n"), ((word("n"), number(count, 0)),)),),
        {"n": count},
    )


@pytest.fixture
def course():
    ten = Exercise("ten", "Have ten.", "Count on.", lambda _, page: page.facts["n"] == 10, "Ten it is.")
    steps = (
        Step("plain", "Plain", (), show),
        Step("more", "More", (COUNT, KIND), show, plays="count", exercises=(ten,)),
    )
    return (Chapter("one", "One", "First.", steps), Chapter("two", "Two", "Second.", steps[:1]))


@pytest.fixture
def reader(course):
    return Reader(course, CourseProgress())
