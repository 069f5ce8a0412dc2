import ast
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import plan_experiment

FAULTY = Path(__file__).with_name("faulty_backends.py")


@pytest.fixture
def faulty_backends(tmp_path, monkeypatch):
    """Installs the backends of faulty_backends.py as a distribution that child processes find."""
    site = tmp_path / "site"
    metadata = site / "faulty_backends-1.0.dist-info"
    metadata.mkdir(parents=True)
    shutil.copy(FAULTY, site)
    plugins = [
        statement.targets[0].id
        for statement in ast.parse(FAULTY.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.Assign)
    ]
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: faulty-backends\nVersion: 1.0\n", encoding="utf-8"
    )
    lines = [f"{name} = faulty_backends:{name}\n" for name in plugins]
    (metadata / "entry_points.txt").write_text("[lstm_tui.backends]\n" + "".join(lines), encoding="utf-8")
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]).rstrip(":")
    )
    monkeypatch.setenv("ANNOUNCED", str(tmp_path / "announced"))
    return site


@pytest.fixture
def announced(tmp_path, wait_until):
    """Waits until each of these faulty backends has come to where it hangs."""
    path = tmp_path / "announced"

    def wait(*words):
        told = lambda: path.exists() and all(word in path.read_text(encoding="utf-8") for word in words)  # noqa: E731
        wait_until(told, f"{' and '.join(words)} to hang")

    return wait


@pytest.fixture
def importable(tmp_path, monkeypatch):
    """A file without which the framework of the backend `importedondemand` is not imported to the end."""
    path = tmp_path / "importable"
    monkeypatch.setenv("IMPORTABLE", str(path))
    return path


@pytest.fixture
def go_on(tmp_path, monkeypatch):
    """A file without which the faulty backend `held` hardly goes on after its third epoch."""
    path = tmp_path / "go-on"
    monkeypatch.setenv("GO_ON", str(path))
    return path


@pytest.fixture
def make_experiment(tmp_path):
    """Plans an experiment on a short daily series with two columns, both of them targets."""

    def make(*backends, steps=5, threads=1, **settings):
        rows = np.arange(240)
        noise = np.random.default_rng(3).normal(0, 0.1, size=(2, 240))
        path = tmp_path / "shop.csv"
        lines = ["day,sales,visits"]
        for row in rows:
            day = np.datetime64("2021-01-01") + row
            sales, visits = 40 + 5 * np.sin(row / 7 * 2 * np.pi), 900 + row + 9 * np.cos(row / 7 * 2 * np.pi)
            lines.append(f"{day},{sales + noise[0, row]:.4f},{visits + noise[1, row]:.4f}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        small = {"look_back": 7, "horizon": 3, "hidden_units": 4, "epochs": 3, "batch_size": 16, **settings}
        table = open_data(path, ["visits", "sales"])
        return plan_experiment(table, backends, small, steps=steps, threads=threads)

    return make
