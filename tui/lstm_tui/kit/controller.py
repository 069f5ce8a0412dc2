"""Controllers: each owns the state of one feature and the work that changes it; widgets watch the state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar, cast

from textual.reactive import invoke_watcher

from lstm_tui.kit.actions import Action, key_of
from lstm_tui.kit.textual_internals.screens import is_closing

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

State = TypeVar("State")
Part = TypeVar("Part")
Kind = TypeVar("Kind")
Tell: TypeAlias = (
    Callable[[Part], None]
    | Callable[[Part], Awaitable[None]]
    | Callable[[], None]
    | Callable[[], Awaitable[None]]
)
"""Is told a part of a state, or only that it changed."""


class Host(Protocol):
    """What the app offers to every feature.

    Attributes:
        controllers: of all features, by class.
        actions: all actions, with the keys that the user chose.
    """

    controllers: Mapping[type[Any], Any]
    actions: tuple[Action, ...]


def controller(node: DOMNode, kind: type[Kind]) -> Kind:
    """The app's controller of a class."""
    found: Kind = cast("Host", node.app).controllers[kind]
    return found


def key(node: DOMNode, action: str) -> str:
    """The key of an action, by its id, for texts that tell what to press."""
    return key_of(cast("Host", node.app).actions, action)


@dataclass(frozen=True, eq=False)
class Problem:
    """Why a choice of the user cannot be used; each is a new one, even in the same words.

    Attributes:
        about: the setting or option; "" for something else.
        text: one sentence.
    """

    about: str
    text: str


@dataclass
class _Watch:
    node: DOMNode
    part: Callable[[Any], object]
    tell: Tell[Any]
    told: object


class Controller(Generic[State]):
    """Keeps a frozen state, replaces it as work goes on, and tells those who watch.

    Args:
        app: runs the work.
        state: to begin with.
    """

    def __init__(self, app: App[Any], state: State) -> None:
        self.app = app
        self._state = state
        self._watches: list[_Watch] = []

    @property
    def state(self) -> State:
        """What has happened so far."""
        return self._state

    def publish(self, state: State) -> None:
        """Replaces the state and tells everyone for whom something changed."""
        self._state = state
        self._watches = [watch for watch in self._watches if not is_closing(watch.node)]
        for watch in tuple(self._watches):
            # Of the state as it is by now: who was told before may have changed it again.
            part = watch.part(self._state)
            if part is not watch.told and part != watch.told:
                watch.told = part
                invoke_watcher(watch.node, watch.tell, part, part)

    def watch(
        self,
        node: DOMNode,
        part: Callable[[State], Part],
        tell: Tell[Part],
        *,
        now: bool = True,
    ) -> None:
        """Calls `tell` with a part of the state whenever that changes, as long as the node lives.

        Args:
            node: who watches; `tell` runs in its context and may be a coroutine function.
            part: takes the part out of a state.
            tell: takes the part, or nothing.
            now: call it at once too.
        """
        told = part(self._state)
        self._watches.append(_Watch(node, part, tell, told))
        if now:
            invoke_watcher(node, tell, told, told)

    def connect(self) -> None:
        """Watches the controllers of other features; called once all of them are there."""

    def run(
        self,
        group: str,
        work: Callable[..., object],
        *arguments: object,
        exclusive: bool = False,
        thread: bool = False,
    ) -> None:
        """Runs a coroutine function, or a function in a thread, with these arguments.

        Args:
            group: of work, by which `work_failed` knows it.
            work: what runs.
            arguments: of it.
            exclusive: cancel what the group does at the time.
            thread: `work` is a plain function, to be run in a thread.
        """
        self.app.run_worker(
            # Not a coroutine that was made here: cancelled before it begins, it would never be awaited.
            partial(work, *arguments),
            group=group,
            exclusive=exclusive,
            thread=thread,
            exit_on_error=False,
        )

    def drain(self) -> None:
        """Takes over what work has reported since the last call; the app calls this five times a second."""

    def stop(self) -> None:
        """Asks for the end of what is under way."""

    def work_failed(self, group: str, problem: str) -> None:
        """Notes that work of a group broke down."""
