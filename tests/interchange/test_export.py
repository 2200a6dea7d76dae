"""Files that spreadsheets and imports both understand (IMP-6; S4 of the promises)."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.errors import Usage
from cs_workspace.domain.text import guard_formula, unguard_formula
from cs_workspace.interchange.export import Writer, csv_cell, format_of

ODD = st.text("'=+-@\t\r\n＝＋－＠a1", max_size=6) | st.text(max_size=20)


@given(ODD)
def test_an_import_takes_the_guard_away_and_nothing_else(text):
    """IMP-6, S4"""
    assert unguard_formula(guard_formula(text)) == text


@given(ODD)
def test_no_cell_of_text_begins_a_formula(text):
    """IMP-6, S4"""
    guarded = guard_formula(text)
    assert guarded[:1] not in {*"=@\t\r\n＝＋－＠"} or not guarded
    assert guarded[:1] not in {"+", "-"} or guarded.lstrip("+-").replace(".", "").isdigit()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (-5, "-5"),
        (1e16, "10000000000000000"),
        (1e-7, "0.0000001"),
        ("=1+1", "'=1+1"),
        (["=a", "b"], "'=a; b"),
        ([], ""),
    ],
)
def test_a_value_is_one_cell(value, cell):
    """IMP-6"""
    assert csv_cell(value) == cell


ROWS = [{"a": "x\ry", "b": None}, {"a": '"\n,', "b": 1.5}]


def written(format, rows):
    stream = io.StringIO(newline="")
    writer = Writer(stream, ["a", "b"], format)
    for row in rows:
        writer.row(row)
    writer.end()
    assert writer.count == len(rows)
    return stream.getvalue()


def test_the_three_formats_say_the_same():
    """IMP-6"""
    assert list(csv.reader(io.StringIO(written("csv", ROWS), newline=""))) == [
        ["a", "b"],
        ["x\ry", ""],
        ['"\n,', "1.5"],
    ]
    assert json.loads(written("json", ROWS)) == ROWS
    assert [json.loads(line) for line in written("jsonl", ROWS).splitlines()] == ROWS
    assert json.loads(written("json", [])) == []


def test_the_format_is_asked_for_or_told_by_the_name():
    """IMP-6"""
    assert format_of(None, "list.JSONL") == "jsonl"
    assert format_of(None, "list.txt") == "csv"
    assert format_of("json", "list.csv") == "json"
    with pytest.raises(Usage):
        format_of("table", None)
