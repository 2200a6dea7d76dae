"""Ways to find a record by a few letters (QRY-6)."""

from __future__ import annotations

from cs_workspace.store import search
from cs_workspace.store.compile import Compiler


def test_qry_6_custom_objects_are_found_each_among_its_own(desk):
    desk.object("sites", "Site")
    desk.object("ships", "Ship")
    desk.create("ships", {"name": "Anna"})
    desk.create("sites", {"name": "Anna's place"})
    for name in ("sites", "ships"):
        compiler = Compiler(desk.schema[name], desk.schema, desk.store.is_sqlite)
        with desk.store.reading() as connection:
            (found,) = search.titled(connection, compiler, ["anna"], ["name"], 5)
            assert search.worded(connection, compiler, ["an"], ["name"], 5) == [found]
            assert search.numbered(connection, compiler, [1, 2], ["name"]) == [found]


def test_lst_3_a_word_is_frequent_that_many_of_the_latest_records_have(desk):
    desk.create("companies", {"name": "Rare thing"}, *({"name": f"Common {i}"} for i in range(50)))
    compiler = Compiler(desk.schema["companies"], desk.schema, desk.store.is_sqlite)
    with desk.store.reading() as connection:
        often = search.LATEST // 40
        assert search.frequent(connection, compiler, ("common", "rare", "commo", "1"), often) == {"common", "commo"}
