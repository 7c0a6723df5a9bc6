"""A small record with facts of its own, for tests of the record alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from events.record.admitting import Append
from events.record.chain import GENESIS
from events.record.codec import Codec, Stored
from events.record.connections import Database, open_database
from events.record.envelope import Actor, Claim, Decision, Draft, Envelope, Numbering
from events.record.handling import Folder, Handling
from events.record.moments import MomentPolicy, real_moments
from events.record.sql import insert_rows
from events.record.store import Store
from events.record.tables import METADATA, log_head
from events.record.writer import Follower, Writer
from events.vocabulary import BEIJING, UserName

START = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)
CLERK = Actor(user=UserName("zhang"), name="张三")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A fact of no importance."""

    text: str
    number: str = ""


CODEC = Codec([Stored(name="said", type=Said)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An open record."""

    database: Database
    store: Store
    writer: Writer
    handling: Handling


def prepare(url: str, algorithm: str = "sha256") -> Database:
    """An empty record's tables and head."""
    database = open_database(url)
    METADATA.create_all(database.writing)
    with database.transaction() as driver:
        driver.run(insert_rows(log_head), [(1, 0, GENESIS, b"", 1, None, algorithm)])
    return database


@contextmanager
def opened(
    url: str,
    *followers: Follower,
    policy: MomentPolicy | None = None,
    fresh: bool = True,
    algorithm: str = "sha256",
) -> Iterator[Record]:
    """A record with its writer running."""
    database = prepare(url, algorithm) if fresh else open_database(url)
    writer = Writer(database, CODEC, policy or real_moments(timedelta(days=7)), followers)
    store = Store(database, CODEC)
    folders = {"said": Folder(begin=lambda _: (), evolve=lambda state, r: (*state, r.fact.text))}
    try:
        handling = Handling(store, writer, folders)
        yield Record(database=database, store=store, writer=writer, handling=handling)
    finally:
        writer.stop()
        database.close()


def said(
    stream: str,
    *texts: str,
    version: int = 0,
    at: datetime = START,
    key: str | None = None,
    body: bytes = b"body",
    claims: tuple[Claim, ...] = (),
    releases: tuple[tuple[str, str], ...] = (),
    series: str | None = None,
    **conditions: int,
) -> Append:
    """A request to write texts to a stream."""
    drafts = tuple(Draft(stream=stream, fact=Said(text=text)) for text in texts)
    numbers = (Numbering(draft=0, field="number", series=series),) if series else ()
    return Append(
        envelope=Envelope(
            actor=CLERK,
            at=at,
            command_id=key or f"{stream}/{version}/{texts}",
            fingerprint=body if key else None,
        ),
        decision=Decision(drafts=drafts, claims=claims, releases=releases, numbers=numbers),
        conditions={stream: version, **conditions},
    )


def texts(record: Record) -> list[Any]:
    """Everything said, in order."""
    return [r.fact.text for page in record.store.pages() for r in page]
