"""Filling the letter box in the transaction of the fact, and writing what became of a letter with its own fact."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from events.bulletin.state import Bulletin
from events.delivery.facts import LetterHandedOver, LetterPrinted, LetterRead, LetterReceived
from events.directory.state import Directory
from events.record.envelope import Recorded
from events.record.moments import to_micros
from events.record.sql import Driver, Row, plain_text
from events.record.store import Store
from events.record.writer import Batch
from notifications.circulating import letters_of_bulletin
from notifications.policy import TELLINGS, Change, Channel, Letter, letters_for
from notifications.posts import Posts, posts_on
from projections.bulletins import BULLETINS
from projections.stream_changes import StreamChange

_FILL = plain_text(
    "INSERT INTO letters"
    " (id, matter, rule, slot, post, channel, copy, position, made_at, state, next_try_at, handed_at, bulletin)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_SETTLE = plain_text(
    "UPDATE letters SET state = ?, handed_at = ?, holder = ?, address = ?, message_id = ?, last_error = ?,"
    " attempts = ?, version = ?, claim_until = NULL WHERE id = ?"
)
_READ = plain_text(
    "UPDATE letters SET state = 'read', read_at = ?, read_by = ?, version = ? WHERE id = ? AND read_at IS NULL"
)

_PRINTED = plain_text(
    "UPDATE letters SET state = 'sent', handed_at = ?, address = ?, message_id = ?, last_error = NULL,"
    " next_try_at = NULL, version = ? WHERE id = ?"
)
_RECEIVED = plain_text(
    "UPDATE letters SET state = 'read', read_at = ?, read_by = ?, address = ?, version = ? WHERE id = ?"
)
ON_PAPER = "纸质送达"
"""Stands as the address of a letter that was printed."""


def letter_id(letter: Letter) -> str:
    """The id a letter has by its natural key: the same letter has it on every machine and at every try.

    It begins as the id of what it speaks of, which begins with the time: letters written together lie together.
    """
    about = letter.bulletin or letter.matter
    key = "\x1f".join((about, letter.rule, letter.slot, letter.post.key, letter.channel))
    began = about[:12] if _BEGINS.match(about) else ""
    return (began + hashlib.sha256(key.encode()).hexdigest())[:32]


_BEGINS = re.compile("[0-9a-f]{12}")


class LetterBox:
    """The letter box as a follower of the record. Remembers only who holds which post, per directory and day."""

    def __init__(self, directory: Callable[[], Directory], store: Store) -> None:
        self._directory = directory
        self._store = store
        self._posts: tuple[int, Posts] | None = None

    def follow(self, driver: Driver, batch: Batch, changes: Iterable[Change]) -> None:
        """Writes the letters of a batch's changes and the outcomes among its facts, in its transaction."""
        rows: list[Row] = []
        for change in changes:
            if type(change.recorded.fact) in TELLINGS:
                self._add_rows(change, rows)
        for bulletin in BULLETINS.changes(driver, self._store, batch.recorded):
            rows.extend(self._rows_of_bulletin(bulletin))
        driver.run(_FILL, rows)
        settle(driver, batch.recorded)

    def _add_rows(self, change: Change, rows: list[Row]) -> None:
        recorded = change.recorded
        posts = self._posts_on(recorded.recorded_at.date())
        moment = to_micros(recorded.recorded_at)
        rows.extend([_row(letter, recorded.position, moment, posts) for letter in letters_for(change, posts)])

    def _rows_of_bulletin(self, change: StreamChange[Bulletin]) -> Iterable[Row]:
        posts = self._posts_on(change.recorded.recorded_at.date())
        moment = to_micros(change.recorded.recorded_at)
        for letter in letters_of_bulletin(change, posts):
            yield _row(letter, change.recorded.position, moment, posts)

    def _posts_on(self, on: date) -> Posts:
        directory = self._directory()
        held = self._posts
        if held is None or held[0] != directory.position or held[1].on != on:
            held = self._posts = (directory.position, posts_on(directory, on))
        return held[1]


def settle(driver: Driver, recorded: Sequence[Recorded]) -> None:
    """Writes what the facts of letters' streams say of them."""
    handed: list[Row] = []
    read: list[Row] = []
    printed: list[Row] = []
    received: list[Row] = []
    for one in recorded:
        fact = one.fact
        if isinstance(fact, LetterHandedOver):
            handed.append(_handed(one, fact))
        elif isinstance(fact, LetterRead):
            read.append((to_micros(one.recorded_at), str(fact.by), one.version, one.stream.partition("-")[2]))
        elif isinstance(fact, LetterPrinted):
            printed.append((to_micros(one.recorded_at), ON_PAPER, fact.batch, *_place(one)))
        elif isinstance(fact, LetterReceived):
            received.append((to_micros(one.recorded_at), fact.by, f"{ON_PAPER}，{fact.by}签收", *_place(one)))
    driver.run(_SETTLE, handed)
    driver.run(_READ, read)
    driver.run(_PRINTED, printed)
    driver.run(_RECEIVED, received)


def _place(one: Recorded) -> tuple[int, str]:
    return one.version, one.stream.partition("-")[2]


def _handed(one: Recorded, fact: LetterHandedOver) -> Row:
    return (
        str(fact.outcome),
        to_micros(one.recorded_at),
        fact.holder,
        fact.address,
        fact.message_id,
        fact.reason,
        fact.attempts,
        one.version,
        one.stream.partition("-")[2],
    )


def _row(letter: Letter, position: int, moment: int, posts: Posts) -> Row:
    if letter.channel is Channel.INBOX:
        # It is in the application with the fact itself; nobody at the post is said at once.
        channel, state = "inbox", "sent" if posts.held_by(letter.post) else "no_address"
        next_try, handed = None, moment
    else:
        channel, state = "email", "waiting"
        next_try, handed = moment, None
    return (
        letter_id(letter),
        letter.matter,
        letter.rule,
        letter.slot,
        letter.post.key,
        channel,
        int(letter.copy),
        position,
        moment,
        state,
        next_try,
        handed,
        letter.bulletin,
    )
