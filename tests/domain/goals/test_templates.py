"""Templates and from-scratch goals (GOL-5, GOL-6, GOL-8, PER-12)."""

from dataclasses import replace

import pytest

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Aggregate, Category, Direction, Kpi, Unit
from cs_workspace.domain.goals.templates import TEMPLATES, custom_kpi, custom_offered, find_template
from cs_workspace.domain.schema.model import Property, PropertyType, Schema
from cs_workspace.domain.schema.standard import STANDARD

DEALS = STANDARD["deals"]
SCORED = Schema(
    {
        **STANDARD.objects,
        "deals": replace(
            DEALS, properties={**DEALS.properties, "score": Property("score", "Score", PropertyType.NUMBER)}
        ),
    }
)


def test_gol_5_templates_are_listed_by_category():
    by_category = {
        category: [each.name for each in TEMPLATES.values() if each.category is category] for category in Category
    }
    assert by_category == {
        Category.SERVICE: ["avg_ticket_response_time", "avg_ticket_resolution_time", "tickets_closed"],
        Category.SALES: ["deals_created", "calls_made", "meetings_booked", "revenue", "forecasted_revenue"],
        Category.FORECAST: [],
        Category.CUSTOM: [],
    }


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("revenue", ("deals", "sum", "amount_home", "", "is_won:yes", "close_date", "higher", "currency")),
        ("forecasted_revenue", ("deals", "sum", "amount_home", "", "is_won:yes", "close_date", "higher", "currency")),
        ("deals_created", ("deals", "count", "", "", "", "created_at", "higher", "number")),
        ("calls_made", ("calls", "count", "", "", "", "at", "higher", "number")),
        ("meetings_booked", ("meetings", "count", "", "", "", "booked_at", "higher", "number")),
        ("tickets_closed", ("tickets", "count", "", "", "is_closed:yes", "closed_at", "higher", "number")),
        (
            "avg_ticket_response_time",
            (
                "tickets",
                "average",
                "first_reply_at",
                "created_at",
                "first_reply_at:any",
                "first_reply_at",
                "lower",
                "duration",
            ),
        ),
        (
            "avg_ticket_resolution_time",
            ("tickets", "average", "closed_at", "created_at", "is_closed:yes", "closed_at", "lower", "duration"),
        ),
    ],
)
def test_gol_6_templates_measure_what_the_table_says(name, row):
    kpi = TEMPLATES[name].kpi
    found = (kpi.object, kpi.aggregate, kpi.measure, kpi.since, kpi.filter, kpi.dated_by, kpi.direction, kpi.unit)
    assert found == row


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=str)
def test_gol_8_every_template_could_be_made_from_scratch(template):
    kpi = template.kpi
    made = custom_kpi(
        STANDARD,
        object=kpi.object,
        aggregate=kpi.aggregate,
        measure=kpi.measure,
        since=kpi.since,
        filter=kpi.filter,
        dated_by=kpi.dated_by,
        direction=kpi.direction,
    )
    assert made == kpi


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=str)
def test_gol_21_templates_whose_object_has_pipelines_offer_them(template):
    assert template.has_pipelines == STANDARD[template.kpi.object].has_pipeline


def _offered(**tiers):
    return {each.name for each in TEMPLATES.values() if each.offered(**tiers)}


REVENUE = {"revenue", "forecasted_revenue"}
SALES = REVENUE | {"deals_created", "calls_made", "meetings_booked"}
SERVICE = REVENUE | {"avg_ticket_response_time", "avg_ticket_resolution_time", "tickets_closed"}


@pytest.mark.parametrize(
    ("sales", "service", "names"),
    [
        ("none", "none", set()),
        ("starter", "none", REVENUE),
        ("none", "starter", REVENUE),
        ("professional", "none", SALES),
        ("enterprise", "none", SALES),
        ("none", "professional", SERVICE),
        ("none", "enterprise", SERVICE),
        ("professional", "professional", SALES | SERVICE),
    ],
)
def test_per_12_measures_follow_the_tier(sales, service, names):
    assert _offered(sales_tier=sales, service_tier=service) == names


def test_per_12_goals_from_scratch_are_for_enterprise():
    assert custom_offered(sales_tier="enterprise")
    assert custom_offered(service_tier="enterprise")
    assert not custom_offered(sales_tier="professional", service_tier="professional")


def test_gol_5_an_unknown_template_names_the_nearest():
    assert find_template("revenue") is TEMPLATES["revenue"]
    with pytest.raises(Invalid, match="Did you mean tickets_closed"):
        find_template("ticket_closed")


def _custom(**changes):
    given = {
        "object": "deals",
        "aggregate": Aggregate.SUM,
        "measure": "amount_home",
        "dated_by": "close_date",
        "direction": Direction.HIGHER,
    }
    return custom_kpi(SCORED, **given | changes)


def test_gol_8_the_unit_follows_from_what_is_measured():
    assert _custom().unit is Unit.CURRENCY
    assert _custom(measure="score").unit is Unit.NUMBER
    assert _custom(object="calls", measure="duration", dated_by="at").unit is Unit.DURATION
    assert _custom(object="companies", measure="employees", dated_by="renewal_date").unit is Unit.NUMBER
    assert _custom(measure="close_date", since="created_at", aggregate=Aggregate.MAXIMUM).unit is Unit.DURATION
    assert _custom(object="tasks", aggregate=Aggregate.COUNT, measure="", dated_by="completed_at") == Kpi(
        "tasks", Aggregate.COUNT, "completed_at", Direction.HIGHER, Unit.NUMBER
    )


def test_gol_8_a_count_measures_the_record_id():
    assert _custom(aggregate=Aggregate.COUNT, measure="id").measure == ""


@pytest.mark.parametrize(
    ("changes", "field", "hint"),
    [
        ({"object": "deal"}, "object", "deals"),
        ({"object": "users"}, "object", "owner"),
        ({"object": "activities"}, "object", "owner"),
        ({"dated_by": "closed_date"}, "dated_by", "close_date"),
        ({"dated_by": "name"}, "dated_by", "close_date"),
        ({"measure": "amuont_home"}, "measure", "amount_home"),
        ({"measure": ""}, "measure", "Choose from"),
        ({"measure": "name"}, "measure", "Choose from"),
        ({"measure": "amount"}, "measure", "amount_home"),
        ({"object": "subscriptions", "measure": "mrr", "dated_by": "start_date"}, "measure", ""),
        ({"measure": "close_date"}, "measure", "Choose from"),
        ({"measure": "close_date", "since": "name"}, "since", "created_at"),
        ({"measure": "score", "since": "created_at"}, "measure", "close_date"),
        ({"aggregate": Aggregate.COUNT}, "measure", "Leave it out"),
        ({"aggregate": Aggregate.COUNT, "measure": "", "since": "created_at"}, "measure", "Leave it out"),
    ],
)
def test_gol_8_what_cannot_be_measured_is_refused(changes, field, hint):
    with pytest.raises(Invalid) as refusal:
        _custom(**changes)
    assert refusal.value.field == field
    assert hint in refusal.value.hint
