"""What is measured, and how progress is shown."""

from collections.abc import Callable
from dataclasses import dataclass

from lstm_forecasting.presets.options import Preset

SEEDS_APART = 1000
"""Distance of the base seeds, so that their ensembles have no network in common."""


@dataclass(frozen=True)
class Settings:
    """What is measured.

    Attributes:
        seeds: number of base seeds; an ensemble of the program has several networks for each.
        command: what the user typed, for the results.
        show: shows a line of progress.
        preset: of the program, whose rules choose the networks.
    """

    seeds: int
    command: str
    show: Callable[[str], None]
    preset: Preset = "best"

    @property
    def base_seeds(self) -> tuple[int, ...]:
        """The seeds that the program is started with."""
        return tuple(SEEDS_APART * number for number in range(self.seeds))
