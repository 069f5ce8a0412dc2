"""Suggestions for a name that does not exist; no part of the contract, but below all that needs them."""

import difflib
from collections.abc import Iterable

from lstm_plugins.counting import joined


def similar_names(name: str, known: Iterable[str], most: int = 2) -> list[str]:
    """The known names that are most like a name, whatever its case, the best first."""
    lowered = {one.lower(): one for one in known}
    return [lowered[match] for match in difflib.get_close_matches(name.lower(), lowered, n=most)]


def suggestion(close: Iterable[str], otherwise: str) -> str:
    """The end of a sentence: "did you mean a or b?", or without such names what is said otherwise."""
    names = list(close)
    return f"did you mean {joined(names, 'or')}?" if names else otherwise
