"""The lists people work from: the 台账 with its filters, what is overdue, due soon, unsigned, to be verified …"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, Table, func, literal, select

from events.record.sql import Driver, plain_text
from events.rules.calendar import WorkingDays
from events.rules.ladder import OWED_BY_OFFICE
from events.vocabulary import MatterId, Stage
from projections import search
from projections.asking import Asked, Order, Page, Visibility, Walk, cursor_after, head_position, walk_of
from projections.particulars import particulars
from projections.projection import FOREVER, in_force
from projections.register import register
from projections.rows import Item, items_at
from projections.selecting import Where, all_at, everywhere, in_words, keys_at, visible

BY_NUMBER = Order(name="number")
WORST_FIRST = Order(name="due", day_column="due_on")
BY_REPORT = Order(name="reported", day_column="reported_on")
BY_ASSIGNMENT = Order(name="assigned", day_column="assigned_on")
BY_LOOK_BACK = Order(name="look-back", day_column="look_back_on")
COUNTED_UP_TO = 1_000
"""A count over a free filter is exact up to here; one more means “more than that”."""


def matters(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """The register by number (contract: ``GET /matters``)."""
    return _page(connection, asked, calendar, BY_NUMBER, everywhere)


def overdue(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """逾期清单: the unit's clock runs and its due day lies before the day asked; worst first, then number."""

    def where(table: Table) -> list[ColumnElement[bool]]:
        return [in_words(table, "running = 1"), table.c.due_on < asked.day.isoformat()]

    return _page(connection, asked, calendar, WORST_FIRST, where)


def due_soon(connection: Connection, asked: Asked, calendar: WorkingDays, until: date) -> Page[Item]:
    """即将到期: the unit's clock runs and its due day lies from the day asked up to ``until``; nearest first."""

    def where(table: Table) -> list[ColumnElement[bool]]:
        due_on = table.c.due_on
        return [in_words(table, "running = 1"), due_on >= asked.day.isoformat(), due_on <= until.isoformat()]

    return _page(connection, asked, calendar, WORST_FIRST, where)


