"""The look that all printed pictures have, and a picture as the bytes of a file.

It imports matplotlib, which is an extra; import it when a picture is asked for.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import matplotlib
from matplotlib.figure import Figure

Format = Literal["svg", "png"]

INK = "#1B222B"
_DOTS = 160
_SETTINGS: dict[Any, Any] = {
    "axes.edgecolor": "#8D979F",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": True,
    "date.converter": "concise",
    "font.size": 10.0,
    "grid.color": "#E2E4E2",
    "legend.frameon": False,
    "svg.fonttype": "none",  # text stays text, which can be searched and edited
    "svg.hashsalt": "lstm-tui",  # else the names of clip paths are drawn by lot
    "text.color": INK,
    "text.parse_math": False,  # a target may be called "price in $"
    "xtick.color": INK,
    "ytick.color": INK,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Our look until the block ends; what somebody has set for pictures of his own is left alone."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty picture on white, so many inches in size, which finds room for its labels by itself."""
    return Figure(figsize=(width, height), dpi=_DOTS, layout="constrained")


def content_of(figure: Figure, form: Format, title: str) -> bytes:
    """The picture as a file: the same bytes every time."""
    content = io.BytesIO()
    # SVG files have the time of day in them unless told otherwise; PNG files have none.
    date = {"Date": None} if form == "svg" else {}
    figure.savefig(content, format=form, metadata={"Title": title, **date})
    return content.getvalue()
