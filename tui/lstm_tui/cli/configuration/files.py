"""The configuration files that apply in a folder, the most specific first."""

from pathlib import Path

PROJECT_FILE = "lstm-tui.toml"
"""In the current folder, or in the nearest folder above that has one."""
USER_FILE = "config.toml"
"""In the user's configuration folder."""


def project_file(folder: Path) -> Path | None:
    """Returns the project's file for `folder`; None if neither it nor a folder above has one."""
    for place in (folder, *folder.parents):
        path = place / PROJECT_FILE
        if path.is_file():
            return path
    return None


def user_file() -> Path:
    """Returns the path of the user's own file, which need not exist."""
    from platformdirs import user_config_path

    return user_config_path("lstm-tui") / USER_FILE


def files_here(named: Path | None = None) -> tuple[Path, ...]:
    """Returns the files that apply here, the most specific first; `named` replaces the project's."""
    project = named or project_file(Path.cwd())
    user = user_file()
    return (*([project] if project else []), *([user] if user.is_file() else []))


def shown(path: Path) -> str:
    """Returns a path as people write it: relative if it is inside the current folder."""
    path = path.absolute()
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
