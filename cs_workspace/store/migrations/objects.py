"""What SQLAlchemy has no words for: folding, full text search, append-only tables, in each database's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from cs_workspace.domain.query.folding import DROPPED, LETTERS, fold


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def fold_function() -> None:
    """`csw_fold(text)`: what `domain.query.folding.fold` does; SQLite gets that very function on each connection."""
    if _is_sqlite():
        return
    every = [chr(number) for number in (*range(1, 0x20000), *range(0xE0000, 0xE0200))]  # the rest is ideographs
    # Where folding case gives another letter than writing it small does: ß, final sigma, iota under a vowel.
    plain = {c: fold(c) for c in every if c.casefold() != c.lower() and unicodedata.normalize("NFKD", c) == c}
    plain = {c.lower(): letters for c, letters in plain.items() if c.lower() != letters and letters}
    plain |= {chr(number): letters for number, letters in LETTERS.items()}
    # The collation of a column or database may know no case beyond ASCII.
    known = sa.text("SELECT collname FROM pg_collation WHERE collname IN ('pg_c_utf8', 'und-x-icu') ORDER BY 1 LIMIT 1")
    collation = op.get_bind().scalar(known) or "default"
    body = f'lower(normalize(value, NFKD) COLLATE "{collation}")'
    for letter, letters in plain.items():
        if len(letters) > 1:
            body = f"replace({body}, '{letter}', '{letters}')"
    single = {letter: letters for letter, letters in plain.items() if len(letters) == 1}
    body = f"translate({body}, '{''.join(single)}', '{''.join(single.values())}')"
    dropped = _ranges(c for c in every if unicodedata.category(c) in DROPPED - {"Cs"} and c not in plain)
    body = f"regexp_replace({body}, '[{dropped}]', '', 'g')"
    op.execute(
        "CREATE FUNCTION csw_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "
        f"$$ SELECT CASE WHEN octet_length(value) = char_length(value) THEN lower(value) ELSE {body} END $$"
    )


def _ranges(characters: Iterable[str]) -> str:
    """The inside of a regular expression's brackets."""
    runs: list[list[int]] = []
    for number in map(ord, characters):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "".join(chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in runs)


def full_text(table: str) -> None:
    """An index over the words of `search_text`: FTS5 kept up by triggers, or a GIN index over a tsvector."""
    if not _is_sqlite():
        op.execute(f"CREATE INDEX ix_{table}_words ON {table} USING gin (to_tsvector('simple', search_text))")
        return
    words = f"{table}_words"
    op.execute(
        f"CREATE VIRTUAL TABLE {words} USING fts5(search_text, content='{table}', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0', prefix='2 3')"
    )
    gone = f"INSERT INTO {words}({words}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"  # noqa: S608 - names are ours
    come = f"INSERT INTO {words}(rowid, search_text) VALUES (new.id, new.search_text);"  # noqa: S608
    op.execute(f"CREATE TRIGGER {words}_insert AFTER INSERT ON {table} BEGIN {come} END")
    op.execute(f"CREATE TRIGGER {words}_delete AFTER DELETE ON {table} BEGIN {gone} END")
    op.execute(
        f"CREATE TRIGGER {words}_update AFTER UPDATE OF search_text ON {table} "
        f"WHEN old.search_text <> new.search_text BEGIN {gone} {come} END"
    )


def append_only(table: str) -> None:
    """Refuse to change or remove rows."""
    if _is_sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
