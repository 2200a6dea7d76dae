from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.clock import day_of, parse_instant
from cs_workspace.domain.query.binding import Context, bind, canonical
from cs_workspace.domain.query.bound import (
    Between,
    BoundAll,
    BoundAnd,
    BoundNot,
    BoundOr,
    Contains,
    InSet,
    IsNone,
    Related,
    RelatedIds,
    Search,
)
from cs_workspace.domain.query.complete import complete
from cs_workspace.domain.query.complete import expected as looks_like
from cs_workspace.domain.query.errors import QueryError
from cs_workspace.domain.query.folding import search_text
from cs_workspace.domain.query.match import matches
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.spans import EXPECTED
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.domain.schema.standard import COMPANIES, CONTACTS, DEALS, NOTES, TASKS, TICKETS, USERS

ROME = ZoneInfo("Europe/Rome")
NOW = parse_instant("2026-11-22T09:00", ROME)  # a Sunday


class People:
    def users(self):
        return [("dana", 1), ("dana@x.io", 1), ("Dana Kim", 1), ("lee", 2), ("Lee Park", 2), ("Łukasz Nowak", 3)]

    def teams(self):
        return [("North", 11), ("Nordics", 12)]

    def pipelines(self, object_type):
        return [("Sales pipeline", 21), ("Renewals", 22)] if object_type == "deals" else [("Support pipeline", 23)]

    def stages(self, object_type):
        if object_type == "deals":
            return [("Closed won", 31), ("Closed lost", 32), ("Closed won", 33), ("Contract sent", 34)]
        return [("Waiting on contact", 35), ("Waiting on us", 36)]


HERE = Context(NOW, ROME, "EUR", user=1, names=People())
ODD = ObjectType(
    "things",
    1000,
    "Thing",
    "Things",
    "name",
    {
        "name": Property("name", "Name", PropertyType.TEXT),
        "ratio": Property("ratio", "Ratio", PropertyType.NUMBER),
        "Grüße (all)": Property("Grüße (all)", "Greetings", PropertyType.INTEGER),
        "twin_a": Property("twin_a", "Twin", PropertyType.TEXT),
        "twin_b": Property("twin_b", "Twin", PropertyType.TEXT),
    },
)


def where(text, kind=COMPANIES, **options):
    return bind(parse(text), kind, HERE, **options).where


def day(text):
    return day_of(date.fromisoformat(text))


def at(text):
    return parse_instant(text, ROME)


def refusal(text, kind=COMPANIES, **options):
    with pytest.raises(QueryError) as caught:
        where(text, kind, **options)
    return caught.value


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("renewal_date", "renewal_date"),
        ("Renewal_Date", "renewal_date"),
        ('"Renewal date"', "renewal_date"),
        ("renewaldate", "renewal_date"),
        ("renewal", "renewal_date"),
        ("created", "created_at"),
        ("id", "id"),
        ("activity", "last_activity_at"),
        ("own", "owner"),
        ("owner_a", "owner_assigned_at"),
    ],
)
def test_qry_2_a_property_goes_by_name_label_or_unique_beginning(written, name):
    bound = bind(parse(f"{written}:any"), COMPANIES, HERE)
    assert isinstance(bound.where, BoundNot)
    assert isinstance(bound.where.part, IsNone)
    assert bound.where.part.property.name == name
    assert canonical(bound) == f"{name}:any"


def test_qry_4_a_word_of_several_names_says_which():
    """QRY-2, QRY-4: `date` is a word of several properties of a company."""
    error = refusal("acme date:any")
    assert (error.column, error.expected) == (6, "one property")
    assert "'date' may be " in error.message
    assert "renewal_date" in error.message


def test_qry_4_a_wrong_property_is_named_with_its_column_and_the_nearest():
    error = refusal("acme helth:<40")
    assert error.column == 6
    assert "'helth'" in error.message
    assert error.nearest == "Did you mean health?"
    assert error.hint == error.nearest
    assert "may be" in refusal("l:x").message
    assert "names 2 of them" in refusal("twin:x", ODD).message


