"""The screen Inspect on a real run, with real processes."""

import io

import numpy as np
import pytest
from rich.cells import cell_len
from rich.console import Console
from textual.widgets import Static

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.inspect.batches import clipping, gradient_agreement
from lstm_forecasting.inspect.contributions import step_contributions
from lstm_forecasting.inspect.flow import gradient_flow, in_words
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.subject import open_snapshot
from lstm_forecasting.runs.recording import fit
from lstm_tui.backends.engine import ProcessRunner
from lstm_tui.inspect.controller import LOOKING, InspectController
from lstm_tui.inspect.widgets.lines import UnitLines
from lstm_tui.inspect.widgets.rows import NumberRows
from lstm_tui.inspect.widgets.runs import RunList
from lstm_tui.inspect.widgets.stack import BandStack
from lstm_tui.kit.ask import GoToScreen, SaveScreen
from lstm_tui.kit.numbers import in_one_form

SMALL = {"look_back": 10, "horizon": 2, "hidden_units": 6, "epochs": 2, "layers": 2, "precision": "float64"}
WIDE, NARROW = (160, 45), (80, 24)


@pytest.fixture
def real_app(make_app):
    """The app on real processes, with a run called mine."""
    runner = ProcessRunner()
    app = make_app("sunspots", runner=runner, backends=("numpy",))
    fit(plan_experiment(open_data("sunspots"), ["numpy"], SMALL), "mine")
    yield app
    runner.close()


@pytest.fixture
def open_screen(planned, until):
    """Goes to the screen and waits until it shows a window."""

    async def go(pilot):
        await planned(pilot)
        await pilot.press("6")
        await settled(pilot, until)

    return go


async def settled(pilot, until):
    screen, inspect = pilot.app.screen, pilot.app.controllers[InspectController]
    await until(pilot, lambda: screen.seen is not None and not inspect.busy, "a window")
    await until(pilot, lambda: screen.panel is not None, "the picture")
    await until(pilot, lambda: screen.query_one("#inside").border_title not in (None, LOOKING), "its title")


def text_of(app, name):
    return str(app.screen.query_one(f"#{name}", Static).render())


def rendered(app, name):
    """A renderable as text."""
    out = Console(width=60, file=io.StringIO())
    out.print(app.screen.query_one(f"#{name}", Static).content)
    return out.file.getvalue()


def picture(app):
    stack = app.screen.query_one(BandStack)
    return ["".join(segment.text for segment in stack.render_line(y)) for y in range(stack.size.height)]


@pytest.mark.exhaustive
async def test_it_says_what_to_do_while_there_is_no_run(make_app, planned, until):
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot)
        await pilot.press("6")
        await until(pilot, lambda: "There is no trained network yet" in text_of(app, "hint"), "the hint")
        assert "Go to Train (2)" in text_of(app, "hint")
        assert not app.screen.check_action("next_look", ("gates",))


@pytest.mark.exhaustive
async def test_a_window_stands_over_its_heatmaps(real_app, open_screen, until):
    async with real_app.run_test(size=WIDE) as pilot:
        await open_screen(pilot)
        screen = real_app.screen
        inspected = screen.seen.inspected
        lines = picture(real_app)
        assert [line[:1] for line in lines if line[:1].strip()] == ["x", "h", "f", "i", "C", "C", "o", "h"]
        assert {cell_len(line.rstrip()) <= screen.query_one(BandStack).size.width for line in lines} == {True}
        room = screen.query_one("#inside")
        assert str(room.border_title).startswith("layer1.forward · step 10 (")
        assert f"unit {screen.look.unit(inspected)}" in str(room.border_title)
        runs = screen.query_one(RunList)
        assert runs.row_count == 1
        assert "mine" in str(runs.get_row_at(0)[0])