def unsigned(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """未签收: assigned and not signed for, the longest waiting first."""

    def where(table: Table) -> list[ColumnElement[bool]]:
        return [table.c.stage == Stage.ASSIGNED.value, table.c.assigned_on.is_not(None)]

    return _page(connection, asked, calendar, BY_ASSIGNMENT, where)


def awaiting_verification(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """待核查: reported as done and not yet decided on, the oldest report first."""

    def where(table: Table) -> list[ColumnElement[bool]]:
        return [table.c.stage.in_(_AWAITING), table.c.reported_on.is_not(None)]

    return _page(connection, asked, calendar, BY_REPORT, where)


def look_backs_due(connection: Connection, asked: Asked, calendar: WorkingDays, until: date) -> Page[Item]:
    """待回头看: closed and selected to be looked at again by ``until``, the earliest first."""

    def where(table: Table) -> list[ColumnElement[bool]]:
        return [in_words(table, "look_back_on IS NOT NULL"), table.c.look_back_on <= until.isoformat()]

    return _page(connection, asked, calendar, BY_LOOK_BACK, where)


def provisional(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """暂定: open matters whose limit runs through a year that is not published."""
    return _page(connection, asked, calendar, BY_NUMBER, lambda table: [in_words(table, "provisional = 1")])


def extensions_asked(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """待批延期: an extension was asked for and is not decided; the nearest limit first."""

    def where(table: Table) -> list[ColumnElement[bool]]:
        return [
            in_words(table, "open = 1"),
            table.c.extension_until.is_not(None),
            table.c.due_on.is_not(None),
        ]

    return _page(connection, asked, calendar, WORST_FIRST, where)


def support_asked(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """待答复的求助."""

    def where(table: Table) -> list[ColumnElement[bool]]:
        return [in_words(table, "open = 1"), table.c.support_pending == 1]

    return _page(connection, asked, calendar, BY_NUMBER, where)


def children(connection: Connection, asked: Asked, calendar: WorkingDays, parent: MatterId) -> Page[Item]:
    """The matters split off from one, by number."""
    mine = select(particulars.c.matter).where(particulars.c.parent == parent)
    return _page(connection, asked, calendar, BY_NUMBER, lambda table: [table.c.id.in_(mine)])


def chosen(
    connection: Connection, asked: Asked, calendar: WorkingDays, ids: Iterable[MatterId]
) -> Page[Item]:
    """The matters named, by number, as far as they may be seen."""
    named = sorted(ids)
    return _page(connection, asked, calendar, BY_NUMBER, lambda table: [table.c.id.in_(named)])


def open_children(driver: Driver, parent: MatterId) -> tuple[str, ...]:
    """Numbers of the open matters whose parent this is, now."""
    return tuple(number for (number,) in driver.rows(_OPEN_CHILDREN, (parent, FOREVER)))


def matter_of_number(connection: Connection, number: str) -> MatterId | None:
    """The matter that bears an official number."""
    found = connection.scalar(select(particulars.c.matter).where(particulars.c.number == number).limit(1))
    return MatterId(found) if found else None


def counted_in_working_days(connection: Connection) -> list[MatterId]:
    """Open matters whose limit was counted in working days: a published year may move it."""
    statement = (
        select(register.c.id)
        .where(
            in_words(register, "open = 1"), register.c.in_working_days == 1, register.c.due_on.is_not(None)
        )
        .order_by(register.c.number_key)
    )
    return [MatterId(matter) for matter in connection.scalars(statement)]


def may_see(
    connection: Connection, matter: MatterId, visibility: Visibility, position: int | None = None
) -> bool:
    """Whether a matter exists for somebody, as of a position (None: now)."""
    at = head_position(connection) if position is None else position
    statement = select(literal(1)).where(particulars.c.matter == matter, *in_force(particulars, at))
    if not visibility.all:
        statement = statement.where(visible(particulars.c.matter, visibility, at))
    return connection.scalar(statement) is not None


def count(connection: Connection, asked: Asked, where: Where = everywhere) -> int:
    """How many rows the register's filters select, exact up to COUNTED_UP_TO; more are answered as one more."""
    walk = walk_of(connection, asked, BY_NUMBER)
    asked = _looked_up(connection, asked, walk)
    rows = all_at(walk, asked, lambda table: [table.c.id], where)
    few = select(rows.c.id).limit(COUNTED_UP_TO + 1).subquery()
    return int(connection.scalar(select(func.count()).select_from(few)) or 0)


def _page(
    connection: Connection, asked: Asked, calendar: WorkingDays, order: Order, where: Where
) -> Page[Item]:
    walk = walk_of(connection, asked, order)
    asked = _looked_up(connection, asked, walk)
    found = connection.execute(keys_at(walk, asked, order, where, asked.limit + 1)).all()
    shown = found[: asked.limit]
    more = cursor_after(walk, order, shown[-1][:-1]) if len(found) > len(shown) else None
    keys = [(row.id, row.to_position) for row in shown]
    items = items_at(connection, walk.position, keys, day=asked.day, calendar=calendar)
    return Page(items=items, next=more, position=walk.position)


def _looked_up(connection: Connection, asked: Asked, walk: Walk) -> Asked:
    """The question with its words looked up in the search index."""
    if not asked.q.strip() or asked.found is not None:
        return asked
    return replace(asked, found=search.found(connection, asked.q.strip(), walk.position))


_AWAITING = sorted(stage.value for stage in OWED_BY_OFFICE)


_OPEN_CHILDREN = plain_text(
    "SELECT p.number FROM particulars p JOIN register r ON r.id = p.matter"
    " WHERE p.parent = ? AND p.to_position = ? AND r.open = 1 ORDER BY r.number_key LIMIT 100"
)
