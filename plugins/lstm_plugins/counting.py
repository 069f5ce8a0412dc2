"""Numbers of things in sentences; not part of the contract, but below everything that needs it."""


def counted(count: int, noun: str) -> str:
    """The number with its noun, in the plural where there is not exactly one: "1 epoch", "3 epochs".

    Args:
        count: of what is counted.
        noun: its singular, of a word that takes an s.
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
