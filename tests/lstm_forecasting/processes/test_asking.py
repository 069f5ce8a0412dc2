import os

import pytest

from lstm_forecasting.processes.asking import ask_devices

PLUGIN = """
from lstm_plugins import Backend, backend_hook

@backend_hook
def lstm_backend():
    return Backend(
        name="mine", title="Mine", api_version=1, version="3", summary="none", forecaster="mine_devices:It",
        devices="mine_devices:devices",
    )
"""


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Installs a backend "mine" whose devices come from the given body of a function."""

    def install(body):
        (tmp_path / "mine_plugin.py").write_text(PLUGIN)
        (tmp_path / "mine_devices.py").write_text(f"import os, time\ndef devices():\n    {body}\n")
        information = tmp_path / "mine_plugin-2.1.dist-info"
        information.mkdir()
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: mine-plugin\nVersion: 2.1\n")
        (information / "entry_points.txt").write_text("[lstm_tui.backends]\nmine = mine_plugin\n")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)

    return install


def test_devices_are_those_that_the_backend_names(plugin):
    plugin("print('noise'); return ('cpu', 'abacus')")
    answers = ask_devices(["numpy", "mine"])
    assert list(answers) == ["numpy", "mine"]
    assert answers["numpy"].names == ("cpu",)
    assert (answers["mine"].names, answers["mine"].problem) == (("cpu", "abacus"), "")


@pytest.mark.parametrize(
    ("body", "words"),
    [("raise SystemExit('no driver')", "SystemExit: no driver"), ("os._exit(9)", "status 9")],
)
def test_a_backend_without_an_answer_says_why(plugin, body, words):
    plugin(body)
    answer = ask_devices(["mine"])["mine"]
    assert answer.names == ()
    assert words in answer.problem


def test_a_backend_that_hangs_is_given_up(plugin):
    plugin("time.sleep(3600)")
    answer = ask_devices(["mine"], seconds=1.0)["mine"]
    assert "not known after 1 seconds" in answer.problem


def test_an_unknown_backend_is_a_problem_not_a_crash():
    assert "no backend 'nobody'" in ask_devices(["nobody"])["nobody"].problem
