"""The dialog for other values of what is known ahead, with a forecast that can be computed by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from textual.widgets import DataTable, Input, Label

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.experiment.results import Offer
from lstm_plugins.errors import InputError
from lstm_tui.backends.engine import ProcessRunner
from lstm_tui.forecast.answers import Answer
from lstm_tui.forecast.screen import ForecastScreen
from lstm_tui.forecast.what_if import WhatIfScreen
from lstm_tui.kit.charts.chart import Chart

ROWS, STEPS = 60, 4


@pytest.fixture
def table(tmp_path):
    """A shop with prices and promotions that are known for seven days ahead."""
    days = np.datetime64("2023-01-01") + np.arange(ROWS + 7)
    rows = [
        f"{day},{10 + n % 2},{'TV' if n % 4 == 0 else ''},{n % 7 + 3.25 * (n % 2) if n < ROWS else ''}"
        for n, day in enumerate(days)
    ]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(["day,price,promotion,sales", *rows]) + "\n", encoding="utf-8")
    return open_data(path, ["sales"], options=ReadOptions(known=("price", "promotion")))


def sold(own):
    """A hundred a day, ten less for each euro, and fifty more with a promotion: `[steps, 1]`."""
    price, promotion = own.values[ROWS : ROWS + STEPS].T
    if (price < 0).any():
        raise InputError("numpy failed: prices are below 0.")
    return (100 - 10 * price + 50 * (promotion >= 0))[:, np.newaxis]


def answer(own):
    """The LSTM is offered."""
    return Answer(sold(own), sold(own), (None,))


def beside_a_baseline(own):
    """The baseline that is offered knows prices alone, and forecasts five more."""
    offered = 105 - 10 * own.values[ROWS : ROWS + STEPS, :1]
    return Answer(offered, sold(own), (Bands((80.0,), offered - 7, offered + 7),))


LSTM = Offer("lstm", "NumPy", "numpy", np.zeros(STEPS), "")
RIDGE = Offer("ridge", "linear (ridge)", "", np.zeros(STEPS), "")


@pytest.fixture
def asked(table, planned, until):
    """Opens the dialog."""

    async def push(pilot, offer=LSTM, ask=answer):
        await planned(pilot)
        experiment = SimpleNamespace(table=table)
        result = SimpleNamespace(experiment=experiment, offers=(offer,))
        dialog = WhatIfScreen(result, "numpy", ask(table.known), ask)
        await pilot.app.push_screen(dialog)
        await until(pilot, lambda: dialog.query_one(Chart).picture is not None, "the picture")
        return dialog

    return push


def column(dialog, title):
    shown = dialog.query_one(DataTable)
    place = [str(one.label) for one in shown.columns.values()].index(title)
    return [str(shown.get_row_at(row)[place]) for row in range(shown.row_count)]


def numbers(dialog, title):
    return [float(text.replace("−", "-")) for text in column(dialog, title)]


def told(dialog):
    return str(dialog.query_one("#about", Label).content)


async def write(pilot, text):
    await pilot.press("enter")
    await pilot.press("ctrl+u", *text, "enter")
    await pilot.pause()


@pytest.mark.exhaustive
async def test_a_value_is_changed_and_the_forecast_answers(make_app, asked, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        dialog = await asked(pilot)
        assert column(dialog, "price") == ["10", "11", "10", "11"]
        assert column(dialog, "promotion") == ["TV", "–", "–", "–"]
        assert numbers(dialog, "what if") == numbers(dialog, "forecast") == [50, -10, 0, -10]
        await write(pilot, "9.5")
        await until(pilot, lambda: numbers(dialog, "what if")[0] == 55, "the answer")
        assert column(dialog, "price") == ["9.5", "11", "10", "11"]
        assert numbers(dialog, "forecast") == [50, -10, 0, -10]
        await pilot.press("d")
        await until(pilot, lambda: numbers(dialog, "what if") == [55, 5, 5, 5], "the filled column")
        await pilot.press("right", "down")
        await write(pilot, "TV")
        await until(pilot, lambda: numbers(dialog, "what if")[1] == 55, "the promotion")
        lines = dialog.query_one(Chart).picture.lines
        assert lines[2].y.tolist()[1:] == [55, 55, 5, 5]
        await pilot.press("u")
        await until(pilot, lambda: numbers(dialog, "what if") == [50, -10, 0, -10], "the first values")
        assert column(dialog, "price") == ["10", "11", "10", "11"]


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 45), marks=pytest.mark.exhaustive)])
async def test_the_offered_baseline_answers_and_the_lstm_beside_it(make_app, asked, until, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        dialog = await asked(pilot, RIDGE, beside_a_baseline)
        assert "linear (ridge)" in dialog.query_one(".dialog").border_title
        assert numbers(dialog, "what if") == numbers(dialog, "forecast") == [5, -5, 5, -5]
        assert numbers(dialog, "LSTM what if") == [50, -10, 0, -10]
        await write(pilot, "9")
        await until(pilot, lambda: numbers(dialog, "what if") == [15, -5, 5, -5], "the answer")
        assert numbers(dialog, "LSTM what if") == [60, -10, 0, -10]
        assert numbers(dialog, "forecast") == [5, -5, 5, -5]
        (band,) = dialog.query_one(Chart).picture.bands
        assert band.low.tolist()[1:] == [8, -12, -2, -12]
        ahead = [one.y.tolist()[1:] for one in dialog.query_one(Chart).picture.lines[1:]]
        assert ahead == [[5, -5, 5, -5], [60, -10, 0, -10], [15, -5, 5, -5]]
        await pilot.press("u", "right", "down")
        await write(pilot, "TV")
        await until(pilot, lambda: numbers(dialog, "LSTM what if") == [50, 40, 0, -10], "the promotion")
        assert told(dialog) == "The forecast of linear (ridge) does not depend on this."
        assert dialog.query_one(Chart).size.height > 5


@pytest.mark.exhaustive
async def test_what_is_no_value_is_told_and_escape_leaves_the_field_first(make_app, asked, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = await asked(pilot)
        await write(pilot, "cheap")
        assert "✗ price needs a number such as 9.99, not 'cheap'." in told(dialog)
        assert dialog.query_one(Input).has_focus
        await pilot.press("escape")
        assert app.screen is dialog
        assert dialog.query_one(DataTable).has_focus
        await write(pilot, "-1")
        await until(pilot, lambda: "prices are below 0" in told(dialog), "the failure")
        assert numbers(dialog, "what if")[0] == 50
        await pilot.press("left", "enter")
        assert dialog.query_one(DataTable).has_focus
        await pilot.press("escape")
        assert app.screen is not dialog


@pytest.mark.exhaustive
async def test_only_forecasts_with_known_columns_are_asked_about(make_app, planned, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await planned(pilot)
        await pilot.press("t")
        training = lambda: app.train.state.training  # noqa: E731
        await until(pilot, lambda: training() is not None and training().result is not None, "the result")
        await pilot.press("3")
        await until(pilot, lambda: isinstance(app.screen, ForecastScreen), "the screen")
        await until(pilot, lambda: app.screen._panel is not None, "the forecast")
        assert not app.screen.check_action("what_if", ())


@pytest.mark.exhaustive
async def test_the_kept_process_answers_for_a_training(make_app, table, planned, until):
    runner = ProcessRunner()
    reading = ReadOptions(known=("price", "promotion"))
    settings = {"epochs": 2, "hidden_units": 4, "look_back": 7, "horizon": 3}
    app = make_app(
        table.source,
        runner=runner,
        backends=("numpy",),
        targets=("sales",),
        reading=reading,
        settings=settings,
    )
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            await planned(pilot)
            await pilot.press("t")
            training = lambda: app.train.state.training  # noqa: E731
            await until(pilot, lambda: training() is not None and not training().running, "the end")
            await pilot.press("3")
            await until(pilot, lambda: isinstance(app.screen, ForecastScreen), "the screen")
            await until(pilot, lambda: app.screen._panel is not None, "the forecast")
            for kind in ("lstm", "ridge"):
                while app.screen._panel.result.offers[0].kind != kind:
                    await pilot.press("m")
                await ask_about_a_price(pilot, until)
    finally:
        runner.close()


async def ask_about_a_price(pilot, until):
    """Opens the dialog, changes a price, changes it back, and closes the dialog."""
    await pilot.press("f")
    await until(pilot, lambda: isinstance(pilot.app.screen, WhatIfScreen), "the dialog")
    dialog = pilot.app.screen
    await until(pilot, lambda: dialog.query_one(Chart).picture is not None, "the picture")
    assert numbers(dialog, "what if") == numbers(dialog, "forecast")
    # The digits shown depend on all numbers.
    before = pytest.approx(numbers(dialog, "what if"), abs=1e-3)
    await write(pilot, "30")
    await until(pilot, lambda: numbers(dialog, "what if") != before, "the answer")
    assert numbers(dialog, "forecast") == before
    await pilot.press("u")
    await until(pilot, lambda: numbers(dialog, "what if") == before, "the first forecast")
    await pilot.press("escape")
