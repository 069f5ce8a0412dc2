"""The dialog that saves something as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lstm_plugins.errors import InputError
from lstm_tui.kit.ask import AskScreen, Prompt


class SaveScreen(AskScreen[Path]):
    """Asks for a path until something is saved there; a file that is there is replaced when asked twice.

    Args:
        what: is saved, as people say it: "report".
        formats: what the suffixes are for: ".csv for spreadsheets, …".
        name: of the file, to begin with.
        suffixes: that a file may have.
        save: writes the file, or raises InputError.
    """

    def __init__(
        self, what: str, formats: str, name: str, suffixes: tuple[str, ...], save: Callable[[Path], None]
    ) -> None:
        prompt = Prompt(
            title=f"Save the {what}",
            keys="Enter saves · Esc closes",
            caption=f"File: {formats}",
            text=name,
            suffixes=suffixes,
        )
        super().__init__(prompt)
        self._what = what
        self._save = save
        self._warned_of: Path | None = None

    def answer(self, text: str) -> Path:
        """Saves, and gives the path."""
        path = Path(text).expanduser()
        if path.is_file() and path != self._warned_of:
            self._warned_of = path
            raise InputError(f"There is a file {str(path)!r} already; Enter again replaces it.")
        self._save(path)
        self.app.call_from_thread(self.app.notify, f"The {self._what} is in {path}.")
        return path
