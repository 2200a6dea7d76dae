from __future__ import annotations

import asyncio
import threading
from contextlib import closing

import pytest

from cs_workspace.domain.errors import StoreUnavailable
from cs_workspace.store.engine import Store
from cs_workspace.tui.loader import Loader

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def loader():
    loader = Loader(2)
    yield loader
    loader.close()


async def test_what_a_function_gives_and_raises(loader):
    assert await loader.run(lambda: 7) == 7

    def fail():
        raise StoreUnavailable("away")

    with pytest.raises(StoreUnavailable, match="away"):
        await loader.run(fail)


async def test_lst_3_a_read_nobody_waits_for_is_interrupted_in_the_driver(loader, store_url):
    with closing(Store(store_url)) as store:
        begun, ended = threading.Event(), threading.Event()

        def endless():
            try:
                with store.reading() as connection:
                    begun.set()
                    connection.exec_driver_sql(ENDLESS)
            finally:
                ended.set()

        task = asyncio.create_task(loader.run(endless))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(ended.wait, 10)

        def next_one():
            with store.reading() as connection:
                return connection.exec_driver_sql("SELECT 1").scalar()

        assert await loader.run(next_one) == 1


async def test_closing_interrupts_what_runs(fresh_sqlite_url):
    loader = Loader(1)
    with closing(Store(fresh_sqlite_url)) as store:
        begun = threading.Event()

        def endless():
            with store.reading() as connection:
                begun.set()
                connection.exec_driver_sql(ENDLESS)

        task = asyncio.create_task(loader.run(endless))
        await asyncio.to_thread(begun.wait, 10)
        loader.close()
        with pytest.raises(StoreUnavailable, match="told to stop"):
            await task


async def test_on_postgresql_too(loader, fresh_postgres_url):
    with closing(Store(fresh_postgres_url)) as store:
        begun, ended = threading.Event(), threading.Event()

        def slow():
            try:
                with store.reading() as connection:
                    begun.set()
                    connection.exec_driver_sql("SELECT pg_sleep(60)")
            finally:
                ended.set()

        task = asyncio.create_task(loader.run(slow))
        await asyncio.to_thread(begun.wait, 10)
        await asyncio.sleep(0.2)  # a request to cancel that comes before the statement is lost
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(ended.wait, 10)
