import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.series.treatment import Treatment
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.runs.description import read_experiment
from lstm_forecasting.runs.predicting import open_model, open_series, own_series, predict
from lstm_forecasting.runs.recording import RecordedExperiment, create_run, resume
from lstm_forecasting.runs.watching import read_run
from lstm_plugins import SeriesSet
from lstm_plugins.errors import InputError
from lstm_plugins.recursion import forecast_steps
from lstm_plugins.reference import ReferenceForecaster


@pytest.fixture
def trained(make_run):
    """A run that is over, of NumPy."""
    run = make_run("numpy", name="mine", precision="float64", loss="quantile")
    with RecordedExperiment(run) as running:
        *_, last = running
    return run, last.result


@pytest.fixture
def later(tmp_path):
    """Writes a daily file with the same columns."""

    def write(rows, columns=("visits", "sales"), step=1, first="2022-03-01"):
        lines = [",".join(("day", *columns))]
        for row in range(rows):
            numbers = [f"{900 + 40 * index + 9 * np.cos(row):.3f}" for index in range(len(columns))]
            lines.append(",".join((str(np.datetime64(first) + step * row), *numbers)))
        path = tmp_path / "later.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_any_backend_forecasts_the_same_with_one_that_trained_it(backend, trained, runs):
    _, result = trained
    model = open_model("mine", runs)
    prediction = predict(model, result.experiment.table, backend, steps=result.experiment.steps)
    expected = result.backends[0].future_quantiles
    if backend == "numpy":
        np.testing.assert_array_equal(prediction.future_quantiles, expected)
    np.testing.assert_allclose(prediction.future_quantiles, expected, rtol=1e-12)
    np.testing.assert_array_equal(prediction.future, prediction.future_quantiles[:, :, 1])


def test_a_checkpoint_alone_forecasts_a_later_file(trained, runs, later, tmp_path):
    run, _ = trained
    sent = tmp_path / "sent.safetensors"
    sent.write_bytes(run.best("numpy").read_bytes())
    table = open_data(later(40), ["visits", "sales"])
    by_file = predict(open_model(sent, tmp_path / "no-runs"), table)
    by_run = predict(open_model("mine", runs), table)
    np.testing.assert_array_equal(by_file.future, by_run.future)
    assert by_file.future.shape == (3, 2)
    assert np.isfinite(by_file.future).all()


def test_a_forecast_is_held_to_the_bounds_of_the_training_or_those_asked_for(trained, runs, later):
    model = open_model("mine", runs)
    assert model.model.bounds.minimum == (0.0, 0.0)
    found = predict(model, open_data(later(40), ["visits", "sales"]))
    assert found.bounds == model.model.bounds
    asked = open_data(later(40), ["visits", "sales"], options=ReadOptions(minimum="950", whole="yes"))
    held = predict(model, asked)
    np.testing.assert_array_equal(held.future, np.maximum(np.rint(found.future), 950.0))
    assert held.bounds.decisions == (
        "Forecasts are at least 950, as requested.",
        "Forecasts are rounded to whole numbers, as requested.",
    )


def test_a_later_file_is_treated_as_the_training_was(runs, tmp_path):
    used = 3 + np.sin(np.arange(240)) + np.random.default_rng(0).uniform(0, 1, 240)

    def meter(name, first, readings):
        lines = [f"{np.datetime64(first) + row},{reading:.3f}" for row, reading in enumerate(readings)]
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(["day,kwh", *lines]) + "\n", encoding="utf-8")
        return path

    readings = np.cumsum(used)[:200] % 500
    readings[[20, 60, 100]] = -999
    counted = open_data(meter("first", "2021-01-01", readings), options=ReadOptions(difference="counter"))
    settings = {"look_back": 7, "horizon": 3, "hidden_units": 4, "epochs": 1}
    with RecordedExperiment(create_run(plan_experiment(counted, ["numpy"], settings), runs, "meter")) as work:
        list(work)
    model = open_model("meter", runs).model
    assert model.treatment == Treatment(("-999",), "counter", "keep")
    later = np.cumsum(used)[200:]
    later[10] = -999
    as_it_is = open_series(model, meter("later", "2021-07-20", later), named=("difference",))
    assert as_it_is.values[0, 0] == pytest.approx(later[0], abs=1e-3)
    table = open_series(model, meter("later", "2021-07-20", later))
    observed = ~table.filled[:, 0]
    assert np.flatnonzero(~observed).tolist() == [9, 10]
    np.testing.assert_allclose(table.values[observed, 0], used[201:][observed], atol=2e-3)


