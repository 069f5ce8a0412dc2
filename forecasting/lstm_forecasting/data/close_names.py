"""Hints for a name that does not exist."""

import difflib
from collections.abc import Sequence

from lstm_plugins.counting import listed

_MOST_LISTED = 20


def hint_at(name: str, known: Sequence[str], most: int = _MOST_LISTED) -> str:
    """The end of a sentence that suggests similar names, or else lists the known ones."""
    lowered = {one.lower(): one for one in known}
    close = [lowered[match] for match in difflib.get_close_matches(name.lower(), lowered, n=3)]
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"it has {listed(known, most)}."
