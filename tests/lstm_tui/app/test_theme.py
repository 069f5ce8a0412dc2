import pytest
from textual.color import Color

from lstm_forecasting.figures.looks import looks
from lstm_tui.app import theme

NAMES = ["numpy", "torch", "tensorflow", "jax", "mine", "other"]


def contrast(one, other):
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    parts = [part / 255 for part in Color.parse(colour).rgb]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", NAMES)
def test_lines_stand_out_from_the_background(name):
    look = looks(NAMES)[name]
    assert contrast(look.colour(True), theme.DARK.background) > 3
    assert contrast(look.colour(False), theme.LIGHT.background) > 3


@pytest.mark.parametrize("ours", [theme.DARK, theme.LIGHT], ids=lambda ours: ours.name)
@pytest.mark.parametrize("part", ["foreground", "primary", "accent", "error", "success", "warning"])
def test_text_can_be_read(ours, part):
    assert contrast(getattr(ours, part), ours.background) > 4.5


@pytest.mark.parametrize("ours", [theme.DARK, theme.LIGHT], ids=lambda ours: ours.name)
@pytest.mark.parametrize("part", ["quiet", "chart-label", "footer-description-foreground"])
def test_quiet_text_can_still_be_read(ours, part):
    assert contrast(ours.variables[part], ours.background) > 4.5
