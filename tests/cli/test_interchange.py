"""`import` and `export` (IMP-1 to IMP-6; headless contract)."""

from __future__ import annotations

import csv
import json

import pytest

from cs_workspace.cli.session import Session

DEALS = "Opportunity,Amount,Stage,Owner,Colour\nOne,1200.50,Won,boss,red\nTwo,10,Lost,nobody,\nThree,,,,blue\n"


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "deals.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_an_import_says_what_it_did(shell, file):
    """IMP-3, IMP-4"""
    path = file(DEALS)
    dry = shell("--format", "json", "import", path, "--object", "deals", "--dry-run")
    assert dry.exit_code == 4
    assert not path.with_name("deals.csv.rejected.csv").exists()
    result = shell("--format", "json", "import", path, "--object", "deals")
    assert result.exit_code == 4
    told = json.loads(result.stdout)
    assert told == {
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "rejected": 1,
        "rejected_file": f"{path}.rejected.csv",
        "understood": {
            "Opportunity": "name",
            "Amount": "amount",
            "Stage": "stage",
            "Owner": "owner",
            "Colour": "colour",
        },
    }
    assert json.loads(dry.stdout) == told | {"rejected_file": None}
    assert "Line 3: owner: there is no user 'nobody'" in result.stderr
    assert shell.rows("list", "deals", "--columns", "name,amount,stage,colour") == [
        {"name": "One", "amount": "1200.50", "stage": "Closed won", "colour": "red"},
        {"name": "Three", "amount": None, "stage": "Appointment scheduled", "colour": "blue"},
    ]


def test_rejected_rows_come_back_put_right(shell, file):
    """IMP-4"""
    path = file(DEALS)
    shell("import", path, "--object", "deals")
    rejected = path.with_name("deals.csv.rejected.csv")
    text = rejected.read_text(encoding="utf-8")
    assert text.splitlines()[0] == "Opportunity,Amount,Stage,Owner,Colour,rejected_line,rejected_reason"
    assert text.splitlines()[1].startswith("Two,10,Lost,nobody,,3,owner: there is no user")
    assert rejected.stat().st_mode & 0o777 == 0o600
    assert shell("import", rejected, "--object", "deals").exit_code == 4
    again = rejected.with_name("deals.csv.rejected.csv.rejected.csv").read_text(encoding="utf-8")
    assert again.splitlines()[0] == text.splitlines()[0]
    rejected.write_text(text.replace("nobody,", "boss,"), encoding="utf-8")
    assert shell.one("import", rejected, "--object", "deals")["new"] == 1


