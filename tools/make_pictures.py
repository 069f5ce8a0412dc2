"""Makes the pictures of the README from the real app, trained for real.

    python tools/make_pictures.py

Needs rsvg-convert (Debian: librsvg2-bin) and the fonts Fira Code and DejaVu. Takes about two minutes.
"""

from __future__ import annotations

import asyncio
import html
import re
import subprocess
import tempfile
from pathlib import Path

from rich.cells import cell_len

from lstm_tui.app import WorkbenchApp

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH = 1400
TEXT = re.compile(
    r'<text class="([^"]+)" x="([^"]+)" y="([^"]+)" textLength="([^"]+)" ([^>]+)>([^<]+)</text>'
)


def cell_by_cell(text: re.Match[str]) -> str:
    """One text of the SVG as one text a cell: a fallback font's widths would move what comes after it."""
    style, left, y, length, clip, escaped = text.groups()
    characters = html.unescape(escaped)
    width = float(length) / max(cell_len(characters), 1)
    cells, x = [], float(left)
    for character in characters:
        if not character.isspace():
            cells.append(f'<text class="{style}" x="{x:g}" y="{y}" {clip}>{html.escape(character)}</text>')
        x += width * cell_len(character)
    return "".join(cells)


def save(app: WorkbenchApp, name: str) -> None:
    """The screen as it is, as a PNG."""
    with tempfile.TemporaryDirectory() as folder:
        svg = Path(app.save_screenshot(f"{name}.svg", folder))
        svg.write_text(TEXT.sub(cell_by_cell, svg.read_text()))
        command = ["rsvg-convert", "--width", str(WIDTH), svg, "--output", PICTURES / f"{name}.png"]
        subprocess.run(command, check=True)


async def wait_until_trained(app: WorkbenchApp) -> None:
    """Until every backend is done."""
    while app.training is None or app.training.result is None:
        await asyncio.sleep(0.2)


async def main() -> None:
    """Trains all backends on the weekly CO2 and the daily weather and takes the pictures on the way."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for source, theme in (("co2", "dark"), ("seattle-weather", "light")):
        app = WorkbenchApp(source)
        async with app.run_test(size=(140, 40)) as pilot:
            while app.experiment is None:
                await asyncio.sleep(0.2)
            app.theme = f"lstm-{theme}"
            await pilot.press("t")
            await wait_until_trained(app)
            await pilot.pause(1)
            await pilot.press("1")
            await pilot.pause(1)
            save(app, f"train-{theme}")
            await pilot.press("2")
            await pilot.pause(1)
            save(app, f"forecast-{theme}")


if __name__ == "__main__":
    asyncio.run(main())