@pytest.mark.parametrize(
    ("text", "raws"),
    [
        ("owner:me", {1}),
        ("owner:lee", {2}),
        ("owner:DANA@x.io", {1}),
        ('owner:"dana kim"', {1}),
        ("owner:da", {1}),
        ("owner:lukasz", {3}),
        ("owner:me,lee", {1, 2}),
        ("owner:#7", {7}),
        ("lifecycle:customer", {"customer"}),
        ("lifecycle:cust,lead", {"customer", "lead"}),
        ('lifecycle:"Marketing Qualified"', {"marketing_qualified_lead"}),
        ("sentiment:neg", {"negative"}),
        ("employees:1.5k", {1500}),
        ("health:40", {40}),
        ("id:3,5", {3, 5}),
        ("arr:12k", {1_200_000}),
        ("renewal:today", {day("2026-11-22")}),
        ("renewal:yesterday,tomorrow", {day("2026-11-21"), day("2026-11-23")}),
        ("renewal:-30d", {day("2026-10-23")}),
        ("renewal:+2w", {day("2026-12-06")}),
        ("renewal:+3m", {day("2027-02-22")}),
        ("renewal:-1y", {day("2025-11-22")}),
        ("renewal:2026-12-31", {day("2026-12-31")}),
    ],
)
def test_qry_2_single_values(text, raws):
    found = where(text)
    assert isinstance(found, InSet)
    assert found.raws == raws


@pytest.mark.parametrize(
    ("kind", "text", "raws"),
    [
        (DEALS, 'stage:"Closed won"', {31, 33}),
        (DEALS, "stage:closedwon", {31, 33}),
        (DEALS, "stage:con", {34}),
        (DEALS, "pipeline:renew", {22}),
        (TICKETS, 'stage:"waiting on u"', {36}),
        (DEALS, "is_won:yes", {True}),
        (DEALS, "won:n", {False}),
        (TASKS, "type:todo", {"to_do"}),
        (TASKS, 'priority:"none"', {"none"}),
        (NOTES, "duration:1h30,90m,2d", {5400, 172_800}),
        (ODD, '"Grüße (all)":3', {3}),
    ],
)
def test_qry_2_single_values_of_other_objects(kind, text, raws):
    found = where(text, kind)
    assert isinstance(found, InSet)
    assert found.raws == raws


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("health:<40", None, 40),
        ("health:<=40", None, 41),
        ("health:>40", 41, None),
        ("health:>=40", 40, None),
        ("health:20..40", 20, 41),
        ("health:-5..", -5, None),
        ("arr:..1.5m", None, 150_000_001),
        ("renewal:..+90d", None, day("2027-02-21")),
        ("renewal:2026-03", day("2026-03-01"), day("2026-04-01")),
        ("renewal:2026-Q4", day("2026-10-01"), day("2027-01-01")),
        ("renewal:2026-q4", day("2026-10-01"), day("2027-01-01")),
        ("renewal:2026", day("2026-01-01"), day("2027-01-01")),
        ("renewal:..2026-03", None, day("2026-04-01")),
        ("renewal:<2026-03", None, day("2026-03-01")),
        ("renewal:>2026-03", day("2026-04-01"), None),
        ("renewal:2025..2026-Q1", day("2025-01-01"), day("2026-04-01")),
        ("renewal:this-week", day("2026-11-16"), day("2026-11-23")),
        ("renewal:next-week", day("2026-11-23"), day("2026-11-30")),
        ("renewal:last-month", day("2026-10-01"), day("2026-11-01")),
        ("renewal:this-quarter", day("2026-10-01"), day("2027-01-01")),
        ("renewal:next-quarter", day("2027-01-01"), day("2027-04-01")),
        ("renewal:last-year", day("2025-01-01"), day("2026-01-01")),
        ("created:today", at("2026-11-22"), at("2026-11-23")),
        ("created:..today", None, at("2026-11-23")),
        ("created:2026-03-29", at("2026-03-29"), at("2026-03-29") + 23 * 3_600_000),
        ("created:2026-03", at("2026-03-01"), at("2026-04-01")),
        ("created:>=2026-03-01T14:00", at("2026-03-01T14:00"), None),
        ("created:2026-03-01T14:00", at("2026-03-01T14:00"), at("2026-03-01T14:01")),
        ("created:2026-03-01T14:00:05Z", at("2026-03-01T15:00:05"), at("2026-03-01T15:00:06")),
        ('created:"2026-03-01 14:00"', at("2026-03-01T14:00"), at("2026-03-01T14:01")),
        ("created:<now", None, NOW),
        ("created:-720h..", NOW - 720 * 3_600_000, None),
        ("created:..+12H", None, NOW + 12 * 3_600_000 + 1),
    ],
)
def test_qry_2_spans(text, low, high):
    found = where(text)
    assert isinstance(found, Between)
    assert (found.low, found.high) == (low, high)


