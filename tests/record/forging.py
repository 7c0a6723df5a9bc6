"""What a forger with the database in hand would do: change facts and link the whole chain anew."""

from __future__ import annotations

from events.record.chain import ALGORITHMS, GENESIS, Frontier, header, link
from events.record.connections import open_database
from events.record.sql import Driver, plain_text
from events.record.store import COLUMNS, read_head
from events.record.tables import HEADER_COLUMNS

_ALL = plain_text(f"SELECT {COLUMNS} FROM events ORDER BY position")
_LINK = plain_text("UPDATE events SET body_digest = ?, hash = ? WHERE position = ?")
_HEAD = plain_text("UPDATE log_head SET position = ?, hash = ?, frontier = ? WHERE id = 1")
_NO_STREAMS = plain_text("DELETE FROM streams")
_STREAMS = plain_text(
    "INSERT INTO streams (stream, version, last_position)"
    " SELECT stream, max(version), max(position) FROM events GROUP BY stream"
)


def tamper(url: str, sql: str, *parameters: object, rechain: bool = False) -> None:
    """Runs one statement on a database, then links everything anew where asked."""
    database = open_database(url)
    try:
        with database.transaction() as driver:
            assert driver.change(plain_text(sql), tuple(parameters)) > 0
            if rechain:
                link_anew(driver)
    finally:
        database.close()


def link_anew(driver: Driver) -> None:
    """Computes digests, links, head and ends of streams anew, so that the record holds together again."""
    digest = ALGORITHMS[read_head(driver).algorithm]
    previous, frontier = GENESIS, Frontier(digest)
    for row in driver.rows(_ALL):
        body_digest = digest(bytes(row[HEADER_COLUMNS + 2]))
        previous = link(digest, previous, header(row[:HEADER_COLUMNS]), body_digest)
        driver.change(_LINK, (body_digest, previous, row[0]))
        frontier.add(previous)
    driver.change(_HEAD, (frontier.size, previous, frontier.packed()))
    driver.change(_NO_STREAMS)
    driver.change(_STREAMS)