def test_an_import_is_undone_by_undo(shell, file):
    """UND-2"""
    shell("import", file(DEALS), "--object", "deals")
    shell.done("undo")
    assert shell.rows("list", "deals") == []


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["none.csv", "--object", "deals"], 2, "There is no file"),
        ([".", "--object", "deals"], 2, "is not a file"),
        (["deals.csv", "--object", "dreams"], 1, "no object 'dreams'"),
        (["deals.csv", "--object", "tasks"], 2, "does not look like tasks: no column gives"),
        (["deals.csv", "--object", "deals", "--map", "Colour"], 2, "not COLUMN=PROPERTY"),
        (["deals.csv", "--object", "deals", "--map", "Color=name"], 2, "no column 'Color'. Did you mean Colour?"),
        (["deals.csv", "--object", "deals", "--encoding", "klingon"], 2, "not an encoding"),
        (["latin.csv", "--object", "deals"], 2, "line 2 is not UTF-8. Name its encoding with --encoding"),
        (["stages.csv", "--object", "deals"], 2, "holds stages of pipelines"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused(sqlite_shell, file, tmp_path, monkeypatch, words, code, why):
    """IMP-1, IMP-2"""
    file(DEALS)
    file("stage_id,pipeline_id,display_order,label\n1,2,3,4\n", "stages.csv")
    (tmp_path / "latin.csv").write_bytes("name\nMálaga\n".encode("cp1252"))
    monkeypatch.chdir(tmp_path)
    assert why in sqlite_shell.refused(code, "import", *words)


def test_the_store_itself_is_no_file_to_read_or_write(sqlite_shell):
    """IMP-5"""
    path = sqlite_shell.db.removeprefix("sqlite:///")
    assert "is the store itself" in sqlite_shell.refused(2, "import", path, "--object", "deals")
    assert "is the store itself" in sqlite_shell.refused(2, "export", "deals", "--output", path)


def test_who_may_not_change_records_may_not_import_them(team, file):
    """PER-1, IDN-4"""
    assert "may not change deals" in team.refused(5, "import", file(DEALS), "--object", "deals", login="eve")
    assert team("export", "deals", login="eve").exit_code == 5
    assert team("import", file(DEALS), "--object", "deals", login="dana").exit_code == 4


def test_files_of_the_host_are_not_for_ssh_sessions(sqlite_shell, file):
    """IDN-2"""
    from click.testing import CliRunner

    from cs_workspace.cli.main import cli

    for words in (["import", str(file(DEALS)), "--object", "deals"], ["export", "deals", "-o", "x.csv"]):
        session = Session(db=sqlite_shell.db, proven="boss")
        assert CliRunner().invoke(cli, words, obj=session).exit_code == 5


def test_an_export_is_a_file_or_standard_output(shell, file, tmp_path):
    """IMP-6"""
    shell("import", file("name,Note\nAcme,=1+1\nBeta,+\n", "c.csv"), "--object", "companies")
    out = tmp_path / "out.csv"
    shell.done("export", "companies", "--columns", "name,note", "--sort", "-name", "--output", out)
    assert out.read_bytes() == b"name,note\r\nBeta,'+\r\nAcme,'=1+1\r\n"
    assert out.stat().st_mode & 0o777 == 0o600
    assert shell.done("--format", "jsonl", "export", "companies", "acme", "--columns", "note") == '{"note":"=1+1"}\n'
    assert json.loads(shell.done("--format", "json", "export", "companies", "--columns", "id")) == [
        {"id": 1},
        {"id": 2},
    ]
    assert "no such property" in shell.refused(2, "export", "companies", "--columns", "colour")
    assert not list(tmp_path.glob("*.partial"))


FILES = {
    "teams": "name,parent\nSouth,\nItaly,South\n",
    "users": (
        "login,name,email,teams,service_seat,goals_view\ndana,Dana,d@example.org,Italy;South,starter,own\neve,Eve,,,,\n"
    ),
    "companies": (
        "external_id,name,domain,owner,arr,employees,renewal_date,Note\n1,Acme,acme.example,dana,1.50,3,2026-05-01,'-x\n"
        '2,Twin,,,,,,\n3,Twin,,,,,,"a\r\nb"\n4,Semi;colon,,eve,,,,"=""q"""\n5,#1,,,,,,\n'
    ),
    "contacts": "first_name,last_name,email,companies\nAnn,Ash,a@example.org,3\n,,b@example.org,Acme;4\nBob,,,5\n",
    "deals": (
        "name,stage,amount,currency,companies,contacts,created_at\nOne,Won,12.34,USD,Acme;2,a@example.org,2026-01-01\n"
        "One,,,,,,2026-01-01\n"
    ),
    "tickets": (
        "subject,priority,companies,created_at,first_reply_at\n"
        "Help,high,4,2026-01-01T10:00:00.123,2026-01-02\nHelp,,,,\n"
    ),
    "services": "name,status,start_date,cost\nOnboarding,at_risk,2026-01-01,-5\n",
    "subscriptions": "name,mrr,billing_frequency\nBasic,99,monthly\n",
    "tasks": 'title,due_at,notes,assignee,deals\n-Call,2026-03-01,"+1\n 2",dana,\n',
    "calls": "at,duration,direction,title\n2026-01-01T10:00,90,inbound,\n2026-01-01T10:00,100000,,@home\n",
    "emails": 'at,title,body\n2026-01-01,Hi,"\tx"\n',
    "meetings": "starts_at,ends_at,url,title\n2026-01-01T10:00,2026-01-01T11:00,https://a.example/X?y=1,M\n",
    "notes": "at,body,contacts\n2026-01-01,long,a@example.org\n",
    "activities": "kind,at,contact,tool\nvisit,2026-01-01,a@example.org,web\nvisit,2026-01-01,a@example.org,web\n",
}


YEAR = ("--year", "2026", "--duration", "quarterly")


def test_importing_an_export_changes_nothing(shell, file, tmp_path):
    """IMP-4, IMP-6"""
    for name, text in FILES.items():
        path = file(text, f"{name}.csv")
        rows = rows_of(path)
        assert shell.one("import", path, "--object", name)["new"] == rows, name
        assert shell.one("import", path, "--object", name)["unchanged"] == rows, name
    goal = ("--template", "tickets_closed", "--name", "=G", "--user", "dana", "--target", "5")
    shell.done("goals", "create", *goal, *YEAR)
    for name in (*FILES, "targets"):
        out = tmp_path / f"{name}.out.csv"
        shell.done("export", name, "-o", out)
        told = shell.one("import", out, "--object", name)
        assert (told["new"], told["changed"], told["rejected"]) == (0, 0, 0), name
        assert told["unchanged"] == rows_of(out) > 0, name


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as written:
        return len(list(csv.reader(written))) - 1
