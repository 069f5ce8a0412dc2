"""The whole course, and what tests read off a page."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from lstm_course.chapters import chapters
from lstm_course.course import Page
from lstm_course.figures import Equations, Table
from lstm_course.network import course_config
from lstm_course.series import DAYS
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_plugins import SeriesSet
from lstm_plugins.reference import ReferenceForecaster


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


@pytest.fixture(scope="session")
def untrained():
    """The reference with the series loaded, before its first update."""

    def untrained(**settings):
        reference = ReferenceForecaster(course_config(**settings), 1, (0,))
        reference.load_series(SeriesSet((np.array(DAYS)[:, None] - 20) / 8, (0,), (len(DAYS),)))
        return reference

    return untrained


@pytest.fixture(scope="session")
def trained(untrained):
    """The reference after so many updates of plain gradient descent on the windows of the first days."""

    @cache
    def trained(updates=300, days=7, **settings):
        reference = untrained(**settings)
        weights, rows = reference.weights(), np.arange(days - reference.config.look_back)
        for _ in range(updates):
            _, gradients = reference.loss_and_gradients(rows)
            weights = {name: weights[name] - 0.1 * gradients[name] for name in gradients}
            reference.load_weights(weights)
        return reference

    return trained


@pytest.fixture(scope="session")
def glasses():
    """Forecasts of the windows that begin at these rows, in glasses."""

    def glasses(network, rows):
        return 8 * network.predict(np.asarray(rows))[:, 0, 0, 0] + 20

    return glasses


@pytest.fixture(scope="session")
def off():
    """Mean absolute error of the forecasts of Days 8 to 11, in glasses."""

    def off(network):
        rows = np.arange(7, 11) - network.config.look_back
        return np.abs(8 * network.predict(rows)[:, 0, 0, 0] + 20 - np.array(DAYS[7:])).mean()

    return off
