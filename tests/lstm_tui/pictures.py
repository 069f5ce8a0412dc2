"""Screens compared with pictures of before; one start of the app serves for many of them."""

import asyncio
import contextlib
import inspect
import pickle
from pathlib import Path

from pytest_textual_snapshot import (
    PseudoApp,
    PseudoConsole,
    SVGImageExtension,
    node_to_report_path,
    normalize_svg,
)
from textual.screen import ModalScreen

from lstm_tui.app.footer import KeyLine

from . import settling

UNCHANGED = 10.0
"""Seconds without a change after which a screen that is not like its picture is taken to be another."""


class Pictures(SVGImageExtension):
    """One file for each picture, with the picture's own name."""

    @classmethod
    def get_snapshot_name(cls, *, test_location, index=0):
        return str(index)


class Album:
    """Takes pictures of one running app.

    Args:
        pilot: of the app.
        snapshot: the fixture of syrupy.
        request: of the test.
        suffix: of the pictures' names.
    """

    def __init__(self, pilot, snapshot, request, suffix):
        self.pilot = pilot
        self._snapshot = snapshot.use_extension(Pictures)
        self._request = request
        self._suffix = suffix
        self.wrong = []

    async def walk(self, *steps):
        """Presses keys; a step may also be a function of the app to wait for."""
        for step in steps:
            if callable(step):
                await settling.until(self.pilot, lambda step=step: step(self.pilot.app), "the next step")
            else:
                await self.pilot.press(step)

    async def take(self, name, *steps):
        """Walks, and compares what is there then with the picture of this name."""
        await self.walk(*steps)
        name = f"{name}{self._suffix}"
        drawn = await self._drawn(name)
        matches = self._snapshot(name=name) == drawn
        if not matches:
            self.wrong.append(name)
        self._report(name, matches, drawn)

    async def _drawn(self, name):
        """The screen as soon as it is like its picture, or when it has long been another."""
        app, loop = self.pilot.app, asyncio.get_running_loop()
        # Toasts come and go with the clock.
        app.clear_notifications()
        app.screen.set_focus(None)
        wanted = normalize_svg(path.read_text("utf-8")) if (path := self._path(name)).exists() else ""
        unchanged = 1.0 if self._request.config.option.update_snapshots else UNCHANGED
        drawn, since = "", loop.time()
        while True:
            await self.pilot.pause()
            if isinstance(app.screen, ModalScreen) or len(app.screen.query_one(KeyLine).keys) > 3:
                before, drawn = drawn, normalize_svg(app.export_screenshot(simplify=True))
                if drawn != before:
                    since = loop.time()
                if drawn == wanted or loop.time() - since > unchanged:
                    return drawn
            await asyncio.sleep(0.1 + (loop.time() - since) / 4)

    def _path(self, name):
        test = self._request.node.path
        return test.parent / "__snapshots__" / test.stem / f"{name}.svg"

    def _report(self, name, matches, drawn):
        """Leaves what pytest-textual-snapshot makes snapshot_report.html of."""
        path, line, _ = self._request.node.reportinfo()
        wanted = self._path(name)
        record = (
            matches,
            wanted.read_text("utf-8") if wanted.exists() else "",
            drawn,
            PseudoApp(PseudoConsole(False, self.pilot.app.console.size)),
            path,
            line,
            name,
            inspect.getdoc(self._request.node.function) or "",
            "",
            wanted.exists(),
        )
        folder = Path(node_to_report_path(self._request.node)).parent
        (folder / name).write_bytes(pickle.dumps(record))


@contextlib.asynccontextmanager
async def album(app, size, snapshot, request, suffix=""):
    """Runs the app at a size, and fails at the end with the names of all pictures that it was not like."""
    async with app.run_test(size=size) as pilot:
        pictures = Album(pilot, snapshot, request, suffix)
        yield pictures
    assert not pictures.wrong, f"not as in the pictures {', '.join(pictures.wrong)}"
