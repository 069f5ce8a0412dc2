import json
from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.presets.tried import Tried
from lstm_forecasting.runs.description import read_description, read_experiment
from lstm_forecasting.runs.recording import create_run
from lstm_plugins.errors import InputError


@pytest.mark.parametrize("series", ["co2", "macrodata", "synthetic-stock"])
def test_an_experiment_comes_back_to_the_bit(series, runs):
    settings = {"loss": "quantile", "quantiles": (0.05, 0.5, 0.95), "learning_rate": 0.1 + 0.2}
    experiment = plan_experiment(open_data(series), ["numpy", "torch"], settings, steps=3, threads=2)
    experiment = replace(experiment, tried=(Tried("plain", 1.0, False), Tried("with more", 0.1 + 0.2, True)))
    again = read_experiment(create_run(experiment, runs))
    assert again.tried == experiment.tried
    assert again.table.reading == experiment.table.reading
    for name in ("config", "split", "fixed", "season", "backends", "steps", "threads", "decisions", "bounds"):
        assert getattr(again, name) == getattr(experiment, name)
    np.testing.assert_array_equal(again.scaler.mean, experiment.scaler.mean)
    np.testing.assert_array_equal(again.scaler.deviation, experiment.scaler.deviation)
    for name in ("times", "values", "filled"):
        np.testing.assert_array_equal(getattr(again.table, name), getattr(experiment.table, name))
        assert not getattr(again.table, name).flags.writeable
    for name in ("name", "source", "frequency", "columns", "targets", "file_columns", "decisions"):
        assert getattr(again.table, name) == getattr(experiment.table, name)
    assert again.table.fingerprint() == experiment.table.fingerprint()


def test_counted_rows_have_no_times(make_experiment, runs, tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("x\n" + "\n".join(str(n % 7) for n in range(200)) + "\n", encoding="utf-8")
    experiment = plan_experiment(open_data(path), ["numpy"], {"look_back": 7, "horizon": 1})
    assert read_experiment(create_run(experiment, runs)).table.times is None


def test_the_file_says_in_plain_words_what_is_computed(make_run):
    content = json.loads(make_run("numpy").description.read_bytes())
    assert content["table"]["targets"] == ["visits", "sales"]
    assert content["model"]["settings"]["look_back"] == 7
    assert content["backends"] == ["numpy"]


def test_another_series_is_not_taken_for_the_runs_own(make_run):
    one, other = make_run("numpy"), make_run("numpy")
    content = json.loads(other.description.read_bytes())
    other.description.write_text(json.dumps({**content, "fingerprint": "0" * 64}), encoding="utf-8")
    with pytest.raises(InputError, match="has other rows than run"):
        read_experiment(other)
    other.series.unlink()
    with pytest.raises(InputError, match="There is no file"):
        read_experiment(other)
    assert read_experiment(one).backends == ("numpy",)


def test_another_format_is_named(make_run):
    run = make_run("numpy")
    content = json.loads(run.description.read_bytes())
    run.description.write_text(json.dumps({**content, "format": 7}), encoding="utf-8")
    with pytest.raises(InputError, match="has format 7, but this version of lstm-tui reads format 1"):
        read_description(run)


def test_known_columns_come_back_to_the_bit(runs, tmp_path):
    path = tmp_path / "shop.csv"
    days = np.datetime64("2023-01-01") + np.arange(200)
    rows = [
        f"{day},{n % 3},{'TV' if n % 5 == 0 else ''},{n % 7 if n < 190 else ''}" for n, day in enumerate(days)
    ]
    path.write_text("day,price,promotion,sales\n" + "\n".join(rows) + "\n", encoding="utf-8")
    table = open_data(path, ["sales"], options=ReadOptions(known=("price", "promotion"), country="DE"))
    experiment = plan_experiment(table, ["numpy"], {"look_back": 7, "horizon": 5}, steps=7)
    again = read_experiment(create_run(experiment, runs))
    assert again.known_choice == experiment.known_choice
    assert again.known.names == experiment.known.names
    assert again.known.own == experiment.known.own == 2
    np.testing.assert_array_equal(again.known.values, experiment.known.values)
    assert again.table.known.words == ((), ("TV",))
    np.testing.assert_array_equal(again.table.known.values, table.known.values)
    assert again.table.fingerprint() == table.fingerprint()
