"""The chart of a training: loss, learning rate or gradient norm over the epochs, on a log or linear scale."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from lstm_tui.kit.charts.picture import Picture, Sign, Ticks
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import linear_limits, log_limits, log_ticks, number_ticks, whole_ticks
from lstm_tui.kit.palette import Palette
from lstm_tui.train.curves import Curve, Quantity, Scale

Floats = NDArray[np.float64]


def training_picture(
    curves: Sequence[Curve], epochs: int, quantity: Quantity, scale: Scale, palette: Palette
) -> Picture:
    """Overlays curves of one quantity.

    Of losses validation is thick, training thin and pale; a diamond is at the best, a cross where a loss is
    not finite.

    Args:
        curves: to be overlaid.
        epochs: that the axis reaches.
        quantity: what is drawn.
        scale: of the y axis.
        palette: the colours of the theme.
    """
    values = np.concatenate([np.empty(0), *(shown for curve in curves for shown in _shown(curve, quantity))])
    return Picture(
        x=(1.0, float(max(2, epochs))),
        y=log_limits(values) if scale == "log" else linear_limits(values),
        lines=tuple(line for curve in curves for line in _lines(curve, quantity, scale, palette)),
        legend=_legend(curves, palette),
        x_ticks=lambda left, right, columns: whole_ticks(left, right, max(2, columns // 10)),
        y_ticks=_y_ticks(scale),
        signs=tuple(sign for curve in curves for sign in _signs(curve, scale)) if quantity == "loss" else (),
    )


def _y_ticks(scale: Scale) -> Ticks:
    ticks = log_ticks if scale == "log" else number_ticks
    return lambda bottom, top, rows: ticks(bottom, top, max(2, min(7, rows // 2)))


def _shown(curve: Curve, quantity: Quantity) -> tuple[Floats, ...]:
    """The columns that have a line, the most important one last."""
    history = curve.history
    match quantity:
        case "loss":
            return (history.training, history.validation) if history.validated else (history.training,)
        case "learning rate":
            return (history.learning_rates,)
        case "gradient norm":
            return (history.gradient_norms,)


def _lines(curve: Curve, quantity: Quantity, scale: Scale, palette: Palette) -> Iterator[Line]:
    *under, last = _shown(curve, quantity)
    for values in under:
        yield _line(values, scale, palette.pale(curve.colour), curve, bold=False)
    yield _line(last, scale, curve.colour, curve, bold=True)


def _line(values: Floats, scale: Scale, colour: str, curve: Curve, *, bold: bool) -> Line:
    epochs = np.arange(1.0, len(values) + 1.0)
    return Line(epochs, _scaled(values, scale), colour, curve.pattern, thick=bold, layer=int(bold))


def _scaled(values: Floats, scale: Scale) -> Floats:
    if scale == "linear":
        return values
    return np.log10(np.where(values > 0, values, np.nan))


def _signs(curve: Curve, scale: Scale) -> Iterator[Sign]:
    history, best = curve.history, curve.history.best_epoch
    # A validation loss of nan means that there is no validation part.
    broken = ~np.isfinite(history.training) | np.isinf(history.validation)
    for epoch in np.flatnonzero(broken).tolist():
        yield Sign(epoch + 1.0, None, "✗", curve.colour)
    if best is not None:
        yield Sign(best + 1.0, float(_scaled(history.validation[best], scale)), "◆", curve.colour)


def _legend(curves: Sequence[Curve], palette: Palette) -> Text:
    legend = Text()
    for curve in (one for one in curves if one.label):
        legend.append(curve.sample, curve.colour)
        legend.append(f" {curve.label}  ", palette.label)
    return legend
