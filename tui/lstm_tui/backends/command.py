"""`lstm-tui backends`: lists the backends, their origin and what they need."""

import importlib.metadata
from typing import Any

import click
from rich.text import Text

from lstm_forecasting.processes.asking import Devices, ask_devices
from lstm_plugins.discovery import Found, discover
from lstm_tui.cli import console
from lstm_tui.cli.choosing import in_order
from lstm_tui.cli.command import Command
from lstm_tui.cli.options import json_option, plugin_options
from lstm_tui.cli.tables import plain_table

_SIGNS = {"available": "✓", "not installed": "~", "disabled": "~", "incompatible": "✗", "broken": "✗"}
_COLOURS = {"✓": "green", "~": "yellow", "✗": "red"}


@click.command(
    cls=Command,
    help="List every backend that an installed package declares: whether it can run, the reason and the "
    "remedy if not, and the devices it finds. Each backend answers in its own process.",
)
@json_option
@plugin_options
def command(as_json: bool, no_plugins: bool, without: tuple[str, ...]) -> None:
    """Prints the backends."""
    with console.results_kept_pure():
        found = in_order(discover(plugins=not no_plugins, without=frozenset(without)))
    with console.notes().status("Asking the backends for their devices"):
        devices = ask_devices([one.name for one in found if one.state == "available"])
    if as_json:
        console.print_json([_as_json(one, devices.get(one.name)) for one in found])
        return
    table = plain_table("", "backend", "state", "version", "from", "computes with", "devices")
    for one in found:
        answer = devices.get(one.name) if one.state == "available" else None
        sign = "✗" if answer and answer.problem else _SIGNS[one.state]
        table.add_row(
            Text(sign, style=_COLOURS[sign]),
            Text(one.name, style="bold"),
            "fails to start" if answer and answer.problem else one.state,
            one.version,
            one.distribution,
            _framework(one),
            ", ".join(answer.names) if answer else "",
        )
    out = console.results()
    out.print(table)
    for one in found:
        answer = devices.get(one.name) if one.state == "available" else None
        for line in _remarks(one, answer):
            out.print(line)


def _remarks(found: Found, devices: Devices | None) -> list[str]:
    remarks = []
    if found.reason:
        remarks.append(f"{found.name}: {found.reason}.")
    if devices is not None and devices.problem:
        remarks.append(f"{found.name}: {devices.problem}.")
    if found.install:
        remarks.append(f"    {found.install}")
    remarks.extend(f"    {line}" for line in found.traceback.splitlines())
    return remarks


def _framework(found: Found) -> str:
    """Name and version of the framework's distribution, from the metadata."""
    backend = found.backend
    if backend is None or not backend.framework:
        return ""
    try:
        return f"{backend.framework} {importlib.metadata.version(backend.framework)}"
    except importlib.metadata.PackageNotFoundError:
        provided = importlib.metadata.packages_distributions()
    for name in (name for module in backend.requires for name in provided.get(module, ())):
        # Builds for other processors have other names, such as tensorflow-cpu.
        return f"{name.replace('_', '-')} {importlib.metadata.version(name)}"
    return backend.framework


def _as_json(found: Found, devices: Devices | None) -> dict[str, Any]:
    usable = found.state == "available" and devices is not None
    return {
        "name": found.name,
        "title": found.backend.title if found.backend else None,
        "summary": found.backend.summary if found.backend else None,
        "state": found.state,
        "reason": (devices.problem if usable and devices else found.reason) or None,
        "version": found.version,
        "distribution": found.distribution,
        "built_in": found.built_in,
        "framework": _framework(found) or None,
        "devices": list(devices.names) if usable and devices else [],
        "additions": list(found.backend.additions) if found.backend else [],
        "install": found.install or None,
        "traceback": found.traceback or None,
    }
