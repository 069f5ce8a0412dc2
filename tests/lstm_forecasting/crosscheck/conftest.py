import ast
import os
import shutil
from pathlib import Path

import pytest

MUTANTS = Path(__file__).with_name("mutants.py")


@pytest.fixture(scope="module")
def installed_mutants(tmp_path_factory):
    """Installs the backends of mutants.py as a distribution that child processes find."""
    site = tmp_path_factory.mktemp("mutants") / "site"
    metadata = site / "mutants-1.5.dist-info"
    metadata.mkdir(parents=True)
    shutil.copy(MUTANTS, site)
    plugins = [
        statement.targets[0].id
        for statement in ast.parse(MUTANTS.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.Assign)
    ]
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: mutants\nVersion: 1.5\n", encoding="utf-8"
    )
    lines = [f"{name} = mutants:{name}\n" for name in plugins]
    (metadata / "entry_points.txt").write_text("[lstm_tui.backends]\n" + "".join(lines), encoding="utf-8")
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", path)
        yield site
