"""The table of all backends that installed distributions declare, on the screen and to copy."""

from rich.text import Text

from lstm_tui.backends.state import BackendsState
from lstm_tui.backends.words import COLOURS, NOT_CHECKED, sign_of, state_in_words
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.palette import Palette
from lstm_tui.kit.table import RowTable

_COLUMNS = (("backend", 18), ("version", 9), ("from", 12), ("devices", 8), ("last check", 12))


class BackendTable(RowTable):
    """One row for every backend; the last column, the state in words, takes the remaining width."""

    def __init__(self) -> None:
        super().__init__(keeps_colours=False)
        self._shown: tuple[BackendsState, Palette] | None = None

    def on_resize(self) -> None:
        """Adapts the last column."""
        if self._shown is not None:
            self.show(*self._shown)

    def show(self, state: BackendsState, palette: Palette) -> None:
        """Shows the backends; the cursor stays where it is."""
        self._shown = state, palette
        row = self.cursor_row
        self.clear(columns=True)
        for title, width in _COLUMNS:
            self.add_column(Text(title), width=width)
        rest = max(12, self.size.width - sum(width for _, width in _COLUMNS))
        self.add_column(Text("state"), width=rest)
        for one in state.found:
            warmth = state.warmths.get(one.name)
            name = Text(f"{palette.look(one.name).sample} ", palette.line(one.name))
            name.append(one.backend.title if one.backend else one.name, f"bold {palette.truth}")
            devices = ", ".join(warmth.devices) if warmth is not None else ""
            sign = sign_of(one, warmth)
            standing = Text().append(f"{sign} ", f"bold {palette.named(COLOURS[sign])}")
            standing.append(state_in_words(one, warmth), palette.truth)
            texts = (one.version, one.distribution, devices or "–")
            plain = (Text(text, palette.truth) for text in texts)
            cells = [name, *plain, _check(state.verdicts.get(one.name, ""), palette), standing]
            widths = [*(width for _, width in _COLUMNS), rest + 1]
            for cell, width in zip(cells, widths, strict=True):
                cell.truncate(width - 1, overflow="ellipsis")
            self.add_row(*cells, key=one.name)
        self.move_cursor(row=min(row, self.row_count - 1))


def backends_copy(state: BackendsState) -> CopyTable:
    """Origin, devices, last check and state of every backend."""
    rows = []
    for one in state.found:
        warmth = state.warmths.get(one.name)
        devices = ", ".join(warmth.devices) if warmth is not None else ""
        check = state.verdicts.get(one.name, NOT_CHECKED)
        texts = one.version, one.distribution, devices, check, state_in_words(one, warmth)
        rows.append((state.titles[one.name], *texts))
    return CopyTable("the backends", ("backend", "version", "from", "devices", "last check", "state"), rows)


def _check(verdict: str, palette: Palette) -> Text:
    if not verdict:
        return Text(NOT_CHECKED, palette.quiet)
    sign = verdict[0]
    text = Text().append(f"{sign} ", f"bold {palette.named(COLOURS[sign])}")
    return text.append({"✓": "agrees", "✗": "differs", "~": "incomplete"}[sign], palette.truth)
