import dataclasses
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_course.sources import source_of
from lstm_plugins.discovery import find_backend
from lstm_plugins.errors import InputError


@pytest.mark.parametrize(
    ("module", "name", "begins"),
    [
        ("kernels", "layer_forward", "def layer_forward("),
        ("kernels", "DirectionPass.outputs", "@property\ndef outputs(self)"),
        ("windows", "Windows", "@dataclass(frozen=True)\nclass Windows:"),
    ],
)
def test_a_piece_is_what_the_file_holds_there(module, name, begins):
    source = source_of(find_backend("numpy"), module, name)
    assert source.text.startswith(begins)
    assert source.path == f"lstm_backends/numpy/{module}.py"
    file = Path(importlib.util.find_spec(f"lstm_backends.numpy.{module}").origin)
    lines = file.read_text().splitlines()[source.first - 1 :]
    for shown, whole in zip(source.text.splitlines(), lines, strict=False):
        assert shown.strip() == whole.strip()


def test_what_is_not_there_is_said():
    numpy = find_backend("numpy")
    with pytest.raises(
        InputError, match=r"installed NumPy backend has no Model\.fly in lstm_backends\.numpy\.tra"
    ):
        source_of(numpy, "training", "Model.fly")
    with pytest.raises(InputError, match=r"The source of lstm_backends\.numpy\.jumping is not installed"):
        source_of(numpy, "jumping", "jump")
    compiled = dataclasses.replace(numpy, forecaster="numpy.linalg._linalg:Forecaster")
    with pytest.raises(InputError, match=r"The source of numpy\.linalg\._umath_linalg is not installed"):
        source_of(compiled, "_umath_linalg", "solve")


def test_no_framework_is_imported_for_reading_its_backend():
    program = (
        "import sys\n"
        "from lstm_course.backend_sources import PARTS, show_source\n"
        "pages = [page for part in PARTS for page in show_source({'part': part})]\n"
        "assert all(len(page.figures) == 3 for page in pages)\n"
        "assert not {'torch', 'tensorflow', 'textual', 'rich'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
