"""Whether the migrations make exactly the tables the program declares."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from events.record.connections import open_database
from service.storage.migrating import METADATA, migrate, migrated


class TestMigrations:
    def test_make_what_the_program_declares(self, database_url: str) -> None:
        """迁移建出的表和程序声明的一致：列、索引都不差；做过再做不出事。"""
        database = open_database(database_url)
        try:
            assert not migrated(database)
            migrate(database)
            migrate(database)
            assert migrated(database)
            with database.writing.connect() as connection:
                options = {"compare_type": True, "compare_server_default": False}
                context = MigrationContext.configure(connection, opts=options)
                found = [d for metadata in [METADATA] for d in compare_metadata(context, metadata)]  # type: ignore[arg-type]
            assert found == []
        finally:
            database.close()
