import json

import numpy as np
import pytest

from lstm_forecasting.data.finding import Finding

LOAD = 3 + np.sin(np.arange(200) / 12) + np.random.default_rng(0).uniform(-0.1, 0.1, 200)


@pytest.fixture
def energy(tmp_path):
    """A daily file whose unit changes."""
    values = np.append(LOAD[:100], 1000 * LOAD[100:])
    days = np.datetime64("2023-01-01") + np.arange(200)
    path = tmp_path / "energy.csv"
    lines = [f"{day},{value}" for day, value in zip(days, values, strict=True)]
    path.write_text("\n".join(["day,kwh", *lines]) + "\n", encoding="utf-8")
    return path


def test_findings_have_evidence_default_and_flag(program, energy):
    done = program.run("check", energy)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "energy · daily · 2023-01-01 … 2023-07-19 · 200 rows"
    assert lines[1] == "  Roles of the columns: target kwh; time day."
    assert lines[2] == "~ unit change · kwh"
    assert lines[3].startswith("    From 2023-04-11 on, values of kwh are about 1000 times larger")
    assert lines[4] == "    All values are used as they are. Suggested: --unit-change convert"
    assert "    Forecasts are at least 0. To change it: --minimum none" in lines
    assert lines[-1] == "2 findings. Suggested flags: --unit-change convert"


def test_json_has_every_field_of_a_finding(program, energy):
    checked = json.loads(program.run("check", energy, "--json").stdout)
    assert checked["data"]["targets"] == ["kwh"]
    assert {"kind", "when", "flag"} <= checked["findings"][0].keys()
    first = dict(checked["findings"][0])
    flag, when = first.pop("flag"), tuple(first.pop("when"))
    assert (Finding(**first).flag, when) == (flag, ("2023-04-11",))
    assert (first["option"], first["value"], first["suggested"]) == ("unit_change", "convert", True)
    assert checked["decisions"]


def test_roles_of_columns_and_a_future_that_is_missing(program, tmp_path):
    path = tmp_path / "shop.csv"
    days = np.datetime64("2023-01-01") + np.arange(200)
    rows = [
        f"{day},{n % 3},{n % 4},{'TV' if n % 7 == 0 else ''},{n % 50 + n % 7}" for n, day in enumerate(days)
    ]
    path.write_text("\n".join(["day,price,visits,promotion,sales", *rows]) + "\n", encoding="utf-8")
    asked = ("check", path, "--target", "sales", "--known", "price", "--known", "promotion")
    done = program.run(*asked)
    roles = "target sales; known ahead price, promotion; time day; unused visits"
    assert f"  Roles of the columns: {roles}." in done.stdout.splitlines()
    assert "The future of 'price' is missing for 2023-07-20, 2023-07-21" in done.stdout
    found = json.loads(program.run(*asked, "--json").stdout)["data"]["roles"]
    assert found == {
        "day": "time",
        "price": "known",
        "visits": "unused",
        "promotion": "known",
        "sales": "target",
    }


def test_options_of_reading_decide_otherwise(program, energy):
    done = program.run("check", energy, "--unit-change", "convert", "--minimum", "none")
    assert "The first 100 values of kwh are multiplied by 1000, as requested." in done.stdout
    assert "never negative" not in done.stdout
    assert done.stdout.splitlines()[-1] == "1 finding."


def test_a_series_without_findings(program):
    done = program.run("check", "seattle-weather")
    assert done.stdout.splitlines()[-1] == "Nothing to report."


def test_what_cannot_be_read_is_refused(program, tmp_path):
    done = program.run("check", tmp_path / "nothing.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no file" in done.stderr
    assert "Traceback" not in done.stderr
