"""The dialog that asks for a file to forecast with a trained model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_tui.data.open import SUFFIXES
from lstm_tui.kit.ask import AskScreen, Prompt

if TYPE_CHECKING:
    from lstm_forecasting.runs.folder import RunFolder
    from lstm_forecasting.runs.predicting import Prediction


class PredictScreen(AskScreen["Prediction"]):
    """Asks for a file until it can be forecast; gives what the run's best weights forecast.

    Args:
        run: whose weights.
        source: where its own rows came from.
    """

    def __init__(self, run: RunFolder, source: str) -> None:
        prompt = Prompt(
            title=f"Forecast a file with {run.name}",
            keys="Enter forecasts · Esc closes",
            caption="A later file, or another series with the same columns",
            text=source,
            placeholder="path/to/later.csv",
            suffixes=SUFFIXES,
        )
        super().__init__(prompt)
        self._run = run

    def answer(self, text: str) -> Prediction:
        """The forecast, which takes the seconds that its backend takes to start."""
        from lstm_forecasting.data.catalogue import open_data
        from lstm_forecasting.runs.predicting import open_model, predict

        model = open_model(self._run.path, self._run.path.parent)
        columns, targets = model.model.columns, model.model.targets
        return predict(model, open_data(text, columns[:targets], columns[targets:]))
