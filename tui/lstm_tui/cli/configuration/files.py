"""Which configuration files count here, the nearest first."""

from __future__ import annotations

from pathlib import Path

PROJECT_FILE = "lstm-tui.toml"
"""In the current folder, or in the nearest one above it that has one."""
USER_FILE = "config.toml"
"""In the user's configuration folder."""


def project_file(folder: Path) -> Path | None:
    """The project's file for work in `folder`; None where there is none up to the root."""
    for place in (folder, *folder.parents):
        path = place / PROJECT_FILE
        if path.is_file():
            return path
    return None


def user_file() -> Path:
    """Where the user's own file is, if there is one."""
    from platformdirs import user_config_path

    return user_config_path("lstm-tui") / USER_FILE


def files_here(named: Path | None = None) -> tuple[Path, ...]:
    """The files that count in the current folder: what they hold is valid in this order.

    Args:
        named: a file to read in place of the project's.
    """
    project = named or project_file(Path.cwd())
    user = user_file()
    return (*([project] if project else []), *([user] if user.is_file() else []))


def shown(path: Path) -> str:
    """A path as people write it: from the current folder, where it lies in it."""
    path = path.absolute()
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
