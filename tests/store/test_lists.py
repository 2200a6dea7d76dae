"""A list read window by window is the list (LST-3), in one order on both databases (QRY-6)."""

from __future__ import annotations

import random
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_workspace.domain.query.bound import Between, BoundAll, BoundOr, InSet, IsNone
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.store import lists
from cs_workspace.store.compile import Compiler
from cs_workspace.store.lists import Order

T = PropertyType
NOW = 1_790_000_000_000
NAMES = (
    "Łódź",
    "lodz",
    "LODZ",
    "Zebra",
    "ärger",
    "Arger",
    "Ærø",
    "øl",
    "aß",
    "ass",
    "",
    "10",
    "9",
    "a b",
    "a-b",
    "İ",
    "日本",
)
VALUES: dict[str, tuple[Any, ...]] = {
    "name": NAMES,
    "domain": (),
    "owner": (1, "zoe", "Ada", "Łukasz", None),
    "lifecycle_stage": ("customer", "lead", "opportunity", None),
    "industry": ("Łaś", "Las", "las", "B", "a", "Ä", "\U0001f600", "\uffff", None),
    "employees": (0, 1, -5, 2**40, None),
    "renewal_date": (20_000, 20_001, None),
    "last_activity_at": (NOW, NOW + 1, None),
    "c_text": ("Łaś", "Las", "las", "B", "a", "Ä", None),
    "c_number": (0.5, -0.5, 1e12, None),
    "c_integer": (10, 9, 100, None),
    "c_boolean": (True, False, None),
}
COUNT = 60


@pytest.fixture
def table(desk):
    some = random.Random(5)
    desk.custom(
        "companies", ("c_text", T.TEXT), ("c_number", T.NUMBER), ("c_integer", T.INTEGER), ("c_boolean", T.BOOLEAN)
    )
    people = [each for each in VALUES["owner"] if isinstance(each, str)]
    users = dict(zip(people, desk.create("users", *({"login": each, "name": each} for each in people)), strict=True))
    rows = [
        {name: some.choice(values) for name, values in VALUES.items() if values}
        | {"domain": f"d{i}.io" if i % 3 else None}
        for i in range(COUNT)
    ]
    for row in rows:
        row["owner"] = users.get(row["owner"], row["owner"])
    ids = desk.create("companies", *rows)
    with desk.journal() as journal:
        journal.delete("companies", ids[::7])
    compiler = Compiler(desk.schema["companies"], desk.schema, desk.store.is_sqlite)
    every = [1, *users.values()]
    called = {user: row["search_text"] for user, row in desk.rows("users", every).items()}
    options = [option.name for option in compiler.kind.properties["lifecycle_stage"].options]
    living = {i: row for i, row in desk.rows("companies", ids).items() if row["deleted_at"] is None}
    for row in living.values():
        row["owner"] = called.get(row["owner"])
        row["lifecycle_stage_place"] = options.index(row["lifecycle_stage"]) if row["lifecycle_stage"] else None
    return compiler, living


def sort_value(row, name):
    name = {"name": "search_text", "lifecycle_stage": "lifecycle_stage_place"}.get(name, name)
    value = row.get(name)
    return value.encode() if isinstance(value, str) else value


def in_order(rows, order):
    """By the first key, known values before unknown ones in either direction; equals by the next, at last by id."""
    found = sorted(rows, key=lambda row: row["id"], reverse=order.keys[-1][1])
    for name, descending in reversed(order.keys):
        known = [row for row in found if sort_value(row, name) is not None]
        unknown = [row for row in found if sort_value(row, name) is None]
        found = sorted(known, key=lambda row: sort_value(row, name), reverse=descending) + unknown
    return [row["id"] for row in found]


def ids_of(page):
    assert [key[-1] for key in page.keys] == [row["id"] for row in page.rows]
    return [row["id"] for row in page.rows]


NAMED = st.builds(str.__add__, st.sampled_from(("", "-")), st.sampled_from(["id", *VALUES]))
ORDERS = st.lists(NAMED, min_size=1, max_size=4).map(lambda names: Order.by(*names))


