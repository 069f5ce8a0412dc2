"""What the contract pulls in, and what discovery does not."""

import json
import subprocess
import sys

import pytest

HEAVY = ["torch", "tensorflow", "keras", "polars", "textual", "rich", "click", "lstm_tui", "lstm_forecasting"]


def loaded_after(code):
    code += f"\nimport json, sys\nprint(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "code",
    [
        "import lstm_plugins",
        "import lstm_plugins.layouts, lstm_plugins.fitting, lstm_conformance.tolerance",
        "import lstm_plugins.reference",
        "from lstm_plugins.discovery import discover_names; assert discover_names()",
        "from lstm_plugins.discovery import discover; assert len(discover()) >= 3",
        "from lstm_plugins.discovery import discover\n"
        "assert [found.backend.missing() for found in discover() if found.backend]",
    ],
)
def test_no_framework_and_no_screen(code):
    assert loaded_after(code) == []


def test_names_load_no_backend():
    code = (
        "from lstm_plugins.discovery import discover_names\nimport sys\ndiscover_names()\n"
        "assert not [name for name in sys.modules if name.startswith('lstm_backends')]"
    )
    assert loaded_after(code) == []


def test_the_declarations_of_the_settings_cost_no_numpy():
    code = "from lstm_plugins import SETTINGS\nimport sys\nassert SETTINGS and 'numpy' not in sys.modules"
    assert loaded_after(code) == []


def test_every_name_of_the_front_door_is_there():
    code = "import lstm_plugins\nassert all(getattr(lstm_plugins, name) for name in lstm_plugins.__all__)"
    assert loaded_after(code) == []


def test_the_check_above_can_see():
    assert loaded_after("import polars") == ["polars"]
