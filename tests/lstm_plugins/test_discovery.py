"""Discovery against real distributions on the path of a fresh interpreter, one for every way to fail."""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest

GOOD = """
    from lstm_plugins import Backend, backend_hook

    @backend_hook
    def lstm_backend() -> Backend:
        return Backend(
            name={name!r}, title="A test", api_version=1, version="3", summary="none", forecaster="a:B",
            devices="a:b"{more}
        )
"""
HEAVY = ("torch", "tensorflow", "keras", "polars", "textual", "click", "rich")
REPORT = f"""
import dataclasses, json, sys
from lstm_plugins.discovery import BackendError, discover, discover_names, find_backend

def report(**results):
    print(json.dumps(results | {{"heavy": [name for name in {HEAVY} if name in sys.modules]}}))

def records(**switches):
    return [dataclasses.asdict(found) for found in discover(**switches)]
"""


class Site:
    """A folder of installed distributions, and an interpreter that has it on its path."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {}

    def install(self, distribution, name, body, *, entry_points=None, metadata=None):
        module = re.sub(r"\W", "_", distribution)
        (self.folder / f"{module}.py").write_text(textwrap.dedent(body))
        information = self.folder / f"{module}-2.1.dist-info"
        information.mkdir()
        if entry_points is None:
            entry_points = f"[lstm_tui.backends]\n{name} = {module}\n"
        (information / "entry_points.txt").write_text(entry_points)
        if metadata is None:
            metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 2.1\n"
        if metadata:
            (information / "METADATA").write_text(metadata)
        (information / "RECORD").write_text(f"{module}.py,,\n")

    def install_good(self, distribution, name, more=""):
        self.install(distribution, name, GOOD.format(name=name, more=more))

    def run(self, code):
        environment = os.environ | {"PYTHONPATH": str(self.folder)} | self.environment
        return subprocess.run(
            [sys.executable, "-c", REPORT + code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def report(self, code):
        done = self.run(code)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        assert done.stdout.count("\n") == 1, done.stdout
        results = json.loads(done.stdout)
        assert results["heavy"] == []
        return results

    def discover(self, switches=""):
        """Records by (distribution, name) of all but the built-in backends."""
        records = self.report(f"report(found=records({switches}))")["found"]
        return {(it["distribution"], it["name"]): it for it in records if not it["built_in"]}


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def test_built_in_backends_are_found_without_any_framework(site):
    results = site.report("report(names=discover_names(), found=records())")
    assert set(results["names"]) == {"numpy", "tensorflow", "torch"}
    assert [it["name"] for it in results["found"]] == results["names"]
    assert all(it["built_in"] and it["distribution"] == "lstm-tui" for it in results["found"])


def test_names_import_no_plugin(site):
    site.install("loud", "loud", "raise SystemExit('imported')")
    results = site.report("report(names=discover_names(), imported='loud' in sys.modules)")
    assert results["names"][-1] == "loud"
    assert results["imported"] is False


def test_good_plugin_is_available_after_the_built_in_ones(site):
    site.install_good("A.good_one", "aaa")
    results = site.report("report(names=discover_names(), found=records())")
    assert results["names"][-1] == "aaa"
    found = results["found"][-1]
    assert (found["distribution"], found["version"]) == ("a-good-one", "2.1")
    assert (found["state"], found["reason"], found["traceback"]) == ("available", "", "")
    assert found["backend"]["title"] == "A test"


FAULTS = {
    "raises": ("raise ImportError('no\\nsecond line')", "its import failed: ImportError: no"),
    "exits": ("import sys; sys.exit(3)", "its import failed: SystemExit: 3"),
    "stops": ("class Stop(BaseException): pass\nraise Stop", "its import failed: stops.Stop"),
    "cancels": (
        "import asyncio\nraise asyncio.CancelledError",
        "its import failed: asyncio.exceptions.CancelledError",
    ),
    "unparsable": ("def", "its import failed: SyntaxError: invalid syntax"),
    "lacks": ("import lstm_no_such_thing", "its import failed: ModuleNotFoundError: No module named"),
    "noted": ("e = ValueError('v')\ne.add_note('n')\nraise e", "its import failed: ValueError: v"),
    "mute": (
        "class E(Exception):\n    def __str__(self): raise OSError\nraise E",
        "its import failed: mute.E: <exception str() failed>",
    ),
    "hookless": ("x = 1", "it has no function lstm_backend marked with @backend_hook"),
    "unmarked": ("def lstm_backend(): ...", "it has no function lstm_backend marked with @backend_hook"),
    "misnamed": (
        "from lstm_plugins import backend_hook\n@backend_hook\ndef lstm_bakend(): ...",
        "its hook is invalid: unknown hook 'lstm_bakend'",
    ),
    "argued": (
        "from lstm_plugins import backend_hook\n@backend_hook\ndef lstm_backend(wanted): ...",
        "its hook is invalid: Plugin 'argued' for hook 'lstm_backend' hookimpl definition: ",
    ),
    "empty": (
        "from lstm_plugins import backend_hook\n@backend_hook\ndef lstm_backend(): ...",
        "its hook returned nothing, not a Backend",
    ),
    "worded": (
        "from lstm_plugins import backend_hook\n@backend_hook\ndef lstm_backend(): return 'worded'",
        "its hook returned str, not a Backend",
    ),
    "throwing": (
        "from lstm_plugins import backend_hook\n@backend_hook\ndef lstm_backend(): return 1 / 0",
        "its hook failed: ZeroDivisionError: division by zero",
    ),
    "leaving": (
        "from lstm_plugins import backend_hook\n@backend_hook\ndef lstm_backend(): raise SystemExit",
        "its hook failed: SystemExit",
    ),
    "incomplete": (
        "from lstm_plugins import *\n@backend_hook\ndef lstm_backend(): return Backend(name='incomplete')",
        "its hook failed: TypeError: ",
    ),
    "other": (GOOD.format(name="another", more=""), "its description has another name, 'another'"),
    "untyped": (
        GOOD.format(name="untyped", more=", framework=7"),
        "in its description, framework is not text",
    ),
    "dotted": (
        GOOD.format(name="dotted", more=", requires=('os.path',)"),
        "in its description, requires is not a tuple of top-level import names",
    ),
    "adding": (
        GOOD.format(name="adding", more=", additions=('masks', 'mask')"),
        "in its description, additions is ('masks', 'mask'), not a tuple of names among masks",
    ),
    "unlooked": (
        "import sys, types\nsys.modules['lstm_odd'] = types.ModuleType('lstm_odd')"
        + textwrap.dedent(GOOD.format(name="unlooked", more=", requires=('lstm_odd',)")),
        "its requirements cannot be checked: ValueError: lstm_odd.__spec__ is None",
    ),
}


def test_every_fault_is_listed_with_its_reason_and_stops_nothing(site):
    for name, (body, _) in FAULTS.items():
        site.install(name, name, body)
    site.install_good("good", "good")
    found = site.discover()
    assert found.pop(("good", "good"))["state"] == "available"
    assert {name for _, name in found} == FAULTS.keys()
    for (_, name), record in found.items():
        assert record["state"] == "broken", name
        assert record["reason"].startswith(FAULTS[name][1]), record["reason"]
        assert "\n" not in record["reason"]
        assert record["backend"] is None
        own_error = ": " in FAULTS[name][1]
        assert bool(record["traceback"]) is own_error, name
    assert 'raises.py", line 1' in found["raises", "raises"]["traceback"]


def test_plugin_without_its_framework_says_how_to_install_it(site):
    site.install_good(
        "alien",
        "alien",
        ", requires=('numpy', 'lstm_absent', 'lstm_gone'), install='pip install lstm-absent'",
    )
    record = site.discover()["alien", "alien"]
    assert record["state"] == "not installed"
    assert record["reason"] == "it needs lstm_absent and lstm_gone, which are not installed"
    assert record["install"] == "pip install lstm-absent"
    assert record["backend"]["title"] == "A test"


@pytest.mark.parametrize(("version", "upgrade"), [("0", "old"), ("2", "lstm-tui"), ("'1'", "lstm-tui")])
def test_plugin_of_another_contract_is_incompatible(site, version, upgrade):
    body = GOOD.format(name="old", more="").replace("api_version=1", f"api_version={version}")
    site.install("old", "old", body)
    record = site.discover()["old", "old"]
    assert record["state"] == "incompatible"
    assert record["install"] == f"pip install --upgrade {upgrade}"
    assert "this lstm-tui has 1" in record["reason"]
    assert record["backend"] is None


def test_of_two_with_one_name_the_first_distribution_wins_and_the_other_is_told(site):
    site.install_good("twin-b", "twin")
    site.install_good("twin-a", "twin")
    site.install("taker", "numpy", "raise SystemExit")
    found = site.discover()
    assert found["twin-a", "twin"]["state"] == "available"
    assert found["twin-b", "twin"]["state"] == "broken"
    assert found["twin-b", "twin"]["reason"] == (
        "twin-a already has a backend with this name; uninstall one of them"
    )
    assert found["taker", "numpy"]["state"] == "broken"
    assert found["taker", "numpy"]["reason"].startswith("lstm-tui ")
    resolved = site.discover("without=frozenset({'twin-a', 'lstm-tui'})")
    assert resolved["twin-a", "twin"]["state"] == "disabled"
    assert resolved["twin-b", "twin"]["state"] == "available"
    assert resolved["taker", "numpy"]["state"] == "broken"


def test_one_distribution_may_give_several_backends_but_no_name_twice(site):
    body = """
        from lstm_plugins import Backend, backend_hook
        class Plugin:
            def __init__(self, name): self.name = name
            @backend_hook
            def lstm_backend(self):
                return Backend(name=self.name, title="", api_version=1, version="", summary="",
                               forecaster="", devices="")
        left, right = Plugin("left"), Plugin("right")
    """
    points = "[lstm_tui.backends]\nright = many:right\nleft = many:left\nleft = many:right\n"
    site.install("many", "", body, entry_points=points)
    found = site.report("report(found=records())")["found"][-3:]
    assert [(it["name"], it["state"]) for it in found] == [
        ("left", "available"),
        ("left", "broken"),
        ("right", "available"),
    ]


@pytest.mark.parametrize("name", ["Upper", "1st", "a b", "naïve", "x\x1b[31m", "-dash", "dot.ted"])
def test_name_that_is_none_is_refused_without_an_import(site, name):
    site.install("odd", name, "raise SystemExit")
    (record,) = site.discover().values()
    assert record["state"] == "broken"
    assert record["reason"].startswith("its name must consist of lower-case letters")
    assert record["name"].isascii()
    assert record["name"].isprintable()


@pytest.mark.parametrize("value", ["not a module", "", "a:b:c", "os.path:nothing", "lstm_no_such_thing"])
def test_entry_point_that_leads_nowhere(site, value):
    site.install("astray", "", "", entry_points=f"[lstm_tui.backends]\nastray = {value}\n")
    record = site.discover()["astray", "astray"]
    assert record["state"] == "broken"
    assert record["reason"].startswith(("its entry point", "its import failed"))


def test_unreadable_metadata_hides_no_other_plugin(site):
    site.install("spoilt", "", "", entry_points="[lstm_tui.backends]\nnothing that is one\n")
    site.install("foreign", "", "", entry_points="[console_scripts]\nnothing that is one\n")
    site.install("anonymous", "anonymous", GOOD.format(name="anonymous", more=""), metadata="")
    (site.folder / "binary-1.dist-info").mkdir()
    (site.folder / "binary-1.dist-info" / "entry_points.txt").write_bytes(b"\xff\xfe\x00[lstm_tui.backends]")
    site.install_good("good", "good")
    found = site.discover()
    assert found["good", "good"]["state"] == "available"
    assert found["spoilt", "spoilt"]["state"] == "broken"
    assert found["spoilt", "spoilt"]["reason"].startswith("its entry_points.txt cannot be read")
    assert found["nameless", "nameless"]["reason"].startswith("its entry_points.txt cannot be read")
    assert found["nameless", "anonymous"]["state"] == "available"
    assert ("foreign", "foreign") not in found


def test_same_distribution_further_down_the_path_is_not_a_duplicate(site, tmp_path_factory):
    site.install_good("good", "good")
    other = Site(tmp_path_factory.mktemp("other"))
    other.install_good("good", "good")
    site.environment["PYTHONPATH"] = os.pathsep.join([str(site.folder), str(other.folder)])
    assert [it["state"] for it in site.discover().values()] == ["available"]


def test_what_a_plugin_prints_is_kept_and_not_shown(site):
    noise = "import sys, warnings\nprint('hello')\nsys.stderr.write('wörld')\nsys.stdout.buffer.write(b'!')\n"
    site.install("noisy", "noisy", noise + textwrap.dedent(GOOD.format(name="noisy", more="")))
    site.install("closing", "closing", "import sys\nsys.stdout.close()\nraise ValueError")
    found = site.discover()
    assert found["noisy", "noisy"]["state"] == "available"
    assert found["noisy", "noisy"]["output"] == "hello\nwörld!"
    assert found["closing", "closing"]["reason"] == "its import failed: ValueError"


def test_plugins_can_be_switched_off_and_are_then_not_imported(site):
    site.install("exits", "exits", "raise SystemExit")
    site.install_good("good", "good")
    code = """
