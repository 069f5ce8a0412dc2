"""The installed source of a backend, read without importing its framework."""

import ast
import importlib.util
import textwrap
from collections.abc import Iterator
from importlib.machinery import ModuleSpec

from lstm_course.figures import Source
from lstm_plugins.backend import Backend
from lstm_plugins.errors import InputError

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def source_of(backend: Backend, module: str, name: str) -> Source:
    """The source of a function or class of a backend, by a module beside its forecaster and a qualified name.

    Raises:
        InputError: there is no such module, or nothing of that name in it.
    """
    package = backend.forecaster.partition(":")[0].rpartition(".")[0]
    full = f"{package}.{module}"
    text = _text(importlib.util.find_spec(full), full)
    found: ast.AST = ast.parse(text)
    for part in name.split("."):
        inside = (one for one in _definitions(found) if one.name == part)
        found = next(inside, ast.Pass())
    if not isinstance(found, _Definition) or found.end_lineno is None:
        raise InputError(f"The installed {backend.title} backend has no {name} in {full}.")
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    lines = text.splitlines()[first - 1 : found.end_lineno]
    return Source(
        backend.title,
        f"{full.replace('.', '/')}.py",
        first,
        textwrap.dedent("\n".join(lines)),
        backend=backend.name,
    )


def _text(spec: ModuleSpec | None, module: str) -> str:
    source = getattr(spec.loader, "get_source", None) if spec else None
    text = source(module) if source else None
    if not isinstance(text, str):
        raise InputError(f"The source of {module} is not installed.")
    return text


def _definitions(tree: ast.AST) -> Iterator[_Definition]:
    """The definitions directly inside, also within blocks such as `if`, but not within each other."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, _Definition):
            yield child
        else:
            yield from _definitions(child)
