"""The exercises of a step, as text."""

from rich.text import Text

from lstm_tui.learn.ink import Ink
from lstm_tui.learn.reader import Reader


def exercises_text(reader: Reader, ink: Ink, *, short: bool, hint: bool) -> Text:
    """The open exercises, and the solved ones with what they show; `short` shows only one of them."""
    asked = reader.open_exercises
    shown = (asked[:1] or reader.now.exercises[-1:]) if short else reader.now.exercises
    lines = []
    for exercise in shown:
        line = Text()
        if exercise in asked:
            line.append("? ", ink.roles["target"])
            line.append(exercise.text, ink.roles["strong"])
            if hint:
                line.append(f" {exercise.hint}", ink.roles["quiet"])
        else:
            line.append("✓ ", ink.roles["good"])
            line.append(exercise.text)
            line.append(f" {exercise.shows}", ink.roles["quiet"])
        lines.append(line)
    return Text("\n" if short else "\n\n").join(lines)
