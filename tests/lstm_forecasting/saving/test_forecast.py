import csv
import dataclasses
import json
import math
import subprocess
import sys

import matplotlib
import numpy as np
import polars
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.evaluation.scoring import conclude, evaluate, find_test_part
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.experiment.results import BackendResult, Baselines
from lstm_forecasting.saving.forecast import check_forecast_path, result_as_json, save_forecast
from lstm_plugins.errors import InputError


def result(source="co2", settings=None, targets=(), backends=("numpy", "torch"), steps=None):
    experiment = plan_experiment(
        open_data(source, targets), backends, settings or {"horizon": 2}, steps=steps
    )
    part = find_test_part(experiment)
    generator = np.random.default_rng(0)
    steps, count, quantiles = (
        experiment.steps,
        len(experiment.table.targets),
        len(experiment.config.output_quantiles),
    )
    results = []
    for backend in backends:
        future = generator.normal(size=(steps, count, quantiles))
        forecasts = part.truth + generator.normal(size=part.truth.shape)
        evaluation = evaluate(backend.title(), forecasts, part)
        results.append(
            BackendResult(
                backend,
                evaluation,
                future[:, :, experiment.config.point_quantile],
                future,
                5,
                3,
                1.5,
                "epochs",
            )
        )
    return conclude(experiment, part, results, {"tensorflow": "its process ended with exit status 9"})


RESULT = result()
ENDS = ["lo-80", "hi-80", "lo-95", "hi-95"]


