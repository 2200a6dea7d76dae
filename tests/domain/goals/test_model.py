"""One shape for all goals (GOL-1)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.goals.model import Aggregate, Kpi, Unit, from_json, in_units, scale, to_json
from cs_workspace.domain.goals.templates import TEMPLATES


@given(st.builds(Kpi))
def test_gol_1_a_kpi_survives_storage(kpi):
    assert from_json(json.loads(json.dumps(to_json(kpi)))) == kpi


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=str)
def test_gol_1_templates_are_kpis_like_any_other(template):
    assert from_json(to_json(template.kpi)) == template.kpi


@pytest.mark.parametrize(
    ("unit", "places", "steps"),
    [(Unit.NUMBER, 2, 10**6), (Unit.CURRENCY, 2, 100), (Unit.CURRENCY, 0, 1), (Unit.DURATION, 2, 1)],
)
def test_gol_35_units_have_whole_small_steps(unit, places, steps):
    assert scale(unit, places) == steps
    assert in_units(steps * 3, unit, places) == 3


def test_gol_28_only_counts_and_sums_add_up():
    assert [each for each in Aggregate if each.additive] == [Aggregate.COUNT, Aggregate.SUM]
