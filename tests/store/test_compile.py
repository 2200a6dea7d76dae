"""What the compiler finds in a store is what `domain.query.match` decides record by record (QRY-1 to QRY-6, S10)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from cs_workspace.domain.clock import DAY
from cs_workspace.domain.goals.templates import find_template
from cs_workspace.domain.query.binding import ID, Context, bind
from cs_workspace.domain.query.bound import (
    Between,
    BoundAll,
    BoundAnd,
    BoundNot,
    BoundOr,
    Condition,
    Contains,
    InSet,
    IsNone,
    Related,
    RelatedIds,
    Search,
)
from cs_workspace.domain.query.folding import fold, search_text, words
from cs_workspace.domain.query.match import matches
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.domain.schema.standard import COMPANIES
from cs_workspace.store import goals, lists
from cs_workspace.store.account import load_pipelines
from cs_workspace.store.compile import Compiler
from cs_workspace.store.goals import Cell

T = PropertyType
NOW = 1_790_000_000_000
ON_ONE_STORE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

NAMES = (
    "Łódź Works",
    "LODZ works",
    "Blåbær & Søn",
    "Đà Nẵng Straße",
    "İstanbul ıssız",
    "100% Pure_Cotton",
    "100x Pure Cotton",
    "back\\slash 'quote' \"double\"",
    "★",
    "Ελλάς Όδος",
    "ﬁnance ℡ 12",
    "a_b",
    "axb",
    "acme-2 e-mail",
    "हिन्दी नाम",
    "שָׁלוֹם",
    "ᾳδης",
)
FRAGMENTS = ("lodz", "o", "%", "_", "a_b", "100%", "\\", "'", '"', "strasse", "e-mail", "ωδοσ", "ss", " ", "tel", "zz")
CUSTOM = (
    ("c_text", T.TEXT),
    ("c_long", T.LONG_TEXT),
    ("c_integer", T.INTEGER),
    ("c_number", T.NUMBER),
    ("c_money", T.MONEY),
    ("c_date", T.DATE),
    ("c_instant", T.DATETIME),
    ("c_duration", T.DURATION),
    ("c_flag", T.BOOLEAN),
    ("c_choice", T.ENUMERATION, ("red", "green", "none")),
    ("c_user", T.USER),
    ("odd name {x}, $.y", T.TEXT),
)


@dataclass(frozen=True)
class Population:
    """Records of one object as `matches` wants them."""

    compiler: Compiler
    records: dict[int, dict[str, Any]]
    related: dict[int, dict[str, list[str]]]

    @property
    def kind(self) -> ObjectType:
        return self.compiler.kind

    def expected(self, condition: Condition) -> set[int]:
        return {
            i
            for i, record in self.records.items()
            if matches(condition, record, search_text=record["search_text"], related=self.related[i])
        }


def made_up(prop: Property, some: random.Random, stages: list[tuple[int, int]], others: dict[str, list[int]]) -> Any:
    match prop.type:
        case T.TEXT | T.LONG_TEXT:
            return some.choice(NAMES)
        case T.INTEGER | T.MONEY | T.DURATION:
            return some.choice((0, 1, -1, 39, 40, 41, 12_000, 2**40))
        case T.NUMBER:
            return some.choice((0.0, -0.5, 0.1, 0.30000000000000004, 40.0, 1e12))
        case T.DATE:
            return 20_000 + some.randrange(4)
        case T.DATETIME:
            return NOW + some.randrange(-2, 3) * DAY + some.choice((0, 1, -1))
        case T.BOOLEAN:
            return some.random() < 0.5
        case T.ENUMERATION:
            return some.choice(prop.options).name
        case T.USER:
            return some.choice(others["users"])
        case T.ASSOCIATION:
            some_ids = others[prop.target]
            return tuple(some.sample(some_ids, k=some.randrange(1, 2 if prop.single else 4)))
        case _:
            raise AssertionError(prop.type)


def populate(desk, name: str, count: int = 40) -> Population:
    some = random.Random(name)
    desk.object("sites", "Site")
    desk.custom(name, *CUSTOM)
    others = {
        "users": desk.create("users", *({"login": f"u{i}", "name": NAMES[i], "active": True} for i in range(4))),
        "companies": desk.create(
            "companies", *({"name": n, "domain": f"d{i}.io" if i % 2 else None} for i, n in enumerate(NAMES))
        ),
        "contacts": desk.create(
            "contacts", *({"first_name": n.split()[0], "email": f"{i}%@x_y.io"} for i, n in enumerate(NAMES))
        ),
    }
    others["teams"] = desk.create("teams", *({"name": f"{n} team"} for n in NAMES[:9]))
    schema = desk.schema
    kind = schema[name]
    with desk.store.reading() as connection:
        pipelines = load_pipelines(connection)
    stages = [(s.pipeline, s.id) for p in pipelines if p.object == kind.code for s in p.stages]
    for other in (schema[prop.target] for prop in kind.associations if prop.target not in others):
        first = next(s for p in pipelines if p.object == other.code for s in p.stages)
        place = {"pipeline": first.pipeline, "stage": first.id}
        others[other.name] = desk.create(other.name, *({other.title: n, **place} for n in NAMES))
    rows = []
    for number in range(count):
        row: dict[str, Any] = {}
        for prop in kind.properties.values():
            if prop.type in (T.PIPELINE, T.STAGE) or prop.computed or (not prop.required and some.random() < 0.3):
                continue
            row[prop.name] = made_up(prop, some, stages, others)
        if kind.has_pipeline:
            row["pipeline"], row["stage"] = some.choice(stages)
        if "currency" in kind.properties:
            row["currency"] = some.choice(("EUR", "USD", None))
        for key in kind.unique_keys:
            row[key.name] = f"{key.name}-{number}" if key.required or some.random() < 0.7 else None
        rows.append(row)
    ids = [*desk.create(name, *rows), *others.get(name, ())]
    with desk.journal() as journal:
        journal.delete(name, ids[::9])
        journal.delete("companies", others["companies"][::5])
    compiler = Compiler(kind, schema, desk.store.is_sqlite)
    records = {i: row for i, row in desk.rows(name, ids).items() if row["deleted_at"] is None}
    related: dict[int, dict[str, list[str]]] = {i: {} for i in records}
    for prop in kind.associations:
        other = schema[prop.target]
        known = dict.fromkeys((other.title, *(key.name for key in other.unique_keys)))
        theirs = {i: r for i, r in desk.rows(other.name, others[other.name]).items() if r["deleted_at"] is None}
        for i, record in records.items():
            record[prop.name] = tuple(each for each in record[prop.name] if each in theirs)
            related[i][prop.name] = [theirs[to][k] for to in record[prop.name] for k in known if theirs[to][k]]
    return Population(compiler, records, related)


def leaves(people: Population) -> st.SearchStrategy[Condition]:
    """Conditions on every property, with values that occur, values beside them, and others."""
    texts = sorted({word for record in people.records.values() for word in record["search_text"].split()})
    beginnings = st.builds(lambda w, n: w[: n or 1], st.sampled_from(texts), st.integers(0, 6))
    each: list[st.SearchStrategy[Condition]] = [
        st.builds(
            Search, st.lists(beginnings | st.sampled_from(words(" ".join(NAMES))), min_size=1, max_size=2).map(tuple)
        )
    ]
    for prop in (ID, *people.kind.properties.values()):
        values = sorted({r[prop.name] for r in people.records.values() if r.get(prop.name) not in (None, ())}, key=repr)
        each.append(st.just(IsNone(prop)))
        match prop.type:
            case T.TEXT | T.LONG_TEXT:
                folded = [f for v in values if (f := fold(v))] or ["x"]
                parts = st.builds(
                    lambda t, a, n: t[a % len(t) :][:n], st.sampled_from(folded), st.integers(0, 9), st.integers(1, 5)
                )
                each.append(st.builds(Contains, st.just(prop), parts | st.sampled_from(FRAGMENTS)))
            case T.ASSOCIATION:
                ids = st.frozensets(st.integers(1, 20), min_size=1, max_size=4)
                each.append(st.builds(RelatedIds, st.just(prop), ids))
                each.append(st.builds(Related, st.just(prop), st.sampled_from(FRAGMENTS)))
            case T.BOOLEAN | T.ENUMERATION | T.USER | T.PIPELINE | T.STAGE:
                choices = [True, False] if prop.type is T.BOOLEAN else [o.name for o in prop.options] or values or [1]
                each.append(st.builds(InSet, st.just(prop), st.frozensets(st.sampled_from(choices), min_size=1)))
            case _:
                numbers = st.sampled_from(values or [1])
                if prop.type is not T.NUMBER:
                    numbers = st.builds(int.__add__, numbers, st.integers(-1, 1))
                    each.append(st.builds(InSet, st.just(prop), st.frozensets(numbers, min_size=1, max_size=4)))
                borders = st.tuples(st.none() | numbers, st.none() | numbers)
                borders = borders.filter(lambda b: b != (None, None) and (None in b or b[0] < b[1]))
                each.append(st.builds(lambda p, b: Between(p, *b), st.just(prop), borders))
    return st.one_of(each)


def trees(people: Population) -> st.SearchStrategy[Condition]:
    def group(parts):
        some = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.builds(BoundNot, parts) | st.builds(BoundAnd, some) | st.builds(BoundOr, some)

    return st.just(BoundAll()) | st.recursive(leaves(people), group, max_leaves=8)


@pytest.mark.parametrize("name", ["deals", "calls", "teams", "sites"])
def test_qry_1_the_store_finds_what_matches_says(desk, name):
    people = populate(desk, name)

    @ON_ONE_STORE
    @given(st.lists(trees(people), min_size=2, max_size=2))
    def agrees(conditions):
        with desk.store.reading() as connection:
            for condition in conditions:
                found = lists.matching_ids(connection, people.compiler, condition)
                assert len(found) == len(set(found))
                assert set(found) == people.expected(condition), condition
                assert lists.count(connection, people.compiler, condition) == len(found)

    agrees()


@pytest.mark.parametrize("name", ["deals", "sites"])
def test_qry_1_every_property_alone_and_negated(desk, name):
    """Each property with `none`, `any` and each of its values, so that no type is left to chance."""
    people = populate(desk, name)
    conditions: list[Condition] = []
    for prop in people.kind.properties.values():
        values = sorted({r[prop.name] for r in people.records.values() if r.get(prop.name) not in (None, ())}, key=repr)
        conditions.append(IsNone(prop))
        for value in values[:4]:
            if prop.type in (T.TEXT, T.LONG_TEXT):
                conditions.append(Contains(prop, fold(value)))
            elif prop.type is T.ASSOCIATION:
                conditions.append(RelatedIds(prop, frozenset(value)))
            elif prop.type is T.NUMBER:
                conditions.append(Between(prop, value, None))
            else:
                conditions.append(InSet(prop, frozenset({value})))
    with desk.store.reading() as connection:
        for condition in conditions:
            for asked in (condition, BoundNot(condition), BoundNot(BoundNot(condition))):
                assert set(lists.matching_ids(connection, people.compiler, asked)) == people.expected(asked), asked


class Names:
    def __init__(self, users, stages):
        self._users, self._stages = users, stages

    def users(self):
        return self._users

    def teams(self):
        return []

    def pipelines(self, object_type):
        return []

    def stages(self, object_type):
        return self._stages


def query(desk, name, text):
    """Titles of what a written query finds, in the list's order."""
    with desk.store.reading() as connection:
        users = [("u0", 2), ("u1", 3)]
        context = Context(NOW, ZoneInfo("Europe/Rome"), "EUR", 2, Names(users, []))
        compiler = Compiler(desk.schema[name], desk.schema, desk.store.is_sqlite)
        where = bind(parse(text), compiler.kind, context).where
        order = lists.Order.by(compiler.kind.title)
        return [
            row[compiler.kind.title]
            for row in lists.page(connection, compiler, where, order, [compiler.kind.title], limit=99).rows
        ]


