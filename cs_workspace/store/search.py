"""Finding records by a few letters, as fast as one types, whatever the number of records (QRY-6).

Each way to find answers from an index and ends after a few rows: titles that begin with the text by the b-tree on
`search_text`, then the words anywhere in the search text, the newest records first. Columns are stored ones.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, Subquery, column, func, select, table

from cs_workspace.store.compile import Compiler

LATEST = 2_000  # records that tell how frequent a word is
RARE = 3  # letters from which on PostgreSQL's full-text index is asked for a word
LAST = "\U0010ffff"  # after every letter

Rows = list[dict[str, Any]]


def titled(
    connection: Connection, compiler: Compiler, words: Sequence[str], columns: Sequence[str], limit: int
) -> Rows:
    """Records whose search text begins with these words, the last of which may be unfinished, in its order."""
    begin, text = " ".join(words), compiler.table.c.search_text
    query = _living(compiler, columns).where(text >= begin, text < begin + LAST)
    return _read(connection, query.order_by(text, compiler.table.c.id).limit(limit))


def numbered(connection: Connection, compiler: Compiler, ids: Collection[int], columns: Sequence[str]) -> Rows:
    """The living records among these ids."""
    return _read(connection, _living(compiler, columns).where(compiler.table.c.id.in_(ids)))


def worded(
    connection: Connection, compiler: Compiler, words: Sequence[str], columns: Sequence[str], limit: int
) -> Rows:
    """Records in which every one of these words begins a word, the newest first.

    SQLite walks its full-text index backwards and stops. PostgreSQL would gather all matches of a frequent word before
    the first: it looks through the latest records, which have it already, and leaves very short words to that.
    """
    number = compiler.table.c.id
    query = _living(compiler, columns).limit(limit)
    if compiler.is_sqlite:
        return _read(connection, _words_of(query, compiler, words))
    latest = _latest(compiler, (*columns, "search_text"))
    recent = select(*(c for c in latest.c if c.name != "search_text")).order_by(latest.c.id.desc()).limit(limit)
    found = _read(connection, recent.where(*compiler.begin_words(latest.c.search_text, words)))
    short = frozenset(word for word in words if len(word) < RARE)
    if len(found) < limit and not short.issuperset(words):
        condition = replace(compiler, frequent=short).search(tuple(words))
        found = _read(connection, query.where(condition).order_by(number.desc()))
    return found


def frequent(connection: Connection, compiler: Compiler, words: Sequence[str], often: int) -> frozenset[str]:
    """Those of some words that one in `often` of the latest records has."""
    latest = _latest(compiler, ("search_text",))
    counts = [
        func.count().filter(begun).label(f"word{place}")
        for place, begun in enumerate(compiler.begin_words(latest.c.search_text, words))
    ]
    row = connection.execute(select(*counts)).one()
    return frozenset(word for word, count in zip(words, row, strict=True) if count * often > LATEST)


def _words_of(query: Select[Any], compiler: Compiler, words: Sequence[str]) -> Select[Any]:
    """The rows a full-text index of SQLite gives, from the last one on."""
    name = f"{compiler.table.name}_words"
    index = table(name, column("rowid"), column(name))
    match = index.c[name].bool_op("MATCH")(" AND ".join(f'"{word}"*' for word in words))
    return query.join(index, index.c.rowid == compiler.table.c.id).where(match).order_by(index.c.rowid.desc())


def _living(compiler: Compiler, columns: Sequence[str]) -> Select[Any]:
    stored = compiler.table.c
    return select(stored.id, *(stored[name] for name in columns if name in stored)).where(compiler.living())


def _read(connection: Connection, query: Select[Any]) -> Rows:
    return [dict(row) for row in connection.execute(query).mappings()]


def _latest(compiler: Compiler, columns: Sequence[str]) -> Subquery:
    return _living(compiler, columns).order_by(compiler.table.c.id.desc()).limit(LATEST).subquery()
