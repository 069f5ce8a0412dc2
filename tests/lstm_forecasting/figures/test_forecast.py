"""What is in a picture, read from the SVG, whose texts are texts and whose lines are paths."""

import re
import struct
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.evaluation.scoring import conclude, evaluate, find_test_part
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.experiment.results import BackendResult
from lstm_forecasting.figures.forecast import forecast_figure
from lstm_forecasting.figures.looks import looks

BACKENDS = ("numpy", "torch", "tensorflow")
SVG = "{http://www.w3.org/2000/svg}"


def make_result(source="co2", settings=None, targets=()):
    experiment = plan_experiment(open_data(source, targets), BACKENDS, settings or {"horizon": 4})
    part = find_test_part(experiment)
    steps, count, several = (
        experiment.steps,
        len(experiment.table.targets),
        len(experiment.config.output_quantiles),
    )
    last = experiment.table.values[-1, list(experiment.table.target_indices)]
    results = []
    for number, name in enumerate(BACKENDS):
        future = np.broadcast_to(last[None, :, None], (steps, count, several)) + np.linspace(-1, 1, several)
        evaluation = evaluate(name.title(), part.truth + 0.1 * number, part)
        results.append(
            BackendResult(
                name, evaluation, future[:, :, experiment.config.point_quantile], future, 5, 3, 1.5, "epochs"
            )
        )
    return conclude(experiment, part, results, {})


def drawn(result, targets=(0,), first=None):
    first = result.experiment.split.test.start - 20 if first is None else first
    content = forecast_figure(result, looks(BACKENDS), targets, first, "svg")
    return ElementTree.fromstring(content)  # noqa: S314 - our own


def texts(picture):
    return [element.text for element in picture.iter(f"{SVG}text")]


def styles(picture):
    return " ".join(path.get("style", "") for path in picture.iter(f"{SVG}path")).lower()


@pytest.fixture(scope="module")
def result():
    return make_result()


def test_everything_that_is_drawn_is_named(result):
    found = texts(drawn(result))
    assert "co2 · weekly" in found
    for name in ("truth", "Numpy", "Torch", "Tensorflow", "test", "future", "co2", "1995", "2002"):
        assert name in found


def test_backends_keep_colour_and_pattern(result):
    found = styles(drawn(result))
    for look in looks(BACKENDS).values():
        assert f"stroke: {look.light.lower()}" in found
    assert found.count("stroke-dasharray") > 4


def test_intervals_are_areas_and_named_once(result):
    picture = drawn(result)
    assert texts(picture).count("80 % interval") == texts(picture).count("95 % interval") == 1
    assert "fill-opacity: 0.16" in styles(picture)


def test_every_target_has_a_row_of_its_own():
    result = make_result("seattle-weather", {"horizon": 3}, ("temp_max", "temp_min"))
    both, second = drawn(result, (0, 1)), drawn(result, (1,))
    assert {"temp_max", "temp_min"} <= set(texts(both))
    assert "temp_max" not in texts(second)
    assert float(both.get("height").removesuffix("pt")) > float(second.get("height").removesuffix("pt"))


def test_what_begins_before_the_first_row_is_left_out(result):
    last = result.experiment.table.rows - 30
    found = texts(drawn(result, first=last))
    assert "test" not in found
    assert "future" in found


def test_rows_that_are_only_counted_are_counted(tmp_path):
    path = tmp_path / "counted.csv"
    path.write_text("price in $_$\n" + "\n".join(str(n % 7 + n / 9) for n in range(200)) + "\n")
    found = texts(drawn(make_result(path)))
    assert "row" in found
    assert "price in $_$" in found


def test_years_that_no_calendar_shows_are_counted(tmp_path):
    path = tmp_path / "far.csv"
    path.write_text("year,value\n" + "\n".join(f"{9800 + n},{n % 7 + n / 9}" for n in range(199)) + "\n")
    assert "row" in texts(drawn(make_result(path)))


def test_no_date_of_its_making_is_in_a_picture(result):
    content = forecast_figure(result, looks(BACKENDS), (0,), 2000, "svg").decode()
    assert "<dc:date>" not in content
    assert "<title>co2 forecast</title>" in content
    assert not re.search(r"20\d\d-\d\d-\d\dT", content)


def test_png_is_large_enough_to_print(result):
    content = forecast_figure(result, looks(BACKENDS), (0,), 2000, "png")
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (1600, 672)


def truth_and_dots(path, missing):
    """The path of the truth in a picture of a file that lacks these rows, and the number of dots on it."""
    lines = ["sales", *("" if row in missing else str(40 + np.sin(row)) for row in range(100))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    picture = drawn(make_result(path, {"horizon": 2, "look_back": 6}), first=0)
    found = []
    for group in picture.iter(f"{SVG}g"):
        paths = [line for line in group.findall(f"{SVG}path") if line.get("d").count("L") > 50]
        if paths and "#1b222b" in paths[0].get("style").lower():
            found.append((paths[0].get("d"), len(list(group.iter(f"{SVG}use")))))
    (truth,) = found
    return truth


def test_filled_values_are_gaps_and_a_value_between_two_gaps_is_a_dot(tmp_path):
    path = tmp_path / "sales.csv"
    for missing, parts, dots in (
        ((), 1, 0),
        (range(80, 90), 2, 0),
        ((*range(80, 85), *range(86, 90)), 3, 1),
    ):
        truth, drawn_dots = truth_and_dots(path, missing)
        # The path moves on without a line at a gap.
        assert (truth.count("M"), drawn_dots) == (parts, dots)
