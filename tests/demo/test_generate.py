"""The demo store: complete, sound, and the same for the same seed and time (headless contract, `demo`)."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import MetaData, func, select

from cs_workspace.demo.generate import make_demo
from cs_workspace.demo.past import LATELY_DANAS
from cs_workspace.domain import rules
from cs_workspace.domain.clock import DAY, FixedClock
from cs_workspace.domain.errors import Invalid, Usage
from cs_workspace.domain.goals.model import Category, Duration, Pace, Status
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES
from cs_workspace.domain.health import from_json, score
from cs_workspace.domain.schema.derived import derive
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.store.account import load_facts
from cs_workspace.store.engine import Store
from cs_workspace.store.journal import read_rows
from cs_workspace.store.migrate import integrity
from cs_workspace.store.tables.records import RECORD_TABLES, associations
from cs_workspace.store.tables.registry import JOURNALED, code_of
from cs_workspace.store.tables.system import changes, entries, health_points
from cs_workspace.workspace import calculation, goals, records, views
from cs_workspace.workspace.door import Workspace

NOW = 1_795_348_800_000  # 2026-11-22T12:00Z, a Sunday
HEARD: list[tuple[str, int, int]] = []  # what progress said while the small store was made
NEW_YEAR = 1_798_757_100_000  # 2026-12-31T23:25Z: 2027 in Rome, for 25 minutes


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    path: Path = tmp_path_factory.mktemp("demo") / "small.db"
    with closing(Store(str(path))) as store:
        make_demo(store, size="small", clock=FixedClock(NOW), progress=lambda *step: HEARD.append(step))
    return path


@pytest.fixture
def store(small):
    with closing(Store(str(small), read_only=True)) as opened:
        yield opened


@pytest.fixture
def dana(store) -> Workspace:
    return Workspace(store, FixedClock(NOW), "dana")


def fingerprint(store: Store) -> dict[str, str]:
    """What each table holds, row by row in the order of its key."""
    found: dict[str, str] = {}
    with store.reading() as connection:
        for table in (*JOURNALED.values(), associations, entries, changes, health_points):
            digest = hashlib.sha256()
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                digest.update(repr(tuple(row)).encode())
            found[table.name] = digest.hexdigest()
    return found


@pytest.mark.parametrize("empty_store_url", ["postgresql"], indirect=True)
def test_same_seed_and_time_give_the_same_store_on_both_databases(store, empty_store_url):
    with closing(Store(empty_store_url)) as other:
        make_demo(other, size="small", clock=FixedClock(NOW))
        assert fingerprint(other) == fingerprint(store)


def test_another_seed_gives_another_store_at_the_turn_of_the_year_too(store, tmp_path):
    with closing(Store(str(tmp_path / "other.db"))) as other:
        make_demo(other, size="small", seed=8, clock=FixedClock(NEW_YEAR))
        mine, theirs = fingerprint(store), fingerprint(other)
        assert all(mine[name] != theirs[name] for name in ("companies", "contacts", "tickets", "slices"))
        workspace = Workspace(other, FixedClock(NEW_YEAR), "dana")
        assert every_status_and_pace(workspace.run(goals.progress))


def every_status_and_pace(rows) -> bool:
    return {row.reading.status for row in rows} == {*Status, None} and {row.reading.pace for row in rows} == {
        *Pace,
        None,
    }


def test_goals_show_everything_that_a_goal_can_be(dana):
    rows = dana.run(goals.progress)
    assert every_status_and_pace(rows)
    assert {row.goal.duration for row in rows} == set(Duration)
    assert {row.goal.template for row in rows} == {*TEMPLATES, CUSTOM}
    assert {row.category for row in rows} == set(Category)
    assert {row.goal.aligned for row in rows} == {True, False}
    assert {len(row.slice.pipelines or ()) for row in rows} == {0, 1, 2}
    rows_of = {(row.contributor.user is None, row.contributor.whole_team) for row in rows}
    assert rows_of == {(True, True), (True, False), (False, False)}
    assert all(row.slice.frozen == (row.slice.end <= NOW) for row in rows)


def test_goals_are_calculated_up_to_date(small, tmp_path):
    copy = tmp_path / "copy.db"
    copy.write_bytes(small.read_bytes())
    with closing(Store(str(copy))) as store:
        workspace = Workspace(store, FixedClock(NOW), None)
        assert not workspace.run(calculation.is_behind)
        assert workspace.run(calculation.full) == 0


def test_file_is_sound_and_alone(small, store):
    with store.reading() as connection:
        assert integrity(connection) == []
    assert [path.name for path in small.parent.iterdir() if path.name.startswith("small.db.")] == []
    with closing(sqlite3.connect(small)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE name LIKE '%\\_words' ESCAPE '\\'").fetchall():
            raw.execute(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)")


def test_indexes_and_triggers_are_those_of_an_empty_store(small, sqlite_template):
    def shape(path: Path) -> Counter[tuple[str, str]]:
        with closing(sqlite3.connect(path)) as raw:
            query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"
            return Counter((name, " ".join((sql or "").split())) for name, sql in raw.execute(query))

    assert shape(small) == shape(sqlite_template)


def test_postgresql_has_the_indexes_of_an_empty_store(fresh_postgres_url, postgres_server):
    from cs_workspace.store.bulk import unindexed

    def shape(store: Store) -> set[tuple[str, ...]]:
        with store.reading() as connection:
            catalogue = MetaData()
            catalogue.reflect(connection)
            return {
                (str(t.name), str(i.name), str(i.unique), *(str(c) for c in i.expressions))
                for t in catalogue.tables.values()
                for i in t.indexes
            }

    with closing(Store(fresh_postgres_url)) as store:
        before = shape(store)
        with store.writing() as connection, unindexed(connection):
            pass
        assert shape(store) == before


@pytest.mark.parametrize("name", STANDARD.objects)
def test_every_record_is_as_the_rules_want_it(store, name):
    kind, table = STANDARD[name], RECORD_TABLES[name]
    with store.reading() as connection:
        facts = load_facts(connection)
        rows = read_rows(connection, STANDARD, name, list(connection.scalars(select(table.c.id))))
        stages = dict(connection.execute(select(JOURNALED["stages"].c.id, JOURNALED["stages"].c.pipeline)).all())
    assert rows
    for row in rows.values():
        rules.check(kind, row)
        assert {**row, **derive(kind, row, facts)} == row
        for prop in kind.of_type(PropertyType.ENUMERATION):
            assert row[prop.name] is None or row[prop.name] in {o.name for o in prop.options}
        if kind.has_pipeline:
            assert stages[row["stage"]] == row["pipeline"]
        for prop in kind.of_type(PropertyType.TEXT):
            assert row[prop.name] is None or row[prop.name] == row[prop.name].strip() != ""


def test_associations_point_at_records(store):
    a = associations.c
    with store.reading() as connection:
        tables = {code_of(name): table for name, table in RECORD_TABLES.items()}
        for code, record in ((a.from_object, a.from_id), (a.to_object, a.to_id)):
            for number in connection.scalars(select(code).distinct()).all():
                there = select(tables[number].c.id)
                missing = select(func.count()).where(code == number, record.not_in(there))
                assert connection.scalar(missing) == 0


def test_every_record_was_created_once_in_the_journal(store):
    c = changes.c
    with store.reading() as connection:
        for name, table in RECORD_TABLES.items():
            created = select(c.record).where(c.object == code_of(name), c.kind == "created").order_by(c.record)
            assert list(connection.scalars(created)) == list(
                connection.scalars(select(table.c.id).order_by(table.c.id))
            )


def test_history_leads_to_the_present(store):
    """The last value in the journal is the record's own, and each change starts from the one before."""
    c = changes.c
    with store.reading() as connection:
        last: dict[tuple[int, int, str], object] = {}
        told = Counter[int]()
        for row in connection.execute(select(changes).where(c.kind == "changed").order_by(c.id)):
            key = (row.object, row.record, row.property)
            assert key not in last or last[key] == row.old, key
            last[key] = row.new
            told[row.object] += 1
        for name in ("companies", "deals", "tickets", "users"):
            mine = {(record, prop): new for (code, record, prop), new in last.items() if code == code_of(name)}
            rows = read_rows(connection, STANDARD, name, {record for record, _ in mine})
            shown = {key: rows[key[0]][key[1]] for key in mine}
            assert {k: tuple(v) if isinstance(v, list) else v for k, v in mine.items()} == shown
            assert told[code_of(name)] > (1 if name == "users" else 50)


