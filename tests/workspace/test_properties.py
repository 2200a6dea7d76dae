"""Custom properties: made, filtered, edited, renamed, deleted and back (REC-1, LST-3, QRY-2)."""

from __future__ import annotations

import pytest

from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.schema.custom import TYPES
from cs_workspace.workspace import properties, record_edit, records, undo
from cs_workspace.workspace.door import Workspace
from tests.workspace.account import account

# Of each type: two values in order, queries that find the first alone, and what a filter says.
VALUES = {
    "text": ("Bronze", "Silver", ["one:Bronze", "one:bron", "-one:Silver one:any"]),
    "long_text": ("Once\nupon", "a time", ["one:upon", "-one:time one:any"]),
    "integer": ("5", "12k", ["one:<100", "one:5", "one:..6"]),
    "number": ("0.5", "1,234.5", ["one:0.5", "one:<1"]),
    "money": ("99.99", "12k", ["one:99.99", "one:..100"]),
    "date": ("2026-03-14", "2026-12-31", ["one:2026-03-14", "one:yesterday", "one:2026-Q1"]),
    "datetime": ("2026-03-14T10:00", "2026-12-31", ["one:2026-03-14", "one:..now"]),
    "duration": ("90m", "2d", ["one:1h30", "one:<2h"]),
    "boolean": ("no", "yes", ["one:no", "-one:yes one:any"]),
    "enumeration": ("gold", "Tin foil", ["one:Gold", "one:gol"]),
    "user": ("dana", "lee", ["one:me", "one:dana", "-one:lee one:any"]),
}


@pytest.fixture
def dana(store_url):
    with account(store_url) as workspace:
        yield workspace


def add(workspace, kind, /, **texts):
    return workspace.run(records.add, kind, texts)


def names(workspace, query, sort=""):
    return [row.text["name"] for row in workspace.run(records.page, "companies", query, columns=["name"], sort=sort)]


def test_rec_1_every_type_is_listed_filtered_sorted_edited_and_remembered(dana):
    assert set(VALUES) == {str(each) for each in TYPES}
    for held, (low, high, queries) in VALUES.items():
        options = ["Gold", "Tin foil"] if held == "enumeration" else []
        assert dana.run(properties.add, "companies", f"One {held}", held, options=options, name="one") == "one"
        one, two, three = (add(dana, "companies", name=name) for name in ("First", "Second", "Third"))
        begun = dana.run(record_edit.editable, "companies", one, "one")
        assert dana.run(record_edit.change, "companies", one, {"one": low}, begun.seen).changed == ("one",)
        dana.run(records.change, "companies", str(two), {"one": high})
        for query in queries:
            assert names(dana, query) == ["First"], (held, query)
        assert names(dana, "one:none") == ["Third"]
        assert names(dana, "", sort="one")[-1] == "Third"
        assert sorted(names(dana, "", sort="-one")[:2]) == ["First", "Second"]
        if held not in {"user", "long_text"}:
            assert names(dana, "", sort="one") == ["First", "Second", "Third"]
            assert names(dana, "", sort="-one") == ["Second", "First", "Third"]
        again = dana.run(record_edit.editable, "companies", one, "one")
        assert dana.run(record_edit.change, "companies", one, {"one": again.text}, again.seen).changed == ()
        (line,) = dana.run(records.history, "companies", str(one), "one")
        assert (line.old, line.user, bool(line.new)) == ("", "dana", True)
        (clash,) = dana.run(record_edit.change, "companies", one, {"one": high}, begun.seen).clashes
        assert clash.who == "dana"
        assert dana.run(record_edit.change, "companies", one, {"one": ""}, again.seen).changed == ("one",)
        dana.run(undo.undo)
        dana.run(properties.delete, "companies", "one")
        dana.run(records.delete, "companies", [str(each) for each in (one, two, three)])
        _forget(dana)


