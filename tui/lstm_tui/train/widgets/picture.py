"""The chart of a training: loss, learning rate or gradient norm by epoch, on a log or linear scale."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from lstm_forecasting.figures.looks import SAMPLES
from lstm_tui.kit.charts.picture import Picture, Sign
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import linear_limits, log_limits, log_ticks, number_ticks, whole_ticks
from lstm_tui.kit.palette import Palette
from lstm_tui.train.curves import Curve, Quantity, Scale

Floats = NDArray[np.float64]


def training_picture(
    curves: Sequence[Curve], epochs: int, quantity: Quantity, scale: Scale, palette: Palette
) -> Picture:
    """The curves of one quantity; the x axis ends at `epochs`.

    The validation loss is thick, the training loss thin and pale. A diamond marks the best epoch, a cross a
    loss that is not finite.
    """
    values = np.concatenate([np.empty(0), *(shown for curve in curves for shown in _shown(curve, quantity))])
    return Picture(
        x=(1.0, float(max(2, epochs))),
        y=log_limits(values) if scale == "log" else linear_limits(values),
        lines=tuple(line for curve in curves for line in _lines(curve, quantity, scale, palette)),
        legend=_legend(curves, palette),
        x_ticks=lambda left, right, columns: whole_ticks(left, right, max(2, columns // 10)),
        y_ticks=lambda bottom, top, rows: (log_ticks if scale == "log" else number_ticks)(
            bottom, top, max(2, min(7, rows // 2))
        ),
        signs=tuple(sign for curve in curves for sign in _signs(curve, scale)) if quantity == "loss" else (),
    )


def _shown(curve: Curve, quantity: Quantity) -> tuple[Floats, ...]:
    """The columns to draw, the most important one last."""
    history = curve.history
    match quantity:
        case "loss":
            return (history.training, history.validation) if history.validated else (history.training,)
        case "learning rate":
            return (history.learning_rates,)
        case "gradient norm":
            return (history.gradient_norms,)


def _lines(curve: Curve, quantity: Quantity, scale: Scale, palette: Palette) -> Iterator[Line]:
    columns = _shown(curve, quantity)
    for number, values in enumerate(columns, 1):
        main = number == len(columns)
        colour = curve.colour if main else palette.pale(curve.colour)
        epochs = np.arange(1.0, len(values) + 1.0)
        yield Line(epochs, _scaled(values, scale), colour, curve.pattern, thick=main, layer=int(main))


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
        loss = history.start if best < 0 else history.validation[best]
        yield Sign(best + 1.0, float(_scaled(np.asarray(loss, np.float64), scale)), "◆", curve.colour)


def _legend(curves: Sequence[Curve], palette: Palette) -> Text:
    legend = Text()
    for curve in (one for one in curves if one.label):
        legend.append(SAMPLES[curve.pattern], curve.colour)
        legend.append(f" {curve.label}  ", palette.label)
    return legend
