"""Merging, deleting and the bin from the command line (REC-4, UND-4)."""

from __future__ import annotations


def companies(shell, tmp_path, *lines):
    """Companies by name, domain, phone and industry: their ids."""
    path = tmp_path / "companies.csv"
    path.write_text("\n".join(("name,domain,phone,industry", *lines)) + "\n")
    shell.done("import", path, "--object", "companies")
    return [row["id"] for row in shell.rows("list", "companies", "--columns", "id", "--sort", "id")]


def test_rec_4_merge(team, tmp_path):
    ids = companies(team, tmp_path, "Acme,acme.io,,Software", "ACME Ltd,acme.com,123,Tools")
    told = {row["property"]: (row["result"], row["why"]) for row in team.rows("merge", "companies", *ids, "--dry-run")}
    assert told["domain"] == ("acme.io", "the primary's is kept")
    assert told["phone"] == ("123", "fills a blank")
    assert told["industry"] == ("Software", "the primary's")
    assert len(team.rows("list", "companies")) == 2
    done = team.one("merge", "companies", "acme.io", "acme.com", "--take", "industry")
    assert done == {"id": ids[0], "former": ids[1], "moved": 0}
    assert team.one("show", "companies", ids[1])["industry"] == "Tools"
    assert team.one("set", "companies", ids[1], "phone=456") == {"id": ids[0], "changed": True}
    assert "with itself" in team.refused(2, "merge", "companies", *ids)
    assert "no such property" in team.refused(2, "merge", "companies", ids[0], ids[0], "--take", "colour")
    assert "was merged into Acme" in team.refused(1, "bin", "restore", "companies", ids[1])
    team.done("undo")
    team.done("undo")
    assert len(team.rows("list", "companies")) == 2


def test_und_4_delete_and_the_bin(team, tmp_path):
    ids = companies(team, tmp_path, "Alpha,,,", "Beta,,,", "Gamma,,,")
    assert team.one("delete", "companies", "Alpha", ids[1]) == {"deleted": 2}
    rows = team.rows("bin", "list")
    assert [(row["object"], row["title"], row["user"], row["days_left"]) for row in rows] == [
        ("companies", "Beta", "boss", 90),
        ("companies", "Alpha", "boss", 90),
    ]
    assert [row["title"] for row in team.rows("bin", "list", "companies", "alp")] == ["Alpha"]
    assert team.one("bin", "restore", "companies", ids[0]) == {"restored": 1}
    assert team.rows("undo", "--list")[0]["action"] == "restore company Alpha"
    assert "in the bin" in team.refused(1, "bin", "restore", "companies", ids[2])
