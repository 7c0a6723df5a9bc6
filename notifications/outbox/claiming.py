"""Taking waiting letters for one round of delivery, and giving back those that did not get away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from events.record.connections import Database
from events.record.sql import Driver, Row, plain_text, rows_in
from events.vocabulary import BulletinId, MatterId
from notifications.outbox.tables import letters as letters_table
from notifications.posts import Post, post_of

_DUE = (
    "SELECT post FROM letters WHERE state = 'waiting' AND next_try_at <= ? AND (claim_until IS NULL OR claim_until < ?)"
    " ORDER BY next_try_at, position, id LIMIT ?"
)
_READ_DUE = plain_text(_DUE, _DUE + " FOR UPDATE SKIP LOCKED")
_OF_POST = (
    "SELECT id, matter, rule, slot, post, position, made_at, copy, attempts, epoch, parcel, version,"
    " bulletin FROM letters"
    " WHERE post = ? AND state = 'waiting' AND (claim_until IS NULL OR claim_until < ?)"
    " ORDER BY position, id LIMIT ?"
)
_READ_OF_POST = plain_text(_OF_POST, _OF_POST + " FOR UPDATE SKIP LOCKED")
_CLAIM = plain_text("UPDATE letters SET claim_until = ?, epoch = ?, parcel = ? WHERE id = ? AND epoch = ?")
_READ_EPOCHS = rows_in(letters_table, ("id", "epoch"), "id")
_RELEASE = plain_text(
    "UPDATE letters SET claim_until = NULL, parcel = ?, attempts = ?, next_try_at = ?, last_error = ?"
    " WHERE id = ? AND epoch = ? AND state = 'waiting'"
)
_LATER = plain_text(
    "SELECT rule FROM letters WHERE matter = ? AND post = ? AND channel = 'email' AND position > ?"
)
_WAITING = plain_text("SELECT count(*) FROM letters WHERE state = 'waiting'")
_OLDEST_DUE = plain_text("SELECT min(next_try_at) FROM letters WHERE state = 'waiting' AND next_try_at <= ?")
_AGAIN = plain_text(
    "UPDATE letters SET state = 'waiting', next_try_at = ?, attempts = 0, parcel = NULL, last_error = NULL"
    " WHERE id = ? AND channel = 'email' AND state IN ('gave_up', 'refused', 'no_address')"
)

DUE_PER_CLAIM = 100
"""How many due letters say whose turn it is in one round."""
LETTERS_PER_POST = 500
"""How many letters one digest lists at most; more go in the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A waiting letter taken for delivery. ``epoch`` fences whoever held it before."""

    id: str
    matter: MatterId
    rule: str
    slot: str
    post: Post
    position: int
    made_at: int
    copy: bool
    attempts: int
    epoch: int
    parcel: str | None
    """The message it was in when an earlier try ended unclear."""
    version: int
    bulletin: BulletinId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A letter given back: when to try next, how often it was tried, and what was said."""

    letter: Claimed
    next_try_at: int
    attempts: int
    error: str | None
    parcel: str | None = None
    """Kept where it is unclear whether the message was taken: the same one must be sent again."""


def claim(database: Database, *, at: int, machine: int, until: int) -> tuple[Claimed, ...]:
    """Takes the letters due ``at``, with all that wait for the same posts, by the machine's clock ``until`` then.

    Letters another worker holds are passed by. Empty when nothing is due.
    """
    with database.transaction() as driver:
        posts = dict.fromkeys(row[0] for row in driver.rows(_READ_DUE, (at, machine, DUE_PER_CLAIM)))
        found = [
            _claimed(row)
            for post in posts
            for row in driver.rows(_READ_OF_POST, (post, machine, LETTERS_PER_POST))
        ]
        driver.run(
            _CLAIM, [(until, letter.epoch, letter.parcel, letter.id, letter.epoch - 1) for letter in found]
        )
    return tuple(found)


def pack(database: Database, parcels: Iterable[tuple[str, Sequence[Claimed]]], *, until: int) -> None:
    """Writes down, before anything is sent, which letters go in which message."""
    with database.transaction() as driver:
        driver.run(
            _CLAIM,
            [(until, one.epoch, parcel, one.id, one.epoch) for parcel, held in parcels for one in held],
        )


def still_held(database: Database, letters: Sequence[Claimed]) -> bool:
    """Whether no other worker has taken any of these letters over since."""
    with database.reader() as driver:
        found: dict[str, int] = dict(driver.rows_in(_READ_EPOCHS, [one.id for one in letters]))
    return all(found.get(one.id) == one.epoch for one in letters)


def release(database: Database, released: Sequence[Released]) -> None:
    """Gives letters back for a later try. A letter that was claimed anew meanwhile is left alone."""
    if not released:
        return
    with database.transaction() as driver:
        driver.run(
            _RELEASE,
            [(r.parcel, r.attempts, r.next_try_at, r.error, r.letter.id, r.letter.epoch) for r in released],
        )


def later_rules(driver: Driver, letter: Claimed) -> tuple[str, ...]:
    """The rules of the letters written later about the same matter to the same post."""
    return tuple(row[0] for row in driver.rows(_LATER, (letter.matter, letter.post.key, letter.position)))


def waiting(database: Database) -> int:
    """How many letters wait, due or not."""
    with database.reader() as driver:
        return int(driver.rows(_WAITING)[0][0])


def oldest_due(database: Database, at: int) -> int | None:
    """Since when the letter waiting longest has been due (microseconds); None when nothing is due ``at``."""
    with database.reader() as driver:
        since = driver.rows(_OLDEST_DUE, (at,))[0][0]
    return None if since is None else int(since)


def send_again(database: Database, ids: Sequence[str], *, at: int) -> None:
    """Puts letters that did not get through back in line (a post was filled, an address corrected)."""
    with database.transaction() as driver:
        driver.run(_AGAIN, [(at, one) for one in ids])


def _claimed(row: Row) -> Claimed:
    return Claimed(
        id=row[0],
        matter=MatterId(row[1]),
        rule=row[2],
        slot=row[3],
        post=post_of(row[4]),
        position=row[5],
        made_at=row[6],
        copy=bool(row[7]),
        attempts=row[8],
        epoch=row[9] + 1,
        parcel=row[10],
        version=row[11],
        bulletin=BulletinId(row[12]) if row[12] is not None else None,
    )
