"""Text to raw values and back, for every type of property (SVC, REV, IMP-2)."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.schema.model import Option, Property, PropertyType
from cs_workspace.domain.schema.standard import STANDARD, TASKS
from cs_workspace.domain.schema.values import (
    LARGEST,
    MAX_LONG_TEXT,
    MAX_TEXT,
    Edge,
    json_value,
    parse_value,
    print_value,
)

T = PropertyType
TEXTS = {T.USER: "user", T.PIPELINE: "pipeline", T.STAGE: "stage"}


def resolve(prop, text):
    if prop.type is T.ASSOCIATION:
        return tuple(int(part.removeprefix("#")) for part in text.split("; "))
    return int(text.removeprefix("#"))


def name(prop, raw):
    return "; ".join(f"#{each}" for each in raw) if prop.type is T.ASSOCIATION else f"#{raw}"


EDGE = Edge(ZoneInfo("Europe/Rome"), "EUR", resolve, name)
OPTIONS = (Option("to_do", "To-do"), Option("on_track", "On track"), Option("none", "None"))
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=50)
IDS = st.integers(1, 2**40)
RAW: dict[PropertyType, st.SearchStrategy[object]] = {
    T.TEXT: LINE,
    T.LONG_TEXT: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    T.INTEGER: st.integers(-LARGEST, LARGEST),
    T.NUMBER: st.integers(-(10**9), 10**9).map(lambda n: n / 1000),
    T.MONEY: st.integers(-LARGEST, LARGEST),
    T.DATE: st.integers(-700_000, 2_000_000),
    T.DATETIME: st.integers(-2_000_000_000_000, 250_000_000_000_000),  # before 1900 offsets have seconds
    T.DURATION: st.integers(0, 10**8),
    T.BOOLEAN: st.booleans(),
    T.ENUMERATION: st.sampled_from([o.name for o in OPTIONS]),
    T.USER: IDS,
    T.PIPELINE: IDS,
    T.STAGE: IDS,
    T.ASSOCIATION: st.lists(IDS, min_size=1, unique=True).map(tuple),
}


def prop_of(type_, **more):
    return Property("p", "P", type_, options=OPTIONS if type_ is T.ENUMERATION else (), **more)


@pytest.mark.parametrize("type_", list(PropertyType))
def test_what_is_printed_is_read_back(type_):
    prop = prop_of(type_)

    @given(RAW[type_])
    def reads_back(raw):
        assert parse_value(prop, print_value(prop, raw, EDGE), EDGE) == raw

    reads_back()


@pytest.mark.parametrize("type_", list(PropertyType))
@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_is_no_value_and_no_value_is_blank(type_, blank):
    prop = prop_of(type_)
    if type_ is T.LONG_TEXT and blank:
        assert parse_value(prop, blank, EDGE) == blank
        return
    none = () if type_ is T.ASSOCIATION else None
    assert parse_value(prop, blank, EDGE) == none
    assert print_value(prop, none, EDGE) == ""


@pytest.mark.parametrize(
    ("type_", "text", "raw"),
    [
        (T.TEXT, "  Łódź  ", "Łódź"),
        (T.TEXT, "[@click=app.quit] \x1b[31m", "[@click=app.quit] \x1b[31m"),
        (T.LONG_TEXT, " two\n lines ", " two\n lines "),
        (T.INTEGER, "12k", 12_000),
        (T.INTEGER, "-3.0", -3),
        (T.NUMBER, "1,5", 1.5),
        (T.MONEY, "1,234.50 €", 123_450),
        (T.DATE, "2026-03-31T23:00", 20_543),
        (T.DURATION, "90", 90),
        (T.DURATION, "1h30", 5400),
        (T.BOOLEAN, "YES", True),
        (T.BOOLEAN, "0", False),
        (T.ENUMERATION, "TO DO", "to_do"),
        (T.ENUMERATION, "on-track", "on_track"),
        (T.ENUMERATION, "none", "none"),
    ],
)
def test_ways_to_write_a_value(type_, text, raw):
    assert parse_value(prop_of(type_), text, EDGE) == raw


@pytest.mark.parametrize(
    ("type_", "text", "why"),
    [
        (T.TEXT, "a\0b", "NUL"),
        (T.TEXT, "\ud800", "half a character"),
        (T.TEXT, "x" * (MAX_TEXT + 1), "longer than 1,000"),
        (T.LONG_TEXT, "x" * (MAX_LONG_TEXT + 1), "longer than 100,000"),
        (T.INTEGER, "1.5", "not a whole number"),
        (T.INTEGER, str(2**63), "not a whole number"),
        (T.NUMBER, "NaN", "not a number"),
        (T.NUMBER, "1e5", "not a number"),
        (T.MONEY, "12 CHF", "not in EUR"),
        (T.MONEY, "1.234", "two ways"),
        (T.DATE, "31.03.2026", "not a date"),
        (T.DATETIME, "noon", "not a date-time"),
        (T.BOOLEAN, "maybe", "neither yes nor no"),
        (T.ENUMERATION, "on trck", "not one of its choices"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_property(type_, text, why):
    with pytest.raises(Invalid, match=why) as caught:
        parse_value(prop_of(type_), text, EDGE)
    assert caught.value.field == "p"


def test_qry_4_a_wrong_choice_names_the_nearest():
    with pytest.raises(Invalid) as caught:
        parse_value(prop_of(T.ENUMERATION), "on trck", EDGE)
    assert caught.value.hint == "Did you mean On track?"


def test_money_is_in_the_currency_of_its_record():
    money = prop_of(T.MONEY)
    assert parse_value(money, "100", EDGE, "JPY") == 100
    assert parse_value(money, "1.234", EDGE, "KWD") == 1234
    assert print_value(money, 100, EDGE, "JPY") == "100"
    assert print_value(money, 100, EDGE) == "1.00"


def test_keys_are_kept_without_case():
    for key in ("login", "email", "domain"):
        assert parse_value(Property(key, key, T.TEXT), " Dana@X.IO", EDGE) == "dana@x.io"
    assert parse_value(Property("currency", "Currency", T.TEXT), "usd", EDGE) == "USD"
    with pytest.raises(Invalid, match="not a currency"):
        parse_value(Property("currency", "Currency", T.TEXT), "dollars", EDGE)


@pytest.mark.parametrize(
    ("type_", "raw", "value"),
    [
        (T.INTEGER, 5, 5),
        (T.NUMBER, 0.5, 0.5),
        (T.DURATION, 90, 90),
        (T.BOOLEAN, False, False),
        (T.MONEY, 123_450, "1234.50"),
        (T.DATE, 20_543, "2026-03-31"),
        (T.DATETIME, 0, "1970-01-01T01:00:00+01:00"),
        (T.USER, 7, "#7"),
        (T.ASSOCIATION, (3, 4), ["#3", "#4"]),
        (T.ASSOCIATION, (), []),
        (T.TEXT, None, None),
    ],
)
def test_values_for_machines(type_, raw, value):
    assert json_value(prop_of(type_), raw, EDGE) == value


def test_a_single_relation_for_machines_is_one_name():
    single = replace(prop_of(T.ASSOCIATION), single=True)
    assert json_value(single, (3,), EDGE) == "#3"
    assert json_value(single, (), EDGE) is None


def test_every_choice_of_every_object_is_read_by_its_name_and_its_label():
    for kind in STANDARD.objects.values():
        for prop in kind.of_type(T.ENUMERATION):
            for option in prop.options:
                assert parse_value(prop, option.name, EDGE) == option.name
                assert parse_value(prop, option.label, EDGE) == option.name


def test_every_object_names_its_records_by_a_property_it_has():
    for kind in STANDARD.objects.values():
        assert kind.title in kind.properties
        assert not kind.owner or kind.properties[kind.owner].type is T.USER
        assert STANDARD.by_code(kind.code) is kind
    with pytest.raises(KeyError):
        STANDARD.by_code(999)
    assert TASKS.owner == "assignee"
