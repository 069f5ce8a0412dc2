"""The options of the app, from the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_forecasting.data.series.splits import DEFAULT_FRACTIONS
from lstm_forecasting.evaluation.baselines.kinds import Wanted
from lstm_forecasting.presets.options import Preset


@dataclass(frozen=True)
class AppOptions:
    """How the app starts.

    Attributes:
        source: file or bundled data set to open; None asks for one.
        backends: short names of the backends to select; "all", or none, selects all that are ready.
        targets: columns to forecast.
        inputs: further columns that a forecast sees.
        reading: how the source is read.
        settings: `ForecasterConfig` fields that the user has set; they apply to every series.
        fractions: shares of the rows for training, validation and test.
        threads: of each backend.
        preset: rules that choose the networks; None for `best`, or `classic` once settings are given.
        budget: time after which no further network is trained, such as "30s"; None for no limit.
        offer: model whose forecast comes first.
        levels: nominal coverage of the intervals in percent; empty for the default.
        runs: folder that keeps the runs; None for the user's usual one.
        theme: a name that `find_theme` knows.
        keys: keys of actions, by the action's id, as Textual names them; other actions keep their usual keys.
        plugins: False uses the built-in backends only.
        without: names of backends to disable; the Backends screen changes this during the session.
        warm_ahead: start the selected backends' processes while the app is idle.
        chapter: of the course, from 1, to open instead of a series; 0 for where the reader left off, None
            for no course.
    """

    source: str | None = None
    backends: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    reading: ReadOptions = DEFAULT_OPTIONS
    settings: Mapping[str, Any] = field(default_factory=dict)
    fractions: tuple[float, float, float] = DEFAULT_FRACTIONS
    threads: int = 1
    preset: Preset | None = None
    budget: str | None = None
    offer: Wanted = "best"
    levels: tuple[float, ...] = ()
    runs: Path | None = None
    theme: str = "dark"
    keys: Mapping[str, str] = field(default_factory=dict)
    plugins: bool = True
    without: tuple[str, ...] = ()
    warm_ahead: bool = True
    chapter: int | None = None
