"""The screen of the cross-check through Textual's pilot, on checks of the reference without processes."""

import io
import json

import pytest
from rich.console import Console
from textual.widgets import Button, Checkbox, DataTable, Input, Label, Static

from lstm_conformance.levels import LEVELS
from lstm_tui.crosscheck.controller import CrossCheckController
from lstm_tui.crosscheck.diagnosis import DiagnosisPanel
from lstm_tui.crosscheck.heatmap import Heatmap
from lstm_tui.crosscheck.matrix import Matrix
from lstm_tui.crosscheck.screen import CrossCheckScreen
from lstm_tui.crosscheck.setup import CheckSetup
from lstm_tui.crosscheck.tensors import TensorsScreen
from lstm_tui.kit.ask import SaveScreen
from lstm_tui.kit.choice import Choice

LARGE = (160, 45)


def over(app):
    return lambda: (
        app.controllers[CrossCheckController].state is not None
        and not app.controllers[CrossCheckController].state.running
    )


def shown(app, row, column):
    return str(app.screen.query_one(Matrix).get_cell_at((row, column))).strip()


def words(screen):
    console = Console(width=400, record=True, file=io.StringIO())
    console.print(screen.query_one(DiagnosisPanel).query_one(Static).content)
    return console.export_text()


@pytest.fixture
def options(planned, until):
    """Opens the screen and waits for what can be chosen."""

    async def run(pilot):
        await planned(pilot)
        await pilot.press("5")
        await until(pilot, lambda: pilot.app.screen.query(CheckSetup), "the options")

    return run


@pytest.fixture
def checked(options, until):
    """Opens the screen, checks NumPy and PyTorch in float64, and waits for the end."""

    async def run(pilot):
        app = pilot.app
        await options(pilot)
        app.screen.query_one("#backend-tensorflow", Checkbox).value = False
        app.screen.query_one("#precision", Choice).set_value(("float64",))
        await pilot.press("c")
        await until(pilot, over(app), "the end of the check")

    return run


async def test_matrix_and_diagnosis_name_the_backend_that_differs(make_app, make_runner, checked):
    runner = make_runner(faulty=("torch",))
    app = make_app(runner=runner)
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        assert runner.checks[0].check.backends == ("numpy", "torch")
        told = words(app.screen).splitlines()
        assert told[0].startswith("✗ PyTorch in float64 fails first at level gates and states: ")
        assert "Cause: gate order i, o, f, C̃, as in ONNX" in told[0]
        assert told[1].startswith("✓ NumPy agrees with the reference in float64.")
        gates = [level.name for level in LEVELS].index("gates")
        assert shown(app, gates, 1).startswith("✓")
        assert shown(app, gates, 2).startswith("✗")
        assert shown(app, gates + 2, 2).startswith("(✗")
        matrix = app.screen.query_one(Matrix)
        assert matrix.cursor_coordinate == (gates, 2)
        assert app.activity.state.status == "✗ Failed: PyTorch."


@pytest.mark.exhaustive
async def test_a_cell_opens_into_tensors_and_a_tensor_into_a_heatmap(make_app, make_runner, checked, until):
    app = make_app(runner=make_runner(faulty=("torch",)))
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TensorsScreen), "the tensors")
        table = app.screen.query_one(DataTable)
        # Of three probes: two runs through two directions, and seven tensors of each.
        assert table.row_count == 3 * 2 * 2 * 7
        row = [str(cell) for cell in table.get_row_at(table.cursor_row)]
        assert row[:3] == ["✗", "both directions, attention", "first run/layer0.forward.forget"]
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query(Heatmap), "the heatmap")
        told = str(app.screen.query_one("#words", Static).content)
        assert "first beyond: window 0, time step 0, unit 0: 0.2" in told
        assert "worst:" in told
        lines = ["".join(one.text for one in app.screen.query_one(Heatmap).render_line(y)) for y in range(12)]
        assert "▀" in lines[0]
        assert any("→ time step   ↓ unit" in line for line in lines)
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, CrossCheckScreen)


@pytest.mark.exhaustive
async def test_all_agree(make_app, checked):
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        assert app.activity.state.status == "✓ all levels passed"
        assert "✗" not in words(app.screen)
        assert all(shown(app, row, column).startswith("✓") for row in range(len(LEVELS)) for column in (1, 2))