WRITTEN: list[tuple[str, set[str]]] = [
    ("lodz", {"Łódź Works", "LODZ works"}),
    ("ŁÓDŹ WORKS", {"Łódź Works", "LODZ works"}),
    ("wor lod", {"Łódź Works", "LODZ works"}),
    ("blabaer", {"Blåbær & Søn"}),
    ("son", {"Blåbær & Søn"}),
    ("danang or nang", {"Đà Nẵng Straße"}),
    ("strasse", {"Đà Nẵng Straße"}),
    ("istanbul issiz", {"İstanbul ıssız"}),
    ("ελλασ", {"Ελλάς Όδος"}),
    ("ΌΔΟΣ", {"Ελλάς Όδος"}),
    ("tel", {"ﬁnance ℡ 12"}),
    ('name:"100%"', {"100% Pure_Cotton"}),
    ("name:a_b", {"a_b"}),
    ("name:\\", {"back\\slash 'quote' \"double\""}),
    ("name:★", {"★"}),
    ("name:strass -name:works", {"Đà Nẵng Straße"}),
    ("owner:me", {"Łódź Works"}),
    ("owner:u0,u1", {"Łódź Works", "LODZ works"}),
    ("owner:none works", set()),
    ("employees:<40 or employees:1.5k", {"Łódź Works", "LODZ works"}),
    ("employees:..40", {"Łódź Works"}),
    ("(employees:any owner:u1) or tel", {"LODZ works", "ﬁnance ℡ 12"}),
    ("renewal:today..+1d", {"LODZ works"}),
    ("renewal:2026-09", {"Łódź Works", "LODZ works"}),
    ("-renewal:2026-09 works", set()),
    ("tier:gold", {"Łódź Works"}),
    ("-tier:gold works", {"LODZ works"}),
    ("vip:yes", {"LODZ works"}),
    ("vip:no", {"Łódź Works"}),
    ("-vip:any works", set()),
    ("score:0.1..0.25", {"Łódź Works"}),
    ("score:0.2", {"Łódź Works"}),
    ("notes:50%", {"Łódź Works"}),
    ("notes:50_", set()),
]


