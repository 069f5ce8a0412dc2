import pytest
from rich.console import Console

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.figures.looks import looks

BACKENDS = ("numpy", "torch", "tensorflow")


class _PlainPalette:
    """The colours of the dark theme, without an app."""

    background, truth, label, quiet, band = "#000000", "#ffffff", "#aaaaaa", "#888888", "#222222"

    def look(self, backend):
        return looks(BACKENDS)[backend]

    def line(self, backend):
        return self.look(backend).dark

    def named(self, name):
        return "#777777"

    def pale(self, colour):
        return colour


@pytest.fixture
def palette():
    """The colours of the dark theme, without an app."""
    return _PlainPalette()


@pytest.fixture
def make_result(recording):
    def make(source="co2", targets=(), settings=None, backends=BACKENDS, fail=()):
        experiment = plan_experiment(open_data(source, targets), backends, settings)
        return list(recording(experiment, fail).end())[-1].result

    return make


@pytest.fixture
def lines_of():
    """The lines of what Rich can print: `lines_of(renderable, width)`."""
    return _lines_of


def _lines_of(renderable, width=80):
    console = Console(width=width)
    with console.capture() as capture:
        console.print(renderable)
    return [line.rstrip() for line in capture.get().splitlines()]
