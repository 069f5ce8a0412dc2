"""Completes paths while the user types them."""

import asyncio
from pathlib import Path

from textual.suggester import Suggester


class PathSuggester(Suggester):
    """Completes a path with the first matching folder or file.

    Args:
        suffixes: of the files to offer.
    """

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