def test_lst_3_any_window_is_a_part_of_the_sorted_list(desk, table):
    compiler, records = table
    employees = compiler.kind.properties["employees"]
    wheres = (
        BoundAll(),
        BoundOr((Between(employees, None, 2), IsNone(employees))),
        InSet(compiler.kind.properties["lifecycle_stage"], frozenset({"lead"})),
    )

    def matching(number):
        if number == 1:
            return [r for r in records.values() if r["employees"] is None or r["employees"] < 2]
        return [r for r in records.values() if number == 0 or r["lifecycle_stage"] == "lead"]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(order=ORDERS, size=st.integers(1, COUNT + 5), number=st.integers(0, 2), start=st.integers(0, COUNT))
    def windows(order, size, number, start):
        expected = in_order(matching(number), order)
        with desk.store.reading() as connection:

            def window(limit, **options):
                return lists.page(connection, compiler, wheres[number], order, ["name"], limit=limit, **options)

            whole = window(COUNT)
            assert ids_of(whole) == expected
            assert lists.count(connection, compiler, wheres[number]) == len(expected)
            assert ids_of(window(size)) == expected[:size]
            assert ids_of(window(size, backwards=True)) == expected[-size:]
            if expected:
                place = start % len(expected)
                key = whole.keys[place]
                assert ids_of(window(size, after=key)) == expected[place + 1 :][:size]
                assert ids_of(window(size, after=key, backwards=True)) == expected[:place][-size:]

    windows()


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    "sort", ["-name", "-industry", "-c_boolean", "-owner,industry,-c_number", "c_text,owner,-name"]
)
def test_lst_3_page_after_page_gives_every_record_once(desk, table, sort, backwards):
    compiler, records = table
    order = Order.by(*sort.split(","))
    found: list[int] = []
    after = None
    with desk.store.reading() as connection:
        for _ in count():
            page = lists.page(
                connection, compiler, BoundAll(), order, ["name"], limit=7, after=after, backwards=backwards
            )
            if not page.rows:
                break
            found = [*ids_of(page), *found] if backwards else [*found, *ids_of(page)]
            after = page.keys[0 if backwards else -1]
    assert found == in_order(records.values(), order)


def test_lst_3_a_key_still_works_when_its_record_is_gone(desk, table):
    compiler, records = table
    order = Order.by("employees")
    expected = in_order(records.values(), order)
    with desk.store.reading() as connection:
        key = lists.page(connection, compiler, BoundAll(), order, [], limit=10).keys[-1]
    with desk.journal() as journal:
        journal.delete("companies", [expected[9]])
    with desk.store.reading() as connection:
        assert ids_of(lists.page(connection, compiler, BoundAll(), order, [], limit=5, after=key)) == expected[10:15]


def test_qry_6_names_sort_without_case_and_accents_alike_on_both_databases(desk):
    desk.create(
        "companies", *({"name": name} for name in ("Zebra", "Łódź", "ärger", "Ærø", "lodz", "Arger", "9", "10"))
    )
    compiler = Compiler(desk.schema["companies"], desk.schema, desk.store.is_sqlite)
    with desk.store.reading() as connection:
        page = lists.page(connection, compiler, BoundAll(), Order.by("name"), ["name"], limit=20)
    assert [row["name"] for row in page.rows] == ["10", "9", "Ærø", "ärger", "Arger", "Łódź", "lodz", "Zebra"]


