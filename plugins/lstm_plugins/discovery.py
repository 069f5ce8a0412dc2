"""Finds backends, without letting a plugin stop the program or write to the screen.

Names come from entry-point metadata, which imports nothing. Each entry point is then loaded separately, and
its errors are part of the result. Built-in backends are found like plugins, except that they come first and
their names cannot be taken.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import io
import os
import re
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, EntryPoint
from typing import Literal, TypeVar

import pluggy

from lstm_plugins import hooks
from lstm_plugins.additions import ADDITIONS
from lstm_plugins.backend import API_VERSION, Backend
from lstm_plugins.errors import ForecasterError
from lstm_plugins.suggesting import similar_names, suggestion

State = Literal["available", "not installed", "broken", "incompatible", "disabled"]

WITHOUT_VARIABLE = "LSTM_TUI_WITHOUT"
"""Environment variable that disables backends, by their names or those of their distributions."""

_BUILT_IN = "lstm-tui"
_NAMELESS = "nameless"
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_LOADING = threading.RLock()
"""Redirecting sys.stdout affects the whole process."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A backend that an installed distribution declares, usable or not.

    Attributes:
        name: name of the entry point and of the backend.
        distribution: name of the distribution.
        version: version of the distribution.
        built_in: True for the backends of lstm-tui.
        entry_point: location of the hook, according to the distribution.
        state: "available", or why it cannot be used.
        reason: why it cannot be used, in one sentence; empty if available.
        install: command that makes it usable, if there is one.
        traceback: traceback of the plugin's own error, if it is broken by one.
        output: what the plugin printed while it was loaded.
        backend: its description, if available or not installed.
    """

    name: str
    distribution: str
    version: str
    built_in: bool
    state: State
    entry_point: str = ""
    reason: str = ""
    install: str = ""
    traceback: str = ""
    output: str = ""
    backend: Backend | None = None


class BackendError(ForecasterError):
    """A backend does not exist or cannot be used; the text says why and what to do.

    Attributes:
        name: the requested name.
        found: the backend; None if no distribution declares it.
    """

    def __init__(self, message: str, name: str, found: Found | None) -> None:
        super().__init__(message)
        self.name = name
        self.found = found

    def __reduce__(self) -> tuple[type[BackendError], tuple[str, str, Found | None]]:
        return type(self), (str(self), self.name, self.found)


def discover_names(*, plugins: bool = True, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Names of the backends that are not disabled, built-in ones first; imports nothing. See `discover`."""
    return tuple(found.name for found, entry in _declared(plugins, without) if entry is not None)


def discover(*, plugins: bool = True, without: frozenset[str] = frozenset()) -> tuple[Found, ...]:
    """All backends that installed distributions declare, built-in ones first, then by name.

    It imports the plugins' modules, which import no framework, except those of disabled backends.

    Args:
        plugins: False disables all backends except the built-in ones.
        without: names of backends or distributions to disable, besides those in LSTM_TUI_WITHOUT.
    """
    return tuple(_examined(found, entry) for found, entry in _declared(plugins, without))


def find_backend(name: str, *, plugins: bool = True, without: frozenset[str] = frozenset()) -> Backend:
    """The backend with this name; loads no other one. See `discover`.

    Raises:
        BackendError: it does not exist or cannot be used.
    """
    declared = _declared(plugins, without)
    for known, entry in declared:
        if known.name == name:
            found = _examined(known, entry)
            if found.state == "available" and found.backend is not None:
                return found.backend
            hint = f"; try: {found.install}" if found.install else ""
            raise BackendError(f"backend {name} is {found.state}: {found.reason}{hint}", name, found)
    names = [known.name for known, entry in declared if entry is not None]
    close = similar_names(name, names)
    guess = f"{suggestion(close, '')} " if close else ""
    raise BackendError(
        f"there is no backend {name!r}; {guess}the backends are {', '.join(names)}", name, None
    )


def _declared(plugins: bool, without: frozenset[str]) -> list[tuple[Found, EntryPoint | None]]:
    """What the metadata says, with the entry point of each backend that is to be imported."""
    off = {*without, *re.split(r"[\s,]+", os.environ.get(WITHOUT_VARIABLE, ""))}
    owners: dict[str, Found] = {}
    declared = []
    for found, entry in sorted(_entries(), key=_order):
        if not found.built_in and not plugins:
            found = replace(found, state="disabled", reason="backends of other distributions are disabled")
        elif found.name in off or (not found.built_in and found.distribution in off):
            found = replace(found, state="disabled", reason="it was disabled by name")
        elif found.state != "broken" and found.name in owners:
            owner = owners[found.name].distribution
            reason = f"{owner} already has a backend with this name; uninstall one of them"
            found = replace(found, state="broken", reason=reason)
        if found.built_in or found.state == "available":
            owners.setdefault(found.name, found)
        declared.append((found, entry if found.state == "available" else None))
    return declared


def _order(item: tuple[Found, EntryPoint | None]) -> tuple[object, ...]:
    found, entry = item
    return (not found.built_in, found.name, found.distribution, entry.value if entry else "")