off = records({})
report(found=[it for it in off if it["state"] == "disabled"], names=discover_names({}),
       imported=[name for name in ("exits", "good") if name in sys.modules])
"""
    none = site.report(code.format("plugins=False", "plugins=False"))
    assert [it["name"] for it in none["found"]] == ["exits", "good"]
    assert none["imported"] == []
    assert len(none["names"]) == 3
    named = "without=frozenset({'exits', 'torch'})"
    some = site.report(code.format(named, named))
    assert [it["name"] for it in some["found"]] == ["torch", "exits"]
    assert all(it["reason"] == "it was disabled by name" for it in some["found"])
    assert some["imported"] == ["good"]
    assert some["names"] == ["numpy", "tensorflow", "good"]
    site.environment["LSTM_TUI_WITHOUT"] = "exits, good"
    some = site.report(code.format(named, named))
    assert [it["name"] for it in some["found"]] == ["torch", "exits", "good"]
    assert some["imported"] == []


def test_interrupt_by_the_user_is_passed_on(site):
    site.install("slow", "slow", "raise KeyboardInterrupt")
    done = site.run("discover()")
    assert done.returncode != 0
    assert done.stderr.rstrip().endswith("KeyboardInterrupt")


def ask(site, name, switches=""):
    code = f"""
try:
    report(backend=find_backend({name!r}{switches}).name, error=None)
