"""Waiting for an app that a test drives, by what happens in it and never by the clock.

Textual's own pilot takes an app to be done with a key when its process has used little CPU time for 20 ms,
which is also true of a process that gets none on a busy machine.
"""

import asyncio

from textual import app as textual_app
from textual import events
from textual import pilot as textual_pilot

from lstm_tui.kit.keys_in_turn import KeysInTurn

PATIENCE = 600.0
"""Seconds that a busy machine may take for anything; a quiet one takes a fraction of one."""

FRAME = 1.5 / 60
"""Seconds; what the app has put off for no longer than a frame is waited for."""

MOST_FRAMES = 300
"""After these, an app that never rests because something in it moves is looked at as it is.

Frames and not seconds, which also pass while a busy machine gives the process no time."""


_CHARACTERS = {
    "backspace": "\x7f",
    "enter": "\r",
    "escape": "\x1b",
    "left": None,
    "home": None,
    "full_stop": ".",
}
"""What the terminal sends with keys that have a name."""


async def rest(*_limits):
    """Waits until the event loop has nothing to do now, nor within the next frame.

    Work in threads is not waited for; `until` does that, with a condition.
    """
    loop = asyncio.get_running_loop()
    frames = 0
    while True:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        now = loop.time()
        soon = [handle.when() for handle in loop._scheduled if not handle.cancelled()]
        if frames > MOST_FRAMES or not soon or min(soon) > now + FRAME:
            return
        frames += 1
        await asyncio.sleep(max(min(soon) - now, 0.001))


async def until(pilot, condition, what):
    """Waits for a condition, and for everything that follows from it; fails with its name."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while not condition():
        if pilot.app._exception is not None:
            raise AssertionError(f"the app failed before {what}") from pilot.app._exception
        assert pilot.app.return_code is None, f"the app ended before {what}"
        assert loop.time() < end, f"waited in vain for {what}"
        await asyncio.sleep(0.02)
    await pilot.pause()


def type_at_once(app, keys):
    """Sends keys without waiting after each, as a fast typist or a slow connection does."""
    for key in keys:
        app._driver.send_message(events.Key(key, _CHARACTERS.get(key, key)))


def wait_by_events(monkeypatch):
    """Makes Textual's pilot wait for `rest`, keys and dialogs; notices stay for those who look late."""
    for module in (textual_app, textual_pilot):
        monkeypatch.setattr(module, "wait_for_idle", rest)
    wait_for_screen = textual_pilot.Pilot._wait_for_screen

    async def wait_for_answer(pilot, timeout=PATIENCE):
        """Waits until all events and keys are processed, and no dialog works in a thread."""
        done = await wait_for_screen(pilot, timeout)
        end = asyncio.get_running_loop().time() + timeout
        while done and _answers(pilot.app):
            assert asyncio.get_running_loop().time() < end, "waited in vain for a dialog or a key"
            await asyncio.sleep(0.005)
            done = await wait_for_screen(pilot, timeout)
        return done

    monkeypatch.setattr(textual_pilot.Pilot, "_wait_for_screen", wait_for_answer)
    notify = textual_app.App.notify

    def notify_for_long(app, message, **options):
        notify(app, message, **{**options, "timeout": PATIENCE})

    monkeypatch.setattr(textual_app.App, "notify", notify_for_long)


def _answers(app):
    """Whether the app handles keys, or a dialog finds out in a thread what its text means."""
    if app.return_code is not None:
        return False
    asking = any(worker.group == "dialog" and not worker.is_finished for worker in app.workers)
    return asking or (isinstance(app, KeysInTurn) and app.handles_keys)
