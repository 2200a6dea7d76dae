"""`cs-workspace properties` and what other commands do with a custom property (REC-1, QRY-5)."""

from __future__ import annotations


def test_rec_1_a_property_of_ones_own_from_the_command_line(sqlite_shell):
    shell = sqlite_shell
    assert shell.rows("properties", "list") == []
    words = ("--type", "enumeration", "--option", "Gold", "--option", "Tin foil")
    assert shell.done("properties", "add", "companies", "Tier", *words) == "tier\n"
    row = shell.one("properties", "list")
    assert (row["object"], row["name"], row["type"], row["custom"]) == ("companies", "tier", "enumeration", True)
    assert row["options"] == ["gold=Gold", "tin_foil=Tin foil"]
    assert "Tin foil" in shell.done("--format", "table", "properties", "list", "companies")
    named = {row["name"]: row for row in shell.rows("properties", "list", "companies")}
    assert (named["name"]["required"], named["health"]["calculated"], named["tier"]["custom"]) == (True, True, True)

    changed = shell.one("properties", "set", "companies", "tier", "--label", "Level", "--option", "gold=Golden")
    assert changed == {"object": "companies", "name": "tier", "changed": True}
    assert shell.one("properties", "list")["options"] == ["gold=Golden"]
    shell.done("undo")
    assert shell.one("properties", "list")["label"] == "Tier"
    assert shell.one("properties", "delete", "companies", "tier") == {
        "object": "companies",
        "name": "tier",
        "deleted": True,
    }
    assert shell.rows("properties", "list") == []

    assert "nothing to change" in shell.refused(2, "properties", "set", "companies", "tier")
    assert "no custom property 'tier'" in shell.refused(2, "properties", "delete", "companies", "tier")
    assert "is no type of a property" in shell.refused(2, "properties", "add", "deals", "A", "--type", "pipeline")
    shell.done("users", "add", "eve")
    assert "needs" in shell.refused(5, "properties", "add", "deals", "A", login="eve")