@pytest.mark.exhaustive
async def test_the_cursor_moves_over_steps_and_units(real_app, open_screen, until):
    async with real_app.run_test(size=WIDE) as pilot:
        await open_screen(pilot)
        screen = real_app.screen
        await pilot.press("left", "left", "down")
        inspected, look = screen.seen.inspected, screen.look
        assert (look.step, look.place) == (7, 1)
        cell = screen.query_one("#cell")
        assert str(cell.border_title) == f"Unit {look.unit(inspected)} at step 8"
        layer = look.layer_of(inspected)
        hidden = layer.hidden[7, look.unit(inspected)]
        assert f"h {hidden:>7.4f}".replace("-", "−") in text_of(real_app, "diagram")
        assert any("▲ step 8" in line for line in picture(real_app))
        unit, equations = screen.tables()
        assert unit.rows[7] == (8, *(getattr(layer, one.name)[7, look.unit(inspected)] for one in QUANTITIES))
        assert [row[0] for row in equations.rows if row[1] == "value"] == [one.name for one in QUANTITIES]
        assert equations.rows[-1][-1] == pytest.approx(hidden, abs=1e-13)
        room = screen.query_one("#cell")
        assert room.max_scroll_y > 0
        rows = screen.query_one("#arithmetic", NumberRows).rows
        inputs = inspected.subject.config.hidden_units
        # Four gates of products with the layer below and with its own units, and two lines without.
        assert sum(len(row.cells) == 3 and all(row.cells) for row in rows) >= 4 * 2 * inputs
        await pilot.press("pagedown")
        assert room.scroll_y > 0
        await pilot.press("pageup")
        assert room.scroll_y == 0
        stack = screen.query_one(BandStack)
        await pilot.click(stack, offset=(6 + 8 * 2, 2))
        assert screen.look.step == 2
        assert screen.look.place == 0


@pytest.mark.exhaustive
async def test_views_follow_each_other(real_app, open_screen, until):
    async with real_app.run_test(size=WIDE) as pilot:
        await open_screen(pilot)
        screen = real_app.screen
        inspected, layer = screen.seen.inspected, screen.look.layer_of(screen.seen.inspected)
        await pilot.press("v")
        assert screen.look.view == "unit"
        await pilot.press("v")
        assert screen.look.view == "gradients"
        said = rendered(real_app, "sentence")
        assert in_words(gradient_flow(layer)).split(",")[0] in said
        found = step_contributions(inspected, layer)
        for norm in in_one_form([float(one.norms[-1]) for one in found], 3):
            assert norm in said
        assert max(one.apart for one in found) < 1e-12
        await pilot.press("v")
        await settled(pilot, until)
        assert screen.look.view == "batch"
        assert "gradient of the batch" in text_of(real_app, "sentence")
        await pilot.press("v")
        await until(pilot, lambda: screen.seen.comparison is not None, "the other backend")
        await until(pilot, lambda: "h differs by" in text_of(real_app, "sentence"), "the difference")
        assert max(screen.seen.comparison.gradients.values()) < 1e-12
        assert "hidden state" in str(screen.query_one("#inside").border_title)
        await pilot.press("c")
        assert "forget gate" in str(screen.query_one("#inside").border_title)
        await pilot.press("v")
        assert screen.look.view == "weights"
        await pilot.press("v")
        assert screen.look.view == "gates"
        await pilot.press("V")
        assert screen.look.view == "weights"
        await pilot.click("#views", offset=(3, 0))
        assert screen.look.view == "gates"


@pytest.mark.exhaustive
async def test_a_unit_is_drawn_as_lines_by_key_and_by_click(real_app, open_screen, until):
    async with real_app.run_test(size=WIDE) as pilot:
        await open_screen(pilot)
        screen = real_app.screen
        await pilot.press("down", "enter")
        assert screen.look.view == "unit"
        assert screen.query_one(UnitLines).display
        assert not screen.query_one(BandStack).display
        await pilot.press("down", "left")
        assert (screen.look.place, screen.look.step) == (2, 8)
        plot = screen.query_one("#gate-lines").query_one("#plot")
        await pilot.click(plot, offset=(1 + round((plot.size.width - 1) * 0.25), 3))
        assert screen.look.step == 2
        assert screen.look.place == 2
        await pilot.press("enter")
        assert screen.look.view == "gates"
        # What is chosen already is looked into by a click.
        stack = screen.query_one(BandStack)
        await until(pilot, lambda: any("▸" in line for line in picture(real_app)), "the cursor")
        y = next(y for y, line in enumerate(picture(real_app)) if "▸" in line)
        wide = (stack.size.width - 6) // 10
        await pilot.click(stack, offset=(6 + 2 * min(8, wide), y))
        assert screen.look.view == "unit"


