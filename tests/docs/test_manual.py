"""The manual: it builds without the network, loads nothing from elsewhere, and what it tells is so."""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest

from lstm_plugins import SETTINGS
from lstm_tui.app.actions import ACTIONS
from lstm_tui.cli.configuration.files import PROJECT_FILE
from lstm_tui.cli.configuration.variables import has_variable, variable
from lstm_tui.cli.program import COMMANDS, app_command, load_command

ROOT = Path(__file__).parents[2]
TEXTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NO_NETWORK = """
import socket

def refuse(*arguments, **named):
    raise OSError("this test has no network")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""


def blocks(path, language):
    """The blocks of code of a page, in order."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", path.read_text())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the manual, built in a process that cannot reach anything."""
    folder = tmp_path_factory.mktemp("manual")
    (folder / "sitecustomize.py").write_text(NO_NETWORK)
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder / "site"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


class _Loaded(HTMLParser):
    """What a page loads by itself, and which places in it can be named."""

    def __init__(self):
        super().__init__()
        self.loaded = []
        self.ids = set()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.add(given.get("id"))
        if tag == "link" and given.get("rel") not in ("canonical", "prev", "next", "alternate"):
            self.loaded.append(given.get("href", ""))
        if tag in ("script", "img", "iframe", "source", "video"):
            self.loaded.append(given.get("src", ""))


def test_it_loads_nothing_from_elsewhere(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        parser = _Loaded()
        parser.feed(page.read_text())
        assert [address for address in parser.loaded if re.match(r"(https?:)?//", address)] == [], page
    for sheet in site.rglob("*.css"):
        assert re.findall(r"url\(\s*['\"]?(?:https?:)?//|@import", sheet.read_text()) == [], sheet


def test_its_reference_has_every_command_setting_and_key(site):
    names = ("commands", "settings", "keys")
    commands, settings, keys = ((site / "reference" / f"{name}.html").read_text() for name in names)
    for name in COMMANDS:
        assert f"lstm-tui {name}<" in commands
        for option in load_command(name).params:
            flagged = isinstance(option, click.Option) and not option.name.startswith("setting_")
            if flagged and has_variable(option):
                assert f"<code>{variable(option)}</code>" in commands
    parser = _Loaded()
    parser.feed(settings)
    assert {setting.name for setting in SETTINGS} <= parser.ids
    for action in ACTIONS:
        assert f"<code>{action.id}</code>" in keys


def test_the_pages_are_text_as_it_is_meant(site):
    for name in ("commands", "settings", "keys"):
        cells = re.findall(r"<td>(.*?)</td>", (site / "reference" / f"{name}.html").read_text())
        assert cells
        assert not [cell for cell in cells if "\\" in cell or "**" in cell or "](" in cell]


def _command_lines():
    for path in TEXTS:
        for block in blocks(path, "sh"):
            for line in block.splitlines():
                words = shlex.split(line, comments=True)
                while words and "=" in words[0]:
                    words = words[1:]
                if words[:1] == ["lstm-tui"]:
                    end = words.index("|") if "|" in words else len(words)
                    yield pytest.param(words[1:end], id=f"{path.name}: {' '.join(words[:end])}")


@pytest.mark.parametrize("words", _command_lines())
def test_every_command_line_in_a_text_can_be_typed(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    named = bool(words) and words[0] in COMMANDS
    command = load_command(words[0]) if named else app_command()
    command.make_context("lstm-tui", words[1:] if named else words)


def test_the_configuration_that_is_shown_is_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (shown,) = blocks(ROOT / "docs" / "settings.md", "toml")
    (tmp_path / PROJECT_FILE).write_text(shown)
    done = subprocess.run(
        [sys.executable, "-m", "lstm_tui", "settings"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(f"{PROJECT_FILE}, line ") == 12


@pytest.mark.parametrize("page", ["library.md", "backends.md"])
def test_the_code_that_is_shown_runs(page, tmp_path):
    shown = "\n".join(blocks(ROOT / "docs" / page, "python"))
    done = subprocess.run(
        [sys.executable, "-c", shown],
        cwd=tmp_path,
        env=os.environ | {"LSTM_TUI_RUNS": str(tmp_path / "runs")},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout


def test_the_generator_needs_no_mkdocs():
    """So that a page can be looked at without it."""
    spec = importlib.util.spec_from_file_location("manual", ROOT / "tools" / "manual.py")
    manual = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(manual)
    assert set(manual.pages()) == {f"reference/{name}.md" for name in ("commands", "settings", "keys")}
