"""The table of the backends, to be copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lstm_plugins.discovery import Found
from lstm_tui.backends.warmth import Warmths
from lstm_tui.backends.words import NOT_CHECKED, state_in_words
from lstm_tui.kit.copying import CopyTable


def backends_copy(
    found: Sequence[Found], warmths: Warmths, conformance: Mapping[str, str], titles: Mapping[str, str]
) -> CopyTable:
    """Where each comes from, how it is, and what its last check found."""
    rows = []
    for one in found:
        warmth = warmths.get(one.name)
        devices = ", ".join(warmth.devices) if warmth is not None else ""
        check = conformance.get(one.name, NOT_CHECKED)
        told = one.version, one.distribution, devices, check, state_in_words(one, warmth)
        rows.append((titles[one.name], *told))
    return CopyTable("the backends", ("backend", "version", "from", "devices", "last check", "state"), rows)
