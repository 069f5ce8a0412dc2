"""When Python looks for cycles of objects that nobody uses any more.

Looking through all objects stops everything for a tenth of a second: the start is that much later for each
time, and so is the answer to a key. What is young is looked through as ever.
"""

import gc

YOUNG, MIDDLE = 2000, 10
"""Objects that are new, and lookings through them, before the next generation is looked through."""
_NEVER = 2**30
_WORTH_IT = 20
"""Lookings through the middle generation, after which there may be something among the old."""


def put_off() -> None:
    """Looks for none until `take_up`."""
    gc.disable()


def take_up() -> None:
    """After `put_off`: looks through what is made from now on, and through what grows old only in `rest`."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(YOUNG, MIDDLE, _NEVER)
        gc.enable()


def rest() -> None:
    """After `take_up`: looks through everything made since, if it is much; for when nobody waits."""
    if gc.get_threshold()[2] == _NEVER and gc.get_count()[2] >= _WORTH_IT:
        gc.collect()
