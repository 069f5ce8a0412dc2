"""When Python's garbage collector runs.

The app: not while modules are imported, which leave no garbage; a full collection, which stops the program
for a tenth of a second, only while the user is idle. Commands: as usual, once they are imported.
"""

import gc

YOUNG, MIDDLE = 2000, 10
"""Thresholds of the first two generations."""
_NEVER = 2**30
_WORTH_IT = 20
"""Collections of the middle generation after which a full collection pays."""


def put_off() -> None:
    """Disables collection until `take_up` or `as_usual`."""
    gc.disable()


def as_usual() -> None:
    """After `put_off`: collects as Python does."""
    gc.enable()


def take_up() -> None:
    """After `put_off`: enables collection of new objects; old ones are collected only by `rest`."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(YOUNG, MIDDLE, _NEVER)
        gc.enable()


def rest() -> None:
    """After `take_up`: runs a full collection if it is worth it; to be called while the user is idle."""
    if gc.get_threshold()[2] == _NEVER and gc.get_count()[2] >= _WORTH_IT:
        gc.collect()
