from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.tui.widgets.window import KEPT, PAGE, UNCOUNTED, Fetch, Pages, Rows


@dataclass(frozen=True)
class Record:
    id: int

    @property
    def key(self):
        return (self.id, self.id)


class Table:
    """A list in a store: read by key, forwards and backwards."""

    def __init__(self, size):
        self.rows = [Record(i) for i in range(size)]
        self.fetches: list[Fetch] = []

    def read(self, fetch):
        self.fetches.append(fetch)
        if fetch.backwards:
            rows = [row for row in self.rows if fetch.after is None or row.key < fetch.after]
            return rows[-fetch.limit :]
        return [row for row in self.rows if fetch.after is None or row.key > fetch.after][: fetch.limit]

    def serve(self, pages, first, last):
        """Fetch until nothing more is wanted."""
        while fetches := pages.wanted(first, last):
            for fetch in fetches:
                pages.arrived(fetch, self.read(fetch))


def test_rows_in_memory_are_all_there():
    rows = Rows([Record(5), Record(7)], lambda row: row.id)
    assert (rows.total, rows.row(1), rows.row(2), rows.row(-1)) == (2, Record(7), None, None)
    assert (rows.index_of(7), rows.index_of(6), rows.id_at(0), rows.wanted(0, 9)) == (1, None, 5, ())


def test_the_first_page_is_read_from_the_top():
    table, pages = Table(1000), Pages[Record](1000)
    assert list(pages.wanted(0, 30)) == [Fetch(0, PAGE)]
    assert not pages.wanted(0, 30), "what is on its way is not asked for again"
    assert not list(pages.wanted(PAGE + 1, PAGE + 9)), "and neither is what waits for it"
    pages.arrived(Fetch(0, PAGE), table.read(Fetch(0, PAGE)))
    assert pages.row(5) == Record(5)
    assert pages.row(PAGE) is None