def test_last_activity_is_the_last_thing_that_happened(store):
    a = associations.c
    with store.reading() as connection:
        for name in ("companies", "contacts"):
            last: dict[int, int] = {}
            for kind in ("calls", "emails", "meetings", "notes"):
                t = RECORD_TABLES[kind].c
                query = (
                    select(a.to_id, func.max(t.at))
                    .join(RECORD_TABLES[kind], t.id == a.from_id)
                    .where(a.from_object == code_of(kind), a.to_object == code_of(name), t.at <= NOW)
                    .group_by(a.to_id)
                )
                for record, at in connection.execute(query):
                    last[record] = max(at, last.get(record, 0))
            t = RECORD_TABLES[name].c
            noted = dict(connection.execute(select(t.id, t.last_activity_at)).all())
            assert all(noted[record] >= at for record, at in last.items())
            assert all(at is None or at <= NOW for at in noted.values())


def test_two_years_lie_behind_and_nothing_ahead_but_plans(store):
    with store.reading() as connection:
        for name, table in RECORD_TABLES.items():
            first, last = connection.execute(select(func.min(table.c.created_at), func.max(table.c.created_at))).one()
            assert last <= NOW, name
            if name in {"tickets", "deals", "calls"}:
                assert first < NOW - 700 * DAY
        meetings, tasks = RECORD_TABLES["meetings"].c, RECORD_TABLES["tasks"].c
        assert connection.scalar(select(func.max(meetings.starts_at))) > NOW
        assert connection.scalar(select(func.max(tasks.due_at))) > NOW
        assert connection.scalar(select(func.max(entries.c.at))) <= NOW


