"""Printed pictures of weight arrays: values and changes, and gradients by window of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lstm_forecasting.figures.drawing import INK, Format, content_of, drawing, new_figure, whole_numbers
from lstm_forecasting.inspect.batches import gradient_agreement, mean_gradients
from lstm_forecasting.inspect.figures import SIGNED, WIDTH
from lstm_forecasting.inspect.results import InspectedBatch, Values
from lstm_forecasting.inspect.weights import ArrayChange
from lstm_plugins.weights import Weights

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BARS, _HEATMAP = 1.3, 2.2
"""Inches."""


def weights_figure(weights: Weights, changes: Sequence[ArrayChange], title: str, form: Format) -> bytes:
    """Draws every weight array as a heatmap, beside its change if `changes` has any, in the same order."""
    columns = 2 if changes else 1
    heights = [0.5 if array.ndim == 1 else 1.6 for array in weights.values()]
    with drawing():
        figure = new_figure(WIDTH, sum(heights) + 0.45 * len(heights) + 0.6)
        grid = figure.subplots(len(heights), columns, squeeze=False, height_ratios=heights)
        for row, (name, array) in zip(grid, weights.items(), strict=True):
            _draw_array(figure, row[0], name, array.astype(np.float64))
        for row, change in zip(grid, changes, strict=False):
            grown = f"{change.relative:.3g} times its norm" if change.norm_before else "from zeros"
            _draw_array(figure, row[1], f"change, {grown}", change.difference)
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
        return content_of(figure, form, title)


def batch_figure(batch: InspectedBatch, name: str, form: Format) -> bytes:
    """Draws the gradient of one weight array by window of a batch, and its mean."""
    subject, windows = batch.subject, np.arange(1, len(batch.starts) + 1)
    gradients, mean = batch.window_gradients[name], mean_gradients(batch)[name]
    own = gradient_agreement(batch, name)
    bars = (
        ("loss", batch.losses),
        ("gradient norm", gradient_agreement(batch).norms),
        (f"in {name}", own.norms),
    )
    heights = [*[_BARS] * (len(bars) + 1), _HEATMAP, 0.6 if mean.ndim == 1 else _HEATMAP]
    with drawing():
        figure = new_figure(WIDTH, sum(heights) + 0.8)
        rows = figure.subplots(len(heights), 1, height_ratios=heights)
        for axes, (title, values) in zip(rows, (*bars, ("cosine with mean", own.cosines)), strict=False):
            axes.bar(windows, values, color=INK, width=0.8, zorder=2)
            axes.set_ylabel(title.replace(" ", "\n", 1))
        rows[-3].set_ylim(-1.0, 1.0)
        flat = gradients.reshape(len(gradients), -1).T
        _draw_array(figure, rows[-2], f"gradient of {name}, its {len(flat)} entries by window", flat)
        title = f"mean over the windows: the gradient of the batch, norm {own.norm:.4g}"
        _draw_array(figure, rows[-1], title, mean)
        for axes in rows[:-2]:
            axes.set_xlim(0.5, len(windows) + 0.5)
            whole_numbers(axes.xaxis)
        rows[-3].set_xlabel("window of the batch")
        epoch = subject.model.header.epoch
        title = f"{subject.run.name} · {len(windows)} windows after epoch {epoch} · {batch.backend}"
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
        return content_of(figure, form, title)


def _draw_array(figure: Figure, axes: Axes, title: str, array: Values) -> None:
    size = float(np.abs(array).max()) or 1.0
    image = axes.imshow(
        np.atleast_2d(array), SIGNED, vmin=-size, vmax=size, aspect="auto", interpolation="nearest"
    )
    axes.set_title(title, fontsize=9, loc="left")
    axes.grid(visible=False)
    if array.ndim == 1:
        axes.set_yticks([])
    else:
        whole_numbers(axes.yaxis, 4)
    figure.colorbar(image, ax=axes)
