"""A folder for a project and a home for a user, and the command line read in this process."""

import pytest

from lstm_tui.cli.configuration.files import PROJECT_FILE, user_file
from lstm_tui.cli.program import load_command


class Place:
    """A folder of a project, which is the current one, and the home of its user."""

    def __init__(self, folder):
        self.folder = folder

    def project(self, text, folder="."):
        path = self.folder / folder / PROJECT_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def user(self, text):
        user_file().parent.mkdir(parents=True, exist_ok=True)
        user_file().write_text(text)
        return user_file()

    def read(self, *arguments, command=""):
        """The values of the command's parameters."""
        chosen = load_command(command)
        return chosen.make_context("lstm-tui", list(arguments)).params


@pytest.fixture
def place(tmp_path, monkeypatch):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return Place(folder)
