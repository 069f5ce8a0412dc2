"""Style sheets that are parsed once, and again when a theme gives them other colours."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class SteadyStylesheet(Stylesheet):
    """Leaves out parsing that would find the same again.

    Textual parses all sheets four times before the first paint, and again whenever a tab is first shown, with
    the variables that it has had before; once takes a tenth of the whole start.
    """

    def set_variables(self, variables: dict[str, str]) -> None:
        """Takes other variables; the sheets are parsed with them when they are needed."""
        if variables != self._variables:
            super().set_variables(variables)
            self._require_parse = True

    def reparse(self) -> None:
        """Parses everything, if a variable or a sheet is another one."""
        if self._require_parse:
            # Here and not in a copy, as Textual does it: what is parsed stays known when a sheet is added.
            self.parse()
