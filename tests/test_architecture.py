"""The house as a whole: no circles between modules, and private names of libraries in one place only.

Who may import whom is written in `pyproject.toml`, for import-linter.
"""

import ast
import functools
import importlib
import inspect
import re
from pathlib import Path

import grimp

PACKAGES = (
    "lstm_plugins",
    "lstm_conformance",
    "lstm_backends",
    "lstm_forecasting",
    "lstm_course",
    "lstm_tui",
)
INTERNALS = "lstm_tui.kit.textual_internals"
"""Where private names of libraries may be used."""
PRIVATE = re.compile(r"_(?!_)\w+")


def circles(graph):
    """The modules that import each other in a circle, a set for each circle."""
    numbers, lowest, stack, found = {}, {}, [], []

    def visit(module):
        numbers[module] = lowest[module] = len(numbers)
        stack.append(module)
        for imported in graph.find_modules_directly_imported_by(module):
            if imported not in numbers:
                visit(imported)
                lowest[module] = min(lowest[module], lowest[imported])
            elif imported in stack:
                lowest[module] = min(lowest[module], numbers[imported])
        if lowest[module] == numbers[module]:
            place = stack.index(module)
            found.append(set(stack[place:]))
            del stack[place:]

    for module in sorted(graph.modules):
        if module not in numbers:
            visit(module)
    return [circle for circle in found if len(circle) > 1]


def test_no_modules_import_each_other_at_run_time():
    # Imports inside functions count.
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    assert circles(graph) == []


def test_circles_of_typing_stay_inside_one_folder():
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    folders = [{tuple(module.split(".")[:-1][:2]) for module in circle} for circle in circles(graph)]
    assert [folder for folder in folders if len(folder) > 1] == []


def modules_of(package):
    """Names and paths of the modules of a package, except those that run when they are imported."""
    root = Path(importlib.util.find_spec(package).submodule_search_locations[0])
    for path in sorted(root.rglob("*.py")):
        name = ".".join((package, *path.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
        if path.name != "__main__.py" and not name.startswith(INTERNALS):
            yield name, path


@functools.cache
def sources():
    """Every module of the app, parsed."""
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in modules_of("lstm_tui")}


@functools.cache
def own_names():
    """Every name that the app defines itself."""
    names = set()
    for tree in sources().values():
        for node in ast.walk(tree):
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    names.add(name)
                case ast.Attribute(attr=name, ctx=ast.Store()) | ast.Name(id=name, ctx=ast.Store()):
                    names.add(name)
    return names


@functools.cache
def private_names_of(cls):
    """The private names that a class of a library defines, or uses of itself."""
    defined = {name for name in vars(cls) if PRIVATE.fullmatch(name)}
    try:
        return defined | set(re.findall(r"self\.(_(?!_)\w+)", inspect.getsource(cls)))
    except (OSError, TypeError):
        return defined


def test_private_names_of_libraries_are_used_in_one_place():
    used = []
    for module, tree in sources().items():
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(attr=name) if PRIVATE.fullmatch(name) and name not in own_names():
                    used.append(f"{module}:{node.lineno} {ast.unparse(node)}")
                case ast.ImportFrom(module=origin, names=aliases) if not (origin or "").startswith("lstm_"):
                    words = [*(origin or "").split("."), *(alias.name for alias in aliases)]
                    used += [f"{module}:{node.lineno} {word}" for word in words if PRIVATE.fullmatch(word)]
    assert used == []


def classes_of(module):
    """The classes of a module of the app, each with those of libraries that it derives from."""
    for cls in vars(importlib.import_module(module)).values():
        if inspect.isclass(cls) and cls.__module__ == module:
            origins = {base: base.__module__.split(".")[0] for base in cls.__mro__}
            yield cls, [base for base, origin in origins.items() if origin not in (*PACKAGES, "builtins")]


WRITTEN = re.compile(r"self\.(_(?!_)\w+)|def (_(?!_)\w+)|^    (_(?!_)\w+)(?=:| =)", re.MULTILINE)
"""A private name that a class defines, or uses of itself."""


def test_no_class_shares_a_private_name_with_a_library():
    shared = []
    for module in sources():
        for cls, bases in classes_of(module):
            written = {name for names in WRITTEN.findall(inspect.getsource(cls)) for name in names if name}
            for base in bases:
                names = sorted(written & private_names_of(base))
                shared += [f"{cls.__name__}.{name} of {base.__module__}.{base.__name__}" for name in names]
    assert shared == []
