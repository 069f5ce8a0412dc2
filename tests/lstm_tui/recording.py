"""What backends say in a training, without their processes."""

import math

import numpy as np

from lstm_forecasting.evaluation.scoring import conclude, evaluate, find_test_part
from lstm_forecasting.experiment import events
from lstm_forecasting.experiment.results import BackendResult
from lstm_plugins import Epoch

TITLES = {"numpy": "NumPy", "torch": "PyTorch", "tensorflow": "TensorFlow"}
MEMORY = {"numpy": 61, "torch": 340, "tensorflow": 571}
EPOCHS = 24


def _validation(epoch, number):
    return 0.0021 + 0.09 * math.exp(-epoch / 3) + 0.0004 * math.sin(epoch * 1.3) ** 2 + number * 1e-9


class Recording:
    """What backends say in a training of 24 epochs that reaches its best loss in the 21st.

    `fail` names a backend that gives up in its fifth epoch.
    """

    def __init__(self, experiment, fail=()):
        self.experiment = experiment
        self.fail = fail
        self.part = find_test_part(experiment)

    def start(self):
        for number, name in enumerate(self.experiment.backends):
            yield events.BackendStarted(name, 4000 + number)

    def ready(self):
        for name in self.experiment.backends:
            yield events.BackendReady(name, "0.1.0", f"{name} 2.0", "cpu", 1, 4481, 1482, 1.5)

    def epochs(self, first, last):
        most = self.experiment.config.epochs
        for epoch in range(first, last):
            for number, name in enumerate(self.experiment.backends):
                if name in self.fail and epoch >= 4:
                    continue
                left = 0.5 * (most - epoch - 0.5)
                yield events.BackendProgress(
                    name, epoch, most, 24, 47, 0.01, 3200.0 - 400 * number, left, MEMORY[name] * 2**20
                )
                training = 0.0017 + 0.12 * math.exp(-epoch / 2.5)
                validation = _validation(epoch, number)
                yield events.BackendEpoch(
                    name, Epoch(epoch, training, validation, 0.002, 0.4, True, 0.5 * (epoch + 1))
                )
            if epoch == 4:
                for name in self.fail:
                    log = ("Traceback (most recent call last):", "  ...", "MemoryError: no room for 3 GB")
                    yield events.BackendFailed(name, f"The process of {name} ended with code 1.", log)

    def end(self, reason="patience", epochs=EPOCHS):
        results = []
        for number, name in enumerate(self.experiment.backends):
            if name in self.fail:
                continue
            best = max(0, epochs - 4)
            yield events.BackendTrained(name, reason, epochs, best, 12.25 + number)
            result = self.result(name, epochs, best, reason)
            results.append(result)
            yield events.BackendFinished(name, result)
        failures = dict.fromkeys(self.fail, "ended with code 1.")
        yield events.ExperimentFinished(conclude(self.experiment, self.part, results, failures))

    def result(self, name, epochs, best, reason):
        # As good as a forecaster that knows most of what will come, and the same for every backend.
        scale = self.part.truth.std(axis=(0, 1)) * 0.02

        def nearly(truth):
            wave = np.sin(np.arange(truth[:, :, 0].size) * 0.7).reshape(truth.shape[:2])[:, :, None]
            near = truth + scale * wave * np.sqrt(np.arange(1, truth.shape[1] + 1))[None, :, None]
            return near + list(TITLES).index(name) * 1e-6

        validation = self.part.validation
        steps, targets = self.experiment.steps, list(self.experiment.table.target_indices)
        season = max(self.experiment.season, steps)
        values = self.experiment.table.values[:, targets]
        future = values[len(values) - season : len(values) - season + steps] + (values[-1] - values[-season])
        quantiles = self.experiment.config.output_quantiles
        spread = np.linspace(-1, 1, len(quantiles)) if len(quantiles) > 1 else np.zeros(1)
        future_quantiles = future[:, :, None] + spread * scale[None, :, None] * 7.5
        return BackendResult(
            backend=name,
            evaluation=evaluate(
                TITLES[name],
                nearly(self.part.truth),
                self.part,
                None if validation is None else nearly(validation.truth),
            ),
            future=future,
            future_quantiles=future_quantiles,
            epochs=epochs,
            best_epoch=best,
            seconds=12.25,
            reason=reason,
        )
