"""What the panel of an object shows, and in which order (CUS-11)."""

from __future__ import annotations

import pytest

from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.workspace import panels, record_page, records, undo
from tests.workspace.account import account


@pytest.fixture
def dana(store_url):
    with account(store_url) as workspace:
        yield workspace


def test_cus_11_every_object_has_a_sensible_layout(dana):
    for name, kind in STANDARD.objects.items():
        found = dana.run(panels.layout, name)
        assert set(found.properties) <= set(kind.properties) - {kind.title}
        assert found.properties
        assert found.activities == panels.ACTIVITIES
    assert dana.run(panels.layout, "companies").related[:3] == ("contacts", "deals", "tickets")
    assert dana.run(panels.layout, "deals").related == ("contacts", "tasks", "companies")
    with pytest.raises(NotFound):
        dana.run(panels.layout, "dogs")


def test_cus_11_properties_activities_and_related_are_chosen_and_ordered(dana):
    own = dana.run(panels.layout, "companies")
    chosen = dana.run(panels.set_layout, "companies", properties=["arr", "owner", "arr"], related=["deals", "contacts"])
    assert chosen == dana.run(panels.layout, "companies")
    assert chosen == panels.Layout(("arr", "owner"), own.activities, ("deals", "contacts"))
    company = dana.run(records.add, "companies", {"name": "Blåbær"})
    for kind, texts in (
        ("contacts", {"first_name": "Kari"}),
        ("deals", {"name": "One"}),
        ("tickets", {"subject": "T"}),
    ):
        dana.run(records.add, kind, {**texts, "companies": "Blåbær"})
    page = dana.run(record_page.page, "companies", company)
    assert [group.label for group in page.groups] == ["Deals", "Contacts"]
    assert page.layout == chosen
    dana.run(panels.set_layout, "companies", activities=["calls"])
    assert dana.run(panels.layout, "companies") == panels.Layout(("arr", "owner"), ("calls",), chosen.related)
    dana.run(undo.undo)
    assert dana.run(panels.layout, "companies") == chosen
    assert dana.run(panels.set_layout, "companies") == chosen
    assert dana.run(panels.reset, "companies") == own
    assert dana.run(panels.layout, "companies") == own
    assert dana.run(panels.layout, "deals").properties[0] == "pipeline"


def test_cus_11_what_is_not_there_cannot_be_shown(dana):
    for what, name in (("properties", "arrr"), ("activities", "page views"), ("related", "users")):
        with pytest.raises(Invalid, match=f"there is no '{name}'") as raised:
            dana.run(panels.set_layout, "companies", **{what: [name]})
        assert raised.value.field == what
