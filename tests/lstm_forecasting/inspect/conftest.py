"""Runs of a short series: a plain network and one with every switch on, and what backends make of them."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from lstm_forecasting import fit, open_data, plan_experiment
from lstm_forecasting.inspect.asking import inspect_window
from lstm_forecasting.inspect.subject import open_subject
from lstm_forecasting.inspect.windows import window_by_number
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_plugins import SeriesSet
from lstm_plugins.reference import ReferenceForecaster

SMALL = {"look_back": 8, "horizon": 3, "hidden_units": 4, "epochs": 3, "batch_size": 16, "seed": 3}
NETWORKS = {
    "plain": {"precision": "float64", "stride": 2},
    "everything": {
        "precision": "float64",
        "layers": 2,
        "bidirectional": True,
        "attention": "general",
        "patch": 2,
        "normalisation": "standard",
        "loss": "quantile",
    },
    "single": {"precision": "float32"},
}


@dataclass
class Laboratory:
    """Runs by the name of their network, and one process for each backend that is asked."""

    parent: object
    table: object
    processes: object
    _windows: dict = field(default_factory=dict)

    def subject(self, network, **options):
        """The weights of a run, which is trained when it is asked for first."""
        if not (self.parent / network).exists():
            experiment = plan_experiment(self.table, ["numpy"], SMALL | NETWORKS[network])
            fit(experiment, network, self.parent)
        return open_subject(network, self.parent, **options)

    def window(self, network, backend="numpy", number=5):
        """A window of the test part, laid open by a backend."""
        asked = (network, backend, number)
        if asked not in self._windows:
            subject = self.subject(network)
            window = window_by_number(subject.experiment, "test", number)
            self._windows[asked] = inspect_window(subject, window, backend, processes=self.processes)
        return self._windows[asked]

    def reference(self, subject):
        """The reference in this process, with the same weights and rows."""
        table = subject.experiment.table
        reference = ReferenceForecaster(subject.config, len(table.columns), table.target_indices)
        reference.load_series(SeriesSet(subject.series.values, table.target_indices, (table.rows,)))
        reference.load_weights(subject.model.weights)
        return reference


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inspection")
    path = folder / "shop.csv"
    noise = np.random.default_rng(3).normal(0, 0.3, size=(3, 200))
    lines = ["day,sales,visits,wind"]
    for row in range(200):
        wave = np.sin(row / 7 * 2 * np.pi)
        numbers = (40 + 5 * wave, 900 + row + 9 * wave, 3 + np.cos(row / 5))
        texts = [f"{number + noise[column, row]:.4f}" for column, number in enumerate(numbers)]
        lines.append(",".join((str(np.datetime64("2021-01-01") + row), *texts)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with BackendProcesses() as processes:
        yield Laboratory(folder / "runs", open_data(path, ["sales", "visits"], ["wind"]), processes)