def test_what_does_not_fit_the_model_is_said(trained, runs, later):
    model = open_model("mine", runs)
    with pytest.raises(InputError, match="is every 2 days, but the model was trained on daily rows"):
        predict(model, open_data(later(40, step=2), ["visits", "sales"]))
    with pytest.raises(InputError, match="has 5 rows, but the model's look_back is 7"):
        predict(model, open_data(later(5), ["visits", "sales"]))
    with pytest.raises(
        InputError, match=r"The model was trained on the columns visits, sales, but later was opened"
    ):
        predict(model, open_data(later(40), ["sales", "visits"]))
    with pytest.raises(InputError, match="no column 'visits'"):
        open_data(later(40, columns=("calls", "sales")), ["visits", "sales"])
    with pytest.raises(InputError, match="steps must be at least 1"):
        predict(model, open_data(later(40), ["visits", "sales"]), steps=0)


@pytest.mark.exhaustive
def test_the_best_backend_is_taken_or_the_one_that_is_asked_for(make_run, runs):
    run = make_run("numpy", "torch", name="both")
    with pytest.raises(InputError, match="Run both has not been trained yet"):
        open_model("both", runs)
    with RecordedExperiment(run) as running:
        list(running)
    assert open_model("both", runs, "torch").header.maker.backend == "torch"
    with pytest.raises(InputError, match="has no weights of 'jax'; it has those of numpy, torch"):
        open_model("both", runs, "jax")


def test_a_backend_that_fails_is_said(trained, runs):
    _, result = trained
    with pytest.raises(InputError, match="nosuch failed"):
        predict(open_model("mine", runs), result.experiment.table, "nosuch")


