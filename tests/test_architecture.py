"""The shape of the code: sizes, names, exports, words. The import rules are import-linter's (``make check``)."""

from __future__ import annotations

import ast
import statistics
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ocr_pipeline"
MODULES = sorted(PACKAGE.rglob("*.py"))

MAX_LINES = 500
MAX_MEDIAN = 150
MAX_FUNCTION_LINES = 60
MAX_PARAMETERS = 6


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_a_module_can_be_read_in_one_sitting() -> None:
    assert [_name(path) for path in MODULES if _lines(path) > MAX_LINES] == []


def test_most_modules_are_short() -> None:
    assert statistics.median(map(_lines, MODULES)) <= MAX_MEDIAN


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_function_does_one_thing() -> None:
    long = [
        f"{_name(path)}: {function.name} has {lines} lines"
        for path in MODULES
        for function in _functions(path)
        if (lines := (function.end_lineno or function.lineno) - function.lineno + 1) > MAX_FUNCTION_LINES
    ]
    assert long == []


def test_many_parameters_become_an_options_object() -> None:
    many = [
        f"{_name(path)}: {function.name} takes {', '.join(named)}"
        for path in MODULES
        for function in _functions(path)
        if len(named := _parameters(function)) > MAX_PARAMETERS
    ]
    assert many == []


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    arguments = function.args
    named = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return [name for name in named if name not in ("self", "cls")]


def test_a_thing_lives_where_its_noun_lives() -> None:
    homeless = ("utils", "util", "helpers", "helper", "common", "misc", "shared")
    siblings = ("_v2", "_new", "_old", "_optimized", "_utils", "_helpers")
    assert [_name(path) for path in MODULES if path.stem in homeless or path.stem.endswith(siblings)] == []


def test_exported_names_are_those_that_exist() -> None:
    modules = [path for path in MODULES if path.name != "__main__.py"]
    assert [f"{_name(path)}: {fault}" for path in modules for fault in _export_faults(path)] == []


def _export_faults(path: Path) -> Iterator[str]:
    public = _public(path)
    exported = _exported(path)
    if exported is None:
        if public:
            yield f"no __all__, but {', '.join(sorted(public))}"
        return
    if exported != sorted(set(exported), key=_natural):
        yield "sort __all__: constants, classes, functions"
    lazy = {"Reader", "read"} if path == PACKAGE / "__init__.py" else set()
    if absent := set(exported) - _bound(path) - lazy:
        yield f"exported, but not there: {', '.join(sorted(absent))}"
    if kept := public - set(exported):
        yield f"public, but not exported: {', '.join(sorted(kept))}"


def _natural(name: str) -> tuple[int, str]:
    """The order that ruff's RUF022 asks for: CONSTANTS, Classes, functions."""
    kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return kind, name


def _exported(path: Path) -> list[str] | None:
    for node in _tree(path).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            value: list[str] = ast.literal_eval(node.value)
            return value
    return None


def _public(path: Path) -> set[str]:
    """Classes and functions that a module defines without an underscore; ``main`` is for ``python -m``."""
    return {
        node.name
        for node in _tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node.name != "main"
    }


def _bound(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def test_errors_are_ordinary_exceptions() -> None:
    for path in MODULES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ClassDef):
                assert "BaseException" not in [ast.unparse(base) for base in node.bases], f"{_name(path)}: {node.name}"


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [file for file in files if file.is_file() and file.suffix not in (".pdf", ".png", ".jpg", ".tif", ".webp")]


def test_no_place_of_one_machine_stands_in_the_repository() -> None:
    # Written in pieces, or this file would find itself.
    words = ["/" + "work/", "/" + "home/", "/" + "root/", "../" + "shared", "pypi" + ".org", "python" + "hosted"]
    texts = ((file, file.read_text(encoding="utf-8", errors="replace")) for file in _tracked())
    found = [f"{_name(file)}: {word}" for file, text in texts for word in words if word in text]
    assert found == []