@pytest.mark.exhaustive
async def test_a_batch_is_seen_window_by_window_and_array_by_array(real_app, open_screen, until):
    async with real_app.run_test(size=WIDE) as pilot:
        await open_screen(pilot)
        screen = real_app.screen
        screen.action_look_at("batch")
        await until(pilot, lambda: screen.seen.batch is not None, "the batch")
        await settled(pilot, until)
        batch, name = screen.seen.batch, screen.look.array_of(screen.seen.inspected)
        found = gradient_agreement(batch, name)
        rows = screen.query_one("#arithmetic", NumberRows).rows
        assert len(rows) == 1 + len(batch.starts)
        assert rows[1].name.startswith("▸")
        shown = np.array([[float(cell.replace("−", "-")) for cell in row.cells] for row in rows[1:]])
        wanted = (batch.losses, gradient_agreement(batch).norms, found.norms, found.cosines)
        np.testing.assert_allclose(shown, np.transpose(wanted), rtol=0.06, atol=0.006)
        assert f"The mean has the norm {found.norm:.4g}" in text_of(real_app, "sentence")
        assert f"Over all arrays its norm is {clipping(batch).norm:.4g}" in text_of(real_app, "sentence")
        await pilot.press("C")
        _, *copied = real_app.clipboard.splitlines()
        assert [float(line.split("\t")[3]) for line in copied] == found.norms.tolist()
        await pilot.press("right", "right", "c")
        assert screen.look.member == 2
        other = screen.look.array_of(screen.seen.inspected)
        assert other != name
        assert other in str(screen.query_one("#inside").border_title)
        assert any("▲ window 3" in line for line in picture(real_app))
        await pilot.click(screen.query_one("#arithmetic"), offset=(4, 5))
        assert screen.look.member == 4
        await pilot.press("n")
        await until(pilot, lambda: screen.seen.asked.batch == 1, "the next batch")
        await settled(pilot, until)
        start = screen.seen.batch.starts[screen.look.member]
        await pilot.press("enter")
        await until(pilot, lambda: screen.seen.asked.part == "train", "the window")
        await settled(pilot, until)
        assert screen.look.view == "gates"
        assert screen.seen.inspected.window.inputs.start == start


@pytest.mark.exhaustive
async def test_both_snapshots_and_every_array_can_be_chosen(real_app, open_screen, until):
    async with real_app.run_test(size=WIDE) as pilot:
        await open_screen(pilot)
        screen = real_app.screen
        screen.action_look_at("weights")
        await pilot.press("E", "E")
        await until(pilot, lambda: screen.seen.earlier.epoch == 2, "the later snapshot")
        await pilot.press("e", "e")
        await until(pilot, lambda: screen.seen.asked.epoch == 1, "the earlier weights")
        await settled(pilot, until)
        assert str(screen.query_one("#inside").border_title).endswith("from epoch 2 to 1")
        before, after = (open_snapshot(screen.seen.asked.run, "numpy", epoch).weights for epoch in (2, 1))
        rows = screen.query_one("#arithmetic", NumberRows).rows
        arrays = {row.action: row for row in rows if row.action}
        assert len(arrays) == len(after)
        total = sum(array.size for array in after.values())
        for place, (name, array) in enumerate(after.items()):
            share, norm, changed = arrays[f"screen.choose_array({place})"].cells
            assert share == f"{100 * array.size / total:.1f} %"
            assert float(norm) == pytest.approx(np.linalg.norm(array), rel=0.01)
            grown = np.linalg.norm(array - before[name]) / np.linalg.norm(before[name])
            assert changed == f"{100 * grown:.1f} %"
        await pilot.press("C")
        _, *copied = (line.split("\t") for line in real_app.clipboard.splitlines())
        for (name, array), (copy, _, _, norm, change) in zip(after.items(), copied, strict=True):
            assert copy == name
            assert float(norm) == pytest.approx(np.linalg.norm(array), rel=1e-12)
            assert float(change) == pytest.approx(np.linalg.norm(array - before[name]), rel=1e-12)
        await pilot.click(screen.query_one("#arithmetic"), offset=(4, len(rows) - 1))
        assert screen.look.array_of(screen.seen.inspected) == "head.bias"
        await pilot.press("up")
        assert screen.look.array_of(screen.seen.inspected) == "head.kernel"
        assert text_of(real_app, "sentence").startswith("head.kernel has 6 × 2 = 12 entries")