def test_a_later_file_with_gaps_is_filled_for_the_model_which_knows_where(runs, tmp_path):
    """The run has an indicator, as a tenth of its values were lost; so has every later file, lost or not."""
    path = tmp_path / "holed.csv"
    days = np.datetime64("2021-01-01") + np.arange(240)
    lines = ["day,visits"]
    lines += [f"{day},{'' if row % 10 == 3 else 900 + row}" for row, day in enumerate(days)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    small = {"look_back": 7, "horizon": 3, "hidden_units": 4, "epochs": 2, "precision": "float64"}
    experiment = plan_experiment(open_data(path), ["numpy"], small, steps=5)
    assert experiment.indicators == ("visits",)
    run = create_run(experiment, runs, "holed")
    resume(run)
    model = open_model("holed", runs)
    assert (model.model.indicators, model.model.features) == (("visits",), 2)
    again = predict(model, open_series(model.model, path), steps=5)
    np.testing.assert_array_equal(again.future, read_run(run).backends[0].future)
    later = tmp_path / "later.csv"
    later.write_text("day,visits\n" + "".join(f"2022-03-{d:02},{900 + d}\n" for d in range(1, 20)))
    table = open_series(model.model, later)
    forecaster = ReferenceForecaster(model.model.config, 2, (0,), indicators=1)
    forecaster.load_weights(model.weights)
    scaled = model.model.scaler.transform(table.values)
    series = SeriesSet(np.concatenate([scaled, np.ones((19, 1))], axis=1), (0,), (19,))
    forecaster.load_series(series)
    expected = model.model.scaler.inverse(forecast_steps(forecaster, series, 3)[:, :, 0], (0,))
    np.testing.assert_allclose(predict(model, table).future, expected, rtol=1e-9)


def test_a_later_file_is_filled_in_the_way_of_the_training(runs, tmp_path):
    path = tmp_path / "week.csv"
    days = np.datetime64("2021-01-01") + np.arange(240)
    wave = 10 + 5 * np.sin(np.arange(240) * 2 * np.pi / 7)
    cells = ["" if row in (100, 230, 231) else f"{value:.6f}" for row, value in enumerate(wave)]
    lines = ["day,load", *(f"{day},{cell}" for day, cell in zip(days, cells, strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    small = {"look_back": 7, "horizon": 3, "hidden_units": 4, "epochs": 1}
    table = open_data(path, options=ReadOptions(missing="season"))
    create_run(plan_experiment(table, ["numpy"], small), runs, "week")
    resume("week", runs)
    opened = open_series(open_model("week", runs).model, path)
    np.testing.assert_allclose(opened.values[230:232, 0], wave[230:232], atol=1e-5)


def test_a_run_keeps_the_transform_of_its_targets(runs, tmp_path):
    path = tmp_path / "grown.csv"
    days = np.datetime64("2021-01-01") + np.arange(120)
    lines = ["day,sales", *(f"{day},{20 * 1.03**row:.6f}" for row, day in enumerate(days))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    small = {"look_back": 7, "horizon": 3, "hidden_units": 2, "epochs": 1, "precision": "float64"}
    experiment = plan_experiment(open_data(path, options=ReadOptions(transform="log")), ["numpy"], small)
    run = create_run(experiment, runs, "grown")
    resume(run)
    assert read_experiment(run).scaler.transforms == experiment.scaler.transforms
    model = open_model("grown", runs)
    # The untransformed option of this reading says nothing about the model.
    again = predict(model, open_series(model.model, path))
    np.testing.assert_array_equal(again.future, read_run(run).backends[0].future)
    # An LSTM that starts at the last value of logarithms grows by a few per cent at most in three days.
    np.testing.assert_allclose(again.future[:, 0], 20 * 1.03 ** np.arange(120, 123), rtol=0.3)


@pytest.fixture
def shop(tmp_path):
    """Writes a shop whose sales are twice its price, up to noise; prices are known for a week more."""

    def write(name="shop.csv", rows=160, ahead=7, price=lambda day: 10 + day * 7 % 5, sales=True):
        noise = np.random.default_rng(5).normal(0, 0.1, 400)
        lines = ["day,price,promotion,sales" if sales else "day,price,promotion"]
        for day in range(0 if sales else 160, rows + ahead):
            date, promotion = np.datetime64("2023-01-01") + day, "TV" if day % 6 == 0 else ""
            sold = f"{2 * price(day) + noise[day]:.3f}" if day < rows else ""
            lines.append(f"{date},{price(day)},{promotion}" + (f",{sold}" if sales else ""))
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.mark.exhaustive
def test_known_columns_are_forecast_with_and_asked_for_again(shop, runs):
    options = ReadOptions(known=("price", "promotion"), country="DE")
    settings = {"look_back": 7, "horizon": 3, "hidden_units": 4, "epochs": 3, "precision": "float64"}
    table = open_data(shop(), ["sales"], options=options)
    run = create_run(plan_experiment(table, ["numpy"], settings, steps=7 - 1), runs, "shop")
    result = resume(run)
    expected = result.backends[0].future_quantiles
    model = open_model("shop", runs)
    for backend in ("numpy", "torch"):
        found = predict(model, own_series(run), backend, steps=6)
        np.testing.assert_allclose(found.future_quantiles, expected, rtol=1e-12)
    # A later file, in two pieces and with texts in another order, is read as the training was.
    later = open_series(model.model, shop("later.csv", rows=200, ahead=0), ReadOptions())
    with pytest.raises(InputError, match=r"future of 'price' is missing for 2023-07-20, .* \(3 of 3 rows"):
        predict(model, later)
    whole = open_series(model.model, shop("later.csv", rows=200, ahead=7))
    assert whole.known.names == ("price", "promotion")
    assert predict(model, whole).future.shape == (3, 1)
    # What if prices were higher?
    dear = shop("dear.csv", price=lambda day: 30, sales=False)
    changed = predict(model, own_series(run, ReadOptions(future=str(dear))), steps=6)
    assert np.isfinite(changed.future).all()
    assert (np.abs(changed.future_quantiles - expected) > 1e-6).any()
    plain = open_data(shop(), ["sales"])
    with pytest.raises(InputError, match="trained with price and promotion known ahead; open shop with the"):
        predict(model, plain)
