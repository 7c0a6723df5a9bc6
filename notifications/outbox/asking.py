"""What pages and the API ask of the letter box: what was sent to whom, when, and what lies unread."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, literal_column, or_, select

from events.record.moments import from_micros
from events.vocabulary import MatterId, PersonId, UnitId, UserName
from notifications.outbox.tables import LetterState, letters
from notifications.policy import Channel
from notifications.posts import Post, keys_of_unit, post_of
from notifications.rules import RULES

UNREACHED = (LetterState.NO_ADDRESS, LetterState.REFUSED, LetterState.GAVE_UP)
"""The states of letters that reached nobody, for the 督查室 to look after."""

_STATES = {str(state): state for state in LetterState}
_CHANNELS = {str(channel): channel for channel in Channel}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One letter as it stands."""

    id: str
    matter: MatterId
    rule: str
    slot: str
    post: Post
    channel: Channel
    copy: bool
    position: int
    made_at: datetime
    state: LetterState
    next_try_at: datetime | None
    attempts: int
    digest: str | None
    """The message several letters went in together; None for a letter of its own."""
    handed_at: datetime | None
    holder: PersonId | None
    """Who held the post when it was handed over."""
    address: str | None
    """The address, blanked out in the middle."""
    message_id: str | None
    last_error: str | None
    read_at: datetime | None
    read_by: UserName | None

    @property
    def title(self) -> str:
        """What the letter is called."""
        return RULES[self.rule].title


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which letters are wanted; every condition given must hold."""

    matter: MatterId | None = None
    unit: UnitId | None = None
    states: Collection[LetterState] = ()
    channel: Channel | None = None
    rule: str | None = None
    posts: Collection[str] | None = None
    """Keys of the posts whose letters the asker may see or wants; None: all."""
    after: tuple[int, str] | None = None
    """Position and id of the last letter already seen."""
    limit: int = 50


def found(connection: Connection, asked: Asked) -> tuple[LetterRow, ...]:
    """The letters asked for, newest first."""
    statement = select(letters).where(*_conditions(asked))
    if asked.after is not None:
        position, seen = asked.after
        statement = statement.where(
            or_(
                letters.c.position < position,
                and_(letters.c.position == position, letters.c.id > seen),
            )
        )
    statement = statement.order_by(letters.c.position.desc(), letters.c.id).limit(asked.limit)
    return tuple(_letter(row) for row in connection.execute(statement))


def counted(connection: Connection, asked: Asked) -> int:
    """How many letters there are of those asked for."""
    statement = select(func.count()).select_from(letters).where(*_conditions(asked))
    return int(connection.execute(statement).scalar_one())


def one(connection: Connection, letter: str) -> LetterRow | None:
    """A letter by its id."""
    row = connection.execute(select(letters).where(letters.c.id == letter)).first()
    return _letter(row) if row is not None else None


def unread(connection: Connection, posts: Collection[str]) -> int:
    """How many 站内信 to these posts nobody has opened."""
    statement = (
        select(func.count())
        .select_from(letters)
        .where(letters.c.channel == literal_column("'inbox'"))
        .where(letters.c.state == literal_column("'sent'"))
        .where(letters.c.post.in_(posts))
    )
    return int(connection.execute(statement).scalar_one()) if posts else 0


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.matter is not None:
        conditions.append(letters.c.matter == asked.matter)
    if asked.unit is not None:
        conditions.append(letters.c.post.in_(keys_of_unit(asked.unit)))
    if asked.posts is not None:
        conditions.append(letters.c.post.in_(asked.posts))
    if asked.states:
        # Literal, so that the partial indexes can serve the question.
        conditions.append(letters.c.state.in_([literal_column(f"'{state.value}'") for state in asked.states]))
    if asked.channel is not None:
        conditions.append(letters.c.channel == literal_column(f"'{asked.channel.value}'"))
    if asked.rule is not None:
        conditions.append(letters.c.rule == asked.rule)
    return conditions


def _letter(row: Row[Any]) -> LetterRow:
    return LetterRow(
        id=row.id,
        matter=MatterId(row.matter),
        rule=row.rule,
        slot=row.slot,
        post=post_of(row.post),
        channel=_CHANNELS[row.channel],
        copy=bool(row.copy),
        position=row.position,
        made_at=from_micros(row.made_at),
        state=_STATES[row.state],
        next_try_at=from_micros(row.next_try_at) if row.next_try_at is not None else None,
        attempts=row.attempts,
        digest=row.parcel if row.parcel not in (None, row.id) else None,
        handed_at=from_micros(row.handed_at) if row.handed_at is not None else None,
        holder=PersonId(row.holder) if row.holder is not None else None,
        address=row.address,
        message_id=row.message_id,
        last_error=row.last_error,
        read_at=from_micros(row.read_at) if row.read_at is not None else None,
        read_by=UserName(row.read_by) if row.read_by is not None else None,
    )
