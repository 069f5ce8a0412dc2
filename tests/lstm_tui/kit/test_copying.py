import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_tui.crosscheck.controller import CrossCheckController
from lstm_tui.kit.copying import CopyTable, as_text

TEXT = st.text(st.characters(exclude_categories=("Cs",)))


def test_numbers_keep_their_digits_and_what_is_not_defined_is_empty():
    table = CopyTable("it", ("a", "b"), [(0.1 + 0.2, math.nan), (3, None)])
    assert as_text(table) == "a\tb\n0.30000000000000004\t\n3\t\n"


@given(st.lists(st.tuples(TEXT, TEXT, st.floats()), max_size=5))
def test_every_table_keeps_its_shape(rows):
    lines = as_text(CopyTable("it", ("x", "y", "z"), rows)).split("\n")
    assert len(lines) == 1 + len(rows) + 1
    assert all(line.count("\t") == 2 for line in lines[:-1])
    for line, row in zip(lines[1:], rows, strict=False):
        if math.isfinite(row[2]):
            assert float(line.split("\t")[2]) == row[2]


@pytest.mark.exhaustive
async def test_every_tab_gives_the_tables_it_has(make_app, planned, until):
    app = make_app(backends=("numpy", "torch"))

    async def copied(tab, *keys):
        await pilot.press(tab, "C", *keys)
        return list(csv.DictReader(io.StringIO(app.clipboard), delimiter="\t"))

    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        assert await copied("2") == []
        assert [one.message for one in app._notifications] == ["This screen has no table yet."]
        columns = await copied("1", "enter")
        assert [row["use"] for row in columns if row["column"] == app.data.state.table.targets[0]] == [
            "target"
        ]
        rows = await copied("1", "down", "enter")
        assert float(rows[-1][app.data.state.table.targets[0]]) == app.data.state.table.values[-1, 0]
        assert len(rows) == min(1000, app.data.state.table.rows)
        backends = await copied("7")
        assert [row["backend"] for row in backends] == ["NumPy", "PyTorch", "TensorFlow"]
        await pilot.press("2", "t")
        await until(
            pilot, lambda: app.train.state.training and not app.train.state.training.running, "the end"
        )
        progress = await copied("2", "enter")
        numpy = app.train.state.training.backends["numpy"].history
        assert float(progress[0]["best loss"]) == numpy.loss
        epochs = await copied("2", "down", "enter")
        assert [float(row["NumPy validation loss"]) for row in epochs] == numpy.validation.tolist()
        await pilot.press("5", "c")
        await until(
            pilot,
            lambda: (
                app.controllers[CrossCheckController].state
                and app.controllers[CrossCheckController].state.result
            ),
            "the verdict",
        )
        matrix = await copied("5")
        assert {row["PyTorch float64 verdict"] for row in matrix} == {"passed"}