def test_scores_add_up_and_end_in_the_present(store):
    """HEA-5, HEA-9: every point is the sum of its groups, and the last one is what the company has."""
    h, companies = health_points.c, RECORD_TABLES["companies"].c
    with store.reading() as connection:
        points = connection.execute(select(health_points).order_by(h.record, h.at)).all()
        now = dict(connection.execute(select(companies.id, companies.health)).all())
        born = dict(connection.execute(select(companies.id, companies.created_at)).all())
    assert all(point.score == score(from_json(point.groups)) for point in points)
    assert {point.record: point.score for point in points} == {i: each for i, each in now.items() if each is not None}
    assert all(max(NOW - 91 * DAY, born[point.record]) <= point.at <= NOW for point in points)
    assert len(points) > 2 * len({point.record for point in points})


def test_people_differ_in_seats_and_rights(dana):
    people = {row["login"]: row for row in dana.run(records.listing, "users", columns=("login", "teams", "super_admin",
              "service_seat", "sales_seat", "active"))}  # fmt: skip
    assert people["robin"]["super_admin"]
    assert people["robin"]["service_seat"] == "none"
    assert (people["eva"]["service_seat"], people["eva"]["sales_seat"]) == ("none", "none")
    assert not people["paolo"]["active"]
    assert people["lee"]["teams"] == ["Italy", "Norway"]
    assert {p[seat] for p in people.values() for seat in ("service_seat", "sales_seat")} == {
        "none", "starter", "professional", "enterprise",
    }  # fmt: skip


def test_dana_has_a_full_day(dana):
    assert dana.run(records.count, "companies", "owner:me") > 100
    assert dana.run(records.count, "tasks", "assignee:me due:today") == 10
    assert dana.run(records.count, "tasks", "assignee:me due:today status:completed") == 7
    assert dana.run(records.count, "meetings", "owner:me starts:today") == 3
    assert dana.run(records.count, "companies", "lodz") >= 1


def test_a_size_must_be_known_and_the_place_free(small, tmp_path):
    with closing(Store(str(tmp_path / "x.db"))) as store, pytest.raises(Invalid, match="smal"):
        make_demo(store, size="smal", clock=FixedClock(NOW))
    with closing(Store(str(small))) as store, pytest.raises(Usage, match="exists already"):
        make_demo(store, size="small", clock=FixedClock(NOW))


def test_nothing_is_left_when_the_making_is_broken_off(tmp_path):
    def stop(what: str, _done: int, _total: int) -> None:
        if what == "contacts":
            raise KeyboardInterrupt

    with closing(Store(str(tmp_path / "x.db"))) as store, pytest.raises(KeyboardInterrupt):
        make_demo(store, size="small", clock=FixedClock(NOW), progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_progress_goes_from_nothing_to_all(small):
    for what in {what for what, _, _ in HEARD}:
        done = [number for name, number, _ in HEARD if name == what]
        assert done == sorted(done)
    assert {what for what, done, total in HEARD if done == total} == {"tasks", "indexes", "goals"}


def test_cus_2_what_came_to_dana_lately_is_in_the_view_of_it(dana):
    found = {view.name: dana.run(views.count, view.id) for view in dana.run(views.listing, "companies")}
    assert LATELY_DANAS <= found["Assigned in the last 30 days"] < 20 < found["Owned by me"]
    assert all(found.values())
    assert {"Renewing this quarter", "Red and renewing"} < found.keys()
