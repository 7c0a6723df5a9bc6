"""Ordinary mutable tables. Moments are microseconds since 1970 of the machine's clock, in rehearsal too."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

from events.record.tables import BIG
from events.record.tables import METADATA as RECORD

METADATA = MetaData(naming_convention=RECORD.naming_convention)

accounts = Table(
    "accounts",
    METADATA,
    Column("user_name", Text, primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BIG),
    Column("changed_at", BIG, nullable=False),
)

sessions = Table(
    "sessions",
    METADATA,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_name", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_at", BIG, nullable=False),
    Column("seen_at", BIG, nullable=False),
    Column("moment", BIG),
    Column("as_of", Text),
    Index("ix_sessions_user_name", "user_name"),
)

tokens = Table(
    "tokens",
    METADATA,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_name", Text, nullable=False),
    Column("created_at", BIG, nullable=False),
    Index("ix_tokens_user_name", "user_name"),
)

preferences = Table(
    "preferences",
    METADATA,
    Column("user_name", Text, primary_key=True),
    Column("large_type", Integer, nullable=False),
    Column("high_contrast", Integer, nullable=False),
    Column("single_keys", Integer, nullable=False),
)
"""How each account likes the pages to look; no row: as everybody begins."""

views = Table(
    "views",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("user_name", Text, nullable=False),
    Column("unit", Text),
    Column("reach", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("made_at", BIG, nullable=False),
    Index("ix_views_user_name", "user_name", "name", unique=True),
)
"""Saved views of the register."""

leases = Table(
    "leases",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", BIG, nullable=False),
    Column("epoch", BIG, nullable=False),
    Column("taken_at", BIG),
)

access_log = Table(
    "access_log",
    METADATA,
    Column("number", BIG, primary_key=True, autoincrement=False),
    Column("at", BIG, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("person", Text),
    Column("unit", Text),
    Column("kind", Text, nullable=False),
    Column("target", Text),
    Column("address", Text, nullable=False),
    Column("as_of", Text),
    Column("moment", BIG),
    Column("refused", Text),
    Column("hash", LargeBinary, nullable=False),
    Index("ix_access_log_at", "at"),
    Index("ix_access_log_target", "target", "number"),
    Index("ix_access_log_user_name", "user_name", "number"),
)
"""谁看过: one row per look at something sensitive, each with the hash over all before it."""

access_head = Table(
    "access_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BIG, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("pruned", BIG, nullable=False),
    Column("pruned_hash", LargeBinary, nullable=False),
)
"""One row: the end of the access log, and how far it was pruned with the hash the rest goes on from."""
