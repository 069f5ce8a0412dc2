"""Takes the pictures for the README and the manual from the running app, after real training and checking.

    python tools/make_pictures.py

Needs rsvg-convert (Debian: librsvg2-bin) and the fonts Fira Code and DejaVu. Takes minutes: three
backends train the preset `best` twice. The pictures show how long that took, so leave the machine alone.
"""

import asyncio
import html
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from rich.cells import cell_len
from textual.pilot import Pilot

from lstm_tui.app.app import WorkbenchApp
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.crosscheck.controller import CrossCheckController
from lstm_tui.inspect.controller import InspectController
from lstm_tui.kit.controller import key

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH = 1400
SIZE = (150, 40)
PORTED = '''"""A port with a common bug: the gates in the order of another framework."""

from lstm_plugins import ADDITIONS, API_VERSION, Backend, backend_hook
from lstm_conformance.deviations import CATALOGUE
from lstm_plugins.reference import ReferenceForecaster


def devices():
    return ("cpu",)


class Port(ReferenceForecaster):
    def __post_init__(self):
        plain = ReferenceForecaster(self.config, self.features, self.targets, options=self.options)
        (bug,) = [one for one in CATALOGUE if one.name == "gate order i, o, f, C̃"]
        self.steps = bug.plant(plain).steps
        super().__post_init__()


@backend_hook
def lstm_backend():
    return Backend(
        name="ported",
        title="Port",
        api_version=API_VERSION,
        version="1.0",
        summary="a port with a bug",
        forecaster="ported:Port",
        devices="ported:devices",
        framework="numpy",
        additions=ADDITIONS,
    )
'''
TEXT = re.compile(
    r'<text class="([^"]+)" x="([^"]+)" y="([^"]+)" textLength="([^"]+)" ([^>]+)>([^<]+)</text>'
)


def cell_by_cell(text: re.Match[str]) -> str:
    """Splits a text of the SVG into one text per cell, so that a fallback font's widths shift nothing."""
    style, left, y, length, clip, escaped = text.groups()
    characters = html.unescape(escaped)
    width = float(length) / max(len(characters), 1)
    cells, x = [], float(left)
    # A combining mark takes no cell of its own; it belongs to the letter before it.
    for whole in re.findall(r".[\u0300-\u036f]*", characters):
        if not whole.isspace():
            cells.append(f'<text class="{style}" x="{x:g}" y="{y}" {clip}>{html.escape(whole)}</text>')
        x += width * cell_len(whole)
    return "".join(cells)


def save(app: WorkbenchApp, name: str) -> None:
    """Saves the current screen as a PNG."""
    with tempfile.TemporaryDirectory() as folder:
        svg = Path(app.save_screenshot(f"{name}.svg", folder))
        svg.write_text(TEXT.sub(cell_by_cell, svg.read_text()))
        command = ["rsvg-convert", "--width", str(WIDTH), svg, "--output", PICTURES / f"{name}.png"]
        subprocess.run(command, check=True)


@contextmanager
def installed(folder: Path) -> Iterator[None]:
    """Installs the buggy backend for this process and the processes it starts."""
    metadata = folder / "ported-1.0.dist-info"
    metadata.mkdir()
    (folder / "ported.py").write_text(PORTED)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: ported\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[lstm_tui.backends]\nported = ported\n")
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(folder), *filter(None, [before])])
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        os.environ["PYTHONPATH"] = before or ""


async def until(condition: Callable[[], object]) -> None:
    """Waits until the condition is true."""
    while not condition():
        await asyncio.sleep(0.2)


@asynccontextmanager
async def opened(source: str, theme: str, *backends: str) -> AsyncIterator[tuple[WorkbenchApp, Pilot[None]]]:
    """Opens the app on a bundled data set and waits for its plan."""
    app = WorkbenchApp(AppOptions(source, backends, theme=theme))
    async with app.run_test(size=SIZE) as pilot:
        await until(lambda: app.train.state.experiment is not None)
        yield app, pilot


async def train(app: WorkbenchApp, pilot: Pilot[None]) -> None:
    """Trains until every backend has finished."""
    await pilot.press("t")
    await until(lambda: app.train.state.training is not None and app.train.state.training.result is not None)


async def show(app: WorkbenchApp, pilot: Pilot[None], tab: str) -> None:
    """Shows a screen and waits until it is drawn."""
    await pilot.press(key(app, f"show_{tab}"))
    await pilot.pause(3)
    app.clear_notifications()
    await pilot.pause(0.5)


async def take_pictures() -> None:
    """Trains on weekly CO2 and daily weather, inspects the network, and cross-checks a buggy port."""
    async with opened("co2", "dark") as (app, pilot):
        await train(app, pilot)
        await show(app, pilot, "train")
        save(app, "train-dark")
        await show(app, pilot, "inspect")
        inspect = app.controllers[InspectController]
        await until(lambda: inspect.state.seen is not None and not inspect.state.note)
        await pilot.press(*["left"] * 5)
        await pilot.pause(1)
        await until(lambda: not inspect.state.note)
        await pilot.pause(1)
        save(app, "inspect-dark")
    async with opened("seattle-weather", "light") as (app, pilot):
        await train(app, pilot)
        await show(app, pilot, "forecast")
        save(app, "forecast-light")
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)):
        async with opened("co2", "dark", "numpy", "torch", "tensorflow", "ported") as (app, pilot):
            await show(app, pilot, "crosscheck")
            await pilot.press("c")
            check = app.controllers[CrossCheckController]
            await until(lambda: check.state is not None and check.state.result is not None)
            await pilot.pause(1)
            save(app, "crosscheck-dark")


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as runs:
        os.environ["LSTM_TUI_RUNS"] = runs
        asyncio.run(take_pictures())
