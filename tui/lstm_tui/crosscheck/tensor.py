"""The dialog of one compared tensor: a heatmap of its errors, its first and its worst bad entry."""

import asyncio
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from lstm_conformance.checks import LevelResult
from lstm_conformance.tolerance import Verdict
from lstm_conformance.wording import in_eps, verdict_text
from lstm_forecasting.crosscheck.looking import Element, TensorPicture, look_into
from lstm_plugins.counting import counted
from lstm_tui.kit.dialog import Sheet


class TensorScreen(Sheet[None]):
    """Recomputes the tensor with the reference in a thread, then draws the errors."""

    BINDINGS: ClassVar = [Binding("enter", "dismiss(None)", "Close", priority=True)]

    def __init__(self, title: str, result: LevelResult, verdict: Verdict) -> None:
        super().__init__()
        self._title = title
        self._result = result
        self._verdict = verdict

    def compose(self) -> ComposeResult:
        """The text; the picture follows below."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = f"{self._title} · {self._verdict.tensor}"
            dialog.border_subtitle = "Esc closes"
            yield Static("computing the reference …", id="words", markup=False)

    def on_mount(self) -> None:
        """Starts the reference."""
        self._look()

    @work(exclusive=True, exit_on_error=False, group="dialog")
    async def _look(self) -> None:
        words = self.query_one("#words", Static)
        try:
            picture = await asyncio.to_thread(look_into, self._result, self._verdict)
        except ValueError as error:
            words.update(f"This tensor has no picture: {error}.")
            return
        words.update("\n".join(self._lines(picture)))
        if picture.errors.size > 1:
            await self._draw(picture)

    async def _draw(self, picture: TensorPicture) -> None:
        from lstm_tui.crosscheck.heatmap import Heatmap

        heatmap = Heatmap(picture.errors, picture.allowed, picture.rows, picture.columns)
        dialog = self.query_one(Vertical)
        dialog.add_class("-drawn")
        await dialog.mount(heatmap)
        await dialog.mount(Static(heatmap.scale(), id="scale"))

    def _lines(self, picture: TensorPicture) -> list[str]:
        shape = " × ".join(
            counted(size, name) for size, name in zip(picture.shape, picture.axes, strict=True)
        )
        over = f"; each point is the worst {' and '.join(picture.over)}" if picture.over else ""
        lines = [
            f"probe {self._result.probe.name!r} · {shape or 'one number'}{over}",
            verdict_text(self._verdict),
        ]
        if picture.first is not None:
            lines.append(f"first beyond: {_entry(picture.first, picture.axes)}")
        if picture.worst is not None and picture.worst != picture.first and picture.worst.error_eps:
            lines.append(f"worst:        {_entry(picture.worst, picture.axes)}")
        return lines


def _entry(entry: Element, axes: tuple[str, ...]) -> str:
    where = ", ".join(f"{name} {position}" for name, position in zip(axes, entry.index, strict=True))
    place = f"{where}: " if where else ""
    return f"{place}{entry.given:.17g}, wanted {entry.wanted:.17g} ({in_eps(entry.error_eps)} eps)"