@pytest.mark.exhaustive
async def test_windows_weights_and_layers_are_chosen_by_key(real_app, open_screen, until):
    async with real_app.run_test(size=WIDE) as pilot:
        await open_screen(pilot)
        screen = real_app.screen
        worst = screen.seen.asked.number

        async def after(*keys):
            for key in keys:
                before = screen.seen
                await pilot.press(key)
                await until(pilot, lambda before=before: screen.seen is not before, "another window")
            await settled(pilot, until)
            return screen.seen.asked

        assert (await after("p" if worst else "n")).number == (worst - 1 if worst else 1)
        assert (await after("W")).number == worst
        await pilot.press("N", "n", "P", "p", "n")
        await until(pilot, lambda: screen.seen.asked.number == worst + 1, "where the keys lead together")
        await settled(pilot, until)
        assert (await after("W")).number == worst
        assert (await after("e")).epoch == 0
        assert screen.seen.inspected.subject.model.header.epoch == 0
        assert (await after("e", "e", "e")).epoch is None
        assert (await after("k")).part == "validation"
        await pilot.press("y")
        assert screen.look.layer_of(screen.seen.inspected).name == "layer0.forward"
        unit = screen.look.unit(screen.seen.inspected)
        await pilot.press("u")
        assert screen.look.order == "correlation"
        assert screen.look.unit(screen.seen.inspected) == unit
        await pilot.press("g")
        await until(pilot, lambda: isinstance(real_app.screen, GoToScreen), "the dialog")
        assert "or its number, from #1 to #" in str(real_app.screen.query_one(".caption", Static).render())
        await pilot.press(*"#5", "enter")
        await until(pilot, lambda: real_app.screen is screen and screen.seen.asked.number == 4, "the window")


@pytest.mark.exhaustive
async def test_what_is_shown_is_saved(real_app, open_screen, until, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with real_app.run_test(size=WIDE) as pilot:
        await open_screen(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(real_app.screen, SaveScreen), "the dialog")
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "inspect.npz").exists(), "the file")
        await until(pilot, lambda: not isinstance(real_app.screen, SaveScreen), "its end")


@pytest.mark.exhaustive
async def test_a_narrow_terminal_has_one_half_at_a_time(real_app, open_screen, until):
    async with real_app.run_test(size=NARROW) as pilot:
        await open_screen(pilot)
        screen = real_app.screen
        assert screen.query_one("#inside").display
        assert not screen.query_one("#numbers").display
        await pilot.press("s")
        assert not screen.query_one("#inside").display
        assert screen.query_one("#numbers").display
        widest = max(map(cell_len, text_of(real_app, "diagram").splitlines()))
        assert widest <= screen.query_one("#diagram").size.width


@pytest.mark.exhaustive
async def test_without_colours_heatmaps_are_shades(real_app, open_screen, until, monkeypatch):
    real_app.no_color = True
    async with real_app.run_test(size=WIDE) as pilot:
        await open_screen(pilot)
        drawn = "".join(picture(real_app))
        assert "▓" in drawn
        assert set(drawn) & set("·∘○●")
        assert "░▒▓█" in text_of(real_app, "scale")
