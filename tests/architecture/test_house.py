"""The rules of the house that a tool or a look at the source can hold."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cs_workspace"
SNAPSHOTS = ROOT / "snapshots"
TESTS = ROOT / "tests"

EMPTY_WORDS = {"common", "helper", "helpers", "manager", "managers", "util", "utils"}
SQL_FROM_TEXT = {"text", "literal_column", "exec_driver_sql"}


# --- Tools ---


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["ruff", "check", "--output-format", "concise"], id="ruff check"),
        pytest.param(["ruff", "format", "--check", "--output-format", "concise"], id="ruff format"),
        pytest.param(["mypy", "--cache-dir", ".mypy_cache"], id="mypy"),
    ],
)
def test_tool_has_nothing_to_say(arguments):
    run(sys.executable, "-m", *arguments)


def test_import_contracts_are_kept():
    run(sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")


def run(*command: str) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


# --- Files ---


def test_every_init_is_empty():
    nothing(
        shown(path) for path in python_files(PACKAGE, TESTS) if path.name == "__init__.py" and path.read_bytes().strip()
    )


def test_every_module_has_a_name_that_says_something():
    nothing(
        shown(path)
        for path in python_files(PACKAGE, TESTS)
        if EMPTY_WORDS & set(path.relative_to(ROOT).with_suffix("").parts)
    )


def test_every_snapshot_folder_has_its_test_module():
    folders = {path.parent.relative_to(SNAPSHOTS) for path in SNAPSHOTS.rglob("*.*")}
    nothing(str(folder) for folder in sorted(folders) if not (TESTS / folder).with_suffix(".py").is_file())


# --- Imports and calls ---


def test_only_one_module_escapes_markup():
    """Everywhere else text of the store is shown as it is, with `markup=False` or as Content."""
    nothing(
        f"{shown(path)}:{node.lineno}"
        for path in python_files(PACKAGE)
        if path != PACKAGE / "tui" / "text.py"
        for node in escapes(parsed(path))
    )


def test_sql_text_is_constant():
    """What varies in a statement is bound or composed, never pasted in."""
    nothing(
        f"{shown(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in python_files(PACKAGE)
        for node in pasted_sql(parsed(path))
    )


def test_screens_do_not_import_each_other():
    screens = PACKAGE / "tui" / "screens"
    nothing(
        f"{shown(path)}: {module}"
        for path in python_files(screens)
        for module in imported(path)
        if module.startswith("cs_workspace.tui.screens.")
        and module.split(".")[3] != path.relative_to(screens).with_suffix("").parts[0]
    )


def test_nothing_imports_the_app():
    nothing(
        f"{shown(path)}: {module}"
        for path in python_files(PACKAGE)
        for module in imported(path)
        if f"{module}.".startswith("cs_workspace.tui.app.")
    )


def nothing(found: Iterable[str]) -> None:
    lines = list(found)
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


@pytest.mark.parametrize(
    "source",
    [
        "from rich.markup import escape",
        "from textual.markup import escape as plain",
        "import rich.markup\nrich.markup.escape(name)",
        "from rich import markup\nmarkup.escape(name)",
    ],
)
def test_escaped_markup_is_seen(source):
    assert list(escapes(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        'text(f"SELECT {column}")',
        'sa.text("SELECT " + column)',
        'connection.exec_driver_sql("SELECT %s" % column)',
        'literal_column("{}".format(column))',
        'text(text=" ".join(columns))',
    ],
)
def test_pasted_sql_is_seen(source):
    assert list(pasted_sql(ast.parse(f"from sqlalchemy import literal_column, text\n{source}")))


@pytest.mark.parametrize(
    "source",
    [
        'from html import escape\nescape("<")',
        'from sqlalchemy import text\ntext("SELECT 1 " "AS one")',
        'from cs_workspace.tui.text import text\ntext(f"{name}")',
        "connection.exec_driver_sql(BEGIN)",
    ],
)
def test_the_rest_is_not_seen(source):
    tree = ast.parse(source)
    assert not [*escapes(tree), *pasted_sql(tree)]


def escapes(tree: ast.Module) -> Iterator[ast.stmt | ast.expr]:
    """Where `escape` of Rich's or Textual's markup is imported or called."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="rich.markup" | "textual.markup", names=names):
                if any(alias.name == "escape" for alias in names):
                    yield node
            case ast.Call(func=ast.Attribute(attr="escape", value=owner)):
                if ast.unparse(owner).split(".")[-1] == "markup":
                    yield node


def pasted_sql(tree: ast.Module) -> Iterator[ast.expr]:
    """Calls that take SQL as text and are given text put together on the spot."""
    of_sqlalchemy = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy"
        for alias in node.names
        if alias.name in SQL_FROM_TEXT
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        takes_sql = (isinstance(node.func, ast.Name) and node.func.id in of_sqlalchemy) or (
            isinstance(node.func, ast.Attribute) and node.func.attr in SQL_FROM_TEXT
        )
        if takes_sql and any(is_put_together(value) for value in [*node.args, *(k.value for k in node.keywords)]):
            yield node


def is_put_together(value: ast.expr) -> bool:
    return isinstance(value, ast.JoinedStr | ast.BinOp) or (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in {"format", "format_map", "join", "replace"}
    )


def imported(path: Path) -> Iterator[str]:
    """The full names of what a module imports: of `from a import b` both a and a.b, as b may be a module."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def python_files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*.py"))]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), filename=str(path))


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
