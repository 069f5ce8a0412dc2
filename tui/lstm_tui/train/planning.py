"""What is chosen, and the plan that follows from it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import work

from lstm_tui.crosscheck.controller import CheckingWork

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable

PLAN_SECONDS = 0.15
"""Rest after a keystroke before the settings are planned anew."""


class PlanningWork(CheckingWork):
    """Plans anew whenever something else is chosen."""

    def choose_backends(self, names: Sequence[str]) -> None:
        """Other backends are to be trained."""
        self.chosen = tuple(names)
        self.plan()

    def choose_settings(self, own: Mapping[str, Any], mistaken: Sequence[str] = ()) -> None:
        """The user fixed other settings; those in `mistaken` have to be mended before anything is trained."""
        self._mistaken = tuple(mistaken)
        self.own_settings = dict(own)
        self.plan()

    def plan(self) -> None:
        """Decides anew what would be trained, once the user rests."""
        if self.table is not None:
            self.planning = True
            self._plan(self.table)

    @property
    def trainable(self) -> bool:
        """There is something to be trained, or there will be in a moment."""
        return not self.busy and (self.experiment is not None or self.planning)

    @work(group="plan", exclusive=True, exit_on_error=False)
    async def _plan(self, table: SeriesTable) -> None:
        from lstm_forecasting.experiment.plan import plan_experiment
        from lstm_plugins.errors import InputError, OptionError

        await asyncio.sleep(PLAN_SECONDS)
        if self._mistaken:
            self._refuse("", f"{self._mistaken[0]} has to be mended before training.")
            return
        if not self.chosen:
            self._refuse("", "Choose at least one backend.")
            return
        try:
            experiment = await asyncio.to_thread(
                plan_experiment,
                table,
                self.chosen,
                self.own_settings,
                fractions=self.options.fractions,
                threads=self.options.threads,
            )
        except OptionError as error:
            self._refuse(error.option, error.message)
        except InputError as error:
            self._refuse("", str(error))
        else:
            self.problem = None
            self.experiment = experiment
            self.planning = False
            if self._train_when_planned:
                self.train()
            self._warm_soon()

    def _refuse(self, field: str, message: str) -> None:
        self.experiment = None
        self.problem = (field, message)
        self.planning = self._train_when_planned = False
