"""What SQLAlchemy has no words for: folding, full text search, append-only tables, in each database's language."""

from __future__ import annotations

from alembic import op

from cs_workspace.domain.query.folding import LETTERS


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def fold_function() -> None:
    """`csw_fold(text)`: what `domain.query.folding.fold` does; SQLite gets that very function on each connection."""
    if _is_sqlite():
        return
    body = "lower(normalize(value, NFKD))"
    for letter, plain in {**LETTERS, ord("ß"): "ss", ord("ς"): "σ"}.items():
        body = f"replace({body}, '{chr(letter)}', '{plain}')"
    body = f"regexp_replace({body}, '[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]', '', 'g')"
    op.execute(
        "CREATE FUNCTION csw_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "
        f"$$ SELECT {body} $$"
    )


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
