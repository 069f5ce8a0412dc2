"""Counts in sentences; not part of the contract, but below everything that needs it."""

from collections.abc import Sequence


def counted(count: int, noun: str) -> str:
    """A number with its noun, which is singular and takes an s: "1 epoch", "3 epochs"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def joined(names: Sequence[str], word: str = "and") -> str:
    """All names, at least one: "a", "a and b", "a, b and c"; or with another word before the last."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def listed(texts: Sequence[str], most: int) -> str:
    """The first few of some texts, and how many more there are: "a, b and 3 more"."""
    if len(texts) <= most:
        return ", ".join(texts)
    return f"{', '.join(texts[:most])} and {len(texts) - most} more"