def test_a_jump_to_the_end_reads_one_page_from_the_end():
    table, pages = Table(1_000_000 // 100), Pages[Record](1_000_000 // 100)
    table.serve(pages, 0, 30)
    before = len(table.fetches)
    table.serve(pages, 9970, 9999)
    assert pages.row(9999) == Record(9999)
    assert table.fetches[before] == Fetch(-1, PAGE, None, backwards=True)
    assert len(table.fetches) - before <= 2


def test_from_the_end_upwards_pages_are_read_backwards():
    table, pages = Table(1000), Pages[Record](1000)
    table.serve(pages, 999, 999)
    table.serve(pages, 700, 730)
    assert [pages.row(i) for i in range(700, 731)] == [Record(i) for i in range(700, 731)]


STEPS = st.lists(st.one_of(st.integers(0, 2000), st.just("end"), st.just("count"), st.just("again")), max_size=8)


@given(size=st.integers(0, 2000), told=st.booleans(), steps=STEPS)
def test_lst_3_wherever_one_looks_the_right_rows_are_there_counted_or_not(size, told, steps):
    """Rows never stand where they do not belong, and an end is reached before anybody has counted."""
    table, pages = Table(size), Pages[Record](size if told else None)
    table.serve(pages, 0, 30)
    first = 0
    for step in steps:
        if step == "count":
            pages.counted(size)
            assert (pages.total, pages.is_counted) == (size, True)
        elif step == "again":
            pages = Pages[Record](pages.total if pages.is_counted else None, pages.start_of(first))
            table.serve(pages, first, first + 40)
        else:
            first = max(0, pages.total - 40 if step == "end" else min(step, size - 1))
            table.serve(pages, first, first + 40)
            if pages.is_counted:
                first = min(first, max(0, size - 40))
        from_end = first >= size
        shown = [pages.row(i) for i in range(first, min(first + 40, pages.total))]
        assert shown == (table.rows[-40:] if from_end else table.rows[first : first + 40])
        for row in shown:
            assert row is not None
            place = pages.index_of(row.id)
            assert place is not None
            assert pages.row(place) == row
        if from_end and pages.is_counted:
            first = max(0, size - 40)


def test_lst_3_the_end_is_there_before_the_count_and_finds_its_place_with_it():
    table, pages = Table(1000), Pages[Record]()
    table.serve(pages, 0, 30)
    assert (pages.is_counted, pages.total) == (False, UNCOUNTED)
    table.serve(pages, pages.total - 30, pages.total - 1)
    assert pages.row(pages.total - 1) == Record(999)
    assert pages.row(999) is None
    assert len(table.fetches) == 2
    pages.counted(1000)
    assert pages.row(999) == Record(999)
    assert (pages.index_of(950), pages.index_of(5)) == (950, 5)


@pytest.mark.parametrize("size", [0, 1, PAGE - 1])
def test_lst_3_a_list_of_one_page_counts_itself(size):
    table, pages = Table(size), Pages[Record]()
    table.serve(pages, 0, 30)
    assert (pages.is_counted, pages.total, len(table.fetches)) == (True, size, 1)
    pages.counted(size + 5)
    assert pages.total == size


def test_lst_3_the_next_page_is_asked_for_before_it_is_needed():
    table, pages = Table(1000), Pages[Record]()
    assert [fetch.page for fetch in pages.wanted(0, 30, ahead=0)] == [0]
    pages.arrived(Fetch(0, PAGE), table.read(Fetch(0, PAGE)))
    assert not pages.wanted(0, 30, ahead=0)
    assert list(pages.wanted(20, 50)) == [Fetch(1, PAGE, Record(PAGE - 1).key)]


def test_a_page_that_was_read_from_what_is_forgotten_is_not_taken():
    table = Table(1000)
    pages = Pages[Record](1000, (2, Record(256).key))  # a row above has gone since
    table.serve(pages, 300, 310)
    (late,) = pages.wanted(400, 500)
    table.serve(pages, 0, 10)
    table.serve(pages, PAGE, PAGE + 10)
    pages.arrived(late, table.read(late))
    table.serve(pages, 380, 400)
    assert [pages.row(i) for i in range(380, 401)] == table.rows[380:401]


def test_only_so_many_pages_are_kept():
    table, pages = Table(PAGE * 60), Pages[Record](PAGE * 60)
    for page in range(60):
        table.serve(pages, page * PAGE, page * PAGE + 30)
    assert len(pages._pages) == KEPT
    assert pages.row(0) is None
    table.serve(pages, 0, 30)
    assert pages.row(0) == Record(0)


def test_a_list_that_was_left_in_the_middle_is_read_again_there():
    table, pages = Table(1000), Pages[Record](1000)
    table.serve(pages, 0, 30)
    table.serve(pages, 300, 330)
    start = pages.start_of(300)
    assert start == (2, Record(255).key)
    again = Pages[Record](1000, start)
    table.serve(again, 300, 330)
    assert again.row(300) == Record(300)
    assert again.index_of(300) == 300


def test_rows_that_came_above_are_met_on_the_way_up():
    table = Table(1000)
    table.rows.insert(0, Record(-1))
    pages = Pages[Record](1001, (3, Record(383).key))
    table.serve(pages, 3 * PAGE + 40, 3 * PAGE + 50)
    assert pages.row(3 * PAGE) == Record(384)
    assert table.fetches[1].backwards
    for first in (2 * PAGE, PAGE, 0, PAGE, 2 * PAGE, 3 * PAGE):
        table.serve(pages, first, first + 10)
    assert [pages.row(i) for i in (0, 127, 128, 3 * PAGE)] == [table.rows[i] for i in (0, 127, 128, 3 * PAGE)]


def test_rows_that_came_above_are_met_at_the_end():
    table = Table(300)
    table.rows.insert(0, Record(-1))
    pages = Pages[Record](301, (2, Record(255).key))
    table.serve(pages, 290, 300)
    assert (pages.total, pages.row(300)) == (301, Record(299))


def test_a_list_that_has_become_shorter_ends_earlier():
    table, pages = Table(300), Pages[Record](310)
    table.serve(pages, 0, 30)
    table.serve(pages, PAGE, PAGE + 30)
    table.serve(pages, 2 * PAGE, 2 * PAGE + 30)
    assert pages.total == 300


@pytest.mark.parametrize("total", [0, 1, PAGE, PAGE + 1])
def test_a_page_that_failed_is_asked_for_again(total):
    pages = Pages[Record](total)
    for fetch in pages.wanted(0, 10):
        pages.failed(fetch)
    assert len(pages.wanted(0, 10)) == (1 if total and total <= PAGE else min(total, 1))
