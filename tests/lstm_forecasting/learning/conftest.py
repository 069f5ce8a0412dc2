"""The whole course, and what tests read off a page."""

from dataclasses import dataclass

import pytest

from lstm_forecasting.learning.chapters import chapters
from lstm_forecasting.learning.course import Page
from lstm_forecasting.learning.figures import Equations, Table
from lstm_forecasting.processes.pool import BackendProcesses


@dataclass
class Read:
    """A page, to be asked for what it shows."""

    page: Page

    @property
    def text(self):
        return " ".join(self.page.text)

    def table(self, number=0):
        """The cells of a table by the names of row and column, of the tables counted from 0."""
        table = [figure for figure in self.page.figures if isinstance(figure, Table)][number]
        return {
            (row[0].text, head): cell
            for row in table.rows
            for head, cell in zip(table.head[1:], row[1:], strict=True)
        }

    def equation(self, symbol):
        """The equation that computes a symbol."""
        figures = [figure for figure in self.page.figures if isinstance(figure, Equations)]
        return next(line for figure in figures for line in figure.lines if line.symbol == symbol)


@pytest.fixture(scope="session")
def processes():
    with BackendProcesses() as pool:
        yield pool


@pytest.fixture(scope="session")
def course(processes):
    return chapters(processes)


@pytest.fixture(scope="session")
def read(course):
    """Reads a step of a chapter with some values."""

    def read(chapter, step, **values):
        steps = {one.name: one for found in course if found.name == chapter for one in found.steps}
        return Read(steps[step].page(values))

    return read
