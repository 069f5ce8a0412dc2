import pytest
from rich.console import Console

from lstm_course.figures import (
    Curves,
    Equation,
    Equations,
    Heat,
    Line,
    Source,
    Table,
    number,
    word,
)
from lstm_forecasting.figures.looks import looks
from lstm_tui.learn.charts import curves_picture
from lstm_tui.learn.drawing import drawn, paragraph, side_by_side
from lstm_tui.learn.ink import terminal_ink

INK = terminal_ink(looks(("numpy", "torch")))


def lines_of(renderable, columns=80):
    console = Console(width=columns, color_system=None)
    with console.capture() as captured:
        console.print(renderable)
    return [line.rstrip() for line in captured.get().splitlines()]


def test_a_paragraph_is_written_without_its_asterisks():
    assert paragraph("The *cell* is new.", INK).plain == "The cell is new."


def test_numbers_of_a_table_stand_below_each_other_at_the_right():
    table = Table("", ("", "n"), ((word("a"), number(1.5)), (word("bc"), number(-12.25, 2))))
    assert lines_of(drawn(table, 9, INK)) == ["        n", "a   1.500", "bc −12.25"]


def test_a_formula_takes_two_lines_where_one_is_too_short():
    equations = Equations(
        "", (Equation("f", "a + b", "1 + 2", number(3, 0)), Equation("gg", "c", "", number(4, 0)))
    )
    assert lines_of(drawn(equations, 9, INK)) == [" f = a + b = 1 + 2 = 3", "gg = c = 4"]
    assert lines_of(drawn(equations, 9, INK), 16) == [" f = a + b", "   = 1 + 2 = 3", "gg = c = 4"]


def test_a_plane_has_its_numbers_beside_their_shades():
    heat = Heat("", ("one", "two"), ("a", "b"), ((0.0, 1.0), (-1.0, 0.25)), "signed")
    drawn_lines = lines_of(drawn(heat, 9, INK))
    assert "██  1.000" in drawn_lines[1]
    assert "●● −1.000" in drawn_lines[2]


@pytest.mark.parametrize("columns", [40, 80])
def test_a_chart_fits_its_room(columns):
    curves = Curves(
        "", (Line("up", (1.0, 2.0, 3.0), (1.0, 2.0, 9.0), "truth"),), "day", "glasses", marks=((2.0, "now"),)
    )
    drawn_lines = lines_of(drawn(curves, 10, INK), columns)
    assert len(drawn_lines) == 10
    assert max(map(len, drawn_lines)) <= columns
    assert "up" in drawn_lines[0]
    assert "↑ glasses" in drawn_lines[0]
    assert any("now" in line for line in drawn_lines)


def test_axes_stay_where_they_are_told():
    line = Line("loss", (0.0, 1.0), (1.0, 0.5), "forecast")
    fixed = curves_picture(Curves("", (line,), "", "", True, (), (0.0, 9.0), (0.001, 1.0)), INK)
    assert fixed.x == (0.0, 9.0)
    assert fixed.y == (-3.0, 0.0)
    assert curves_picture(Curves("", (line,), "", ""), INK).x == (0.0, 1.0)


def test_a_line_of_a_backend_has_its_colour_and_pattern():
    curves = Curves("", (Line("", (0.0, 1.0), (0.0, 1.0), "forecast", "torch"),), "", "")
    (line,) = curves_picture(curves, INK).lines
    assert (line.colour, line.pattern) == (INK.looks["torch"].dark, "dashed")


def test_sources_stand_beside_each_other_with_their_names():
    sources = [
        Source(name, f"{name}.py", 7, f"def {name}():\n    pass", backend=name) for name in ("numpy", "torch")
    ]
    drawn_lines = lines_of(side_by_side(sources, INK), 100)
    assert "numpy numpy.py" in drawn_lines[0]
    assert "torch torch.py" in drawn_lines[0]
    assert "7 def numpy" in drawn_lines[1]
    assert "7 def torch" in drawn_lines[1]
