"""Quick filters of dates, and the values that can be listed (CUS-3, QRY-2, QRY-3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.goals.overview import GOAL_ROWS
from cs_workspace.domain.query.binding import bind, canonical
from cs_workspace.domain.query.form import asked, asking
from cs_workspace.domain.query.listed import listed
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.presets import preset_of, presets, quick_first
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.domain.schema.standard import COMPANIES, DEALS, STANDARD, TICKETS, USERS
from tests.domain.query.test_binding import HERE, People
from tests.domain.query.test_form import ASKED

DATES = [
    (kind, prop)
    for kind in STANDARD.objects.values()
    for prop in kind.of_type(PropertyType.DATE, PropertyType.DATETIME)
]


@given(ASKED, st.sampled_from(DATES), st.integers(0, 7))
def test_cus_3_a_quick_filter_is_part_of_the_tree_and_comes_back_from_the_text(tree, dated, which):
    """QRY-3: form to tree to text to tree to form; what else is asked stays."""
    _, prop = dated
    preset = presets(prop)[min(which, len(presets(prop)) - 1)]
    changed = parse(print_tree(asking(tree, prop.name, preset.tests)))
    assert asked(changed, prop.name) == preset.tests
    assert preset_of(prop, asked(changed, prop.name)) == preset
    assert asking(changed, prop.name, ()) == asking(tree, prop.name, ())


@pytest.mark.parametrize(("kind", "prop"), DATES, ids=lambda each: each.name)
def test_cus_3_every_quick_filter_means_something(kind, prop):
    labels = [preset.label for preset in presets(prop)]
    assert len(set(labels)) == len(labels) >= 7
    for preset in presets(prop):
        bound = bind(asking(parse("acme"), prop.name, preset.tests), kind, HERE)
        assert bind(parse(canonical(bound)), kind, HERE) == bound


def test_cus_3_what_is_asked_most_comes_first():
    assert [prop.name for prop in quick_first(COMPANIES)][:2] == ["created_at", "last_activity_at"]
    assert [prop.name for prop in quick_first(DEALS)][:3] == ["owner", "created_at", "last_activity_at"]
    assert [prop.name for prop in quick_first(TICKETS)][:2] == ["owner", "created_at"]
    assert quick_first(GOAL_ROWS) == list(GOAL_ROWS.properties.values())
    assert sorted(prop.name for prop in quick_first(DEALS)) == sorted(DEALS.properties)


def test_qry_2_values_that_can_be_listed():
    """Stages, users, teams, pipelines, options and yes or no; nothing for texts and numbers."""

    def labels(kind, name):
        return [each.label for each in listed(kind.properties[name], kind, People())]

    assert [each.text for each in listed(DEALS.properties["owner"], DEALS, People())][:2] == ["me", "dana"]
    assert labels(TICKETS, "priority")[:2] == ["None", "Low"]
    assert labels(DEALS, "is_closed") == ["Yes", "No"]
    assert "Waiting on us" in labels(TICKETS, "stage")
    assert len(set(labels(TICKETS, "stage"))) == len(labels(TICKETS, "stage"))
    assert labels(USERS, "teams") == labels(GOAL_ROWS, "team") == ["Nordics", "North"]
    assert labels(GOAL_ROWS, "pipelines")
    assert labels(COMPANIES, "name") == labels(COMPANIES, "health") == []
