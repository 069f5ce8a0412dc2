"""Files to open: a browser, and the completion of typed paths."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.suggester import Suggester
from textual.widgets import DirectoryTree


class FileTree(DirectoryTree):
    """Shows folders and files with certain suffixes, except hidden ones."""

    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "
    ICON_FILE = "  "

    DEFAULT_CSS = """
    FileTree {
        background: $background; padding: 0; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
        &:focus { background-tint: transparent; }
        & > .directory-tree--folder { text-style: none; color: $primary; }
        & > .directory-tree--extension { text-style: none; color: $foreground; }
        & > .tree--cursor { background: $panel; color: $foreground; text-style: none; }
        &:focus > .tree--cursor { background: $block-cursor-background; }
        & > .tree--highlight-line { background: $background; }
        & > .tree--guides, & > .tree--guides-hover, & > .tree--guides-selected {
            color: $quiet; text-style: none;
        }
    }
    """
    BINDINGS: ClassVar = [Binding("backspace", "up", "Up", show=False)]

    def __init__(self, folder: Path, suffixes: tuple[str, ...], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(folder, id=id)
        self._suffixes = suffixes
        self.guide_depth = 2

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """The paths to show."""
        return [
            path
            for path in paths
            if not path.name.startswith(".") and (path.suffix.lower() in self._suffixes or _is_folder(path))
        ]

    def process_label(self, label: Text | str) -> Text:
        """A file name on one line; it may contain any character."""
        text = label if isinstance(label, str) else label.plain
        return Text("".join(sign if sign.isprintable() else "\ufffd" for sign in text), no_wrap=True)

    def action_up(self) -> None:
        """Shows the parent folder."""
        self.path = Path(self.path).absolute().parent


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


class PathSuggester(Suggester):
    """Completes a path with the first folder, or file with one of the suffixes, that matches."""

    def __init__(self, suffixes: tuple[str, ...]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._suffixes = suffixes

    async def get_suggestion(self, value: str) -> str | None:
        """The completed path, or None if nothing matches."""
        return await asyncio.to_thread(self._completed, value)

    def _completed(self, value: str) -> str | None:
        written, start = value.rpartition("/")[::2]
        if not start:
            return None
        try:
            entries = sorted(Path(value[: len(value) - len(start)] or ".").expanduser().iterdir())
        except OSError:
            return None
        folder = f"{written}/" if "/" in value else ""
        for entry in entries:
            if entry.name.startswith(start):
                if entry.is_dir():
                    return f"{folder}{entry.name}/"
                if entry.suffix.lower() in self._suffixes:
                    return f"{folder}{entry.name}"
        return None
