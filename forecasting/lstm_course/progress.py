"""How far a reader has come in the course, kept in a file among the user's data."""

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
    """What was read and answered. Names that this version of the course does not know are kept.

    Attributes:
        seen: steps, as "chapter/step".
        answered: questions, as "chapter/question".
        last: the step that was read last; "" for none.
    """

    seen: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    last: str = ""

    def with_seen(self, chapter: str, step: str) -> CourseProgress:
        """After a step was read."""
        name = f"{chapter}/{step}"
        return replace(self, seen=self.seen | {name}, last=name)

    def with_answered(self, chapter: str, question: str) -> CourseProgress:
        """After a question was answered."""
        return replace(self, answered=self.answered | {f"{chapter}/{question}"})

    def steps_seen(self, chapter: Chapter) -> int:
        """How many steps of a chapter were read."""
        return sum(f"{chapter.name}/{step.name}" in self.seen for step in chapter.steps)

    def has_answered(self, chapter: str, question: str) -> bool:
        """Whether a question was answered."""
        return f"{chapter}/{question}" in self.answered

    def complete(self, chapter: Chapter) -> bool:
        """Whether every step of a chapter was read and every question answered."""
        answered = all(self.has_answered(chapter.name, question.name) for question in chapter.questions)
        return answered and self.steps_seen(chapter) == len(chapter.steps)


def progress_file() -> Path:
    """Where it is kept."""
    # Here and not above: few paths of the program need it.
    from platformdirs import user_data_path

    return user_data_path("lstm-tui", appauthor=False) / "learn.json"


def read_progress() -> CourseProgress:
    """What was kept; nothing where the course was never opened.

    Raises:
        InputError: the file cannot be read or is damaged.
    """
    kept = progress_file()
    try:
        found = json.loads(kept.read_bytes())
    except FileNotFoundError:
        return CourseProgress()
    except OSError as error:
        raise InputError(f"The progress in {kept} cannot be read: {error.strerror or error}.") from None
    except (ValueError, RecursionError):
        raise _damaged(kept) from None
    if not isinstance(found, dict):
        raise _damaged(kept)
    seen, answered, last = (found.get(name) for name in ("seen", "answered", "last"))
    if not (_is_names(seen) and _is_names(answered) and isinstance(last, str)):
        raise _damaged(kept)
    return CourseProgress(frozenset(seen), frozenset(answered), last)


def keep_progress(progress: CourseProgress) -> None:
    """Writes it, together with what another program may have written since.

    Raises:
        InputError: the file cannot be read or written; it is as it was.
    """
    before, kept = read_progress(), progress_file()
    both = CourseProgress(before.seen | progress.seen, before.answered | progress.answered, progress.last)
    if both == before:
        return
    content = {"seen": sorted(both.seen), "answered": sorted(both.answered), "last": both.last}
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        replace_file(kept, json.dumps(content, indent=1).encode() + b"\n")
    except OSError as error:
        raise InputError(f"The progress cannot be kept in {kept}: {error.strerror or error}.") from None


def forget_progress() -> None:
    """Begins the course anew.

    Raises:
        InputError: the file cannot be removed.
    """
    kept = progress_file()
    try:
        kept.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"The progress in {kept} cannot be removed: {error.strerror or error}.") from None


def _is_names(found: Any) -> TypeGuard[list[str]]:
    return isinstance(found, list) and all(isinstance(name, str) for name in found)


def _damaged(kept: Path) -> InputError:
    return InputError(f"The progress in {kept} is damaged; delete that file to begin the course anew.")
