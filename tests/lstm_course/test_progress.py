import json

import pytest

from lstm_course.progress import (
    CourseProgress,
    forget_progress,
    keep_progress,
    progress_file,
    read_progress,
)
from lstm_plugins.errors import InputError


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Data of a user of this test alone."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def test_nothing_was_read_at_first():
    assert read_progress() == CourseProgress()
    assert not progress_file().exists()


def test_what_was_read_and_answered_is_kept(course):
    progress = CourseProgress().with_seen("cell", "series").with_solved("cell", "forget")
    keep_progress(progress)
    kept = read_progress()
    assert kept == progress
    assert kept.last == "cell/series"
    assert kept.has_solved("cell", "forget")
    assert not kept.has_solved("cell", "remember")
    assert kept.steps_seen(course[0]) == 1


def test_a_chapter_is_complete_when_all_is_read_and_answered(course):
    chapter, progress = course[0], CourseProgress()
    for step in chapter.steps:
        progress = progress.with_seen(chapter.name, step.name)
    assert not progress.complete(chapter)
    for exercise in chapter.exercises:
        progress = progress.with_solved(chapter.name, exercise.name)
    assert progress.complete(chapter)
    assert not progress.complete(course[1])


def test_two_programs_keep_what_either_has(course):
    keep_progress(CourseProgress().with_seen("cell", "gates"))
    keep_progress(CourseProgress().with_seen("windows", "one"))
    assert read_progress().seen == {"cell/gates", "windows/one"}


def test_names_of_another_version_stay():
    keep_progress(CourseProgress().with_seen("transformers", "attention"))
    keep_progress(CourseProgress().with_seen("cell", "gates"))
    assert "transformers/attention" in read_progress().seen


def test_the_course_can_begin_anew():
    keep_progress(CourseProgress().with_seen("cell", "gates"))
    forget_progress()
    forget_progress()
    assert read_progress() == CourseProgress()


@pytest.mark.parametrize("content", ["", "[]", '{"seen": [], "answered": []}', '{"seen": [1]}', "\x00"])
def test_a_damaged_file_is_said_and_stays(content):
    progress_file().parent.mkdir(parents=True)
    progress_file().write_text(content)
    for work in (read_progress, lambda: keep_progress(CourseProgress().with_seen("cell", "gates"))):
        with pytest.raises(InputError, match=r"learn\.json is damaged; delete it to restart"):
            work()
    assert progress_file().read_text() == content


def test_a_place_that_cannot_be_written_is_said(home):
    (home / "data").write_text("a file where a folder should be")
    with pytest.raises(InputError, match=r"learn\.json cannot be read|cannot be stored in"):
        keep_progress(CourseProgress().with_seen("cell", "gates"))


def test_the_file_is_plain_json():
    keep_progress(CourseProgress().with_seen("cell", "gates").with_solved("cell", "forget"))
    assert json.loads(progress_file().read_text()) == {
        "seen": ["cell/gates"],
        "answered": ["cell/forget"],
        "last": "cell/gates",
    }
