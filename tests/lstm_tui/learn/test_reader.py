from lstm_course.progress import CourseProgress
from lstm_tui.learn.reader import Reader


def place(reader):
    return reader.here.name, reader.now.name


def test_steps_follow_each_other_across_chapters_and_end_at_both_ends(reader):
    assert reader.turned(-1) == reader
    forward = [reader, reader.turned(1), reader.turned(1).turned(1)]
    assert [place(one) for one in forward] == [("one", "plain"), ("one", "more"), ("two", "plain")]
    assert forward[-1].turned(1) == forward[-1]
    assert place(forward[-1].turned(-1)) == ("one", "more")
    assert place(reader.at_chapter(7)) == ("two", "plain")


def test_values_hold_in_the_whole_chapter_and_nowhere_else(reader):
    changed = reader.turned(1).altered(3)
    assert changed.values == {"count": 4, "kind": "small"}
    assert changed.turned(-1).turned(1).values == changed.values
    assert changed.chosen == {"one": {"count": 4}}
    assert changed.changed
    assert changed.restored().values == {"count": 1, "kind": "small"}
    assert not changed.restored().changed


def test_the_arrows_change_what_is_picked(reader):
    step = reader.turned(1)
    assert step.pick(1).altered(1).values == {"count": 1, "kind": "large"}
    assert step.pick(2).picked == 0
    assert step.pick(-1).picked == 1
    assert reader.change is None
    assert reader.altered(1) == reader.pick(1) == reader


def test_a_value_that_runs_reaches_its_end_in_some_150_strokes_and_begins_again(reader):
    running, strokes = reader.turned(1), 0
    while running.can_run:
        running, strokes = running.run_on(), strokes + 1
    assert running.values["count"] == 600
    assert 140 <= strokes <= 160
    assert running.begun().values["count"] == 1
    assert running.begun().run_on().begun() == running.begun().run_on()
    assert not reader.can_run


def test_what_is_read_and_answered_is_noted(reader):
    step = reader.turned(1).altered(8)
    assert [one.name for one in step.open_exercises] == ["ten"]
    assert step.solved(step.now.page(step.chosen["one"])).open_exercises == step.open_exercises
    right = step.altered(1)
    done = right.seen().solved(right.now.page(right.chosen["one"]))
    assert done.open_exercises == ()
    assert done.progress == CourseProgress(frozenset({"one/more"}), frozenset({"one/ten"}), "one/more")


def test_a_reader_comes_back_to_the_last_step(course):
    assert place(Reader(course, CourseProgress(last="one/more")).at_last()) == ("one", "more")
    assert place(Reader(course, CourseProgress(last="three/none")).at_last()) == ("one", "plain")