@pytest.mark.parametrize(
    "sort", ["owner", "-owner", "stage", "-stage", "priority", "-priority", "owner,-stage", "c_user"]
)
def test_lst_3_people_stages_and_options_are_sorted_as_people_know_them(desk, sort):
    """LST-3: by name, by their place in the pipeline, by their place among the options; unknown ones are last."""
    desk.custom("tickets", ("c_user", T.USER))
    zoe, ada, bo = desk.create("users", *({"login": name, "name": name} for name in ("zoe", "Ada", "bo")))
    with desk.journal() as journal:
        (pipeline,) = journal.create("pipelines", [{"object": 6, "label": "Last", "position": 9}])
        end, begin = journal.create(
            "stages",
            [
                {"pipeline": pipeline, "label": label, "position": place, "is_closed": False}
                for label, place in (("End", 2), ("Begin", 1))
            ],
        )
    rows = [
        {"subject": str(n), "pipeline": pipeline, "stage": stage, "owner": owner, "priority": priority, "c_user": owner}
        for n, (owner, stage, priority) in enumerate(
            [(ada, end, "urgent"), (bo, begin, "high"), (zoe, end, "low"), (None, begin, None), (bo, end, "gone")] * 3
        )
    ]
    ids = desk.create("tickets", *rows)
    compiler = Compiler(desk.schema["tickets"], desk.schema, desk.store.is_sqlite)
    places: dict[str, list[Any]] = {
        "owner": [ada, bo, zoe, None],
        "c_user": [ada, bo, zoe, None],
        "stage": [begin, end],
        "priority": ["low", "high", "urgent", "gone", None],
    }
    order = Order.by(*sort.split(","))
    expected = sorted(zip(ids, rows, strict=True), key=lambda each: each[0], reverse=order.keys[-1][1])
    for name, descending in reversed(order.keys):
        known = [each for each in expected if each[1][name] is not None]
        known.sort(key=lambda each: places[name].index(each[1][name]), reverse=descending)
        expected = known + [each for each in expected if each[1][name] is None]
    wanted = [record for record, _ in expected]
    for backwards in (False, True):
        found: list[int] = []
        after = None
        while len(found) < len(ids):
            with desk.store.reading() as connection:
                page = lists.page(
                    connection, compiler, BoundAll(), order, ["stage"], limit=4, after=after, backwards=backwards
                )
            found = [*ids_of(page), *found] if backwards else [*found, *ids_of(page)]
            after = page.keys[0 if backwards else -1]
        assert found == wanted


@pytest.mark.parametrize("name", ["nothing", "returning", "order", "c0", "p__sort0", "user"])
def test_lst_3_a_custom_property_may_be_called_as_a_word_of_sql(desk, name):
    desk.custom("companies", (name, T.TEXT))
    desk.create("companies", {"name": "A", name: "y"}, {"name": "B", name: "x"})
    compiler = Compiler(desk.schema["companies"], desk.schema, desk.store.is_sqlite)
    with desk.store.reading() as connection:
        page = lists.page(connection, compiler, BoundAll(), Order.by(name), ["name", name], limit=5)
    assert [(row["name"], row[name]) for row in page.rows] == [("B", "x"), ("A", "y")]


def test_lst_3_rows_have_the_columns_asked_for_and_related_records_in_their_order(desk):
    first, second = desk.create("companies", {"name": "A"}, {"name": "B"})
    desk.custom("contacts", ("tier", T.TEXT))
    dana, lee = desk.create(
        "contacts",
        {"email": "a@x.io", "companies": (second, first), "tier": "gold"},
        {"email": "b@x.io"},
    )
    compiler = Compiler(desk.schema["contacts"], desk.schema, desk.store.is_sqlite)
    with desk.store.reading() as connection:
        page = lists.page(
            connection, compiler, BoundAll(), Order.by("id"), ["id", "email", "companies", "tier"], limit=5
        )
    assert page.rows == (
        {"id": dana, "email": "a@x.io", "companies": (second, first), "tier": "gold"},
        {"id": lee, "email": "b@x.io", "companies": (), "tier": None},
    )
    assert page.keys == ((dana,), (lee,))


def test_lst_3_a_custom_object_is_a_list_of_its_own(desk):
    desk.object("sites", "Site")
    desk.object("ships", "Ship")
    desk.create("ships", {"name": "Anna"})
    (site,) = desk.create("sites", {"name": "Oslo"})
    compiler = Compiler(desk.schema["sites"], desk.schema, desk.store.is_sqlite)
    with desk.store.reading() as connection:
        assert ids_of(lists.page(connection, compiler, BoundAll(), Order.by("name"), ["name"], limit=5)) == [site]
        assert lists.count(connection, compiler, BoundAll()) == 1