def test_qry_2_weeks_start_where_the_account_says():
    sunday = bind(parse("renewal:this-week"), COMPANIES, replace(HERE, week_start=6)).where
    assert isinstance(sunday, Between)
    assert (sunday.low, sunday.high) == (day("2026-11-22"), day("2026-11-29"))


def test_qry_2_days_are_those_of_the_time_zone():
    late = replace(HERE, now=parse_instant("2026-11-22T23:30Z", ROME))
    found = bind(parse("renewal:today"), COMPANIES, late).where
    assert isinstance(found, InSet)
    assert found.raws == {day("2026-11-23")}


def test_qry_2_hours_are_exact_and_days_are_those_of_the_calendar():
    """The clocks went back within these thirty days: they are 721 hours long."""
    after = replace(HERE, now=parse_instant("2026-11-05T09:00", ROME))
    days, hours = (bind(parse(f"created:{text}.."), COMPANIES, after).where for text in ("-30d", "-720h"))
    assert isinstance(days, Between)
    assert isinstance(hours, Between)
    assert days.low == at("2026-10-06")
    assert hours.low == at("2026-10-06T10:00")
    assert "is a time, not a day" in str(refusal("renewal:-720h.."))


def test_qry_1_words_texts_and_related_records():
    assert where("") == BoundAll()
    assert where('"Łódź Robotics"') == Search(("lodz", "robotics"))
    assert where("★") == BoundAll()
    assert where("industry:Café,%_") == BoundOr(
        (Contains(COMPANIES.properties["industry"], "cafe"), Contains(COMPANIES.properties["industry"], "%_"))
    )
    companies = CONTACTS.properties["companies"]
    assert where("companies:Acme", CONTACTS) == Related(companies, "acme")
    assert where("companies:#5,#6", CONTACTS) == RelatedIds(companies, frozenset({5, 6}))
    assert where("companies:none", CONTACTS) == IsNone(companies)
    assert where("teams:north", USERS) == RelatedIds(USERS.properties["teams"], frozenset({11}))
    owner = COMPANIES.properties["owner"]
    assert where("owner:me,none,lee") == BoundOr((IsNone(owner), InSet(owner, frozenset({1, 2}))))
    assert where("a or -(b c)") == BoundOr((Search(("a",)), BoundNot(BoundAnd((Search(("b",)), Search(("c",)))))))


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("owner:nobody", 7, "no user 'nobody'"),
        ("acme lifecycle:custo,xyz", 22, "'xyz'"),
        ("health:abc", 8, "a whole number"),
        ("health:39.5", 8, "a whole number"),
        ("employees:99999999999999999999", 11, "out of range"),
        ("arr:1.234567", 5, "an amount"),
        ("renewal:soon", 9, "this-month"),
        ("renewal:2026-13", 9, "a day or period"),
        ("renewal:2026-02-30", 9, "a day or period"),
        ("renewal:+99999y", 9, "a day or period"),
        ("renewal:0001-01-01..9999-12-31", 21, "a day or period"),
        ("renewal:30d", 9, "a day or period"),
        ("renewal:2026-03-01T14:00", 9, "a time, not a day"),
        ("created:0001-01-01", 9, "a time, day or period"),
        ("name:>a", 7, "no order"),
        ("owner:..me", 9, "no order"),
        ("health:40..20", 8, "ends before it begins"),
        ('name:""', 6, "missing"),
        ('"":x', 1, "no property ''"),
        ("name_:\x1b]52;c;eA==\x07 owner:\x1b[31m", 26, "\\x1b[31m"),
    ],
)
def test_qry_4_a_wrong_value_is_shown_with_its_column(text, column, said):
    error = refusal(text)
    assert error.column == column
    assert said in str(error)
    assert str(error).isprintable()
    assert len(str(error)) < 300


