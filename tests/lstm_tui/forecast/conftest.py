import pytest
from rich.console import Console

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.figures.looks import looks
from lstm_tui.forecast.intervals import KnownIntervals

BACKENDS = ("numpy", "torch", "tensorflow")


class _PlainPalette:
    """The colours of the dark theme, without an app."""

    background, truth, label, quiet, coloured = "#000000", "#ffffff", "#aaaaaa", "#888888", True

    def look(self, backend):
        return looks(BACKENDS)[backend]

    def line(self, backend):
        return self.look(backend).dark

    def named(self, name):
        return "#777777"

    def pale(self, colour):
        return colour

    def interval(self, number, count):
        return ("#222222", "#333333")[number]


@pytest.fixture
def palette():
    """The colours of the dark theme, without an app."""
    return _PlainPalette()


@pytest.fixture(scope="session")
def results():
    """Results that were made before; making one takes a second."""
    return {}


@pytest.fixture
def make_result(recording, results):
    def make(source="co2", *arguments, **named):
        key = repr((source, arguments, named))
        if key not in results:
            results[key] = made(source, *arguments, **named)
        return results[key]

    def made(source, targets=(), settings=None, backends=BACKENDS, fail=(), steps=None):
        experiment = plan_experiment(open_data(source, targets), backends, settings, steps=steps)
        return list(recording(experiment, fail).end())[-1].result

    return make


@pytest.fixture
def known():
    """What is known of the intervals of a result: `known(result, *names)`."""

    def find(result, *names):
        intervals = KnownIntervals(result.intervals)
        for name in names:
            intervals.find(name, 0)
        return intervals

    return find


@pytest.fixture
def lines_of():
    """The lines of what Rich can print: `lines_of(renderable, width)`."""
    return _lines_of


def _lines_of(renderable, width=80):
    console = Console(width=width)
    with console.capture() as capture:
        console.print(renderable)
    return [line.rstrip() for line in capture.get().splitlines()]