except BackendError as error:
    report(error=str(error), name=error.name, state=error.found and error.found.state)
"""
    return site.report(code)


def test_one_backend_by_name(site):
    site.install_good("good", "good")
    site.install("exits", "exits", "raise SystemExit(4)")
    site.install_good("alien", "alien", ", requires=('lstm_absent',), install='pip install lstm-absent'")
    assert ask(site, "good") == {"backend": "good", "error": None, "heavy": []}
    assert ask(site, "exits")["error"] == "backend exits is broken: its import failed: SystemExit: 4"
    absent = ask(site, "alien")
    assert absent["state"] == "not installed"
    assert absent["error"] == (
        "backend alien is not installed: it needs lstm_absent, which is not installed; "
        "try: pip install lstm-absent"
    )
    off = ask(site, "good", ", plugins=False")
    assert off["state"] == "disabled"


def test_name_that_nobody_has_brings_the_close_ones(site):
    site.install_good("good", "good")
    nothing = ask(site, "PyTorch")
    assert nothing["state"] is None
    assert nothing["error"] == (
        "there is no backend 'PyTorch'; did you mean torch? the backends are numpy, tensorflow, torch, good"
    )
    assert "did you mean" not in ask(site, "zzz")["error"]


def test_one_backend_by_name_imports_no_other(site):
    site.install_good("good", "good")
    site.install("exits", "exits", "raise SystemExit")
    code = "find_backend('good'); report(imported='exits' in sys.modules)"
    assert site.report(code)["imported"] is False
