"""The table of the backends, to be copied."""

from lstm_tui.backends.state import BackendsState
from lstm_tui.backends.words import NOT_CHECKED, state_in_words
from lstm_tui.kit.copying import CopyTable


def backends_copy(state: BackendsState) -> CopyTable:
    """Where each comes from, how it is, and what its last check found."""
    rows = []
    for one in state.found:
        warmth = state.warmths.get(one.name)
        devices = ", ".join(warmth.devices) if warmth is not None else ""
        check = state.verdicts.get(one.name, NOT_CHECKED)
        told = one.version, one.distribution, devices, check, state_in_words(one, warmth)
        rows.append((state.titles[one.name], *told))
    return CopyTable("the backends", ("backend", "version", "from", "devices", "last check", "state"), rows)
