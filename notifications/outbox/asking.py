"""What pages and the API ask of the letter box: what was sent to whom, when, and what lies unread."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, literal_column, or_, select

from events.record.moments import from_micros, to_micros
from events.refusals import Invalid, Malformed
from events.vocabulary import BulletinId, MatterId, PersonId, Role, UnitId, UserName
from notifications.outbox.tables import LetterState
from notifications.outbox.tables import letters as table
from notifications.policy import Channel
from notifications.posts import Post, keys_of_unit, post_of
from notifications.rules import title_of
from projections.asking import EVERYTHING, Visibility

UNREACHED = (LetterState.NO_ADDRESS, LetterState.REFUSED, LetterState.GAVE_UP)
"""The states of letters that reached nobody, for the 督查室 to look after."""

MOST_ON_PAPER = 500
"""Letters of one printed batch at most."""
_UNREACHED = [str(state) for state in UNREACHED]

MOST_UNREAD = 1_000
"""More unread letters than this are not counted: every page asks."""

_CURSOR = re.compile(r"([0-9]{1,18})/([0-9a-f]{32})")
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
    written_at: datetime
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
    version: int
    """Of its own stream, ``letter-<id>``."""
    bulletin: BulletinId | None = None
    """The bulletin it is about; ``matter`` is empty then."""

    @property
    def unit(self) -> UnitId | None:
        """The unit whose post it went to; None for the 督查室's posts and for persons."""
        return self.post.unit

    @property
    def role(self) -> Role | None:
        """The post it went to; None for a person outright."""
        return self.post.role

    @property
    def person(self) -> PersonId | None:
        """The person it went to outright."""
        return self.post.person

    @property
    def title(self) -> str:
        """What the letter is called."""
        return title_of(self.rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which letters are wanted; every condition given must hold."""

    matter: MatterId | None = None
    bulletin: BulletinId | None = None
    unit: UnitId | None = None
    states: Collection[LetterState] = ()
    channel: Channel | None = None
    rule: str | None = None
    posts: Collection[str] | None = None
    """Keys of the posts whose letters the asker may see or wants; None: all."""
    position: int | None = None
    """Letters written up to here; None: all."""
    unread_at: datetime | None = None
    """Only what had reached its post and nobody had opened by a past moment."""
    at: datetime | None = None
    """The letters are told, and their states judged, as they stood at this past moment; None: now."""
    after: tuple[int, str] | None = None
    """Position and id of the last letter already seen."""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    """Part of a list, and the cursor to the rest of it (None at the end)."""

    items: tuple[LetterRow, ...]
    next: str | None


def letters(
    connection: Connection,
    *,
    matter: MatterId | None = None,
    unit: UnitId | None = None,
    state: str | None = None,
    visibility: Visibility = EVERYTHING,
    position: int | None = None,
    at: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> LetterPage:
    """The letters somebody may see, newest first (contract: GET /letters).

    Units see what went to their posts, a person what went to that person; with ``position`` and its moment ``at``, as
    the letters stood then. Raises Malformed for a cursor that is not
    of this list and Invalid for a state there is none of.
    """
    if state is not None and state not in _STATES:
        raise Invalid(f"没有信件状态 {state}；可用 {'、'.join(_STATES)}。", code="unknown-state")
    asked = Asked(
        matter=matter,
        unit=unit,
        states=(_STATES[state],) if state is not None else (),
        posts=None if visibility.all else posts_of(visibility),
        position=position,
        at=at if position is not None else None,
        after=_read_cursor(cursor) if cursor else None,
        limit=limit + 1,
    )
    rows = found(connection, asked)
    more = len(rows) > limit
    return LetterPage(items=rows[:limit], next=_cursor(rows[limit - 1]) if more else None)


def found(connection: Connection, asked: Asked) -> tuple[LetterRow, ...]:
    """The letters asked for, newest first."""
    statement = select(table).where(*_conditions(asked))
    if asked.after is not None:
        position, seen = asked.after
        further = and_(table.c.position == position, table.c.id > seen)
        statement = statement.where(or_(table.c.position < position, further))
    statement = statement.order_by(table.c.position.desc(), table.c.id).limit(asked.limit)
    rows = tuple(_letter(row) for row in connection.execute(statement))
    return rows if asked.at is None else tuple(as_at(row, asked.at) for row in rows)


def as_at(row: LetterRow, moment: datetime) -> LetterRow:
    """A letter as it stood at a past moment, its outcome and its reading told only where they had come by then."""
    if row.handed_at is None or row.handed_at > moment:
        return replace(
            row, state=LetterState.WAITING, handed_at=None, holder=None, address=None, last_error=None,
            attempts=0, read_at=None, read_by=None,
        )  # fmt: skip
    if row.read_at is not None and row.read_at > moment:
        return replace(row, state=LetterState.SENT, read_at=None, read_by=None)
    return row


def counted(connection: Connection, asked: Asked) -> int:
    """How many letters there are of those asked for."""
    statement = select(func.count()).select_from(table).where(*_conditions(asked))
    return int(connection.execute(statement).scalar_one())


def posts_of(visibility: Visibility) -> tuple[str, ...]:
    """The keys of the posts whose letters are within what somebody may see."""
    persons = (visibility.person, *sorted(visibility.stood_for))
    own = tuple(Post(person=person).key for person in persons if person is not None)
    return (*own, *(key for unit in sorted(visibility.units) for key in keys_of_unit(unit)))


def on_paper(connection: Connection, batch: str | None = None) -> tuple[LetterRow, ...]:
    """The letters of a printed batch; None: those to units that reached nobody and can be printed, oldest first."""
    chosen = table.c.message_id == batch if batch is not None else table.c.state.in_(_UNREACHED)
    statement = (
        select(table)
        .where(chosen, table.c.channel == str(Channel.EMAIL), table.c.post.not_like("/%"))
        .where(table.c.post.not_like("@%"))
        .order_by(table.c.post, table.c.position, table.c.id)
        .limit(MOST_ON_PAPER)
    )
    return tuple(_letter(row) for row in connection.execute(statement))


def one(connection: Connection, letter: str) -> LetterRow | None:
    """A letter by its id."""
    row = connection.execute(select(table).where(table.c.id == letter)).first()
    return _letter(row) if row is not None else None


def unread(connection: Connection, posts: Collection[str]) -> int:
    """How many 站内信 to these posts nobody has opened, counted up to MOST_UNREAD."""
    few = (
        select(table.c.post)
        .where(table.c.channel == literal_column("'inbox'"))
        .where(table.c.state == literal_column("'sent'"))
        .where(table.c.post.in_(posts))
        .limit(MOST_UNREAD)
        .subquery()
    )
    return int(connection.execute(select(func.count()).select_from(few)).scalar_one()) if posts else 0


def unread_then(connection: Connection, posts: Collection[str], position: int, moment: datetime) -> int:
    """How many 站内信 to these posts nobody had opened by a past position and its moment, up to MOST_UNREAD."""
    asked = Asked(channel=Channel.INBOX, posts=posts, position=position, unread_at=moment)
    few = select(table.c.post).where(*_conditions(asked)).limit(MOST_UNREAD).subquery()
    return int(connection.execute(select(func.count()).select_from(few)).scalar_one()) if posts else 0


def _cursor(last: LetterRow) -> str:
    return base64.urlsafe_b64encode(f"{last.position}/{last.id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, str]:
    try:
        said = _CURSOR.fullmatch(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except ValueError:
        said = None
    if said is None:
        raise Malformed("翻页标记 cursor 不是信件清单给出的；请从第一页重新查起。", code="unreadable-cursor")
    return int(said[1]), said[2]


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.position is not None:
        conditions.append(table.c.position <= asked.position)
    if asked.matter is not None:
        conditions.append(table.c.matter == asked.matter)
    if asked.bulletin is not None:
        conditions.append(table.c.bulletin == asked.bulletin)
    if asked.unit is not None:
        conditions.append(table.c.post.in_(keys_of_unit(asked.unit)))
    if asked.posts is not None:
        conditions.append(table.c.post.in_(asked.posts))
    if asked.states and asked.at is not None:
        conditions.append(or_(*(_stood(state, to_micros(asked.at)) for state in asked.states)))
    elif asked.states:
        # Literal, so that the partial indexes can serve the question.
        conditions.append(table.c.state.in_([literal_column(f"'{state.value}'") for state in asked.states]))
    if asked.channel is not None:
        conditions.append(table.c.channel == literal_column(f"'{asked.channel.value}'"))
    if asked.unread_at is not None:
        reached: list[ColumnElement[str]] = [
            literal_column(f"'{state.value}'") for state in (LetterState.SENT, LetterState.READ)
        ]
        later = or_(table.c.read_at.is_(None), table.c.read_at > to_micros(asked.unread_at))
        conditions += [table.c.state.in_(reached), later, table.c.handed_at <= to_micros(asked.unread_at)]
    if asked.rule is not None:
        conditions.append(table.c.rule == asked.rule)
    return conditions


def _stood(state: LetterState, at: int) -> ColumnElement[bool]:
    """Whether a letter stood so at a past moment: an outcome is final, but for the reading of what was sent."""
    reached, unread = table.c.handed_at <= at, or_(table.c.read_at.is_(None), table.c.read_at > at)
    match state:
        case LetterState.WAITING:
            return or_(table.c.handed_at.is_(None), table.c.handed_at > at)
        case LetterState.SENT:
            return and_(reached, unread, table.c.state.in_([LetterState.SENT.value, LetterState.READ.value]))
        case LetterState.READ:
            return table.c.read_at <= at
        case _:
            return and_(reached, table.c.state == state.value)


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
        written_at=from_micros(row.made_at),
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
        version=row.version,
        bulletin=BulletinId(row.bulletin) if row.bulletin is not None else None,
    )