def test_qry_4_an_ambiguous_value_lists_what_it_may_be():
    error = refusal("stage:closed", DEALS)
    assert "'Closed lost', 'Closed won'" in error.message
    assert error.column == 7


@pytest.mark.parametrize(
    "text",
    [
        *("owner:me", "created:today", "created:-30d..", "created:-720h..", "created:<this-month"),
        *("acme", "companies:acme", "companies:any"),
    ],
)
def test_qry_2_fixed_queries_refuse_what_changes_its_meaning(text):
    assert refusal(text, DEALS, allow_relative=False).column >= 1
    assert where(text, DEALS)


def test_qry_2_fixed_queries_take_the_rest():
    assert where("-owner:dana stage:con created:2026-03 amount:>1k name:acme is_won:yes", DEALS, allow_relative=False)


@pytest.mark.parametrize(
    ("text", "kind", "kept"),
    [
        ("  acme   RENEWAL:..+90d !lifecycle:Cust ", COMPANIES, "acme renewal_date:..+90d -lifecycle_stage:customer"),
        ("(a or (b))  c:DE", COMPANIES, "(a or b) country:DE"),
        ('priority:none,"none",H', TASKS, 'priority:none,"none",high'),
        ("greet:>3", ODD, '"Grüße (all)":>3'),
        ('OWNER:"dana kim"', COMPANIES, 'owner:"dana kim"'),
    ],
)
def test_qry_3_views_keep_the_canonical_text(text, kind, kept):
    text = text.replace("c:DE", "country:DE")
    bound = bind(parse(text), kind, HERE)
    assert canonical(bound) == kept
    again = bind(parse(kept), kind, HERE)
    assert again == bound
    assert canonical(again) == kept


def test_qry_3_a_text_that_could_not_be_read_again_is_not_kept():
    phrase = '"' + "x" * 9_960 + '"'
    bound = bind(parse(f"{phrase} lifecycle:m,m,m"), COMPANIES, HERE)
    with pytest.raises(QueryError, match="longer than 10,000 characters"):
        canonical(bound)


RECORD = {
    "id": 5,
    "name": "Łódź Robotics",
    "owner": 1,
    "lifecycle_stage": "customer",
    "employees": 120,
    "arr": 4_800_000,
    "renewal_date": day("2026-12-15"),
    "health": None,
    "created_at": at("2026-03-01T14:00"),
    "industry": "100% _Café_",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("-()", False),
        ("lodz", True),
        ("rob lod", True),
        ("obotics", False),
        ("name:obot", True),
        ("owner:me", True),
        ("owner:lee", False),
        ("health:<40", False),
        ("-health:<40", True),
        ("health:none", True),
        ("health:any", False),
        ("-health:any", True),
        ("-sentiment:positive", True),
        ("employees:100..120", True),
        ("employees:<120", False),
        ("arr:48k", True),
        ("renewal:this-quarter", True),
        ("renewal:..+3w", False),
        ("renewal:..+4w", True),
        ("created:2026-03-01", True),
        ("industry:%", True),
        ("industry:0_", False),
        ("industry:cafe", True),
        ("lifecycle:lead or employees:>100", True),
        ("lifecycle:lead employees:>100", False),
        ("-(lifecycle:lead or owner:lee)", True),
    ],
)
def test_qry_1_matching(text, expected):
    assert matches(where(text), RECORD, search_text=search_text(["Łódź Robotics", "lodz.example"])) is expected


def test_qry_1_matching_related_records():
    contact = {"companies": (5, 6)}
    known = {"companies": ["Łódź Robotics", "lodz.example"]}
    assert matches(where("companies:lodz", CONTACTS), contact, related=known)
    assert not matches(where("companies:acme", CONTACTS), contact, related=known)
    assert matches(where("companies:#6", CONTACTS), contact)
    assert not matches(where("companies:#7", CONTACTS), contact)
    assert matches(where("companies:none", CONTACTS), {"companies": ()})
    assert matches(where("-companies:#6", CONTACTS), {"companies": ()})


