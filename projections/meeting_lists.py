"""What is asked of the meetings: lists now or as of a position, and which decision a matter comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from events.matter.branches import lines_above
from events.meeting.state import MeetingKind
from events.vocabulary import MatterId, MeetingId
from projections.meetings import meeting_matters, meetings
from projections.projection import FOREVER
from projections.words import folded_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A meeting in a list."""

    id: MeetingId
    kind: MeetingKind
    title: str
    held_on: date
    place: str | None
    chair: str
    attendees: int
    decisions: int
    matters: tuple[MatterId, ...]
    """What came of its decisions."""
    minutes: bool
    withdrawn: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The decision a matter comes from."""

    meeting: MeetingId
    n: int
    title: str
    kind: MeetingKind
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which meetings are wanted."""

    position: int | None = None
    words: str = ""
    kind: MeetingKind | None = None
    year: int | None = None
    withdrawn: bool = False
    """Whether withdrawn ones are shown too."""
    before: tuple[str, str] | None = None
    """Day and id of the last one already shown."""
    limit: int = 50


def listed(connection: Connection, asked: Asked) -> tuple[Listed, ...]:
    """The meetings asked for, the latest held first."""
    c = meetings.c
    statement = select(meetings).where(*_at(asked.position))
    if not asked.withdrawn:
        statement = statement.where(c.withdrawn == 0)
    if asked.words:
        statement = statement.where(c.words.contains(folded_text(asked.words), autoescape=True))
    if asked.kind is not None:
        statement = statement.where(c.kind == asked.kind.value)
    if asked.year is not None:
        statement = statement.where(
            c.held_on >= f"{asked.year:04}-01-01", c.held_on <= f"{asked.year:04}-12-31"
        )
    if asked.before is not None:
        day, id_ = asked.before
        statement = statement.where(or_(c.held_on < day, (c.held_on == day) & (c.meeting < id_)))
    rows = connection.execute(statement.order_by(c.held_on.desc(), c.meeting.desc()).limit(asked.limit)).all()
    came = _came(connection, [row.meeting for row in rows], asked.position)
    return tuple(_listed(row, tuple(came.get(row.meeting, ()))) for row in rows)


def origin(connection: Connection, matter: MatterId, position: int | None = None) -> Origin | None:
    """The decision a matter, or the whole it is a part of, comes from; None where it comes from none."""
    o, m = meeting_matters.c, meetings.c
    lines = [str(matter), *(str(above) for above in lines_above(matter))]
    statement = select(o.matter, o.meeting, o.n, m.title, m.kind, m.held_on).where(
        o.matter.in_(lines), m.meeting == o.meeting, *_at(position)
    )
    if position is not None:
        statement = statement.where(o.position <= position)
    row = connection.execute(statement).first()
    if row is None:
        return None
    return Origin(
        meeting=MeetingId(row.meeting),
        n=row.n,
        title=row.title,
        kind=MeetingKind(row.kind),
        held_on=date.fromisoformat(row.held_on),
    )


def _came(connection: Connection, ids: Sequence[str], position: int | None) -> dict[str, list[MatterId]]:
    o = meeting_matters.c
    statement = select(o.meeting, o.matter).where(o.meeting.in_(ids)).order_by(o.meeting, o.n)
    if position is not None:
        statement = statement.where(o.position <= position)
    found: dict[str, list[MatterId]] = {}
    for meeting, matter in connection.execute(statement):
        found.setdefault(meeting, []).append(MatterId(matter))
    return found


def _at(position: int | None) -> list[ColumnElement[bool]]:
    c = meetings.c
    if position is None:
        return [c.to_position == FOREVER]
    return [c.from_position <= position, c.to_position > position]


def _listed(row: Row[Any], matters: tuple[MatterId, ...]) -> Listed:
    return Listed(
        id=MeetingId(row.meeting),
        kind=MeetingKind(row.kind),
        title=row.title,
        held_on=date.fromisoformat(row.held_on),
        place=row.place,
        chair=row.chair,
        attendees=row.attendees,
        decisions=row.decisions,
        matters=matters,
        minutes=bool(row.minutes),
        withdrawn=bool(row.withdrawn),
        version=row.version,
    )
