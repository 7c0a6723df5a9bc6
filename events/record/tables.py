"""The tables of the record. Moments are whole microseconds since 1970 (UTC); days are text ``YYYY-MM-DD``."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table, Text

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BIG = BigInteger().with_variant(Integer, "sqlite")

events = Table(
    "events",
    METADATA,
    Column("position", BIG, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("schema", SmallInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("unit", Text),
    Column("role", Text),
    Column("on_behalf_of", Text),
    Column("basis", Text),
    Column("occurred_at", BIG, nullable=False),
    Column("recorded_at", BIG, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("causation_id", Text),
    Column("body_digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("body", LargeBinary),
    Index("uq_events_stream_version", "stream", "version", unique=True),
)
HEADER_COLUMNS = 15
"""How many leading columns of ``events`` the chain's header covers; digest, hash and body follow."""

log_head = Table(
    "log_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BIG, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("epoch", BIG, nullable=False),
    Column("moment", BIG),
    Column("algorithm", Text, nullable=False),
)

streams = Table(
    "streams",
    METADATA,
    Column("stream", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("last_position", BIG, nullable=False),
    sqlite_with_rowid=False,
)

commands = Table(
    "commands",
    METADATA,
    Column("command_id", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("result", LargeBinary, nullable=False),
    Column("position", BIG, nullable=False),
    Column("kept_from", BIG, nullable=False),
    Index("ix_commands_kept_from", "kept_from"),
    sqlite_with_rowid=False,
)

claims = Table(
    "claims",
    METADATA,
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("position", BIG, nullable=False),
    sqlite_with_rowid=False,
)

number_series = Table(
    "number_series",
    METADATA,
    Column("series", Text, primary_key=True),
    Column("next", Integer, nullable=False),
)

# A node of the Merkle tree over each full block of 256 facts: read for proofs, made from the chain, never trusted.
merkle_blocks = Table(
    "merkle_blocks",
    METADATA,
    Column("block", BIG, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
