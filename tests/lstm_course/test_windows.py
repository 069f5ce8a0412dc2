import itertools

import pytest

from lstm_course.figures import Table
from lstm_course.series import DAYS


def window_rows(shown):
    """The staircase: by window the glasses of its inputs and of its targets, by day."""
    table = next(figure for figure in shown.page.figures if isinstance(figure, Table))
    rows = {}
    for row in table.rows:
        by_role = {role: {} for role in ("input", "target")}
        for day, cell in enumerate(row[1:12], 1):
            if cell.role in by_role:
                by_role[cell.role][day] = cell.value
        rows[int(row[0].text)] = (by_role["input"], by_role["target"])
    return rows


def expected_window(first, look_back, horizon):
    days = range(first, first + look_back + horizon)
    glasses = {day: DAYS[day - 1] for day in days}
    return (
        {day: glasses[day] for day in days[:look_back]},
        {day: glasses[day] for day in days[look_back:]},
    )


def test_one_window_at_a_time(read):
    for first in range(1, 9):
        shown = read("windows", "one", window=first)
        inputs, targets = expected_window(first, 3, 1)
        cells = {key[1]: cell for key, cell in shown.table().items()}
        assert {int(day): cell.value for day, cell in cells.items() if cell.role == "input"} == inputs
        assert {int(day): cell.value for day, cell in cells.items() if cell.role == "target"} == targets
        said = ", ".join(f"{glasses:.0f}" for glasses in inputs.values())
        assert f"{said} → {targets[first + 3]:.0f}." in shown.text
    assert "Window 8 sees Days 8 to 10 and must forecast Day 11" in shown.text


@pytest.mark.parametrize(("look_back", "horizon"), [(3, 1), (1, 1), (4, 3), (10, 1), (6, 5), (10, 5)])
def test_windows_slide_and_are_counted(read, look_back, horizon):
    shown = read("windows", "all", look_back=look_back, horizon=horizon)
    count = max(0, len(DAYS) - look_back - horizon + 1)
    rows = window_rows(shown)
    assert rows == {first: expected_window(first, look_back, horizon) for first in range(1, count + 1)}
    assert shown.page.facts["windows"] == shown.equation("windows").value.value == count


def test_too_long_a_window_is_said(read):
    shown = read("windows", "all", look_back=10, horizon=5)
    assert "give no windows. A window needs 15 days in a row, and there are only 11." in shown.text


@pytest.mark.parametrize(
    ("look_back", "horizon", "cut"), [(3, 1, 7), (3, 2, 7), (6, 1, 7), (2, 5, 4), (1, 1, 10)]
)
def test_a_window_belongs_to_the_part_with_all_its_targets(read, look_back, horizon, cut):
    shown = read("windows", "parts", look_back=look_back, horizon=horizon, training_days=cut)
    expected = {}
    for first in range(1, len(DAYS) - look_back - horizon + 2):
        targets = range(first + look_back, first + look_back + horizon)
        sides = {day <= cut for day in targets}
        expected[str(first)] = "neither" if len(sides) == 2 else "training" if sides == {True} else "test"
    parts = {key[0]: cell.text for key, cell in shown.table().items() if key[1] == "part"}
    assert parts == expected
    for part in ("training", "test"):
        assert shown.page.facts[part] == list(expected.values()).count(part)
    new = sum(part == "test" and int(first) > cut for first, part in expected.items())
    assert shown.page.facts["new"] == new


def test_the_test_of_the_course_is_one_window_of_new_days(read):
    shown = read("windows", "parts")
    assert "4 windows for training, 4 for the test." in shown.text
    assert "One window of the test sees only new days." in shown.text


def test_exercises_are_solved_by_any_values_that_do_it(course):
    everything, parts = course[1].steps[1:]
    for look_back, horizon in itertools.product(range(1, 11), range(1, 6)):
        values = everything.values({"look_back": look_back, "horizon": horizon})
        solved = everything.solved(values, everything.page(values))
        assert bool(solved) == (look_back + horizon == 8)
    for look_back, answers in ((5, 0), (6, 1), (7, 0)):
        values = parts.values({"look_back": look_back})
        assert len(parts.solved(values, parts.page(values))) == answers
