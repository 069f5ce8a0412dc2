"""Finds the backends that a command line names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lstm_forecasting.figures import looks
from lstm_plugins import Backend
from lstm_plugins.discovery import Found, discover, find_backend
from lstm_plugins.errors import InputError
from lstm_tui.cli.console import results_kept_pure
from lstm_tui.cli.options import ALL


@dataclass(frozen=True)
class Choice:
    """The backends that a command uses.

    Attributes:
        backends: at least one.
        notes: sentences for the user: which backend was selected by default, or which are left out and why.
    """

    backends: tuple[Backend, ...]
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Short names of the backends."""
        return tuple(backend.name for backend in self.backends)

    @property
    def titles(self) -> dict[str, str]:
        """Names of the backends for people, by short name."""
        return {backend.name: backend.title for backend in self.backends}


@results_kept_pure()
def choose_backends(names: Sequence[str], no_plugins: bool = False, without: Sequence[str] = ()) -> Choice:
    """Returns the named backends; "all" stands for all that are ready, no name for the first one.

    Raises:
        BackendError: a named backend does not exist or cannot be used.
        InputError: no backend is ready.
    """
    allowed: dict[str, Any] = {"plugins": not no_plugins, "without": frozenset(without)}
    named = tuple(find_backend(name, **allowed) for name in dict.fromkeys(names) if name != ALL)
    if names and ALL not in names:
        return Choice(named)
    found = in_order(discover(**allowed))
    available = tuple(one.backend for one in found if one.state == "available" and one.backend)
    if not available:
        reasons = "; ".join(f"{one.name} is {one.state}: {one.reason}" for one in found)
        raise InputError(f"No backend is ready: {reasons}.")
    if names:
        return Choice(available, tuple(_left_out(one) for one in found if one.state != "available"))
    first, *others = available
    note = f"{first.title} computes because no backend was named"
    if others:
        note += f"; --backend {ALL} also uses {' and '.join(other.title for other in others)}"
    return Choice((first,), (f"{note}.",))


def known_titles(names: Iterable[str]) -> dict[str, str]:
    """Returns the names of backends for people, by short name; they need not be installed any more."""
    with results_kept_pure():
        found = {one.name: one.backend.title for one in discover() if one.backend is not None}
    return {name: found.get(name, name) for name in names}


def in_order(found: Iterable[Found]) -> tuple[Found, ...]:
    """Returns backends in the order of the app."""
    listed = list(found)
    order = looks.in_order([one.name for one in listed])
    return tuple(sorted(listed, key=lambda one: order.index(one.name)))


def _left_out(found: Found) -> str:
    hint = f"; install it with: {found.install}" if found.install else ""
    return f"{found.name} is left out because it is {found.state}: {found.reason}{hint}."
