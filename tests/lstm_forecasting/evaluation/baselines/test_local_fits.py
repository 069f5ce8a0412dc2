"""AutoETS and Theta: in a process of its own, with a stand-in for the package, and without it."""

import os

import numpy as np
import pytest

from lstm_forecasting.data.series.splits import split_by_fraction
from lstm_forecasting.evaluation.baselines import local_fits
from lstm_forecasting.evaluation.baselines.local_fits import NOT_INSTALLED, local_baselines
from lstm_plugins.errors import InputError

STAND_IN = """
import numpy as np

class AutoETS:
    def __init__(self, season_length):
        pass
    def fit(self, values):
        if values[0] == 13.0:
            raise ValueError("thirteen is unlucky")
        self.model_ = {"components": "ANNN", "par": np.array([1.0, np.nan, np.nan, np.nan, values[0]])}
        return self

class Theta:
    def __init__(self, season_length, decomposition_type):
        self.m = season_length
    def fit(self, values):
        self.model_ = {
            "par": {"alpha": np.float64(0.5), "initial_smoothed": values[0] / 2, "theta": 2.0},
            "decompose": self.m > 1,
            "seas_forecast": {"mean": np.full(self.m, 1.0)},
        }
        return self
"""
WALK = 100 + np.random.default_rng(0).normal(size=300).cumsum()


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package with the names of statsforecast: its AutoETS is the last value."""
    package = tmp_path / "site" / "statsforecast"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(STAND_IN)
    path = os.pathsep.join([str(package.parent), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setattr(local_fits, "is_installed", lambda: True)


def fitted(history, kinds=("ets", "theta"), seasons=()):
    return local_baselines(history, split_by_fraction(history.rows), seasons, kinds)


def test_they_are_fitted_to_the_training_rows_and_applied_forward(installed, history_of):
    history = history_of(np.stack([WALK, -WALK], axis=1))
    baselines, notes = fitted(history, seasons=(7,))
    assert ([one.kind for one in baselines], notes) == (["ets", "theta"], ())
    rows = np.array([250, 300])
    found = baselines[0].forecast(history, rows, 3)
    np.testing.assert_allclose(found[:, :, 0], np.repeat(WALK[rows - 1][:, None], 3, axis=1))
    np.testing.assert_allclose(found[:, :, 1], -found[:, :, 0])
    assert baselines[1].forecast(history, rows, 3).shape == (2, 3, 2)


def test_another_series_is_fitted_again(installed, history_of):
    (baseline,), _ = fitted(history_of(WALK), kinds=("ets",))
    other = history_of(np.arange(50.0))
    np.testing.assert_allclose(baseline.future(other, 2)[:, 0], [49.0, 49.0])
    with pytest.raises(
        InputError, match=r"AutoETS could not be fitted: .*thirteen is unlucky; set model to lstm"
    ):
        baseline.future(history_of(13 + np.arange(50.0)), 2)


def test_a_failure_is_a_note(installed, history_of):
    values = WALK.copy()
    values[0] = 13.0
    baselines, notes = fitted(history_of(values))
    assert baselines == ()
    assert notes == ("AutoETS and Theta could not be fitted: ValueError: thirteen is unlucky.",)


def test_a_process_that_takes_too_long_is_a_note(installed, history_of, monkeypatch):
    monkeypatch.setattr(local_fits, "SECONDS", 0.001)
    _, (note,) = fitted(history_of(WALK))
    assert "it took more than" in note


def test_without_the_package_they_are_named(history_of, monkeypatch):
    monkeypatch.setattr(local_fits, "is_installed", lambda: False)
    assert fitted(history_of(WALK)) == ((), (NOT_INSTALLED,))
    assert fitted(history_of(WALK), kinds=("ridge",)) == ((), ())


def test_statsforecast_itself_is_understood(history_of):
    """Only where it is installed: our forecasts are its own, at the end of the fit and later."""
    models = pytest.importorskip("statsforecast.models")
    values = 50 + 8 * np.sin(np.arange(260) * 2 * np.pi / 7) + np.random.default_rng(1).normal(size=260)
    history = history_of(values)
    (ets, theta), notes = fitted(history, seasons=(7,))
    assert notes == ()
    own = models.AutoETS(season_length=7).fit(values[:182])
    np.testing.assert_allclose(
        ets.forecast(history, np.array([200]), 9)[0, :, 0], own.forward(values[:200], h=9)["mean"], rtol=1e-9
    )
    own = models.Theta(season_length=7).fit(values[:182])
    np.testing.assert_allclose(
        theta.forecast(history, np.array([182]), 9)[0, :, 0], own.predict(h=9)["mean"], rtol=1e-9
    )
