"""What scripts rely on: formats, exit codes, errors, global options, imports (headless contract)."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

from cs_workspace.cli import records
from cs_workspace.cli.main import COMMANDS, cli

PROGRAM = [sys.executable, "-c", "from cs_workspace.cli.main import main; main()"]


def program(*words, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, words)], capture_output=True, text=True, check=False, timeout=60, **options
    )


def modules(statement: str) -> set[str]:
    """The top names of what a fresh interpreter has imported after a statement."""
    code = f"import sys\ntry:\n    {statement}\nexcept SystemExit:\n    pass\n"
    code += "print('@', *{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.rpartition("@")[2].split())


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_headless_contract_version_and_help_import_no_store_and_no_screen(option):
    imported = modules(f"from cs_workspace.cli.main import cli; cli.main(['{option}'])")
    assert not imported & {"sqlalchemy", "textual", "rich", "alembic", "psycopg"}


def test_headless_contract_a_command_imports_no_screen(sqlite_shell):
    command = ["--db", sqlite_shell.db, "--as", "boss", "list", "users"]
    imported = modules(f"from cs_workspace.cli.main import cli; cli.main({command!r})")
    assert "sqlalchemy" in imported
    assert not imported & {"textual", "rich", "alembic"}


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"import", "export"}))
def test_headless_contract_every_command_has_help(name):
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: cs-workspace {name}")


def test_headless_contract_version():
    result = CliRunner().invoke(cli, ["--version"])
    assert result.exit_code == 0
    assert result.stdout.startswith("cs-workspace 0.")


def test_headless_contract_global_options_stand_before_or_after_the_command(sqlite_shell):
    db = sqlite_shell.db
    before = CliRunner().invoke(cli, ["--db", db, "--as", "boss", "--format", "json", "users", "list"])
    after = CliRunner().invoke(cli, ["users", "list", "--format", "json", "--db", db, "--as", "boss"])
    within = CliRunner().invoke(cli, ["users", "--db", db, "list", "--as", "boss", "--format", "json"])
    assert before.exit_code == after.exit_code == within.exit_code == 0
    assert before.stdout == after.stdout == within.stdout


def test_headless_contract_the_store_may_come_from_the_environment(sqlite_shell, monkeypatch):
    monkeypatch.setenv("CS_WORKSPACE_DB", sqlite_shell.db)
    assert CliRunner().invoke(cli, ["list", "users", "--as", "boss"]).exit_code == 0
    result = CliRunner().invoke(cli, ["list", "users", "--db", "/nowhere/store.db"])
    assert result.exit_code == 2


def test_headless_contract_json_lines_are_the_default_in_a_pipe(shell):
    (line,) = shell.done("list", "users", "--columns", "id,login,teams,active").splitlines()
    assert json.loads(line) == {"id": 1, "login": "boss", "teams": [], "active": True}


def test_headless_contract_json_is_an_array_of_a_list_and_an_object_of_a_record(shell):
    assert json.loads(shell.done("list", "users", "--format", "json"))[0]["login"] == "boss"
    assert json.loads(shell.done("list", "deals", "--format", "json")) == []
    assert json.loads(shell.done("show", "users", "boss", "--format", "json"))["login"] == "boss"


def test_headless_contract_csv_has_a_header_even_when_empty(shell):
    assert shell.done("list", "teams", "--format", "csv") == "id,name,parent\n"


def test_imp_6_csv_guards_formulas_and_leaves_numbers(shell):
    shell.done("tasks", "add", "=1+1", "--due", "2026-04-01")
    shell.done("tasks", "add", "--due", "2026-04-01", "--", "-5")
    text = shell.done("list", "tasks", "--columns", "id,title", "--sort", "id", "--format", "csv")
    assert list(csv.reader(io.StringIO(text))) == [["id", "title"], ["1", "'=1+1"], ["2", "-5"]]


def test_imp_7_a_table_shows_control_characters_and_json_escapes_them(shell):
    hostile = "a\x1b]52;c;QQ==\x07\u202eb\x9b"
    shell.done("tasks", "add", hostile, "--due", "2026-04-01")
    table = shell.done("list", "tasks", "--format", "table")
    assert "a␛]52;c;QQ==␇\ufffdb\ufffd" in table
    text = shell.done("show", "tasks", "1", "--format", "json")
    assert not set(text) & {"\x1b", "\x07", "\u202e", "\x9b"}
    assert json.loads(text)["title"] == hostile


def test_headless_contract_a_table_is_aligned_by_cells(shell):
    shell.done("tasks", "add", "東京", "--due", "2026-04-01")
    shell.done("tasks", "add", "Acme", "--due", "2026-04-01")
    lines = shell.done("list", "tasks", "--columns", "title,status", "--sort", "id", "--format", "table").splitlines()
    assert lines == ["title  status", "─────  ──────", "東京   open", "Acme   open"]


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["bogus"], 2, "No such command 'bogus'"),
        (["list"], 2, "Missing argument 'OBJECT'"),
        (["list", "users", "--bogus"], 2, "No such option"),
        (["list", "users", "--format", "xml"], 2, "'xml' is not one of"),
        (["list", "user"], 1, "Did you mean users?"),
        (["list", "users", "logn:boss"], 2, "query, column 1"),
        (["list", "users", "(boss"], 2, "not closed"),
        (["list", "users", "--columns", "logn"], 2, "Did you mean login?"),
        (["show", "users", "nobody"], 1, "There is no user 'nobody'"),
        (["set", "users", "boss", "name"], 2, "is not PROPERTY=VALUE"),
        (["set", "companies", "nobody", "name=x"], 1, "There is no company"),
        (["goals", "progress", "--goal", "none"], 1, "There is no goal 'none'"),
        (["config", "rate", "EUR", "1"], 2, "home currency"),
        (["demo", "--size", "vast"], 2, "'vast' is not one of"),
        ([], 2, "needs a terminal"),
    ],
)
def test_headless_contract_an_error_is_one_line_and_an_exit_code(sqlite_shell, words, code, part):
    assert part in sqlite_shell.refused(code, *words)


def test_headless_contract_an_error_is_an_object_too_with_json(shell):
    result = shell("show", "users", "nobody", "--format", "json")
    assert result.exit_code == 1
    line, text = result.stderr.splitlines()
    assert line == "cs-workspace: There is no user 'nobody'."
    assert json.loads(text) == {"error": "not_found", "message": "There is no user 'nobody'.", "hint": ""}


def test_headless_contract_wrong_use_is_an_object_too_with_json():
    result = CliRunner().invoke(cli, ["--format", "json", "list", "users", "--bogus"])
    assert result.exit_code == 2
    assert json.loads(result.stderr.splitlines()[1])["error"] == "usage"


def test_headless_contract_an_interrupt_is_130(shell, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(records.list_, "callback", interrupt)
    assert "interrupted" in shell.refused(130, "list", "users")


def test_headless_contract_a_closed_pipe_is_quiet(sqlite_shell):
    for number in range(3):
        sqlite_shell.done("tasks", "add", f"Task {number}", "--due", "2026-04-01")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        done = subprocess.run(
            [*PROGRAM, "--db", sqlite_shell.db, "--as", "boss", "list", "tasks"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_headless_contract_a_fault_is_one_sentence_and_a_trace_in_a_private_log(shell, monkeypatch, tmp_path):
    def fail(*_, **__):
        raise ZeroDivisionError("postgresql://dana:secret@host/db \x1b[31m")

    monkeypatch.setattr(records.list_, "callback", fail)
    line = shell.refused(1, "list", "users")
    assert "Traceback" not in line
    assert "secret" not in line
    (log,) = tmp_path.glob("home/**/cs-workspace.log")
    text = log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "ZeroDivisionError" in text
    assert "dana:***@host" in text
    assert "secret" not in text
    assert "\x1b" not in text
    assert line.split("reference ")[1][:8] in text


def test_headless_contract_as_a_process(sqlite_shell):
    good = program("--db", sqlite_shell.db, "--as", "boss", "users", "list", "--format", "csv")
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith("id,name,login,")
    bad = program("--db", "/nowhere/store.db", "list", "users")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert len(bad.stderr.splitlines()) == 1


def test_headless_contract_nothing_waits_for_input_without_a_terminal(tmp_path):
    done = program("--db", tmp_path / "none.db", stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs a terminal" in done.stderr
    assert not list(tmp_path.glob("none*"))


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_headless_contract_completion(name):
    result = CliRunner().invoke(cli, ["completion", name])
    assert result.exit_code == 0
    assert "_CS_WORKSPACE_COMPLETE" in result.stdout


def test_headless_contract_completion_knows_commands():
    done = program(
        env=os.environ | {"_CS_WORKSPACE_COMPLETE": "bash_complete", "COMP_WORDS": "cs-workspace go", "COMP_CWORD": "1"}
    )
    assert done.stdout == "plain,goals\n"


def test_headless_contract_a_fixed_clock_is_refused_over_ssh(sqlite_shell):
    from cs_workspace.cli.session import Session

    session = Session(proven="boss")
    result = CliRunner().invoke(cli, ["--db", sqlite_shell.db, "--now", "2026-01-01", "list", "users"], obj=session)
    assert result.exit_code == 5
    assert "--now" in result.stderr
