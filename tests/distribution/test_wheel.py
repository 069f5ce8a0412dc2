"""The wheel as a user gets it: complete, and at work in an environment that has nothing else."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
SOURCE_ROOTS = ("plugins", "backends", "forecasting", "tui")


def _run(*command: str | Path, cwd: Path, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def _needed_distributions() -> set[str]:
    """What lstm-tui requires without extras, directly and indirectly, by the metadata of this environment."""
    needed: set[str] = set()
    waiting = ["lstm-tui"]
    while waiting:
        for text in importlib.metadata.requires(waiting.pop()) or []:
            requirement = Requirement(text)
            if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
                continue
            name = requirement.name.lower().replace("_", "-")
            if name not in needed:
                needed.add(name)
                waiting.append(name)
    return needed


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed `lstm-tui` of an environment with the wheel and its declared needs only.

    The needs are linked from this environment instead of downloaded, so that the test needs no network.
    """
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=False, symlinks=True)
    packages = next((environment / "lib").glob("python*")) / "site-packages"
    for name in _needed_distributions():
        distribution = importlib.metadata.distribution(name)
        for file in {
            path.parts[0] for path in distribution.files or () if path.parts[0] not in ("..", "__pycache__")
        }:
            target = packages / file
            if not target.exists():
                target.symlink_to(Path(str(distribution.locate_file(file))))
    pip = [sys.executable, "-m", "pip", "--python", environment / "bin" / "python"]
    _run(*pip, "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=environment)
    return environment / "bin" / "lstm-tui"


def test_wheel_holds_exactly_the_files_that_git_does_not_ignore(wheel: Path) -> None:
    listing = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    tracked = _run(*listing, *SOURCE_ROOTS, cwd=ROOT).stdout.splitlines()
    # A source root's own folder is not part of an installed package; a plugin with a pyproject of its own
    # is a distribution of its own.
    expected = {path.split("/", 1)[1] for path in tracked if path.split("/")[1].startswith("lstm_")}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == expected
    assert {name.split("/")[0] for name in held} == {
        "lstm_plugins",
        "lstm_backends",
        "lstm_conformance",
        "lstm_course",
        "lstm_forecasting",
        "lstm_tui",
    }


def test_wheel_carries_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert all(
        any(name == f"{package}/py.typed" for name in names) for package in ("lstm_plugins", "lstm_tui")
    )


def test_plain_install_has_numpy_and_says_how_to_get_the_others(program: Path, tmp_path: Path) -> None:
    listed = json.loads(_run(program, "backends", "--json", cwd=tmp_path).stdout)
    states = {backend["name"]: backend for backend in listed}
    assert states["numpy"]["state"] == "available"
    assert states["torch"]["state"] == "not installed"
    assert states["torch"]["install"] == "pip install 'lstm-tui[torch]'"
    assert states["tensorflow"]["state"] == "not installed"
    assert states["tensorflow"]["install"] == "pip install 'lstm-tui[tensorflow]'"


def test_plain_install_forecasts(program: Path, tmp_path: Path) -> None:
    command = [program, "forecast", "sunspots", "--epochs", "2", "--horizon", "3", "--json"]
    result = json.loads(_run(*command, cwd=tmp_path).stdout)
    assert [backend["backend"] for backend in result["backends"]] == ["numpy"]
    assert [row["time"] for row in result["forecast"]] == ["2009-01-01", "2010-01-01", "2011-01-01"]
