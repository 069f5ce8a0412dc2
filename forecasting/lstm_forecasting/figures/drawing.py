"""The style of all printed pictures, and how they are saved.

Pictures need matplotlib, an optional package, which is imported to draw the first one.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lstm_forecasting.saving.destination import check_destination
from lstm_plugins.errors import InputError
from lstm_plugins.files import write_file

if TYPE_CHECKING:
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

Format = Literal["svg", "png"]

FIGURES = (".svg", ".png")
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
    "svg.hashsalt": "lstm-tui",  # otherwise the names of clip paths are random
    "text.color": INK,
    "text.parse_math": False,  # a target may be called "price in $"
    "xtick.color": INK,
    "ytick.color": INK,
}


def check_figure_path(path: Path, what: str = "A picture", others: tuple[str, ...] = ()) -> None:
    """Checks, before work begins, that a picture can be drawn and saved there.

    Messages start with `what`; `others` are further allowed suffixes.

    Raises:
        InputError: the suffix is not allowed, matplotlib is not installed, or the folder is missing or cannot
            be written to.
    """
    check_destination(path, (*others, *FIGURES), what)
    if path.suffix.lower() in FIGURES and importlib.util.find_spec("matplotlib") is None:
        raise InputError(
            f"{path.suffix} is drawn by matplotlib, which is not installed; "
            "install it with: pip install 'lstm-tui[figures]'"
        )


def save_figure(path: Path, draw: Callable[[Format], bytes]) -> None:
    """Draws a picture in the format of the path's suffix and writes it.

    Raises:
        InputError: as `check_figure_path`, or it cannot be written.
    """
    check_figure_path(path)
    write_file(path, draw("svg" if path.suffix.lower() == ".svg" else "png"))


@contextmanager
def drawing() -> Iterator[None]:
    """Applies our style within a block, and does not change the user's settings of matplotlib."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty picture of a size in inches, which makes room for its labels."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=_DOTS, layout="constrained")


def whole_numbers(axis: Axis, most: int | Literal["auto"] = 10) -> None:
    """Puts ticks at whole numbers only, in at most so many intervals."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=most, integer=True))


def content_of(figure: Figure, form: Format, title: str) -> bytes:
    """The content of the picture's file, the same bytes every time."""
    content = io.BytesIO()
    # By default, SVG files contain the time; PNG files do not.
    date = {"Date": None} if form == "svg" else {}
    figure.savefig(content, format=form, metadata={"Title": title, **date})
    return content.getvalue()
