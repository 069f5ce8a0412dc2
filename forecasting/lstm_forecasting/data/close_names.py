"""Hints for a name that does not exist."""

from collections.abc import Sequence

from lstm_plugins.counting import listed
from lstm_plugins.suggesting import similar_names, suggestion

_MOST_LISTED = 20


def hint_at(name: str, known: Sequence[str], most: int = _MOST_LISTED) -> str:
    """The end of a sentence that suggests similar names, or else lists the known ones."""
    return suggestion(similar_names(name, known, 3), f"it has {listed(known, most)}.")
