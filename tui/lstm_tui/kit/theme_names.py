"""The names of themes. Textual, which has most of them, is imported only for a theme that is not ours."""

from lstm_plugins.errors import InputError
from lstm_plugins.suggesting import similar_names, suggestion

SHORT = {"dark": "lstm-dark", "light": "lstm-light", "ansi": "ansi-dark"}
"""Short names of themes and Textual's names for them; the first is the default."""


def find_theme(name: str) -> str:
    """Textual's name of a theme, given a short name or Textual's own.

    Raises:
        InputError: there is no such theme.
    """
    if name in SHORT:
        return SHORT[name]
    from textual.theme import BUILTIN_THEMES

    if name in BUILTIN_THEMES:
        return name
    names = [*SHORT, *BUILTIN_THEMES]
    hint = suggestion(similar_names(name, names, 1), f"there are {', '.join(names)}.")
    raise InputError(f"There is no theme {name!r}; {hint}")
