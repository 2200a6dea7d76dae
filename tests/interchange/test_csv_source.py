"""Bounded reading of spreadsheets (IMP-1; S5, S6 of the promises)."""

from __future__ import annotations

import csv
import io
import os
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cs_workspace.domain.errors import Invalid, Usage, WorkspaceError
from cs_workspace.interchange.csv_source import MAX_CELL, MAX_COLUMNS, MAX_LINE, CsvSource

FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def read(tmp_path):
    def read(content: bytes, **options: str | None):
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        with CsvSource(path, **options) as source:
            return source.header, [(line, list(cells)) for line, cells in source.rows()]

    return read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_a_file_says_of_its_encoding_is_believed(read, encoding):
    """IMP-1"""
    assert read("name,city\nŁucja,Łódź\n".encode(encoding)) == (("name", "city"), [(2, ["Łucja", "Łódź"])])


@pytest.mark.parametrize(("encoding", "text"), [("cp1250", "Łódź"), ("cp1252", "Málaga"), ("utf-16-be", "Łódź")])
def test_an_encoding_is_named_not_guessed(read, encoding, text):
    """IMP-1"""
    content = f"name\nplain\n{text}\n".encode(encoding)
    if not encoding.startswith("utf"):
        with pytest.raises(Invalid, match=r"line 3 is not UTF-8\. Name its encoding with --encoding") as refused:
            read(content)
        assert f"{encoding} ({text!r})" in refused.value.hint
    assert read(content, encoding=encoding)[1][1] == (3, [text])


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "idna", "unicode_escape", "utf-7", "undefined", "a\0b"])
def test_an_encoding_of_no_file_is_refused(read, name):
    """IMP-1"""
    with pytest.raises(Usage, match="--encoding"):
        read(b"a\n1\n", encoding=name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_counted_on_the_first_line_outside_quotes(read, delimiter):
    """IMP-1"""
    header, rows = read(f'"a,;|,;|,;|\t\t\t\t"{delimiter}b\n"x{delimiter}y"{delimiter}2\n'.encode())
    assert header[1] == "b"
    assert rows == [(2, [f"x{delimiter}y", "2"])]


def test_a_delimiter_can_be_given(read):
    """IMP-1"""
    assert read(b"a:b\n1:2\n", delimiter=":") == (("a", "b"), [(2, ["1", "2"])])
    assert read(b"a\tb\n1\t2\n", delimiter="tab")[0] == ("a", "b")
    with pytest.raises(Usage, match="--delimiter"):
        read(b"a\n", delimiter="::")


def test_all_line_ends_are_known_and_kept_within_quotes(read):
    """IMP-1"""
    assert read(b'a,b\r\n1,"x\r\ny"\r2,"u\rv"\n\n3,w') == (
        ("a", "b"),
        [(2, ["1", "x\r\ny"]), (4, ["2", "u\rv"]), (7, ["3", "w"])],
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n \n\r\n", "is empty"),
        (b",,\n", "no line that names the columns"),
        (b"a,A\n1,2\n", "two columns called 'A', number 1 and 2"),
        (b"a,b\n1,2\n3,\0\n", "line 3 holds a NUL"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "line 3: a quote is opened and never closed"),
        (b'a,b\n"1"2,3\n', "line 2: text follows a closing quote"),
        (b"a\n" + b"x" * (MAX_LINE + 1), "line 2 is longer"),
        (b'a\n"' + b"x\n" * MAX_CELL, "line 2: a cell is longer"),
        (b",".join(b"c%d" % n for n in range(MAX_COLUMNS + 1)), "201 columns"),
        (b"\xff\xfea\0\n\0\x00\xd8", "line 2 is not UTF-16"),
        (b"\xff\xfe\0\0", "is UTF-32"),
        (b"SQLite format 3\0", "line 1 holds a NUL"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_line(read, content, why):
    """IMP-1, S5"""
    with pytest.raises(WorkspaceError) as refused:
        read(content)
    assert why in str(refused.value)


def test_a_column_without_a_name_gets_one(read):
    """IMP-2"""
    assert read(b"a,,c\n1,2,3\n")[0] == ("a", "column 2", "c")


def test_rows_of_blank_cells_are_no_rows(read):
    """IMP-1"""
    assert read(b"a,b\n,\n1,2\n , \n")[1] == [(3, ["1", "2"])]


def test_a_huge_line_costs_no_memory(tmp_path):
    """S5"""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"name\n")
        for _ in range(64):
            file.write(b"x" * (1 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(Invalid, match="line 2 is longer"), CsvSource(path) as source:
            list(source.rows())
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read(tmp_path):
    """S5"""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(Invalid, match="larger than 256 MiB"):
        CsvSource(path)


def test_only_files_are_read(tmp_path):
    """S6"""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "none.csv", type(tmp_path)("/dev/zero"), tmp_path / "a\0b"):
        with pytest.raises(Usage):
            CsvSource(path)


@FILES
@given(st.binary(max_size=400))
@example(b"\xef\xbb\xbf")
@example(b'a,"')
@example(b"a\r\r\n\xff")
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path, content):
    """IMP-1, S5"""
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with suppress(WorkspaceError), CsvSource(path) as source:
        first = list(source.rows())
        assert list(source.rows()) == first


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@FILES
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5), st.sampled_from([",", ";", "\t", "|"]))
def test_it_reads_what_was_written(tmp_path, rows, delimiter):
    """IMP-1"""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\r\n").writerows([["a", "b"], *rows])
    path = tmp_path / "file.csv"
    path.write_bytes(written.getvalue().encode())
    with CsvSource(path) as source:
        read = [list(cells) for _, cells in source.rows()]
    assert read == [row for row in rows if any(cell.strip() for cell in row)]
