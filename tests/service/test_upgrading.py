"""升级: a record written under any earlier schema opens with this program, and every fact is read."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Table, inspect, literal, select

from events.record.connections import Database, open_database
from events.record.sql import plain_text
from service.runtime import open_runtime
from service.storage.migrating import METADATA, MIGRATIONS, migrate, migrated
from tests.conftest import new_database
from tests.service.given import Office
from tests.service.opened import Furnished, app_client, settings_at
from tests.service.programs import CONFIG, did, duban, said_no

GOLDEN = Path(__file__).parent.parent / "record" / "golden" / "schemas"


def revisions() -> list[str]:
    """Every schema there was, oldest first."""
    script = ScriptDirectory(str(MIGRATIONS))
    return [one.revision for one in reversed(list(script.walk_revisions()))]


EARLIER = revisions()[:-1]
RELEASED = sorted(path.stem for path in GOLDEN.glob("*.sql"))


def schema(file: Path) -> str:
    """What an SQLite file's tables and indexes are made by."""
    with sqlite3.connect(file) as database:
        made = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
        return "".join(f"{sql};\n" for (sql,) in made)


def copied_back(source: Database, target: Database) -> None:
    """Everything a database under an earlier schema could hold; 0 where a column was given up since."""
    there = inspect(target.writing)
    with source.reading.connect() as reading, target.transaction() as driver:
        for table in (table for metadata in METADATA for table in metadata.sorted_tables):
            if there.has_table(table.name):
                columns = [column["name"] for column in there.get_columns(table.name)]
                kept = (table.c[name] if name in table.c else literal(0) for name in columns)
                _copy(reading.execute(select(*kept)).all(), table, columns, driver)


def _copy(rows: object, table: Table, columns: list[str], driver: object) -> None:
    listed = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    driver.change(plain_text(f'DELETE FROM "{table.name}"'))  # type: ignore[attr-defined]
    insert = plain_text(f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})')
    driver.run(insert, [tuple(row) for row in rows])  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def grown(an_opened_office: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """An office with a life behind it, closed."""
    folder = tmp_path_factory.mktemp("grown")
    with an_opened_office.copy(folder) as office:
        office.at("2008-03-03").closed(kind="immediate", time_limit="7日内")
        office.at("2008-03-20").rectifying(due_on="2008-03-25")
        office.tick("2008-03-27")
    return Furnished(folder=folder, url=None, tokens=office.tokens, units=office.units, people=office.people)


class TestASchema:
    @pytest.mark.parametrize("revision", RELEASED)
    def test_that_was_released_never_changes(self, revision: str, tmp_path: Path) -> None:
        """发布过的每一版表结构都留着底：迁移到那一版，建出的表与当时一字不差。"""
        database = open_database(f"sqlite:///{tmp_path}/old.sqlite3")
        try:
            migrate(database, to=revision)
        finally:
            database.close()
        golden = GOLDEN / f"{revision}.sql"
        assert schema(tmp_path / "old.sqlite3") == golden.read_text(encoding="utf-8"), (
            f"{golden} 与迁移不符：发布过的迁移不能改，另写一个"
        )

    @pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
    @pytest.mark.parametrize("revision", EARLIER)
    def test_that_was_released_is_brought_up(
        self, revision: str, engine: str, grown: Furnished, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        """每一版的旧库：先说该升级，升级以后每条事实读得懂、核对无误，接着办事。"""
        if engine == "sqlite":
            self._brought_up(revision, f"sqlite:///{tmp_path}/var/duban.sqlite3", grown, tmp_path)
            return
        with new_database(request.getfixturevalue("postgres_server")) as url:
            self._brought_up(revision, url, grown, tmp_path)

    def _brought_up(self, revision: str, url: str, grown: Furnished, folder: Path) -> None:
        source, old = open_database(f"sqlite:///{grown.folder}/var/duban.sqlite3"), open_database(url)
        try:
            migrate(old, to=revision)
            copied_back(source, old)
            assert not migrated(old)
        finally:
            source.close()
            old.close()
        shutil.copytree(grown.folder / "var/files", folder / "var/files")
        (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
        where = {"DUBAN_DATABASE__URL": url}
        assert "duban upgrade" in said_no(duban(folder, "status", **where))
        did(duban(folder, "upgrade", **where))
        assert "条事实" in did(duban(folder, "verify", **where))
        did(duban(folder, "rebuild", "--check", **where))
        runtime = open_runtime(settings_at(folder, url))
        with app_client(runtime) as client:
            office = Office(
                client=client, tokens=grown.tokens, units=grown.units, people=grown.people, runtime=runtime
            )
            office.at("2008-04-01").assigned(kind="immediate", time_limit="7日内")
            assert len(office.ask("/matters", by="clerk")["items"]) == 3
