"""The meaning of a checkpoint's numbers: enough to forecast another file with it, years later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_forecasting.data.calendar import Frequency
from lstm_forecasting.data.scaling import Scaler, ScalerKind
from lstm_plugins import ForecasterConfig


@dataclass(frozen=True)
class Model:
    """A network and the series that it was trained on.

    Attributes:
        settings: `ForecasterConfig.to_dict`.
        columns: names of the series' columns, the targets first.
        targets: how many of them are forecast.
        frequency: the distance of rows.
        scaling: kind of the scaler.
        mean: of each column over the training rows.
        deviation: of each column over the training rows.
        season: season length in rows; 1 for none.
    """

    settings: dict[str, Any]
    columns: tuple[str, ...]
    targets: int
    frequency: Frequency
    scaling: ScalerKind
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    season: int

    @property
    def config(self) -> ForecasterConfig:
        """The settings; raises OptionError for those that this version does not allow."""
        return ForecasterConfig.from_dict(self.settings)

    @property
    def scaler(self) -> Scaler:
        """The scaler of the network's inputs and outputs."""
        return Scaler(self.scaling, self.columns, np.array(self.mean), np.array(self.deviation))


@dataclass(frozen=True)
class Maker:
    """The backend that computed a checkpoint.

    Attributes:
        backend: short name.
        version: of the plugin.
        framework: distribution and version; empty for none.
        device: where it computed.
        threads: of the arithmetic.
        program: version of lstm-tui.
    """

    backend: str
    version: str
    framework: str
    device: str
    threads: int
    program: str
