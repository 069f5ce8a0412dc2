"""The state of the Data screen: the open series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_forecasting.data.finding import Finding
    from lstm_forecasting.data.series.splits import Split
    from lstm_forecasting.data.table import SeriesTable
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_tui.kit.controller import Problem


@dataclass(frozen=True, eq=False)
class Opened:
    """A series that was opened, or is shown again because another could not be opened.

    Attributes:
        table: the series.
        chosen: whether the user selected it in the dialog, which resets the settings.
    """

    table: SeriesTable
    chosen: bool = False


@dataclass(frozen=True, eq=False)
class Planned:
    """The plan for a series; that of a preset may read it with other options and fill it in another way."""

    table: SeriesTable
    plan: Experiment


@dataclass(frozen=True, eq=False)
class Checked:
    """What was found in a series."""

    table: SeriesTable
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class DataState:
    """The open series and what Train would train on it.

    Attributes:
        opened: the series; None before the first one.
        opening: whether the series of the command line is being opened.
        problem: why the series could not be read with other options.
        planned: the latest plan; None without one.
        checked: the series that was checked last, and its findings.
    """

    opened: Opened | None = None
    opening: bool = False
    problem: Problem | None = None
    planned: Planned | None = None
    checked: Checked | None = None

    @property
    def table(self) -> SeriesTable | None:
        """The open series."""
        return self.opened.table if self.opened is not None else None

    @property
    def findings(self) -> tuple[Finding, ...] | None:
        """What to know about the open series; None while it is being checked."""
        checked = self.checked
        return checked.findings if checked is not None and checked.table is self.table else None

    @property
    def split(self) -> Split | None:
        """The planned parts of the series; None between a new series and its plan."""
        plan = self.plan
        return plan.split if plan is not None else None

    @property
    def plan(self) -> Experiment | None:
        """The plan for the open series; None without one."""
        planned = self.planned
        return planned.plan if planned is not None and planned.table is self.table else None

    @property
    def decisions(self) -> tuple[str, ...]:
        """Sentences about what was inferred from the data."""
        if self.plan is not None:
            return self.plan.data_decisions
        return self.table.decisions if self.table is not None else ()

    @property
    def line(self) -> str:
        """The open series in one line for the header."""
        table = self.table
        if table is None:
            return ""
        span = f" · {table.row_text(0)} … {table.row_text(table.rows - 1)}" if table.times is not None else ""
        return f"{table.name} · {table.frequency.name}{span} · {table.rows} rows"