def test_qry_2_none_is_also_an_option_of_that_name():
    for record, known in (({"priority": None}, False), ({"priority": "none"}, False), ({"priority": "low"}, True)):
        assert matches(where("priority:none", TASKS), record) is not known
        assert matches(where("priority:any", TASKS), record) is known
    assert not matches(where('priority:"none"', TASKS), {"priority": None})


@given(st.floats(-1e6, 1e6), st.integers(-1000, 1000))
def test_qry_1_comparisons_of_numbers_are_exact(value, border):
    record = {"ratio": value}
    for sign, expected in (
        (">", value > border),
        (">=", value >= border),
        ("<", value < border),
        ("<=", value <= border),
    ):
        assert matches(where(f"ratio:{sign}{border}", ODD), record) is expected
    assert matches(where(f"ratio:{border}", ODD), {"ratio": float(border)})


def labels(text, kind=COMPANIES, cursor=None):
    return [c.text for c in complete(text, len(text) if cursor is None else cursor, kind, People())]


def test_qry_4_completion_offers_names_and_values():
    assert labels("acme -(ren") == ["renewal_date:"]
    assert labels("first", CONTACTS) == ["first_name:"]
    assert labels("sentiment:") == ["positive", "neutral", "negative", "none", "any"]
    assert labels("sentiment:positive,neu") == ["neutral"]
    assert labels("owner:dana k") == []
    assert labels('owner:"dana k') == ["dana"]
    assert labels("owner:kim") == ["dana"]
    assert labels("renewal:..this-m") == ["this-month"]
    assert labels("is_won:", DEALS) == ["yes", "no", "none", "any"]
    assert labels("stage:waiting", TICKETS) == ['"Waiting on contact"', '"Waiting on us"']
    assert labels("teams:nor", USERS) == ["Nordics", "North"]
    assert labels("activ") == ["last_activity_at:"]
    assert labels("renewal:..+9") == ["+9d", "+9w", "+9m", "+9y"]
    assert labels("renewal:>-") == ["-30d", "-30w", "-30m", "-30y"]
    assert labels("renewal:2026-q") == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert labels("nonsense:x") == []
    assert labels("sent acme", cursor=4) == ["sentiment:"]
    assert len(complete("", 0, COMPANIES, People(), limit=5)) == 5
    (found,) = complete("a -sent", 7, COMPANIES, People())
    assert (found.text, found.start, found.label) == ("sentiment:", 3, "Sentiment")
    assert complete('x owner:me,"le', 14, COMPANIES, People())[0].start == 11


def test_qry_4_a_value_with_an_order_says_what_it_looks_like():
    assert looks_like("acme health:<4", 14, COMPANIES) == EXPECTED[PropertyType.INTEGER]
    assert looks_like("renewal:..", 10, COMPANIES) == EXPECTED[PropertyType.DATE]
    assert [looks_like(text, len(text), COMPANIES) for text in ("hea", "owner:d", "nonsense:1", "")] == [""] * 4


@given(st.text('ab "():,.<>=!-\0\n', max_size=30), st.integers(-3, 40))
def test_qry_4_completion_takes_any_text(text, cursor):
    for found in complete(text, cursor, COMPANIES, People()):
        assert 0 <= found.start <= len(text)


@given(
    st.sampled_from(["name", "owner", "health", "arr", "renewal", "created", "lifecycle", "id"]),
    st.text(st.characters()),
)
def test_qry_4_any_value_binds_or_is_refused(name, value):
    quotes = value.replace('"', '""')
    for test in (f'"{quotes}"', f'>"{quotes}"', value):
        try:
            bound = bind(parse(f"{name}:{test}"), COMPANIES, HERE)
        except QueryError as refused:
            said = str(refused)
        else:
            said = ""
            assert bind(parse(canonical(bound)), COMPANIES, HERE) == bound
            matches(bound.where, RECORD)
        assert len(said) < 400


def test_qry_4_hostile_text_takes_no_time():
    for text in ('"' * 9_999, "a:" + '"' * 9_998, "(" * 100_000, ")" * 100_000, "a:" + "." * 9_000, "a:b," * 25_000):
        with pytest.raises(QueryError):
            where(text)
        complete(text, len(text), COMPANIES, People())
