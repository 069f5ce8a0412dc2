"""Runs of a short series: a plain network and one with every switch on, and what backends make of them."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from lstm_forecasting import fit, open_data, plan_experiment
from lstm_forecasting.inspect.asking import inspect_window
from lstm_forecasting.inspect.subject import open_subject
from lstm_forecasting.inspect.windows import window_by_number
from lstm_forecasting.processes.pool import BackendProcesses
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
    "gaps": {"precision": "float64", "normalisation": "standard"},
}


@dataclass
class Laboratory:
    """Runs by the name of their network, and one process for each backend that is asked."""

    parent: object
    table: object
    holed: object
    processes: object
    _windows: dict = field(default_factory=dict)

    def subject(self, network, **options):
        """The weights of a run, which is trained when it is asked for first."""
        if not (self.parent / network).exists():
            table = self.holed if network == "gaps" else self.table
            experiment = plan_experiment(table, ["numpy"], SMALL | NETWORKS[network])
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
        indicators = len(subject.model.model.indicators)
        reference = ReferenceForecaster(
            subject.config,
            len(subject.features),
            subject.experiment.table.target_indices,
            indicators=indicators,
        )
        reference.load_series(subject.series)
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
    holed = folder / "holed.csv"
    for row in range(1, 200, 7):
        cells = lines[row].split(",")
        lines[row] = ",".join((cells[0], "" if row % 2 else cells[1], *cells[2:]))
    for row in range(182, 185):
        lines[row] = ",".join((lines[row].split(",")[0], "", "", ""))
    holed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = (["sales", "visits"], ["wind"])
    with BackendProcesses() as processes:
        yield Laboratory(folder / "runs", open_data(path, *columns), open_data(holed, *columns), processes)
