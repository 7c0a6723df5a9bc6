"""What stirred on a list since a position: which of its matters changed, came or went."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from events.record.sql import driver_of, plain_text
from events.rules.calendar import WorkingDays
from projections.asking import Asked
from projections.changes import MATTERS as STREAMS
from projections.lists import page_of
from projections.shapes import Listed

MOST = 200
"""More matters than this are not looked at one by one."""


def stirred(
    connection: Connection, asked: Asked, calendar: WorkingDays, listed: Listed, after: int, **more: str
) -> int | None:
    """How many of a list's matters changed what they show, came onto it or left it; None: more than MOST stirred."""
    streams = driver_of(connection).rows(_TOUCHED, (after,))
    if len(streams) > MOST:
        return None
    ids = [stream.removeprefix(STREAMS) for (stream,) in streams]
    if not ids:
        return 0
    asked = replace(asked, cursor=None, limit=MOST)
    now = page_of(connection, asked, calendar, listed, named=ids, **more).items
    before = page_of(connection, replace(asked, position=after), calendar, listed, named=ids, **more).items
    changed = {item.id for item in now if item.from_position > after}
    return len(changed | ({item.id for item in before} - {item.id for item in now}))


_TOUCHED = plain_text(
    f"SELECT DISTINCT stream FROM events WHERE position > ? AND substr(stream, 1, {len(STREAMS)}) = '{STREAMS}'"
    f" LIMIT {MOST + 1}"
)
