"""Bringing the stored tables to this program's version with Alembic; projection tables are not its business."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from events.record.connections import Database
from events.record.tables import METADATA as RECORD
from notifications.outbox import METADATA as LETTERS
from service.storage.tables import METADATA as OWN

MIGRATIONS = Path(__file__).parent / "migrations"
METADATA = [RECORD, OWN, LETTERS]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def migrate(database: Database, *, to: str = "head") -> None:
    """Creates or upgrades the stored tables; done already means nothing happens."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = _config()
    with database.writing.connect() as connection:
        config.attributes["connection"] = connection
        config.attributes["metadata"] = METADATA
        command.upgrade(config, to)
        connection.commit()


def migrated(database: Database) -> bool:
    """Whether the stored tables are of exactly this program's version."""
    with database.reading.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(_config()).get_heads())
