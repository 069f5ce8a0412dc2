import numpy as np
import pytest

from lstm_tui.app.app import WorkbenchApp
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.inspect.widgets.lines import GATES, STATES, target_picture, unit_picture
from lstm_tui.kit.palette import Palette


@pytest.fixture
def palette():
    return Palette(WorkbenchApp(AppOptions("sunspots", plugins=False)), ["numpy"])


def drawn(picture):
    """The lines that are of the unit, by the symbol that the legend gives them."""
    symbols = [word for word in picture.legend.plain.split() if word in ("f", "i", "o", "C̃", "C", "h")]
    return dict(zip(symbols, [line for line in picture.lines if len(line.x) == 8], strict=True))


def test_a_unit_is_drawn_with_the_traced_values(inspected, palette):
    layer, names = inspected.layers[3], {"f": "forget", "i": "input", "o": "output"}
    gates, states = unit_picture(GATES, layer, 2, 5, palette), unit_picture(STATES, layer, 2, 5, palette)
    lines = drawn(gates) | drawn(states)
    for symbol, name in {**names, "C̃": "candidate", "C": "cell", "h": "hidden"}.items():
        np.testing.assert_array_equal(lines[symbol].y, getattr(layer, name)[:, 2])
        np.testing.assert_array_equal(lines[symbol].x, np.arange(1, 9))
        shown = f"{symbol} {getattr(layer, name)[5, 2]:.4f}".replace("-", "−")
        assert shown in gates.legend.plain + states.legend.plain
    for picture in (gates, states):
        assert len({line.pattern for line in drawn(picture).values()}) == 3
        assert len({line.colour for line in drawn(picture).values()}) == 3
        assert [rule.x for rule in picture.rules] == [6.0]
        assert {sign.y for sign in picture.signs} == {line.y[5] for line in drawn(picture).values()}
    assert gates.y == (0.0, 1.0)
    assert states.y[0] <= min(line.y.min() for line in states.lines)
    assert states.y[1] >= max(line.y.max() for line in states.lines)


def test_the_target_stands_over_it(inspected, palette):
    picture = target_picture(inspected, 5, palette)
    np.testing.assert_array_equal(picture.lines[0].y, inspected.inputs[:, 0])
    assert picture.x == (0.5, 8.5)