def test_qry_6_written_queries_end_to_end(desk):
    desk.custom(
        "companies",
        ("tier", T.ENUMERATION, ("gold", "silver")),
        ("vip", T.BOOLEAN),
        ("score", T.NUMBER),
        ("notes", T.TEXT),
    )
    desk.create("users", *({"login": f"u{i}", "name": f"U {i}", "active": True} for i in range(2)))
    extra: dict[str, dict[str, Any]] = {
        "Łódź Works": {
            "owner": 2,
            "employees": 39,
            "renewal_date": 20_716,
            "tier": "gold",
            "vip": False,
            "score": 0.2,
            "notes": "50% off",
        },
        "LODZ works": {
            "owner": 3,
            "employees": 1500,
            "renewal_date": 20_717,
            "tier": "silver",
            "vip": True,
            "score": 0.3,
            "notes": "50x",
        },
    }
    desk.create("companies", *({"name": name, **extra.get(name, {})} for name in NAMES))
    for text, found in WRITTEN:
        assert set(query(desk, "companies", text)) == found, text


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def test_qry_6_both_databases_fold_as_the_program_does(desk):
    @ON_ONE_STORE
    @given(st.lists(TEXTS, min_size=1))
    def folds(texts):
        with desk.store.reading() as connection:
            asked = select(*(func.csw_fold(text).label(f"t{i}") for i, text in enumerate(texts)))
            assert list(connection.execute(asked).one()) == [fold(text) for text in texts]

    folds()


