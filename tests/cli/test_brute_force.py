"""The main job on real input: what `goals progress` prints equals counting by hand in plain Python (GOL-6 to GOL-18).

Nothing below the command is used to count: records are made here, written to spreadsheets, imported, and counted again
from the lists they were made from, with time zones and periods worked out by the standard library alone.
"""

from __future__ import annotations

import csv
import json
import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from cs_workspace.cli.main import cli

USERS = {f"u{number}": team for number, team in enumerate(["Italy"] * 3 + ["Poland"] * 3 + ["Norway"] * 2 + ["EMEA"])}
TEAMS = {"EMEA": None, "Italy": "EMEA", "Poland": "EMEA", "Norway": "EMEA"}
NOW = "2026-05-20T12:00"
SERVICE = ("tickets_closed", "avg_ticket_response_time", "avg_ticket_resolution_time")
SALES = ("revenue", "deals_created", "calls_made", "meetings_booked")
DURATIONS = (
    ("weekly", False),
    ("monthly", False),
    ("monthly", True),
    ("quarterly", False),
    ("quarterly", True),
    ("yearly", True),
    ("custom", False),
)
FISCAL_START = 2
CLOSED = {"Support pipeline": "Closed", "Hardware": "Done"}


def moment(rng, tz):
    """An instant between 2025 and 2027; every third one close to midnight, where zones and summer time matter."""
    day = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=rng.randint(0, 800))
    if rng.random() < 0.33:
        midnight = datetime(day.year, day.month, day.day, tzinfo=tz)
        return (midnight.astimezone(UTC) + timedelta(seconds=rng.randint(-7200, 7200))).replace(microsecond=0)
    return day + timedelta(seconds=rng.randint(0, 86399))


def written(rng, when, tz):
    """A moment as exports write it: with an offset, or in the account's own time where that is unambiguous."""
    local = when.astimezone(tz)
    if rng.random() < 0.5 and local.replace(fold=1).utcoffset() == local.replace(fold=0).utcoffset():
        return local.replace(tzinfo=None).isoformat(sep=rng.choice("T "))
    return when.isoformat().replace("+00:00", "Z")