def _forget(workspace):
    """Let the next type have the name of this one."""
    from cs_workspace.store.tables.system import properties as table

    with workspace.store.writing() as connection:
        connection.execute(table.delete())


def test_und_2_a_deleted_property_comes_back_with_its_values(dana):
    """Also where its records were changed in between, and never under another property."""
    tier = dana.run(properties.add, "companies", "Tier")
    mood = dana.run(properties.add, "companies", "Mood")
    acme = add(dana, "companies", name="Acme", tier="Gold", mood="good")
    dana.run(records.change, "companies", str(acme), {"tier": "Silver"})
    set_tier = dana.run(undo.entries)[0]
    dana.run(properties.delete, "companies", tier)
    deleted = dana.run(undo.entries)[0]
    assert deleted.label == "delete property Tier of companies"
    with pytest.raises(Invalid, match="no such property"):
        dana.run(records.change, "companies", str(acme), {"tier": "Tin"})
    dana.run(records.change, "companies", str(acme), {"mood": "bad"})
    assert dana.run(properties.add, "companies", "Tier") == "tier_2"
    with pytest.raises(Invalid, match="is taken"):
        dana.run(properties.add, "companies", "Other", name="tier")
    assert dana.run(records.show, "companies", str(acme))["tier_2"] is None
    dana.run(undo.undo, set_tier.id)
    dana.run(undo.undo, deleted.id)
    shown = dana.run(records.show, "companies", str(acme))
    assert (shown["tier"], shown[mood]) == ("Gold", "bad")


def test_labels_options_and_names_are_checked(dana):
    add_ = properties.add
    for arguments, options, sentence in (
        (("companies", ""), {}, "label: is empty"),
        (("companies", "renewal DATE"), {}, "have a property 'Renewal date' already"),
        (("companies", "A", "stage"), {}, "is no type of a property"),
        (("companies", "A", "text"), {"name": "Ä"}, "cannot be the name"),
        (("companies", "A", "text"), {"name": "none"}, "cannot be the name"),
        (("companies", "A", "text"), {"name": "arr"}, "already"),
        (("companies", "A", "enumeration"), {}, "needs at least one"),
        (("companies", "A", "enumeration"), {"options": ["x", "X "]}, "there twice"),
        (("companies", "A", "text"), {"options": ["x"]}, "are of an enumeration"),
        (("users", "A"), {}, "have no custom properties"),
        (("company", "A"), {}, "Did you mean companies"),
    ):
        with pytest.raises((Invalid, NotFound), match=sentence):
            dana.run(add_, *arguments, **options)
    assert dana.run(add_, "companies", "Größe (m²)") == "grosse_m2"
    assert dana.run(add_, "companies", "1st", "enumeration", options=["None", "Gold", "Tin"]) == "p_1st"
    acme = add(dana, "companies", name="Acme", p_1st="Gold")
    change = properties.change
    assert dana.run(change, "companies", "p_1st", label="First", options=["gold=Platinum", "tin=Tin", "Iron"])
    (line,) = [each for each in dana.run(properties.listing, "companies") if each.prop.name == "p_1st"]
    assert [(o.name, o.label) for o in line.prop.options] == [("gold", "Platinum"), ("tin", "Tin"), ("iron", "Iron")]
    assert names(dana, "p_1st:platinum") == ["Acme"]
    with pytest.raises(Invalid, match="'Platinum' is the value of 1 company"):
        dana.run(change, "companies", "p_1st", options=["Tin"])
    with pytest.raises(Invalid, match="comes with every store"):
        dana.run(properties.delete, "companies", "arr")
    with pytest.raises(Invalid, match="Did you mean p_1st"):
        dana.run(change, "companies", "p1st", label="x")
    assert [each.prop.name for each in dana.run(properties.listing)] == ["grosse_m2", "p_1st"]
    assert dana.run(undo.undo).label == "change property 1st of companies"
    assert acme
    with pytest.raises(Refused, match="may not do this"):
        Workspace(dana.store, dana.clock, "lee").run(add_, "companies", "A")
