"""What a user calls a theme. Textual, which has most of them, is imported only for another than ours."""

from __future__ import annotations

import difflib

from lstm_plugins.errors import InputError

SHORT = {"dark": "lstm-dark", "light": "lstm-light", "ansi": "ansi-dark"}
"""Textual's names of the themes that have a short one; the first is the usual one."""


def find_theme(name: str) -> str:
    """Textual's name of a theme that a user calls dark, light, ansi, or by that name.

    Raises:
        InputError: there is none.
    """
    if name in SHORT:
        return SHORT[name]
    from textual.theme import BUILTIN_THEMES

    if name in BUILTIN_THEMES:
        return name
    close = difflib.get_close_matches(name.lower(), [*SHORT, *BUILTIN_THEMES], n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join([*SHORT, *BUILTIN_THEMES])}."
    raise InputError(f"There is no theme {name!r}; {hint}")
