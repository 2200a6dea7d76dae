"""Stores with an account in them, for tests below the door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from cs_workspace.domain.clock import FixedClock
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.store import migrate
from cs_workspace.store.account import load_schema
from cs_workspace.store.engine import Store
from cs_workspace.store.journal import Entry, Journal
from cs_workspace.workspace.setup import NewAccount, make_store

NOW = 1_790_000_000_000  # 21 September 2026, 14:13:20 UTC


class Desk:
    """A store with the usual account, and short ways to write to it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @contextmanager
    def journal(self, label: str = "edit", user: int | None = None, at: int = NOW) -> Iterator[Journal]:
        with self.store.writing() as connection:
            yield Journal(connection, load_schema(connection), Entry(at, user, "test", label))

    def create(self, name, *rows, **options):
        with self.journal(**options) as journal:
            return journal.create(name, rows)

    def update(self, name, values, **options):
        with self.journal(**options) as journal:
            return journal.update(name, values)

    def rows(self, name, ids):
        with self.store.writing() as connection:
            return Journal(connection, load_schema(connection), Entry(NOW, None, "test", "")).rows(name, ids)

    def row(self, name, record):
        return self.rows(name, [record])[record]

    def custom(self, kind, *properties):
        """Add custom properties, each (name, type) or (name, type, options)."""
        code = STANDARD.objects[kind].code if kind in STANDARD.objects else None
        with self.journal() as journal:
            journal.create(
                "properties",
                [
                    {
                        "object": code if code is not None else journal.schema[kind].code,
                        "name": name,
                        "label": name.replace("_", " ").capitalize(),
                        "type": str(type_),
                        "options": [[o, o.capitalize()] for o in options[0]] if options else None,
                    }
                    for name, type_, *options in properties
                ],
            )

    def object(self, name, label):
        """Add a custom object."""
        self.create("objects", {"name": name, "label": label, "plural": f"{label}s"})

    @property
    def schema(self):
        with self.store.reading() as connection:
            return load_schema(connection)


@pytest.fixture
def desk(store_url, monkeypatch) -> Iterator[Desk]:
    monkeypatch.setattr(migrate, "create", lambda _: None)  # `store_url` has the tables already
    with closing(Store(store_url)) as store:
        make_store(
            store,
            NewAccount("Acme", "admin", time_zone="Europe/Rome", rates={"USD": "0.9", "JPY": "0.0061"}),
            FixedClock(NOW),
        )
        yield Desk(store)
