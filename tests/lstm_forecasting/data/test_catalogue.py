import csv
import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import DataSet, data_sets, file_of, open_data, opened_by
from lstm_forecasting.data.options import ReadOptions
from lstm_plugins.errors import InputError

NAMES = ("co2", "sunspots", "seattle-weather", "macrodata", "synthetic-stock")
REPOSITORY = Path(__file__).parents[3]


def test_the_bundled_data_sets() -> None:
    assert tuple(known.name for known in data_sets()) == NAMES


@pytest.mark.parametrize("known", data_sets(), ids=NAMES)
def test_each_is_what_the_list_says(known: DataSet) -> None:
    table = open_data(known.name, known.columns)
    assert (table.rows, table.frequency.name, table.columns) == (known.rows, known.frequency, known.columns)
    assert np.isfinite(table.values).all()
    assert table.name == known.name
    assert table.source == f"bundled data set {known.name}"
    assert known.path.stat().st_size < 100_000
    assert open_data(known.name).targets == (known.target,)
    numbers = tuple(column.name for column in table.file_columns if column.kind == "number")
    assert numbers == known.columns


@pytest.mark.parametrize("known", data_sets(), ids=NAMES)
def test_each_has_its_licence_written_down(known: DataSet) -> None:
    licences = (known.path.parent / "LICENSES.md").read_text(encoding="utf-8")
    section = licences.split(f"## {known.path.name}\n")[1].split("\n## ")[0]
    assert known.licence.lower() in section.lower()
    assert f"{known.rows:,} " in section


def test_co2_has_its_real_gaps() -> None:
    table = open_data("co2")
    assert table.missing_values == (59,)
    assert table.missing_stamps == 0
    assert int(table.filled.sum()) == 59


def test_the_synthetic_set_says_so_and_is_what_its_script_makes() -> None:
    known = data_sets()[-1]
    assert "synthetic" in known.name
    assert "synthetic" in known.description
    spec = importlib.util.spec_from_file_location("make", REPOSITORY / "tools" / "make_bundled_data.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    with known.path.open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file))[1:] == [list(row) for row in script.synthetic_stock()]


def test_a_plain_word_is_the_bundled_set_and_a_path_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("co2", "co2.csv", "mine"):
        Path(name).write_text("x\n1\n2\n")
    table = open_data("co2")
    assert table.rows == 2284
    assert table.decisions[0] == "co2 is the bundled data set; use ./co2 to open the file of that name."
    for path in ("./co2", "co2.csv", str(tmp_path / "co2"), Path("co2"), "mine"):
        assert open_data(path).rows == 2


def test_a_bundled_set_takes_targets_inputs_and_missing() -> None:
    table = open_data("seattle-weather", ["wind"], ["temp_min"])
    assert table.columns == ("wind", "temp_min")
    assert not any("usual one" in decision for decision in table.decisions)
    with pytest.raises(InputError, match=r"'co2' has no value at line 8, and 59 values"):
        open_data("co2", options=ReadOptions(missing="refuse"))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sunspot", "did you mean sunspots?"),
        ("C02", "did you mean co2?"),
        ("x" * 300, "the bundled ones are"),
        ("stock", "did you mean synthetic-stock?"),
        ("nonsense", "the bundled ones are co2, sunspots, seattle-weather, macrodata, synthetic-stock."),
    ],
)
def test_an_unknown_word_is_refused_with_a_hint(
    name: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as refusal:
        open_data(name)
    assert str(refusal.value).startswith("There is no data set and no file called")
    assert hint in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_path_below_an_unknown_user_is_refused() -> None:
    with pytest.raises(InputError, match=r"There is no file ~nobody-of-that-name/x\.csv: the folder"):
        open_data("~nobody-of-that-name/x.csv")


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(InputError, match="is empty; give one"):
        open_data("")


def test_the_list_of_names_loads_neither_polars_nor_numpy() -> None:
    program = (
        "import sys; from lstm_forecasting.data.catalogue import data_sets; data_sets(); "
        "print([name for name in ('polars', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_a_table_was_read_from_opens_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "co2").write_text("a\n1\n2\n", encoding="utf-8")
    bundled, own = open_data("co2"), open_data("./co2")
    assert (opened_by(bundled), file_of(bundled)) == ("co2", None)
    assert (opened_by(own), file_of(own)) == ("./co2", tmp_path / "co2")
    for table in (bundled, own):
        assert open_data(opened_by(table)).fingerprint() == table.fingerprint()
