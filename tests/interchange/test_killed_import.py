"""An import that is killed has happened or has not (IMP-5; R2 of the promises)."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import closing

from cs_workspace.store import migrate
from cs_workspace.store.engine import Store
from cs_workspace.workspace import records
from tests.interchange.desk import desk

ROWS = 4_000
KILLS = 5
RUN = "from cs_workspace.cli.main import main; main()"


def test_a_killed_import_is_there_as_a_whole_or_not_at_all(fresh_sqlite_url, tmp_path):
    """IMP-5, R2"""
    path = tmp_path / "companies.csv"
    path.write_text("external_id,name,Note\n" + "".join(f"{n},Company {n},note {n}\n" for n in range(ROWS)))
    words = [sys.executable, "-c", RUN, "--db", fresh_sqlite_url, "--as", "boss", "import", str(path)]
    command = [*words, "--object", "companies"]
    chance = random.Random(18)
    with desk(fresh_sqlite_url, tmp_path) as at_desk:
        started = time.monotonic()
        subprocess.run([*command, "--dry-run"], check=True, capture_output=True)
        usual = time.monotonic() - started
        for _ in range(KILLS):
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
                try:
                    running.wait(usual * chance.uniform(0.3, 1.1))
                except subprocess.TimeoutExpired:
                    running.kill()
            assert at_desk.workspace.run(records.count, "companies") in (0, ROWS)
            with closing(Store(fresh_sqlite_url)) as store, store.reading() as connection:
                assert migrate.integrity(connection) == []
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert f'"new":{ROWS}' in done.stdout or f'"unchanged":{ROWS}' in done.stdout
        assert at_desk.workspace.run(records.count, "companies") == ROWS