def _entries() -> Iterator[tuple[Found, EntryPoint | None]]:
    """All entry points of the group; unreadable metadata of one distribution does not hide the others."""
    seen = set()
    for distribution in importlib.metadata.distributions():
        try:
            text = distribution.read_text("entry_points.txt")
            if text is None or hooks.ENTRY_POINT_GROUP not in text:
                continue
            entries = list(distribution.entry_points.select(group=hooks.ENTRY_POINT_GROUP))
            problem = None
        except Exception as error:  # noqa: BLE001 - the parser may raise anything on a damaged file
            entries, problem = [], error
        name, version = _identity(distribution)
        same = (name, tuple(entries) if name == _NAMELESS else ())
        if same in seen:
            continue  # the same distribution is in an earlier folder of sys.path, and imported from there
        seen.add(same)
        found = Found(
            name=name, distribution=name, version=version, built_in=name == _BUILT_IN, state="available"
        )
        if problem is not None:
            reason = f"its entry_points.txt cannot be read: {_in_words(problem)}"
            yield replace(found, state="broken", reason=reason, traceback=_full(problem)), None
        for entry in entries:
            if _NAME.fullmatch(entry.name):
                yield replace(found, name=entry.name, entry_point=entry.value), entry
            else:
                reason = (
                    "its name must consist of lower-case letters, digits, - and _, and start with a letter"
                )
                yield replace(found, name=ascii(entry.name)[1:-1], state="broken", reason=reason), None


def _identity(distribution: Distribution) -> tuple[str, str]:
    """Its normalised name and its version, if its METADATA has them."""
    try:
        name, version = distribution.metadata["Name"], distribution.metadata["Version"]
    except Exception:  # noqa: BLE001 - without METADATA this is a TypeError; the backend is listed anyway
        name, version = None, None
    return re.sub(r"[-_.]+", "-", name or _NAMELESS).lower(), version or ""


class _PluginError(Exception):
    """Why a backend cannot be used; the cause is the plugin's own error, if there is one."""

    def __init__(self, reason: str, state: State = "broken", install: str = "") -> None:
        super().__init__(reason)
        self.state: State = state
        self.install = install


def _examined(found: Found, entry: EntryPoint | None) -> Found:
    if entry is None:
        return found
    raw = io.BytesIO()
    screen = io.TextIOWrapper(raw, encoding="utf-8", errors="replace", write_through=True)
    try:
        with _LOADING, redirect_stdout(screen), redirect_stderr(screen):
            if not EntryPoint.pattern.match(entry.value):
                raise _PluginError(f"its entry point {entry.value!r} is not the path of a module")
            backend = _described(_guarded("its import failed", entry.load), found)
            missing = _guarded("its requirements cannot be checked", backend.missing)
        found = replace(found, backend=backend)
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            reason = f"it needs {' and '.join(missing)}, which {verb} not installed"
            found = replace(found, state="not installed", reason=reason, install=backend.install)
    except _PluginError as error:
        trace = _full(error.__cause__) if error.__cause__ else ""
        found = replace(found, state=error.state, reason=str(error), install=error.install, traceback=trace)
    # A plugin may have closed its output.
    return found if raw.closed else replace(found, output=raw.getvalue().decode("utf-8", "replace"))


def _described(plugin: object, found: Found) -> Backend:
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)

    def register() -> object:
        try:
            manager.register(plugin)
            manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise _PluginError(f"its hook is invalid: {' '.join(str(error).split())}") from error
        return manager.get_hookcallers(plugin)

    if not _guarded("its hook cannot be read", register):
        raise _PluginError("it has no function lstm_backend marked with @backend_hook")
    answers = _guarded("its hook failed", manager.hook.lstm_backend)
    if not isinstance(answers, list) or len(answers) != 1 or not isinstance(answers[0], Backend):
        kinds = ", ".join(type(answer).__name__ for answer in answers) if answers else "nothing"
        raise _PluginError(f"its hook returned {kinds}, not a Backend")
    return _guarded("its description cannot be read", lambda: _checked(answers[0], found))


def _checked(backend: Backend, found: Found) -> Backend:
    if backend.api_version != API_VERSION:
        older = isinstance(backend.api_version, int) and backend.api_version < API_VERSION
        raise _PluginError(
            f"it was written for contract {backend.api_version}, but this lstm-tui has {API_VERSION}",
            "incompatible",
            f"pip install --upgrade {found.distribution if older else _BUILT_IN}",
        )
    if backend.name != found.name:
        raise _PluginError(f"its description has another name, {backend.name!r}")
    for field in dataclasses.fields(Backend):
        value = getattr(backend, field.name)
        if field.name == "requires":
            if not isinstance(value, tuple) or not all(
                isinstance(name, str) and name.isidentifier() for name in value
            ):
                raise _PluginError("in its description, requires is not a tuple of top-level import names")
        elif field.name == "additions":
            if not isinstance(value, tuple) or not all(name in ADDITIONS for name in value):
                raise _PluginError(
                    f"in its description, additions is {value!r}, not a tuple of names among "
                    f"{', '.join(ADDITIONS)}"
                )
        elif field.name != "api_version" and not isinstance(value, str):
            raise _PluginError(f"in its description, {field.name} is not text")
    return backend


def _guarded(step: str, call: Callable[[], T]) -> T:
    try:
        return call()
    except (_PluginError, KeyboardInterrupt):
        raise
    except BaseException as error:  # a plugin may raise anything, even SystemExit
        raise _PluginError(f"{step}: {_in_words(error)}") from error


def _in_words(error: BaseException) -> str:
    lines = traceback.format_exception_only(error)
    return next(line for line in lines if not line.startswith(" ")).strip().splitlines()[0]


def _full(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))
