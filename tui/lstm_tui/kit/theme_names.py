"""The names of themes. Textual, which has most of them, is imported only for a theme that is not ours."""

import difflib

from lstm_plugins.errors import InputError

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
    close = difflib.get_close_matches(name.lower(), [*SHORT, *BUILTIN_THEMES], n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join([*SHORT, *BUILTIN_THEMES])}."
    raise InputError(f"There is no theme {name!r}; {hint}")
