"""Help that lists the options of a command in sections."""

from __future__ import annotations

import click

OWN = "Options"


class SectionOption(click.Option):
    """An option that many commands take, listed apart from a command's own.

    Attributes:
        section: the title of its list.
    """

    section = OWN


class InSections(click.Command):
    """A command whose help has a list of options for each section, its own first."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of the command, then those of the sections in the order of their first one."""
        sections: dict[str, list[tuple[str, str]]] = {OWN: []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                title = parameter.section if isinstance(parameter, SectionOption) else OWN
                sections.setdefault(title, []).append(record)
        # Click's own --help comes last, and a command without any other option has no empty list above it.
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)
