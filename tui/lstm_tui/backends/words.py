"""The state of a backend in signs and sentences, and the facts about it as a table."""

from collections.abc import Iterable, Iterator

from rich.table import Table
from rich.text import Text

from lstm_plugins.discovery import Found
from lstm_tui.backends.warmth import Warmth

NOT_CHECKED = "not checked"
NO_ADDITIONS = "none, so it is left out of data with missing target values"
_SIGNS = {"available": "✓", "not installed": "~", "disabled": "–", "incompatible": "✗", "broken": "✗"}
_PROCESS = {"warming": "ready · warming up", "warm": "ready · warm", "failed": "does not start"}
COLOURS = {"✓": "success", "~": "warning", "✗": "error", "–": "quiet"}
"""Theme colours, by sign."""


def sign_of(found: Found, warmth: Warmth | None) -> str:
    """One character for whether the backend can run."""
    failed = warmth is not None and warmth.phase == "failed"
    return "✗" if failed and found.state == "available" else _SIGNS[found.state]


def state_in_words(found: Found, warmth: Warmth | None) -> str:
    """The state in one line, with the reason or the remedy."""
    if found.state == "available":
        if warmth is None:
            return "ready"
        words = _PROCESS[warmth.phase]
        return f"{words}: {warmth.reason}" if warmth.reason else words
    if found.state == "disabled":
        return found.state
    return f"{found.state}: {found.install if found.state == 'not installed' else found.reason}"


def facts(found: Found, warmth: Warmth | None, conformance: str) -> Iterator[tuple[str, str]]:
    """The facts about a backend as names and texts; `conformance` is the verdict of its last cross-check."""
    backend = found.backend
    yield "state", f"{sign_of(found, warmth)} {state_in_words(found, warmth)}"
    if found.reason:
        yield "reason", f"{found.reason}."
    if found.install:
        yield "remedy", found.install
    if backend is not None:
        yield "summary", backend.summary
    version = f" {found.version}" if found.version else ""
    yield "from", f"{found.distribution}{version}{', built in' if found.built_in else ''}"
    yield "entry point", f"{found.name} = {found.entry_point}" if found.entry_point else "none"
    if backend is not None:
        yield "needs", ", ".join(backend.requires) or "nothing but lstm-tui"
        yield "additions", ", ".join(backend.additions) or NO_ADDITIONS
    if warmth is not None and warmth.framework:
        yield "computes with", warmth.framework
    if warmth is not None and warmth.devices:
        yield "devices", ", ".join(warmth.devices)
    yield "last cross-check", conformance or NOT_CHECKED


def fact_table(facts: Iterable[tuple[str, str]], quiet: str) -> Table:
    """Two columns: names in the colour `quiet`, and texts that wrap."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style=quiet, no_wrap=True)
    table.add_column()
    for name, text in facts:
        table.add_row(name, Text(text))
    return table


def wrongs(found: Found, warmth: Warmth | None) -> tuple[str, ...]:
    """The lines that explain a failure: traceback, output of the import, log of the process."""
    lines = [*found.traceback.splitlines(), *found.output.splitlines()]
    return (*lines, *(warmth.log if warmth is not None else ()))
