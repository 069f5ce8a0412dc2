"""The documentation: it builds offline, loads nothing from the network, and agrees with the program."""

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest

from lstm_conformance.deviations import CATALOGUE
from lstm_forecasting.data.catalogue import data_sets
from lstm_forecasting.data.times.frequency_text import parse_frequency
from lstm_forecasting.experiment.defaults import choose_settings
from lstm_plugins import SETTINGS
from lstm_tui.app.actions import ACTIONS
from lstm_tui.cli.configuration.files import PROJECT_FILE
from lstm_tui.cli.configuration.variables import has_variable, variable
from lstm_tui.cli.program import load_command
from lstm_tui.registry import COMMANDS, FEATURES

ROOT = Path(__file__).parents[2]
OUTSIDE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
"""The texts that MkDocs does not check."""
TEXTS = [*OUTSIDE, *sorted((ROOT / "docs").glob("*.md"))]
NO_NETWORK = """
import socket

def refuse(*arguments, **named):
    raise OSError("this test has no network")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""


def blocks(path, language):
    """Returns the code blocks of a page, in order."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", path.read_text())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Returns the folder of the manual, built in a process that has no network."""
    folder = tmp_path_factory.mktemp("manual")
    (folder / "sitecustomize.py").write_text(NO_NETWORK)
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder / "site"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def _page(name):
    return (ROOT / "docs" / name).read_text()


class _Loaded(HTMLParser):
    """Collects what a page loads by itself, and the ids that links can name."""

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
        lines = [line for block in blocks(path, "sh") for line in block.splitlines()]
        for line in [*lines, *re.findall(r"`(lstm-tui [^`]+)`", path.read_text())]:
            words = shlex.split(line, comments=True)
            while words and "=" in words[0]:
                words = words[1:]
            if "|" in words:
                words = next((words[:end] for end, word in enumerate(words) if word == "|"), words)
            if words[:1] == ["lstm-tui"]:
                yield pytest.param(words[1:], id=f"{path.name}: {' '.join(words)}")


@pytest.mark.parametrize("words", _command_lines())
def test_every_command_line_in_a_text_can_be_typed(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    named = bool(words) and words[0] in COMMANDS
    command = load_command(words[0] if named else "")
    if words[1:] or not named:  # a name alone names the command, whatever it requires
        command.make_context("lstm-tui", words[1:] if named else words)
    series = not named and bool(words) and re.fullmatch("[a-z0-9-]+", words[0])
    assert not series or words[0] == "-" or words[0] in {known.name for known in data_sets()}, (
        "neither a command nor a data set"
    )


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path.name)
def test_every_link_outside_the_manual_leads_somewhere(path):
    targets = re.findall(r"\]\(([^)#]+)", path.read_text())
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_benchmark_in_a_text_exists(path):
    for name in re.findall(r"python -m benchmarks\.([a-z_]+)", path.read_text()):
        assert (ROOT / "benchmarks" / name / "__main__.py").is_file()


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_extra_in_a_text_exists(path):
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = re.findall(r"(?:lstm-tui|'\.)\[([a-z,]+)\]", path.read_text())
    assert {extra for names in named for extra in names.split(",")} <= set(extras)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_has_a_page_of_its_name(feature):
    assert f"  - {feature.title}: {feature.name}.md\n" in (ROOT / "mkdocs.yml").read_text()
    assert _page(f"{feature.name}.md").startswith(f"# {feature.title}\n")
    (row,) = re.findall(rf"(?m)^\| \[{feature.title}\]\({feature.name}\.md\) \|.*$", _page("index.md"))
    assert [name for name in feature.commands if f"{name}`" not in row] == []


def test_the_number_of_known_bugs_is_that_of_the_catalogue():
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "docs" / "crosscheck.md"):
        assert re.search(rf"\b{len(CATALOGUE)} known\b", path.read_text()), path


def _frequencies():
    for row in re.findall(r"(?m)^\| ([a-z ]+) \| ([0-9]+) \| ([0-9]+) \| ([0-9]+) \|$", _page("train.md")):
        yield pytest.param(*row, id=row[0])


@pytest.mark.parametrize(("frequency", "horizon", "look_back", "patch"), _frequencies())
def test_the_settings_that_the_manual_says_are_inferred(frequency, horizon, look_back, patch):
    settings = choose_settings(parse_frequency(frequency), 1, 100_000, 10_000, {}).settings
    expected = {"horizon": int(horizon), "look_back": int(look_back), "patch": int(patch)}
    assert {name: settings[name] for name in expected} == expected


def _without_numbers(text):
    return re.sub(r"[0-9][0-9.,e-]*", "0", " ".join(text.replace("\n> ", " ").split()))


def test_the_quoted_forecast_is_the_programs(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "lstm_tui", "forecast", "co2", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    for page in ("data.md", "train.md"):
        (decisions,) = blocks(ROOT / "docs" / page, "text")
        assert set(decisions.splitlines()) <= set(result["decisions"])
    (verdict,) = result["verdicts"]
    # By how much depends on rounding, and so on the processor.
    sentence = _without_numbers(verdict["sentence"]).partition(" (0 %")[0]
    assert sentence in _without_numbers((ROOT / "README.md").read_text())
    assert sentence in _without_numbers(_page("forecast.md"))


def test_the_quoted_bug_is_found(tmp_path):
    readme = (ROOT / "README.md").read_text()
    script, check = re.search(r"(?m)^(python examples/\S+)\n(lstm-tui check-lstm .+)$", readme).groups()
    subprocess.run([sys.executable, ROOT / script.split()[1]], cwd=tmp_path, check=True, timeout=600)
    done = subprocess.run(
        [sys.executable, "-m", "lstm_tui", *check.split()[1:]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 1, done.stderr
    finding = done.stdout.strip().splitlines()[-2:]
    assert all(_without_numbers(line) in _without_numbers(readme) for line in finding), done.stdout


def test_the_configuration_that_is_shown_is_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (shown,) = blocks(ROOT / "docs" / "settings.md", "toml")
    (tmp_path / PROJECT_FILE).write_text(shown)
    done = subprocess.run(
        [sys.executable, "-m", "lstm_tui", "settings"], capture_output=True, text=True, timeout=600
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
        timeout=600,
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
