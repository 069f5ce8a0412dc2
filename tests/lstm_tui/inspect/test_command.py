"""Looking into a run, as a user asks for it."""

import json
import re

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive

SMALL = ("--look-back", "12", "--horizon", "3", "--hidden-units", "4", "--epochs", "3", "--patience", "0")


@pytest.fixture(scope="module")
def program(make_program, tmp_path_factory):
    """A folder with a run called mine: two layers with attention, in double precision."""
    program = make_program(tmp_path_factory.mktemp("inspect") / "work")
    network = ("--layers", "2", "--attention", "dot", "--precision", "float64", "--normalisation", "last")
    options = ("--target", "sales", "--input", "visits", "--backend", "numpy", "--name", "mine")
    done = program.run("train", "shop.csv", *options, *SMALL, *network)
    assert done.returncode == 0, done.stderr
    return program


@pytest.fixture
def told(program):
    """What a command prints, as text or as JSON."""

    def run(*arguments, **variables):
        done = program.run("inspect", "mine", *arguments, **variables)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    return run


@pytest.fixture(scope="module")
def window(program):
    """All of the third test window, from the first program run that asks for it."""
    done = program.run("inspect", "mine", "--window", "3", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_window_is_told_in_words_and_shades(told, window):
    text = told("--window", "3")
    assert re.search(r"shop · window 3 of \d+ of the test part", text)
    assert "Run mine: weights of NumPy after epoch" in text
    assert "computed by NumPy in float64" in text
    assert (
        f"Its inputs are 12 rows, {window['window']['inputs'][0]} … {window['window']['inputs'][-1]}" in text
    )
    assert "layer1.forward · 4 units, most active first · 12 time steps" in text
    for title in ("forget gate f", "input gate i", "candidate C̃", "cell state C", "output gate o"):
        assert len(re.findall(rf"^{title} +\d ", text, re.M)) == 1
    for title in ("sales", "attention", "|∂L/∂h|", "|∂L/∂C|", "to kernel", "to recurrent", "to bias"):
        assert f"\n{title} " in text
    assert window["layers"][1]["gradient"]["sentence"] in text
    apart = float(re.search(r"add up to NumPy's gradients within (\S+)\.\n", text)[1])
    assert apart < 1e-12
    first = told("--window", "3", "--layer", "0", "--order", "index", "--rows", "2")
    assert "layer0.forward · 2 of 4 units, by index · 12 time steps" in first


def test_a_gate_is_drawn_as_high_as_it_is(told, window):
    text = told("--window", "3", "--order", "index", "--rows", "1")
    drawn = re.search(r"^forget gate f +0 ([▁▂▃▄▅▆▇█ ]+) 0 … 1$", text, re.M)[1]
    values = [step[0] for step in window["layers"][1]["forget"]]
    assert [" ▁▂▃▄▅▆▇█".index(sign) for sign in drawn[::4]] == [round(8 * value) for value in values]


def test_json_has_every_number_and_they_add_up(window):
    assert window["run"] == "mine"
    assert window["columns"] == ["sales", "visits"]
    assert len(window["inputs"]) == 12
    assert np.sum(window["attention"]) == pytest.approx(1)
    for layer in window["layers"]:
        f, i, g, cell, o, h = (
            np.array(layer[name]) for name in ("forget", "input", "candidate", "cell", "output", "hidden")
        )
        before = np.vstack([np.zeros(4), cell[:-1]])
        np.testing.assert_allclose(f * before + i * g, cell, atol=1e-14)
        np.testing.assert_allclose(o * np.tanh(cell), h, atol=1e-14)
        np.testing.assert_allclose(np.abs(h).mean(axis=0), layer["units"]["activity"])
        for array in layer["gradient"]["contributions"].values():
            assert np.sum(array["shares"]) == pytest.approx(1)
            assert array["apart"] < 1e-12


def test_the_cell_is_computed_in_every_product(told, window):
    found = told("--window", "3", "--layer", "0", "--unit", "2", "--step", "5", "--json")["arithmetic"]
    assert found["apart"] < 1e-13
    for line in found["lines"]:
        assert line["traced"] == window["layers"][0][line["name"]][4][2]
        total = sum(product["value"] for product in line["products"]) + (line["bias"] or 0)
        assert line["total"] == pytest.approx(total, abs=1e-14)
    text = told("--window", "3", "--layer", "0", "--unit", "2", "--step", "5")
    day = window["window"]["inputs"][4]
    assert f"layer0.forward · unit 2 at time step 5 ({day})" in text
    assert len(re.findall(r"^ W_[fiC̃o]+ · ", text, re.M)) == 4 * (2 + 4)
    assert re.search(r"^ f = σ\(sum\) +0\.\d{6}", text, re.M)
    value = found["lines"][3]["value"]
    assert f"C = sum {f'{value:.6f}'.replace('-', '−'):>40}"[-12:].strip() in text
    assert "all six results agree with NumPy's values within" in text


def test_a_unit_is_told_at_every_step(told, window):
    text = told("--window", "3", "--unit", "1")
    rows = re.findall(r"^ (\d+) +(\d{4}-\d\d-\d\d) +(.*)$", text.partition("at every time step")[2], re.M)
    assert [int(step) for step, _, _ in rows] == list(range(1, 13))
    assert [day for _, day, _ in rows] == window["window"]["inputs"]
    hidden = [float(numbers.split()[-1].replace("−", "-")) for _, _, numbers in rows]
    np.testing.assert_allclose(hidden, [step[1] for step in window["layers"][1]["hidden"]], atol=1e-6)


def test_windows_are_found_by_date_and_by_error(told, window):
    begins = window["window"]["targets"][0]
    assert told("--at", begins, "--json") == window
    worst = [told("--worst", str(rank), "--json") for rank in (1, 2)]
    errors = [np.abs(np.subtract(one["prediction"], one["truth"])).mean() for one in (*worst, window)]
    assert errors[0] >= errors[1]
    assert errors[0] >= errors[2]
    assert told("--json") == worst[0]
    assert told("--part", "train", "--window", "1", "--json")["window"]["inputs"][0] == "2024-01-01"


def test_a_snapshot_is_another_network(told, window):
    first = told("--snapshot", "0", "--window", "3", "--json")
    assert first["epoch"] == 0
    assert first["window"] == window["window"]
    assert first["loss"] != window["loss"]


def test_two_backends_stand_side_by_side(told, window):
    found = told("--window", "3", "--against", "torch", "--json")["against"]
    assert found["backend"] == "torch"
    assert set(found["layers"]) == {"layer0.forward", "layer1.forward"}
    assert max(max(layer.values()) for layer in found["layers"].values()) < 1e-12
    assert max(found["gradients"].values()) < 1e-12
    text = told("--window", "3", "--against", "torch", "--rows", "1")
    assert "PyTorch minus NumPy, the largest difference" in text
    assert len(re.findall(r"^[fiCoh]̃? PyTorch +\d ", text, re.M)) == 6
    assert len(re.findall(r"^difference +\d ", text, re.M)) == 6


def test_weights_are_told_with_what_changed(told):
    found = told("--show", "weights", "--json")
    assert sum(one["share"] for one in found["weights"]) == pytest.approx(1)
    assert all(one["change"] > 0 for one in found["weights"])
    same = told("--show", "weights", "--snapshot", "2", "--since", "2", "--json")
    assert {one["change"] for one in same["weights"]} == {0.0}
    text = told("--show", "weights", "--rows", "1")
    total = sum(one["parameters"] for one in found["weights"])
    assert f"mine · {total} parameters in {len(found['weights'])} arrays" in text
    assert "since 0" in text
    assert re.search(r"^layer1.forward.recurrent · darkest \S+, the first 1 of 4 rows$", text, re.M)


def test_a_batch_is_told_window_by_window(told):
    found = told("--show", "batch", "--snapshot", "0", "--json")
    assert found["apart"] < 1e-12
    assert np.mean([one["loss"] for one in found["windows"]]) == pytest.approx(found["loss"])
    assert found["array"]["name"] == "layer0.forward.recurrent"
    assert all(0 < one["array_norm"] <= one["norm"] for one in found["windows"])
    text = told("--show", "batch", "--snapshot", "0")
    assert f"shop · batch 1 of epoch 1 · {len(found['windows'])} windows" in text
    assert len(re.findall(r"^ 2024-\d\d-\d\d( +\S+){4} *$", text, re.M)) == len(found["windows"])
    factor = min(1.0, 1.0 / (found["norm"] + 1e-6))
    assert found["clipping"] == {"limit": 1.0, "factor": pytest.approx(factor)}
    assert f"Over all arrays its norm is {found['norm']:.4g}" in text
    assert "norm in head.kernel" in told("--show", "batch", "--array", "head.kernel")


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("--window", "3"), "layer1.forward/cell"),
        (("--window", "3", "--against", "torch"), "difference/layer1.forward/cell"),
        (("--window", "3", "--unit", "1"), "layer1.forward/hidden"),
        (("--show", "weights"), "changes/head.kernel"),
        (("--show", "batch"), "window gradients/head.bias"),
    ],
)
def test_arrays_and_pictures_are_saved(arguments, wanted, program, window):
    done = program.run("inspect", "mine", *arguments, "--npz", "all.npz", "--output", "all.svg", "--json")
    assert done.returncode == 0, done.stderr
    assert "All arrays are in all.npz." in done.stderr
    assert "The picture is in all.svg." in done.stderr
    with np.load(program.folder / "all.npz", allow_pickle=False) as archive:
        assert wanted in archive.files
        if wanted == "layer1.forward/cell":
            np.testing.assert_array_equal(archive[wanted], window["layers"][1]["cell"])
            np.testing.assert_array_equal(archive["attention"], window["attention"])
        if wanted == "window gradients/head.bias":
            np.testing.assert_allclose(
                archive["gradients/head.bias"], archive[wanted].mean(axis=0), atol=1e-12
            )
    assert (program.folder / "all.svg").read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--window", "0"), "there is no window 0"),
        (("--at", "1999-01-01"), "No forecast of the test part is at 1999-01-01"),
        (("--at", "soon"), "'soon' is not a date"),
        (("--window", "1", "--worst", "1"), "--window, --at and --worst exclude each other"),
        (("--layer", "2"), "has the layers 0 to 1; there is no layer 2"),
        (("--direction", "backward"), "has no backward direction"),
        (("--target", "visits"), "Run mine forecasts sales, not 'visits'"),
        (("--unit", "4"), "layer1.forward has the units 0 to 3; there is no unit 4"),
        (("--unit", "0", "--step", "13"), "the time steps 1 to 12; there is no step 13"),
        (("--step", "3"), "--step needs --unit"),
        (("--unit", "1", "--against", "torch"), "--unit and --against exclude each other"),
        (("--against", "nosuch"), "nosuch"),
        (("--snapshot", "9"), "no snapshot of numpy after epoch 9; it has those of 0, 1, 2, 3"),
        (("--trained-by", "torch"), "has no weights of 'torch'"),
        (("--since", "1"), "--since needs --show weights"),
        (("--show", "weights", "--unit", "1"), "--unit needs --show window"),
        (("--show", "batch", "--batch", "99"), "there is no batch 99"),
        (("--show", "batch", "--array", "head"), "has no weight array 'head'"),
        (("--array", "head.bias"), "--array needs --show batch"),
        (("--output", "x.npz"), "A picture is saved as .svg or .png"),
        (("--npz", "x.npy"), "use .npz"),
        (("--npz", "nowhere/x.npz"), "There is no folder 'nowhere'"),
    ],
)
def test_mistakes_are_told_in_a_sentence(arguments, words, program):
    before = sorted(program.folder.iterdir())
    done = program.run("inspect", "mine", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(program.folder.iterdir()) == before


def test_a_run_that_is_not_there_is_said(program):
    done = program.run("inspect", "nosuch")
    assert done.returncode == 2
    assert "There is no run 'nosuch'" in done.stderr