def test_qry_6_a_record_is_found_by_the_beginning_of_any_of_its_words(desk):
    compiler = Compiler(COMPANIES, desk.schema, desk.store.is_sqlite)
    seen: list[str] = []

    @ON_ONE_STORE
    @given(TEXTS.filter(words), st.data())
    def is_found(name, data):
        word = data.draw(st.sampled_from(words(name)))
        beginning = word[: data.draw(st.integers(1, len(word)))]
        desk.create("companies", {"name": name})
        seen.append(search_text([name]))
        with desk.store.reading() as connection:
            found = lists.count(connection, compiler, Search((beginning,)))
        assert found == sum(f" {beginning}" in f" {each}" for each in seen)

    is_found()


@pytest.mark.parametrize("template", ["tickets_closed", "revenue", "deals_created", "calls_made", "meetings_booked"])
def test_a_kpi_is_answered_from_its_covering_index(desk, template):
    """A million records cost what their index costs (WRK-2): SQLite never touches the table."""
    if not desk.store.is_sqlite:
        pytest.skip("PostgreSQL chooses by statistics")
    kpi = find_template(template).kpi
    schema = desk.schema
    compiler = Compiler(schema[kpi.object], schema, is_sqlite=True)
    names = Names([], [])
    where = bind(parse(kpi.filter), compiler.kind, Context(NOW, ZoneInfo("UTC"), "EUR", 1, names)).where
    plans: list[str] = []

    def explain(connection, cursor, statement, parameters, context, executemany):
        plans.extend(row[3] for row in cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    with desk.store.reading() as connection:
        event.listen(desk.store.engine, "before_cursor_execute", explain)
        goals.measure(connection, compiler, kpi, where, [Cell(1, None, NOW, NOW + DAY)])
        event.remove(desk.store.engine, "before_cursor_execute", explain)
    table = kpi.object
    mine = [line for line in plans if f" {table} " in f"{line} "]
    assert mine, plans
    assert all(f"SEARCH {table} USING COVERING INDEX ix_{table}_goals" in line for line in mine), plans
