"""A browser for folders and the files in them that can be opened."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.widgets import DirectoryTree


class FileTree(DirectoryTree):
    """Shows folders and files with certain suffixes, except hidden ones.

    Args:
        folder: to show first.
        suffixes: of the files to show.
        id: of the widget.
    """

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
