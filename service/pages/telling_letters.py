"""How letters are told: to whom, by which way, what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from events.vocabulary import MatterId
from notifications.outbox import asking as box
from notifications.outbox.asking import LetterRow
from notifications.outbox.tables import LetterState
from notifications.posts import Post
from service.pages.visiting import Visit
from service.pages.words import day_and_hour, joined

READ, LYING = (LetterState.READ,), (LetterState.SENT, LetterState.KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """One letter in a list."""

    title: str
    meta: str


def about(
    connection: Connection, visit: Visit, matter: MatterId, limit: int
) -> tuple[tuple[LetterLine, ...], int]:
    """The newest letters about a matter that may be seen, as of the visit, and how many there are."""
    posts = None if visit.sees_all else box.posts_of(visit.visibility)
    asked = box.Asked(matter=matter, posts=posts, position=visit.asking.position, at=then(visit), limit=limit)
    rows = box.found(connection, asked)
    total = box.counted(connection, asked)
    return tuple(
        LetterLine(title=f"{addressee(visit, row.post)}：{row.title}", meta=fate(visit, row)) for row in rows
    ), total


def summed_up(connection: Connection, visit: Visit, matter: MatterId) -> str:
    """“已读 3 封，送到未读 2 封，没送到 1 封”, of the letters that may be seen."""
    posts = None if visit.sees_all else box.posts_of(visit.visibility)
    asked = box.Asked(matter=matter, posts=posts, position=visit.asking.position, at=then(visit))
    said = ((READ, "已读"), (LYING, "送到未读"), (box.UNREACHED, "没送到"))
    counts = ((box.counted(connection, replace(asked, states=states)), words) for states, words in said)
    return "，".join(f"{words} {count} 封" for count, words in counts if count)


def then(visit: Visit) -> datetime | None:
    """The moment letters are told as of; None: now."""
    return visit.asking.moment if visit.asking.position is not None else None


def addressee(visit: Visit, post: Post) -> str:
    """“青石镇联络员 何远舟”."""
    if post.person is not None:
        return visit.directory.person_name(post.person)
    role = post.role.label if post.role else ""
    if post.unit is None:
        return role
    names = (
        "、".join(p.name for p in visit.directory.holders(post.unit, post.role, visit.day))
        if post.role
        else ""
    )
    return f"{visit.unit_name(post.unit)}{role.removeprefix('责任单位')} {names}".strip()


def fate(visit: Visit, row: LetterRow) -> str:
    """What became of it, and when."""
    when = row.read_at or row.handed_at or row.written_at
    return joined(row.channel.label, f"{day_and_hour(when, visit.day)} {row.state.label}", row.last_error)
