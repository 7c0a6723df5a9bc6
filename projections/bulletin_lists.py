"""What is asked of the bulletins: lists now or as of a position, what waits for whom, what the clock has to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from events.bulletin.series import Period
from events.bulletin.state import PENDING, BulletinStage
from events.bulletin.surroundings import Known
from events.record.moments import from_micros
from events.record.sql import Driver, plain_text
from events.vocabulary import BulletinId, MatterId, PersonId, UnitId
from projections.bulletins import SEPARATOR, bulletin_matters, bulletin_noted, bulletin_units, bulletins
from projections.parties import Part, parties
from projections.projection import FOREVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A bulletin in a list."""

    id: BulletinId
    series: str
    series_name: str
    period: Period
    subject: str
    title: str
    stage: BulletinStage
    document_no: str
    issue_no: str
    as_of: int
    due_on: date | None
    drafted_at: datetime
    issued_at: datetime | None
    addressees: int
    receipts: int
    naming_owed: bool
    """Whether naming units is still to be approved."""
    co_signing: tuple[UnitId, ...]
    """Units whose 会签 is awaited."""
    corrects: BulletinId | None
    version: int
    owed_by: tuple[UnitId, ...] = ()
    """Of the asker's units, those that have not received it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which bulletins are wanted."""

    all: bool
    """Whether the asker sees drafts and every addressee."""
    units: frozenset[UnitId] = frozenset()
    heads: bool = False
    """Whether the asker heads a unit, and sees what it shall co-sign."""
    series: str | None = None
    stages: frozenset[BulletinStage] = frozenset()
    position: int | None = None
    before: tuple[int, str] | None = None
    """Drafted moment and id of the last one already shown."""
    limit: int = 50


def listed(connection: Connection, asked: Asked) -> tuple[Listed, ...]:
    """The bulletins asked for, the newest draft first. A unit sees what was issued to it."""
    c = bulletins.c
    statement = select(bulletins).where(*_at(asked.position))
    if not asked.all:
        statement = statement.where(_visible(asked))
    if asked.series is not None:
        statement = statement.where(c.series == asked.series)
    if asked.stages:
        statement = statement.where(c.stage.in_(sorted(asked.stages)))
    if asked.before is not None:
        moment, id_ = asked.before
        statement = statement.where(or_(c.drafted_at < moment, (c.drafted_at == moment) & (c.bulletin < id_)))
    rows = connection.execute(
        statement.order_by(c.drafted_at.desc(), c.bulletin.desc()).limit(asked.limit)
    ).all()
    owed = _owed(connection, [row.bulletin for row in rows], asked)
    return tuple(_listed(row, owed.get(row.bulletin, ())) for row in rows)


def awaiting_receipt(connection: Connection, units: frozenset[UnitId]) -> tuple[Listed, ...]:
    """待签收: what was issued to these units and not received, the oldest first."""
    rows = listed(
        connection, Asked(all=False, units=units, stages=frozenset({BulletinStage.ISSUED}), limit=200)
    )
    return tuple(row for row in reversed(rows) if row.owed_by)


def pending(connection: Connection) -> tuple[Listed, ...]:
    """What is on its way to being issued, the oldest first."""
    rows = listed(connection, Asked(all=True, stages=PENDING, limit=200))
    return tuple(reversed(rows))


def siblings(connection: Connection, series: str) -> tuple[Known, ...]:
    """The bulletins of a series as they stand."""
    rows = connection.execute(select(bulletins).where(*_at(None), bulletins.c.series == series))
    return tuple(
        Known(
            id=BulletinId(row.bulletin),
            stage=BulletinStage(row.stage),
            period=Period(first=date.fromisoformat(row.first), last=date.fromisoformat(row.last)),
            subject=row.subject,
            title=row.title,
            document_no=row.document_no,
            corrects=BulletinId(row.corrects) if row.corrects else None,
        )
        for row in rows
    )


def went_out(connection: Connection) -> tuple[BulletinId, ...]:
    """The bulletins that were ever issued, the oldest first."""
    c = bulletins.c
    found = connection.scalars(
        select(c.bulletin).where(*_at(None), c.issued_at.is_not(None)).order_by(c.issued_at, c.bulletin)
    )
    return tuple(BulletinId(one) for one in found)


def to_remind(connection: Connection, today: date) -> tuple[BulletinId, ...]:
    """The bulletins whose missing receipts the clock has to speak of."""
    c = bulletins.c
    found = connection.scalars(select(c.bulletin).where(*_at(None), c.next_act_on <= today.isoformat()))
    return tuple(BulletinId(one) for one in found)


