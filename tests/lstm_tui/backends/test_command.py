import json

from lstm_plugins.additions import ADDITIONS

OTHERS = ("--without", "torch", "--without", "tensorflow")


def test_json_tells_state_origin_and_devices(program):
    program.install_plugin("mine", devices="['cpu', 'abacus']")
    listed = json.loads(program.run("backends", *OTHERS, "--json").stdout)
    by_name = {one["name"]: one for one in listed}
    assert list(by_name) == ["numpy", "torch", "tensorflow", "mine"]
    assert by_name["numpy"]["state"] == "available"
    assert by_name["numpy"]["devices"] == ["cpu"]
    assert by_name["numpy"]["framework"].startswith("numpy 2")
    assert by_name["torch"]["state"] == "disabled"
    assert by_name["mine"]["devices"] == ["cpu", "abacus"]
    assert by_name["mine"]["distribution"] == "mine-plugin"
    assert by_name["mine"]["version"] == "2.1"
    assert by_name["numpy"]["additions"] == list(ADDITIONS)
    assert by_name["mine"]["additions"] == []


def test_a_backend_that_cannot_tell_its_devices_says_why_and_hides_no_other(program):
    program.install_plugin("mine", devices="1 / 0")
    done = program.run("backends", *OTHERS)
    assert done.returncode == 0
    mine = next(line for line in done.stdout.splitlines() if " mine " in line)
    assert "fails to start" in mine
    assert "mine: it failed with ZeroDivisionError: division by zero." in done.stdout
    assert any(" numpy " in line and "available" in line for line in done.stdout.splitlines())


def test_what_a_framework_prints_does_not_reach_the_list(program):
    program.install_plugin("mine", "import os\nos.write(1, b'noise')\nprint('noise')\n")
    listed = json.loads(program.run("backends", *OTHERS, "--json").stdout)
    assert [one["devices"] for one in listed if one["name"] == "mine"] == [["cpu"]]


def test_a_broken_plugin_is_listed_with_its_traceback(program):
    program.install_plugin("mine")
    (program.site / "mine_plugin.py").write_text("raise SystemExit('not today')\n")
    done = program.run("backends", *OTHERS)
    assert done.returncode == 0
    assert "not today" in done.stdout
    assert "Traceback" in done.stdout


def test_plugins_can_be_switched_off(program):
    program.install_plugin("mine")
    listed = json.loads(program.run("backends", *OTHERS, "--no-plugins", "--json").stdout)
    assert [one["state"] for one in listed] == ["available"] + ["disabled"] * 3
