"""A copied record taken back to a position: everything written later goes, and what was given up since comes back."""

from __future__ import annotations

from collections.abc import Iterable

from events.record.chain import ALGORITHMS, Frontier
from events.record.connections import Database
from events.record.proving import BLOCK
from events.record.sql import Driver, insert_missing, plain_text
from events.record.store import read_head
from events.record.tables import claims

PAGE = 50_000

_HASHES = plain_text(
    "SELECT position, hash, recorded_at FROM events WHERE position > ? ORDER BY position LIMIT ?"
)
_HEAD = plain_text("UPDATE log_head SET position = ?, hash = ?, frontier = ?, moment = ? WHERE id = 1")
_LATER = tuple(
    plain_text(f"DELETE FROM {table} WHERE position > ?")  # noqa: S608 - names written here
    for table in ("events", "commands", "claims", "letters")
)
_BLOCKS = plain_text("DELETE FROM merkle_blocks WHERE block >= ?")
_STREAMS = (
    plain_text("DELETE FROM streams"),
    plain_text(
        "INSERT INTO streams (stream, version, last_position)"
        " SELECT stream, max(version), max(position) FROM events GROUP BY stream"
    ),
    plain_text(
        "UPDATE letters SET version ="
        " coalesce((SELECT version FROM streams WHERE stream = 'letter-' || letters.id), 0)"
    ),
)
_STALE = plain_text("UPDATE projections SET fingerprint = ''")
_CLAIM = insert_missing(claims)


def rewind(database: Database, position: int, held: Iterable[tuple[str, str, str]]) -> None:
    """Takes a record back, in one transaction; read models are to be built anew.

    ``held``: scope, key and owner of what was claimed at the position, also where it was released later. Number
    series stay as they are, so that no number is given twice; a letter that left stays sent.
    """
    with database.transaction() as driver:
        frontier = Frontier(ALGORITHMS[read_head(driver, for_update=True).algorithm])
        last = _grow(driver, frontier, position)
        for statement in _LATER:
            driver.change(statement, (position,))
        driver.change(_BLOCKS, (position // BLOCK,))
        for statement in _STREAMS:
            driver.change(statement)
        driver.run(_CLAIM, [(*one, position) for one in held])
        driver.change(_STALE)
        driver.change(_HEAD, (position, last[0], frontier.packed(), last[1]))


def _grow(driver: Driver, frontier: Frontier, position: int) -> tuple[bytes, int]:
    """The tree over the facts up to a position; gives the last one's hash and moment."""
    hash_, moment, after = b"", 0, 0
    while after < position:
        rows = driver.rows(_HASHES, (after, min(PAGE, position - after)))
        frontier.extend(bytes(row[1]) for row in rows)
        after, hash_, moment = rows[-1][0], bytes(rows[-1][1]), rows[-1][2]
    return hash_, moment
