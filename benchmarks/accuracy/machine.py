"""A description of the machine on which scores were measured, without its name."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """The processor, its cores, the threads in use and the versions, in one line."""
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "all")
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "holidays"))
    return (
        f"{_processor()}, {os.cpu_count()} cores ({threads} in use by linear algebra), {platform.system()}, "
        f"Python {platform.python_version()}, {packages}"
    )


def _processor() -> str:
    """The processor's name as Linux knows it, with what tells apart those that hide theirs."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    found = {}
    for line in lines:
        name, _, value = line.partition(":")
        found.setdefault(name.strip(), value.strip())
    name = found.get("model name", platform.machine())
    numbers = [f"{key} {found[key]}" for key in ("cpu family", "model") if key in found]
    return f"{name} ({', '.join(numbers)})" if numbers else name
