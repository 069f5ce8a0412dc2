"""A reader's progress in the course, stored in a file in the user's data folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

from lstm_course.course import Chapter
from lstm_plugins.errors import InputError
from lstm_plugins.files import replace_file


@dataclass(frozen=True)
class CourseProgress:
    """The steps read and exercises solved. Names unknown to this version of the course are kept.

    Attributes:
        seen: steps read, as "chapter/step".
        solved: exercises solved, as "chapter/exercise".
        last: the step read last; "" for none.
    """

    seen: frozenset[str] = frozenset()
    solved: frozenset[str] = frozenset()
    last: str = ""

    def with_seen(self, chapter: str, step: str) -> CourseProgress:
        """Progress after reading a step."""
        name = f"{chapter}/{step}"
        return replace(self, seen=self.seen | {name}, last=name)

    def with_solved(self, chapter: str, exercise: str) -> CourseProgress:
        """Progress after an exercise was solved."""
        return replace(self, solved=self.solved | {f"{chapter}/{exercise}"})

    def steps_seen(self, chapter: Chapter) -> int:
        """Number of steps of a chapter that were read."""
        return sum(f"{chapter.name}/{step.name}" in self.seen for step in chapter.steps)

    def has_solved(self, chapter: str, exercise: str) -> bool:
        """Whether an exercise was solved."""
        return f"{chapter}/{exercise}" in self.solved

    def complete(self, chapter: Chapter) -> bool:
        """Whether every step of a chapter was read and every exercise solved."""
        solved = all(self.has_solved(chapter.name, exercise.name) for exercise in chapter.exercises)
        return solved and self.steps_seen(chapter) == len(chapter.steps)


def progress_file() -> Path:
    """The file that stores the progress."""
    # Imported here because few commands need it.
    from platformdirs import user_data_path

    return user_data_path("lstm-tui", appauthor=False) / "learn.json"


def read_progress() -> CourseProgress:
    """The stored progress; empty if the course was never opened.

    Raises:
        InputError: the file cannot be read or is damaged.
    """
    kept = progress_file()
    try:
        found = json.loads(kept.read_bytes())
    except FileNotFoundError:
        return CourseProgress()
    except OSError as error:
        raise InputError(f"{kept} cannot be read: {error.strerror or error}.") from None
    except (ValueError, RecursionError):
        raise _damaged(kept) from None
    if not isinstance(found, dict):
        raise _damaged(kept)
    # The key is older than the word "exercise"; files of earlier versions stay readable.
    seen, solved, last = (found.get(name) for name in ("seen", "answered", "last"))
    if not (_is_names(seen) and _is_names(solved) and isinstance(last, str)):
        raise _damaged(kept)
    return CourseProgress(frozenset(seen), frozenset(solved), last)


def keep_progress(progress: CourseProgress) -> None:
    """Stores progress, merged with what another program may have stored in the meantime.

    Raises:
        InputError: the file cannot be read or written; it is unchanged.
    """
    before, kept = read_progress(), progress_file()
    both = CourseProgress(before.seen | progress.seen, before.solved | progress.solved, progress.last)
    if both == before:
        return
    content = {"seen": sorted(both.seen), "answered": sorted(both.solved), "last": both.last}
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        replace_file(kept, json.dumps(content, indent=1).encode() + b"\n")
    except OSError as error:
        raise InputError(f"Progress cannot be stored in {kept}: {error.strerror or error}.") from None


def forget_progress() -> None:
    """Deletes the stored progress.

    Raises:
        InputError: the file cannot be deleted.
    """
    kept = progress_file()
    try:
        kept.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{kept} cannot be deleted: {error.strerror or error}.") from None


def _is_names(found: Any) -> TypeGuard[list[str]]:
    return isinstance(found, list) and all(isinstance(name, str) for name in found)


def _damaged(kept: Path) -> InputError:
    return InputError(f"{kept} is damaged; delete it to restart the course.")