def under_leaders(connection: Connection, position: int) -> dict[PersonId, list[MatterId]]:
    """Every 首席责任领导 with his matters, ended ones among them, as of a position."""
    c = parties.c
    there = (c.from_position <= position, c.to_position > position)
    rows = connection.execute(select(c.party, c.matter).where(c.part == Part.CHIEF.value, *there))
    found: dict[PersonId, list[MatterId]] = {}
    for person, matter in rows:
        found.setdefault(PersonId(person), []).append(MatterId(matter))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnoted:
    """A matter that was named in a bulletin and does not say so yet."""

    bulletin: BulletinId
    matter: MatterId
    why: str


def unnoted(connection: Connection) -> tuple[Unnoted, ...]:
    """The namings the clock has still to note on their matters, bulletin by bulletin."""
    m, n = bulletin_matters.c, bulletin_noted.c
    both = bulletin_matters.outerjoin(bulletin_noted, (m.bulletin == n.bulletin) & (m.matter == n.matter))
    statement = select(m.bulletin, m.matter, m.why).select_from(both).where(n.matter.is_(None))
    return tuple(
        Unnoted(bulletin=BulletinId(row.bulletin), matter=MatterId(row.matter), why=row.why)
        for row in connection.execute(statement.order_by(m.bulletin, m.matter))
    )


def begins_on(driver: Driver) -> date | None:
    """The day the record's first matter was registered; None while there is none."""
    rows = driver.rows(_FIRST)
    return from_micros(rows[0][0]).date() if rows else None


def by_number(connection: Connection, number: str) -> BulletinId | None:
    """The bulletin of a 发文字号, or of an id."""
    c = bulletins.c
    found = connection.scalar(
        select(c.bulletin).where(*_at(None), or_(c.document_no == number, c.bulletin == number)).limit(1)
    )
    return BulletinId(found) if found is not None else None


_FIRST = plain_text(
    "SELECT recorded_at FROM events WHERE type = 'matter-registered' ORDER BY position LIMIT 1"
)


def _at(position: int | None) -> tuple[ColumnElement[bool], ...]:
    c = bulletins.c
    if position is None:
        return (c.to_position == FOREVER,)
    return (c.from_position <= position, c.to_position > position)


def _visible(asked: Asked) -> ColumnElement[bool]:
    """Issued to one of the units; or awaiting the 会签 of one the asker heads."""
    c, u = bulletins.c, bulletin_units.c
    mine = select(u.bulletin).where(u.unit.in_(sorted(asked.units)))
    if asked.position is not None:
        mine = mine.where(u.from_position <= asked.position)
    seen: ColumnElement[bool] = c.bulletin.in_(mine)
    if asked.heads:
        seen = or_(seen, *(c.co_signing.like(f"%{unit}%") for unit in sorted(asked.units)))
    return seen


def _owed(connection: Connection, ids: list[str], asked: Asked) -> dict[str, tuple[UnitId, ...]]:
    if not ids or not asked.units:
        return {}
    u = bulletin_units.c
    open_: ColumnElement[bool] = u.received_position.is_(None)
    if asked.position is not None:
        open_ = or_(open_, u.received_position > asked.position)
    found = connection.execute(
        select(u.bulletin, u.unit).where(u.bulletin.in_(ids), u.unit.in_(sorted(asked.units)), open_)
    )
    owed: dict[str, tuple[UnitId, ...]] = {}
    for bulletin, unit in found:
        owed[bulletin] = (*owed.get(bulletin, ()), UnitId(unit))
    return owed


def _listed(row: Row[Any], owed_by: tuple[UnitId, ...]) -> Listed:
    stage = BulletinStage(row.stage)
    return Listed(
        id=BulletinId(row.bulletin),
        series=row.series,
        series_name=row.series_name,
        period=Period(first=date.fromisoformat(row.first), last=date.fromisoformat(row.last)),
        subject=row.subject,
        title=row.title,
        stage=stage,
        document_no=row.document_no,
        issue_no=row.issue_no,
        as_of=row.as_of,
        due_on=date.fromisoformat(row.due_on) if row.due_on else None,
        drafted_at=from_micros(row.drafted_at),
        issued_at=from_micros(row.issued_at) if row.issued_at is not None else None,
        addressees=row.addressees,
        receipts=row.receipts,
        naming_owed=bool(row.naming_owed),
        co_signing=tuple(UnitId(unit) for unit in row.co_signing.split(SEPARATOR) if unit),
        corrects=BulletinId(row.corrects) if row.corrects else None,
        version=row.version,
        owed_by=owed_by if stage is BulletinStage.ISSUED else (),
    )
