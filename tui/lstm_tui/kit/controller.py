"""Controllers. Each owns the state of one feature and the work that changes it; widgets watch the state."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

from textual.app import App
from textual.dom import DOMNode
from textual.reactive import invoke_watcher

from lstm_tui.kit.actions import Action, key_of
from lstm_tui.kit.textual_internals.screens import is_closing

State = TypeVar("State")
Part = TypeVar("Part")
Kind = TypeVar("Kind")
Tell: TypeAlias = (
    Callable[[Part], None]
    | Callable[[Part], Awaitable[None]]
    | Callable[[], None]
    | Callable[[], Awaitable[None]]
)
"""A callback that receives a part of a state, or nothing; it may be a coroutine function."""


class Host(Protocol):
    """The parts of the app that every feature uses.

    Attributes:
        controllers: of all features, by class.
        actions: all actions, with the user's keys.
    """

    controllers: Mapping[type[Any], Any]
    actions: tuple[Action, ...]


def controller(node: DOMNode, kind: type[Kind]) -> Kind:
    """The app's controller of a class."""
    found: Kind = cast("Host", node.app).controllers[kind]
    return found


def key(node: DOMNode, action: str) -> str:
    """The key of an action by its id, for texts that name keys."""
    return key_of(cast("Host", node.app).actions, action)


@dataclass(frozen=True, eq=False)
class Problem:
    """Why the user's choice cannot be used. No two problems are equal, so that each is shown.

    Attributes:
        about: the setting or option; "" if it is none.
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
    """Owns a frozen state, replaces it during work, and informs its watchers."""

    def __init__(self, app: App[Any], state: State) -> None:
        self.app = app
        self._state = state
        self._watches: list[_Watch] = []

    @property
    def state(self) -> State:
        """The current state."""
        return self._state

    def publish(self, state: State) -> None:
        """Replaces the state and calls every watcher whose part has changed."""
        self._state = state
        self._watches = [watch for watch in self._watches if not is_closing(watch.node)]
        for watch in tuple(self._watches):
            # Of the current state: a watcher that was called before may have changed it again.
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
        """Calls `tell` whenever a part of the state changes, until the node is removed."""
        told = part(self._state)
        self._watches.append(_Watch(node, part, tell, told))
        if now:
            invoke_watcher(node, tell, told, told)

    def connect(self) -> None:
        """Watches the controllers of other features; called once, when all of them exist."""

    def run(
        self,
        group: str,
        work: Callable[..., object],
        *arguments: object,
        exclusive: bool = False,
        thread: bool = False,
    ) -> None:
        """Runs a coroutine function, or with `thread` a plain function in a thread.

        `group` names the kind of work for `work_failed`; `exclusive` cancels other work of the group.
        """
        self.app.run_worker(
            # Not a coroutine object: cancelled before it starts, it would never be awaited.
            partial(work, *arguments),
            group=group,
            exclusive=exclusive,
            thread=thread,
            exit_on_error=False,
        )

    def drain(self) -> None:
        """Updates the state with the events since the last call; the app calls this five times a second."""

    def stop(self) -> None:
        """Asks running work to end."""

    def work_failed(self, group: str, problem: str) -> None:
        """Updates the state after an unexpected error in work of a group."""