def test_csv_has_a_row_for_each_time_and_a_column_for_each_backend(tmp_path):
    save_forecast(RESULT, tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert list(rows[0])[:4] == ["time", "target", "model", "forecast"]
    assert list(rows[0])[4:] == [*ENDS, "numpy", "torch"]
    assert {row["model"] for row in rows} == {"lstm"}
    assert [row["forecast"] for row in rows] == [row["numpy"] for row in rows]
    assert [row["time"] for row in rows] == ["2002-01-05", "2002-01-12"]
    assert [float(row["torch"]) for row in rows] == pytest.approx(RESULT.backends[1].future[:, 0], abs=5e-5)
    # Four decimals: the standard deviation is 17.
    assert all(len(row[name].partition(".")[2]) <= 4 for row in rows for name in (*ENDS, "numpy"))


def test_the_intervals_are_those_of_the_offered_model(tmp_path):
    save_forecast(RESULT, tmp_path / "out.parquet")
    frame = polars.read_parquet(tmp_path / "out.parquet")
    own = RESULT.intervals.of(RESULT.offers[0].name).future
    assert frame.select(ENDS).rows() == [
        (low[0], high[0], low[1], high[1]) for low, high in zip(own.low, own.high, strict=True)
    ]


def test_a_step_without_an_interval_has_empty_cells(tmp_path):
    found = result(settings={"horizon": 2}, backends=("numpy",), steps=3)
    save_forecast(found, tmp_path / "out.csv")
    *_, last, beyond = csv.DictReader((tmp_path / "out.csv").open())
    assert last["hi-95"]
    assert [beyond[name] for name in ENDS] == [""] * 4
    save_forecast(found, tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text())[2]["lo-80"] is None


def test_parquet_keeps_times_as_times(tmp_path):
    save_forecast(RESULT, tmp_path / "out.PARQUET")
    frame = polars.read_parquet(tmp_path / "out.PARQUET")
    assert frame.schema["time"] == polars.Datetime("us")
    assert frame["numpy"].to_list() == RESULT.backends[0].future[:, 0].tolist()


def test_json_holds_the_same_rows(tmp_path):
    save_forecast(RESULT, tmp_path / "out.json")
    rows = json.loads((tmp_path / "out.json").read_text())
    assert rows[1]["time"] == "2002-01-12"
    assert rows[1]["numpy"] == round(RESULT.backends[0].future[1, 0], 4)


def test_several_targets_and_levels_have_rows_and_columns_of_their_own(tmp_path):
    found = result(
        "seattle-weather", {"loss": "quantile", "horizon": 3}, ("temp_max", "temp_min"), ("numpy",)
    )
    save_forecast(found, tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert list(rows[0]) == [
        "time",
        "target",
        "model",
        "forecast",
        *ENDS,
        "numpy",
        "numpy 0.1",
        "numpy 0.5",
        "numpy 0.9",
    ]
    assert [row["target"] for row in rows] == ["temp_max", "temp_min"] * 3
    assert float(rows[3]["numpy 0.9"]) == round(found.backends[0].future_quantiles[1, 1, 2], 5)
    assert rows[3]["numpy"] == rows[3]["numpy 0.5"]


def test_rows_without_times_are_numbered(tmp_path):
    counted = tmp_path / "counted.csv"
    counted.write_text("value\n" + "\n".join(str(n % 7 + n / 9) for n in range(60)) + "\n")
    save_forecast(result(str(counted)), tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [row["row"] for row in rows] == ["60", "61"]


def test_what_was_there_is_replaced_whole_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    save_forecast(RESULT, path)
    assert path.read_text().startswith("time,target,")
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="No space left"):
        save_forecast(RESULT, path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("name", ["out.svg", "out.PNG"])
def test_a_picture_is_the_same_every_time_and_nothing_else_is_left(tmp_path, name):
    save_forecast(RESULT, tmp_path / name)
    first = (tmp_path / name).read_bytes()
    matplotlib.rcParams["font.size"] = 31
    save_forecast(RESULT, tmp_path / name)
    assert (tmp_path / name).read_bytes() == first
    assert matplotlib.rcParams["font.size"] == 31
    matplotlib.rcdefaults()
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_picture_needs_matplotlib(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'lstm-tui\[figures\]'"):
        check_forecast_path(tmp_path / "out.svg")
    check_forecast_path(tmp_path / "out.csv")


def test_tables_are_saved_without_matplotlib(tmp_path):
    code = (
        "import pathlib, sys\n"
        "from lstm_forecasting.saving.forecast import check_forecast_path\n"
        "check_forecast_path(pathlib.Path('out.svg'))\n"
        "print([name for name in sys.modules if name.startswith('matplotlib')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("out.xlsx", "ends in '.xlsx'"),
        ("out", "no suffix"),
        ("nowhere/out.csv", "no folder"),
        ("folder.csv", "is a folder"),
    ],
)
def test_what_cannot_be_saved_is_refused_before_work_begins(tmp_path, name, words):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=words):
        check_forecast_path(tmp_path / name)


def test_the_json_of_a_result_is_json_and_complete():
    found = json.loads(json.dumps(result_as_json(RESULT), allow_nan=False))
    assert found["data"]["source"] == "bundled data set co2"
    assert found["settings"]["horizon"] == 2
    assert [backend["backend"] for backend in found["backends"]] == ["numpy", "torch"]
    assert found["backends"][0]["best_epoch"] == 4
    assert len(found["backends"][0]["scores_by_step"]["co2"]) == 2
    assert found["baselines"][0]["name"] == "last value"
    assert found["failures"] == {"tensorflow": "its process ended with exit status 9"}
    assert found["verdicts"][0]["outcome"] in ("beats", "ties with", "loses to")
    assert found["verdicts"][0]["sentence"] == RESULT.verdicts[0]
    assert found["forecast"][0]["time"] == "2002-01-05"


def test_the_json_of_a_result_has_the_intervals_of_every_model():
    found = result_as_json(RESULT)
    assert found["forecast"][0]["lo-80"] == found["backends"][0]["intervals"]["co2"]["levels"][0]["low"][0]
    for model in (*found["backends"], *found["baselines"]):
        narrow, wide = model["intervals"]["co2"]["levels"]
        assert (narrow["level"], wide["level"]) == (80, 95)
        assert narrow["measured"] < wide["measured"] <= 100
        assert narrow["width"] < wide["width"]
        assert len(narrow["by_step"]) == len(narrow["high"]) == 2
        assert 0 < model["intervals"]["co2"]["crps"] < model["scores"]["co2"]["mae"]


def test_scores_that_are_not_defined_are_null():
    scores = dataclasses.replace(RESULT.backends[0].evaluation.scores[0], mase=math.nan, r2=-math.inf)
    evaluation = dataclasses.replace(RESULT.backends[0].evaluation, scores=(scores,))
    changed = dataclasses.replace(
        RESULT, backends=(dataclasses.replace(RESULT.backends[0], evaluation=evaluation),)
    )
    found = result_as_json(changed)["backends"][0]["scores"]["co2"]
    assert found["mase"] is None
    assert found["r2"] is None
    json.dumps(found, allow_nan=False)


def test_the_json_of_a_result_has_what_the_residuals_say():
    found = result_as_json(RESULT)["backends"][0]["residuals"]["co2"]
    # The forecasts are the truth and noise.
    assert found["p_value"] > 0.01
    assert found["lags"] == 91
    assert abs(found["mean"]) < 0.2
    assert "Ljung-Box" in found["sentence"]


def test_a_result_without_any_backend_still_is_a_result():
    found = result_as_json(
        conclude(RESULT.experiment, find_test_part(RESULT.experiment), [], {}, Baselines(RESULT.baselines))
    )
    assert (found["backends"], found["verdicts"], found["agreement"]) == ([], [], None)
