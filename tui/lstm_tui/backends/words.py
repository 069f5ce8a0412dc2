"""What a backend is and how it is, in signs and sentences."""

from collections.abc import Iterator

from lstm_plugins.discovery import Found
from lstm_tui.backends.warmth import Warmth

NOT_CHECKED = "not checked"
_SIGNS = {"available": "✓", "not installed": "~", "disabled": "–", "incompatible": "✗", "broken": "✗"}
_PROCESS = {
    "warming": "ready · warming",
    "warm": "ready · warm",
    "failed": "does not start",
}
COLOURS = {"✓": "success", "~": "warning", "✗": "error", "–": "quiet"}
"""Names of theme colours, by sign."""


def sign_of(found: Found, warmth: Warmth | None) -> str:
    """One character: whether the backend can be used."""
    failed = warmth is not None and warmth.phase == "failed"
    return "✗" if failed and found.state == "available" else _SIGNS[found.state]


def state_in_words(found: Found, warmth: Warmth | None) -> str:
    """The state in one line, with what mends it or went wrong."""
    if found.state == "available":
        if warmth is None:
            return "ready"
        words = _PROCESS[warmth.phase]
        return f"{words}: {warmth.reason}" if warmth.reason else words
    if found.state == "disabled":
        return found.state
    return f"{found.state}: {found.install if found.state == 'not installed' else found.reason}"


def facts(found: Found, warmth: Warmth | None, conformance: str) -> Iterator[tuple[str, str]]:
    """What there is to be known, as names and texts.

    Args:
        found: the backend.
        warmth: of its process, if it has one.
        conformance: the verdict of its last cross-check; empty without one.
    """
    backend = found.backend
    yield "state", f"{sign_of(found, warmth)} {state_in_words(found, warmth)}"
    if found.reason:
        yield "reason", f"{found.reason}."
    if found.install:
        yield "to mend it", found.install
    if backend is not None:
        yield "what it is", backend.summary
    version = f" {found.version}" if found.version else ""
    yield "from", f"{found.distribution}{version}{', built in' if found.built_in else ''}"
    yield "entry point", f"{found.name} = {found.entry_point}" if found.entry_point else "none"
    if backend is not None:
        yield "needs", ", ".join(backend.requires) or "nothing but lstm-tui"
    if warmth is not None and warmth.framework:
        yield "computes with", warmth.framework
    if warmth is not None and warmth.devices:
        yield "devices", ", ".join(warmth.devices)
    yield "last cross-check", conformance or NOT_CHECKED


def wrongs(found: Found, warmth: Warmth | None) -> tuple[str, ...]:
    """The lines that explain what went wrong: a traceback, what was printed, the log of the process."""
    lines = [*found.traceback.splitlines(), *found.output.splitlines()]
    return (*lines, *(warmth.log if warmth is not None else ()))
