"""The table of what a preset tried on the validation part, to show and to copy."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from lstm_forecasting.presets.tried import Tried
from lstm_tui.cli.experiment.printed import relative_error
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.palette import Palette

_ERROR, _USED = 16, 8


def tried_table(tried: Sequence[Tried], palette: Palette) -> Table:
    """A row for each alternative; the one in use is bold and marked."""
    table = Table.grid(expand=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(width=_ERROR, justify="right", no_wrap=True)
    table.add_column(width=_USED, justify="right", no_wrap=True)
    table.add_row(*(Text(heading, palette.quiet) for heading in ("model", "relative error", "")))
    for one in tried:
        style = f"bold {palette.truth}" if one.chosen else palette.label
        cells = (one.what, relative_error(one), "✓ used" if one.chosen else "")
        table.add_row(*(Text(cell, style) for cell in cells))
    return table


def tried_copy(tried: Sequence[Tried]) -> CopyTable:
    """The same with all digits."""
    rows = [(one.what, one.error, one.chosen) for one in tried]
    return CopyTable("what the preset tried", ("tried", "relative error", "used"), rows)