@pytest.mark.exhaustive
async def test_a_level_that_is_not_asked_says_so_and_opens_nothing(make_app, options, until):
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        await options(pilot)
        app.screen.query_one("#precision", Choice).set_value(("float32",))
        for name in ("torch", "tensorflow"):
            app.screen.query_one(f"#backend-{name}", Checkbox).value = False
        await pilot.press("c")
        await until(pilot, over(app), "the end of the check")
        app.screen.query_one(Matrix).move_cursor(row=[one.name for one in LEVELS].index("two steps"))
        await pilot.press("enter")
        assert isinstance(app.screen, CrossCheckScreen)


@pytest.mark.exhaustive
async def test_it_fills_while_it_runs_and_stops(make_app, make_runner, options, until):
    runner = make_runner(check_pause=4)
    app = make_app(runner=runner)
    async with app.run_test(size=LARGE) as pilot:
        await options(pilot)
        await pilot.press("c")
        await until(
            pilot,
            lambda: (
                app.controllers[CrossCheckController].state is not None
                and app.controllers[CrossCheckController].state.judged == 4
            ),
            "four levels",
        )
        assert app.activity.state.status.startswith("● checking 4 of ")
        assert [shown(app, row, 1)[0] for row in range(5)] == ["✓"] * 4 + ["…"]
        assert app.screen.query_one("#check", Button).disabled
        assert not app.check_action("train", ())
        await pilot.press("t")
        assert app.train.state.training is None
        await pilot.press("x")
        await until(pilot, over(app), "the end")
        assert runner.checks[0].stopped.is_set()
        assert app.activity.state.status == "– cross-check stopped"
        assert "NumPy agrees so far: 4 of" in words(app.screen)
        assert not app.screen.query_one("#check", Button).disabled


@pytest.mark.exhaustive
async def test_what_breaks_down_is_told_and_may_be_tried_again(make_app, make_runner, options, until):
    app = make_app(runner=make_runner(crash=OSError("no more processes")))
    async with app.run_test(size=LARGE) as pilot:
        await options(pilot)
        await pilot.press("c")
        await until(pilot, over(app), "the end")
        assert "The cross-check broke down: OSError: no more processes" in words(app.screen)
        assert app.screen.check_action("check", ())


@pytest.mark.exhaustive
async def test_without_a_backend_nothing_starts(make_app, options, until):
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        await options(pilot)
        for box in app.screen.query(Checkbox):
            box.value = False
        await pilot.press("c")
        assert app.controllers[CrossCheckController].state is None
        assert "at least one backend" in str(app.screen.query_one("#check-trouble", Label).content)


@pytest.mark.exhaustive
async def test_ones_own_series_is_a_probe(make_app, make_runner, options, until):
    runner = make_runner(check_pause=0)
    app = make_app("sunspots", runner=runner)
    async with app.run_test(size=LARGE) as pilot:
        await options(pilot)
        app.screen.query_one("#probes", Choice).set_value("own")
        app.screen.query_one("#depth", Choice).set_value("full")
        await pilot.press("c")
        await until(pilot, lambda: runner.checks, "the check")
        check = runner.checks[0].check
        assert (check.series, check.depth) == ("sunspots", "full")
        await pilot.press("x")
        await until(pilot, over(app), "the end")


@pytest.mark.exhaustive
async def test_the_report_is_saved_or_says_why_not(make_app, checked, until, tmp_path):
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, SaveScreen), "the dialog")
        path = app.screen.query_one(Input)
        path.value = str(tmp_path / "report.doc")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query_one("#problem", Label).display, "the problem")
        assert ".html" in str(app.screen.query_one("#problem", Label).content)
        path.value = str(tmp_path / "report.json")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CrossCheckScreen), "the screen")
        assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["passed"]


@pytest.mark.exhaustive
async def test_a_narrow_terminal_shows_options_then_the_matrix(make_app, checked):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await checked(pilot)
        assert app.screen.query_one("#found").display
        assert not app.screen.query_one("#asked").display
        matrix = app.screen.query_one(Matrix)
        assert matrix.virtual_size.width <= matrix.size.width
        await pilot.press("s")
        assert app.screen.query_one("#asked").display
        await pilot.resize_terminal(160, 45)
        await pilot.pause()
        assert app.screen.query_one("#asked").display
        assert app.screen.query_one("#found").display
