"""The dialog that saves something as a file."""

from collections.abc import Callable
from pathlib import Path

from lstm_plugins.errors import InputError
from lstm_tui.kit.ask import AskScreen, Prompt


class SaveScreen(AskScreen[Path]):
    """Asks for a path and saves there. An existing file is replaced only if the user presses Enter twice.

    Args:
        what: name of what is saved, for people: "report".
        formats: the suffixes and their purposes: ".csv for spreadsheets, …".
        name: suggested file name.
        suffixes: that a file may have.
        save: writes the file; raises InputError if it cannot.
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
        """Saves the file and returns its path."""
        path = Path(text).expanduser()
        if path.is_file() and path != self._warned_of:
            self._warned_of = path
            raise InputError(f"There is a file {str(path)!r} already; Enter again replaces it.")
        self._save(path)
        self.app.call_from_thread(self.app.notify, f"The {self._what} is in {path}.")
        return path
