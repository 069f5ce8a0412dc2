"""Counts in sentences; not part of the contract, but below everything that needs it."""


def counted(count: int, noun: str) -> str:
    """A number with its noun, which is singular and takes an s: "1 epoch", "3 epochs"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
