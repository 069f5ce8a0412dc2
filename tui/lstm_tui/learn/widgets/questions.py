"""The questions of a step, as text."""

from __future__ import annotations

from rich.text import Text

from lstm_tui.learn.ink import Ink
from lstm_tui.learn.reader import Reader


def questions_text(reader: Reader, ink: Ink, *, short: bool, hint: bool) -> Text:
    """What to bring about, and what was shown by it.

    Args:
        reader: where somebody is.
        ink: its colours.
        short: the first open question alone.
        hint: say how one might begin.
    """
    asked = reader.open_questions
    shown = (asked[:1] or reader.now.questions[-1:]) if short else reader.now.questions
    lines = []
    for question in shown:
        line = Text()
        if question in asked:
            line.append("? ", ink.roles["target"])
            line.append(question.text, ink.roles["strong"])
            if hint:
                line.append(f" {question.hint}", ink.roles["quiet"])
        else:
            line.append("✓ ", ink.roles["good"])
            line.append(question.text)
            line.append(f" {question.shows}", ink.roles["quiet"])
        lines.append(line)
    return Text("\n" if short else "\n\n").join(lines)