def make(rng, tz, size):
    owners = list(USERS)
    tickets = []
    for number in range(size):
        created = moment(rng, tz)
        closed = created + timedelta(seconds=rng.randint(0, 4_000_000)) if rng.random() < 0.8 else None
        replied = created + timedelta(seconds=rng.randint(0, 400_000)) if rng.random() < 0.7 else None
        pipeline = rng.choice(("Support pipeline", "Hardware"))
        tickets.append((str(number), rng.choice(owners), created, replied, closed, pipeline))
    deals = [
        (str(n), rng.choice(owners), moment(rng, tz), moment(rng, tz), rng.randint(1, 10_000_000), rng.choice("wlo"))
        for n in range(size // 10)
    ]
    calls = [(str(n), rng.choice(owners), moment(rng, tz)) for n in range(size // 10)]
    meetings = [(str(n), rng.choice(owners), moment(rng, tz)) for n in range(size // 10)]
    return {"tickets": tickets, "deals": deals, "calls": calls, "meetings": meetings}


def sheet(path, header, rows, delimiter=","):
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, delimiter=delimiter)
        out.writerow(header)
        out.writerows(rows)
    return str(path)


def write_sheets(folder, rng, tz, made):
    def text(when):
        return "" if when is None else written(rng, when, tz)

    yield (
        "tickets",
        sheet(
            folder / "tickets.csv",
            ["Ticket ID", "subject", "owner", "Create date", "first_reply_at", "closed_at", "pipeline", "stage"],
            [
                (
                    i,
                    f"Ticket {i}",
                    o,
                    text(c),
                    text(r),
                    text(e),
                    p,
                    ("Closed" if p == "Support pipeline" else "Done") if e else "New",
                )
                for i, o, c, r, e, p in made["tickets"]
            ],
            ";",
        ),
    )
    stages = {"w": "Closed won", "l": "Closed lost", "o": "Contract sent"}
    yield (
        "deals",
        sheet(
            folder / "deals.csv",
            ["external_id", "name", "owner", "createdate", "closedate", "amount", "stage"],
            [
                (i, f"Deal {i}", o, text(c), text(e), f"{m // 100}.{m % 100:02}", stages[s])
                for i, o, c, e, m, s in made["deals"]
            ],
        ),
    )
    yield (
        "calls",
        sheet(
            folder / "calls.csv",
            ["external_id", "title", "owner", "at"],
            [(i, f"C{i}", o, text(a)) for i, o, a in made["calls"]],
        ),
    )
    yield (
        "meetings",
        sheet(
            folder / "meetings.csv",
            ["external_id", "title", "owner", "at", "booked_at"],
            [(i, f"M{i}", o, "2026-12-01T10:00", text(a)) for i, o, a in made["meetings"]],
        ),
    )


# --- counting by hand


def counted(made, template, owners, start, end, pipeline):
    """(actual, higher is better) of one slice, the period given as aware datetimes."""
    if template == "tickets_closed":
        return Fraction(sum(t[4] is not None and start <= t[4] < end for t in mine(made["tickets"], owners, pipeline)))
    if template in SERVICE:
        column = 3 if template == "avg_ticket_response_time" else 4
        times = [
            Fraction((t[column] - t[2]) // timedelta(seconds=1))
            for t in mine(made["tickets"], owners, pipeline)
            if t[column] is not None and start <= t[column] < end
        ]
        return sum(times, Fraction(0)) / len(times) if times else None
    if template == "revenue":
        won = [d[4] for d in made["deals"] if d[1] in owners and d[5] == "w" and start <= d[3] < end]
        return Fraction(sum(won), 100)
    if template == "deals_created":
        return Fraction(sum(d[1] in owners and start <= d[2] < end for d in made["deals"]))
    name = "calls" if template == "calls_made" else "meetings"
    return Fraction(sum(a[1] in owners and start <= a[2] < end for a in made[name]))


def mine(tickets, owners, pipeline):
    """The tickets of some owners in one pipeline or all, found once for all slices."""
    key = (id(tickets), frozenset(owners), pipeline)
    if key not in FOUND:
        FOUND[key] = [t for t in tickets if t[1] in owners and pipeline in (None, t[5])]
    return FOUND[key]


FOUND: dict[tuple[object, ...], list[tuple[Any, ...]]] = {}


def borders(duration, fiscal):
    """The days at which slices begin, with the end of the last."""
    first = FISCAL_START if fiscal else 1

    def month(number):
        return date(2026 + (number - 1) // 12, (number - 1) % 12 + 1, 1)

    if duration == "custom":
        return [date(2026, 2, 10), date(2026, 4, 10)]
    if duration == "weekly":
        monday = date(2026, 1, 1) + timedelta(days=(7 - date(2026, 1, 1).weekday()) % 7)
        weeks = [monday]
        while weeks[-1].year == 2026:
            weeks.append(weeks[-1] + timedelta(days=7))
        return weeks
    step = {"monthly": 1, "quarterly": 3, "yearly": 12}[duration]
    return [month(first + number) for number in range(0, 13, step)]


def midnight(day, tz):
    return datetime(day.year, day.month, day.day, tzinfo=tz)


def verdict(template, actual, target, start, end, now):
    if now < start:
        return "pending"
    if now < end:
        return "in_progress"
    if actual is None:
        return "no_data"
    better = actual < target if template in SERVICE[1:] else actual > target
    return "exceeded" if better else "achieved" if actual == target else "missed"


def per_cent(template, actual, target):
    if actual is None:
        return None
    if template in SERVICE[1:]:
        exact = Fraction(999 if target else 100) if actual == 0 else 100 * target / actual
    elif target == 0:
        exact = Fraction(100 if actual == 0 else 999)
    else:
        exact = 100 * actual / target
    return min(int(exact), 999)


class Command:
    """The command on one store."""

    def __init__(self, url):
        self.runner = CliRunner()
        self.options = ["--db", url, "--now", NOW, "--as", "dana"]

    def __call__(self, *arguments):
        result = self.runner.invoke(cli, [*self.options, *arguments])
        assert result.exit_code == 0, (arguments, result.output, result.stderr)
        return result.stdout


def found_store(command, zone):
    for team, parent in TEAMS.items():
        command("teams", "add", team, *(() if parent is None else ("--parent", parent)))
    for login, team in USERS.items():
        seats = ("--service-seat", "enterprise", "--sales-seat", "enterprise")
        command("users", "add", login, "--name", login.upper(), "--team", team, *seats)
    command("pipelines", "add", "tickets", "Hardware", "--stage", "New", "--stage", "Done=closed")


def owners_of(team, mode):
    """Main members of a team and the teams below it."""
    below = {team, *(t for t, parent in TEAMS.items() if parent == team)}
    members = {login for login, own in USERS.items() if own in below}
    return members if mode != "some" else members & {"u0", "u1", "u3"}


@pytest.mark.parametrize(
    ("database", "zone", "size"),
    [
        ("fresh_sqlite_path", "Europe/Rome", 50_000),
        ("fresh_sqlite_path", "Australia/Lord_Howe", 3_000),
        ("new_postgres_url", "America/New_York", 3_000),
    ],
)
def test_progress_equals_counting_by_hand(request, tmp_path, database, zone, size):
    url = request.getfixturevalue(database)
    FOUND.clear()
    rng, tz = random.Random(size), ZoneInfo(zone)
    made = make(rng, tz, size)
    command = Command(url)
    init = ["--db", url, "--now", "2024-01-01", "init", "--name", "Northwind", "--admin", "dana", "--tz", zone]
    assert CliRunner().invoke(cli, [*init, "--fiscal-start", str(FISCAL_START)]).exit_code == 0
    found_store(command, zone)
    for name, path in write_sheets(tmp_path, rng, tz, made):
        report = json.loads(command("import", path, "--object", name))
        assert (report["new"], report["rejected"]) == (len(made[name]), 0)
    expected = {}
    targets = {"tickets_closed": "40", "deals_created": "4", "calls_made": "4", "meetings_booked": "5"}
    targets |= {"revenue": "150000.00", "avg_ticket_response_time": "55h", "avg_ticket_resolution_time": "23d"}
    numbers = {"revenue": Fraction(150000), "avg_ticket_response_time": Fraction(55 * 3600)}
    numbers |= {"avg_ticket_resolution_time": Fraction(23 * 86400)}
    for template in (*SERVICE, *SALES):
        for position, (duration, fiscal) in enumerate(DURATIONS):
            mode = ("users", "team", "others", "whole", "some")[position % 5]
            pipeline = "Hardware" if template in SERVICE and position % 3 == 1 else None
            arguments = ["goals", "create", "--template", template, "--name", "G", "--target", targets[template]]
            arguments += ["--pipeline", pipeline] if pipeline else []
            days = borders(duration, fiscal)
            if duration == "custom":
                last = days[-1] - timedelta(days=1)
                arguments += ["--start", str(days[0]), "--end", str(last)]
            else:
                arguments += ["--year", "2026", "--duration", duration, *(("--fiscal",) if fiscal else ())]
            rows = {"users": ["--user", "u0", "--user", "u4"], "team": ["--team", "Italy"]}
            rows |= {"others": ["--team", "Italy", "--user", "u1", "--include-others"]}
            rows |= {"whole": ["--team", "EMEA", "--whole-team"]}
            rows |= {"some": ["--team", "EMEA", "--user", "u0", "--user", "u1", "--user", "u3"]}
            goal = int(command(*arguments, *rows[mode]).strip())
            who = {"users": {"u0": {"u0"}, "u4": {"u4"}}, "team": {"Italy": owners_of("Italy", mode)}}
            who |= {"others": {"Italy": owners_of("Italy", mode)}, "whole": {"EMEA": owners_of("EMEA", mode)}}
            who |= {"some": {"EMEA": owners_of("EMEA", "some"), "u0": {"u0"}}}
            now = datetime.fromisoformat(NOW).replace(tzinfo=tz)
            target = numbers.get(template, Fraction(targets[template]) if targets[template].isdigit() else None)
            for first, until in pairwise(days):
                start, end = midnight(first, tz), midnight(until, tz)
                for name, owners in who[mode].items():
                    actual = counted(made, template, owners, start.astimezone(UTC), end.astimezone(UTC), pipeline)
                    expected[goal, name, str(first)] = (
                        actual,
                        per_cent(template, actual, target),
                        verdict(template, actual, target, start, end, now),
                    )
    got = {}
    for row in json.loads(command("goals", "progress", "--format", "json")):
        name = row["contributor"]["login"] or row["contributor"]["name"]
        actual = None if row["actual"] is None else Fraction(str(row["actual"]))
        got[row["goal_id"], name, row["slice"]["start"]] = (actual, row["progress_percent"], row["status"])
    assert len(expected) > 300
    wrong = {
        key: (value, got.get(key))
        for key, value in expected.items()
        if key not in got or value[1:] != got[key][1:] or not same(value[0], got[key][0])
    }
    assert not wrong, dict(list(wrong.items())[:5])


def same(exact, printed):
    """Averages are printed as a floating-point number."""
    if exact is None or printed is None:
        return exact is printed
    return abs(exact - printed) < Fraction(1, 1000)


@pytest.fixture
def fresh_sqlite_path(tmp_path):
    return str(tmp_path / "workspace.db")


@pytest.fixture
def new_postgres_url(request):
    from tests.conftest import POSTGRES_EMPTY, _postgres_database

    with _postgres_database(request.getfixturevalue("postgres_server"), POSTGRES_EMPTY) as url:
        yield url
