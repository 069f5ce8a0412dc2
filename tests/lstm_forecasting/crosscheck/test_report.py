import dataclasses
import html.parser
import json
import math
import re

import pytest

from lstm_conformance.levels import LEVELS
from lstm_conformance.wording import in_eps
from lstm_forecasting.crosscheck.plan import plan_crosscheck
from lstm_forecasting.crosscheck.report import report_as_json, save_report
from lstm_forecasting.crosscheck.running import run_crosscheck
from lstm_forecasting.crosscheck.wording import sentences, summary_text
from lstm_plugins.errors import InputError

pytestmark = pytest.mark.exhaustive  # one cross-check of four backends takes ten seconds
TITLES = {"plain": "Plain <b>", "swapped": "Swapped", "crashing": "Crashing", "untraceable": "Un|traceable"}


@pytest.fixture(scope="module")
def result(installed_mutants):
    """One cross-check for all tests of the module."""
    return run_crosscheck(plan_crosscheck(list(TITLES), precisions=["float64"]))


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.tags, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for name, value in attributes if name in ("href", "src", "action", "srcset")]

    def handle_data(self, data):
        self.words.append(data)


def test_the_json_is_read_back_as_it_was_and_holds_finite_numbers_only(result, tmp_path):
    path = tmp_path / "report.json"
    save_report(result, path, TITLES)

    def refuse(constant):
        raise AssertionError(constant)

    read = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    assert read == json.loads(json.dumps(report_as_json(result, TITLES)))
    assert read["schema"] == 1
    assert read["passed"] is False
    assert len(read["matrix"]) == len(TITLES) * len(LEVELS)
    assert len(read["cells"]) == result.check.level_count
    by_level = {entry["level"]: entry for entry in read["matrix"] if entry["backend"] == "swapped"}
    assert by_level["gates"]["state"] == "failed"
    assert by_level["gates"]["worst"]["error_eps"] > by_level["gates"]["worst"]["allowed_eps"] > 64
    assert by_level["gradients"]["state"] == "follows"
    backends = {backend["name"]: backend for backend in read["backends"]}
    assert backends["swapped"]["first_failure"] == {"float64": "gates"}
    assert backends["plain"]["first_failure"] == {"float64": None}
    assert "SIGABRT" in backends["crashing"]["failure"]
    assert backends["plain"]["threads"] == 1
    (diagnosis,) = [one for one in read["diagnoses"] if one["backend"] == "swapped"]
    assert "gate order i, o, f" in diagnosis["sentence"]
    place = diagnosis["findings"][0]["place"]
    assert place["error"] == abs(place["given"] - place["wanted"]) > place["allowed"]
    assert all(probe["settings"]["seed"] == 7 for probe in read["probes"])
    assert {"lstm-tui", "Python", "NumPy", "system"} <= set(read["versions"])
    failing = [cell for cell in read["cells"] if cell["state"] == "failed" and cell["verdicts"]]
    assert all(len(cell["verdicts"]) == cell["tensors"] for cell in failing)


def test_the_html_asks_nobody_and_says_what_was_found(result, tmp_path):
    path = tmp_path / "report.html"
    save_report(result, path, TITLES)
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert "http" not in text
    assert "//" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert not {"script", "link", "img", "iframe", "b"} & set(page.tags)
    assert page.links == []
    words = "".join(page.words)
    for sentence in sentences(result, TITLES):
        assert sentence in words
    assert words.index("gate order i, o, f") < words.index("windows and order")
    assert page.tags.count("details") == sum(
        one.state in ("failed", "follows", "unsupported") for one in result.level_results
    )
    assert 'class="follows"' in text
    assert "NumPy" in words


def test_the_markdown_is_a_table_that_foreign_words_cannot_break(result, tmp_path):
    path = tmp_path / "report.md"
    save_report(result, path, TITLES)
    lines = path.read_text(encoding="utf-8").splitlines()
    (head,) = [number for number, line in enumerate(lines) if line.startswith("| level")]
    matrix = lines[head : head + 2 + len(LEVELS)]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in matrix} == {len(TITLES) + 2}
    gates = next(line for line in matrix if "gates and states" in line)
    assert gates.count("✗") == 1
    assert r"Plain \<b\>" in lines[head]


def test_sentences_tell_apart_what_failed_what_died_and_what_is_not_supported(result):
    plain, swapped, crashing, untraceable, shared = sentences(result, TITLES)
    assert plain == "Plain <b> agrees with the reference in float64."
    assert swapped.startswith("Swapped in float64 fails first at level gates and states: first run/layer0.")
    assert "Cause: gate order i, o, f, C̃, as in ONNX (reproduces the numbers" in swapped
    assert "SIGABRT" in crashing
    assert "does not support" in untraceable
    assert "compiled networks cannot be looked into" in untraceable
    assert "not a pass" in untraceable
    assert shared.startswith(
        "Splits, scaling, transforms, recursion and the fit of the linear part, which all "
    )


def test_what_follows_from_an_earlier_failure_is_marked(result):
    by_name = {level.name: summary_text(result.summary("swapped", "float64", level)) for level in LEVELS}
    assert by_name["gates"].startswith("✗ ")
    assert by_name["gradients"].startswith("(✗ ")
    assert by_name["windows"] == "✓ 0"


def test_a_wrong_value_of_the_shared_code_is_no_pass(result):
    own = tuple(result.of("plain"))
    check = dataclasses.replace(result.check, backends=("plain",))
    clean = dataclasses.replace(result, level_results=own, check=check, failures={})
    assert clean.passed
    wrong = dataclasses.replace(clean.shared[0], given="0-1")
    assert not dataclasses.replace(clean, shared=(wrong, *clean.shared[1:])).passed
    assert not dataclasses.replace(clean, level_results=own[:-1]).passed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.01, "<0.1"),
        (3.14159, "3.1"),
        (76.4, "76"),
        (4.2e13, "4e13"),
        (math.inf, "inf"),
        (math.nan, ""),
    ],
)
def test_errors_are_short(value, text):
    assert in_eps(value) == text


def test_a_report_goes_where_it_can_be_written(result, tmp_path):
    with pytest.raises(InputError, match=r"'.*report\.txt' ends in '\.txt'"):
        save_report(result, tmp_path / "report.txt", TITLES)
    with pytest.raises(InputError, match="no folder"):
        save_report(result, tmp_path / "nowhere" / "report.md", TITLES)
    assert list(tmp_path.glob("*report*")) == []
