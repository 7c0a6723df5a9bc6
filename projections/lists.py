"""The lists people work from: the 台账 with its filters, what is overdue, due soon, unsigned, to be verified …"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, Table, bindparam, select

from events.matter.splitting import MOST_PARTS
from events.record.sql import Driver, driver_of, plain_text
from events.rules.calendar import WorkingDays
from events.rules.ladder import OWED_BY_OFFICE, OWED_BY_UNIT
from events.vocabulary import MatterId, PersonId, Stage, UnitId
from projections import search
from projections.arms import everywhere, in_words, standing
from projections.asking import Asked, Order, Page, Visibility, Walk, cursor_after, head_position, walk_of
from projections.binding import values_of
from projections.kept_counts import led_by_counters, only_by_stage, rare
from projections.orders import BY_NUMBER, NUMBER, ORDERS
from projections.particulars import particulars
from projections.parties import Part, parties
from projections.projection import FOREVER
from projections.register import AWAITING_ONLY, UNSIGNED_ONLY, register, register_past
from projections.rows import Item, items_at
from projections.selecting import counted_at, keys_at, keys_at_once, seen_at
from projections.shapes import Conditions, Listed, shape_of

WORST_FIRST = Order(name="due", day_column="due_on")
BY_REPORT = Order(name="reported", day_column="reported_on")
BY_ASSIGNMENT = Order(name="assigned", day_column="assigned_on")
BY_SUPPORT = Order(name="support", day_column="support_due_on")
BY_LOOK_BACK = Order(name="look-back", day_column="look_back_on")
COUNTED_UP_TO = 1_000
"""A count over a free filter is exact up to here; one more means “more than that”."""


def matters(connection: Connection, asked: Asked, calendar: WorkingDays, order: str = NUMBER) -> Page[Item]:
    """The register by number (contract: ``GET /matters``), or in another of its orders (a key of ORDERS).

    By due day it is walked along an index of open matters, so ``asked`` must be of these; those without one come last.
    """
    return page_of(connection, asked, calendar, ORDERS[order])


def overdue(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """逾期清单: the unit's clock runs and its due day lies before the day asked; worst first, then number."""
    return page_of(connection, asked, calendar, OVERDUE)


def due_soon(connection: Connection, asked: Asked, calendar: WorkingDays, until: date) -> Page[Item]:
    """即将到期: the unit's clock runs and its due day lies from the day asked up to ``until``; nearest first."""
    return page_of(connection, asked, calendar, DUE_SOON, until=until.isoformat())


def unsigned(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """未签收: assigned and not signed for, the longest waiting first."""
    return page_of(connection, asked, calendar, UNSIGNED)


def awaiting_verification(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """待核查: reported as done and not yet decided on, the oldest report first."""
    return page_of(connection, asked, calendar, AWAITING_VERIFICATION)


def look_backs_due(connection: Connection, asked: Asked, calendar: WorkingDays, until: date) -> Page[Item]:
    """待回头看: closed and selected to be looked at again by ``until``, the earliest first."""
    return page_of(connection, asked, calendar, LOOK_BACKS_DUE, until=until.isoformat())


def provisional(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """暂定: open matters whose limit runs through a year that is not published."""
    return page_of(connection, asked, calendar, PROVISIONAL)


def extensions_asked(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """待批延期: an extension was asked for and is not decided; the nearest limit first."""
    return page_of(connection, asked, calendar, EXTENSIONS_ASKED)


def support_asked(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """待答复的求助, the earliest to be answered first."""
    return page_of(connection, asked, calendar, SUPPORT_ASKED)


def support_ever_asked(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """求助过的, answered or not, by number."""
    return page_of(connection, asked, calendar, SUPPORT_EVER_ASKED)


def helped(connection: Connection, asked: Asked, calendar: WorkingDays, unit: UnitId) -> Page[Item]:
    """配合的: those a unit is a co-unit of, by number."""
    return page_of(connection, asked, calendar, HELPED, helper=unit)


def approvals_awaited(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    """待批准: registrations and proposals on which a head or a leader has to decide."""
    return page_of(connection, asked, calendar, APPROVALS_AWAITED)


def children(connection: Connection, asked: Asked, calendar: WorkingDays, parent: MatterId) -> Page[Item]:
    """The matters split off from one, by number."""
    return page_of(connection, asked, calendar, CHILDREN, parent=parent)


def parts(connection: Connection, asked: Asked, calendar: WorkingDays, whole: MatterId) -> Page[Item]:
    """The parts a matter was split into, in order."""
    return children(connection, replace(asked, limit=MOST_PARTS), calendar, whole)


def chosen(
    connection: Connection, asked: Asked, calendar: WorkingDays, ids: Iterable[MatterId]
) -> Page[Item]:
    """The matters named, by number, as far as they may be seen."""
    return page_of(connection, asked, calendar, MATTERS, named=sorted(ids))


def open_children(driver: Driver, parent: MatterId) -> tuple[str, ...]:
    """Numbers of the open matters whose parent this is, now."""
    return tuple(number for (number,) in driver.rows(_OPEN_CHILDREN, (parent, FOREVER)))


def branch_units(driver: Driver, parent: MatterId) -> tuple[UnitId, ...]:
    """The lead units of the open matters whose parent this is, now."""
    return tuple(UnitId(unit) for (unit,) in driver.rows(_BRANCH_UNITS, (parent, FOREVER)))


def on_desk(driver: Driver, person: PersonId, limit: int) -> tuple[MatterId, ...]:
    """The first open matters a person of the office handles, by number, now."""
    return tuple(MatterId(matter) for (matter,) in driver.rows(_ON_DESK, (person, limit)))


def verified_by(driver: Driver, person: PersonId, unit: UnitId) -> tuple[str, ...]:
    """Numbers of the open matters a unit leads that a person is to verify, now."""
    return tuple(number for (number,) in driver.rows(_VERIFIED_BY, (person, FOREVER, unit, FOREVER)))


def count_on_desk(driver: Driver, person: PersonId) -> int:
    """How many open matters a person of the office handles now."""
    return int(driver.rows(_COUNT_ON_DESK, (person,))[0][0])


def matter_of_number(connection: Connection, number: str) -> MatterId | None:
    """The matter that bears an official number."""
    found = connection.scalar(select(particulars.c.matter).where(particulars.c.number == number).limit(1))
    return MatterId(found) if found else None


def ever_led(connection: Connection, unit: UnitId) -> tuple[MatterId, ...]:
    """Every matter a unit leads or led at some moment, by number."""
    found = connection.execute(
        select(register.c.id, register.c.number_key)
        .where(register.c.lead_unit == unit)
        .union(
            select(register_past.c.id, register_past.c.number_key).where(register_past.c.lead_unit == unit)
        )
        .order_by("number_key")
    )
    return tuple(MatterId(row.id) for row in found)


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
    asked = Asked(day=date.min, position=position, visibility=visibility)
    walk = walk_of(asked, BY_NUMBER)
    values = values_of(asked, walk) | {"matter": matter}
    return bool(seen_at(shape_of(asked, walk)).ask(driver_of(connection), values))


def count(connection: Connection, asked: Asked) -> int:
    """How many rows the register's filters select, exact up to COUNTED_UP_TO; more are answered as one more."""
    walk, driver = walk_of(asked, BY_NUMBER), driver_of(connection)
    asked = _looked_up(connection, asked, walk)
    shape, most = shape_of(asked, walk), COUNTED_UP_TO + 1
    led = 0
    if walk is None and only_by_stage(asked):
        led = led_by_counters(driver, asked)
        if asked.visibility.all or led >= most:
            return min(led, most)
        shape = replace(shape, beside_lead=True)
    rows = counted_at(shape, MATTERS).ask(driver, values_of(asked, walk, limit=most))
    return min(led + int(rows[0][0]), most)


def page_of(
    connection: Connection,
    asked: Asked,
    calendar: WorkingDays,
    listed: Listed,
    *,
    named: Sequence[MatterId] | None = None,
    **more: str,
) -> Page[Item]:
    """A page of a list. ``named``: of these matters only; ``more``: what the list's own conditions compare with."""
    walk, driver = walk_of(asked, listed.order), driver_of(connection)
    asked = _looked_up(connection, asked, walk)
    shape = shape_of(asked, walk, named=named is not None)
    if walk is None and asked.visibility.all and (asked.units is not None or listed.order.lacking):
        shape = replace(shape, rare=not listed.stages and rare(driver, asked))
    values = values_of(asked, walk, limit=asked.limit + 1, named=named or ()) | more
    question = keys_at_once(shape, listed) if listed.once else keys_at(shape, listed)
    found = question.ask(driver, values)
    if walk is None:
        walk = Walk(position=found[0][-1] if found else head_position(connection))
    shown = found[: asked.limit]
    next_ = cursor_after(walk, listed.order, shown[-1][:-2]) if len(found) > len(shown) else None
    keys = [(row[-3], row[-2]) for row in shown]
    items = items_at(driver, walk.position, keys, day=asked.day, calendar=calendar)
    return Page(items=items, next=next_, position=walk.position)


def _looked_up(connection: Connection, asked: Asked, walk: Walk | None) -> Asked:
    """The question with its words looked up in the search index."""
    if not asked.q.strip() or asked.found is not None:
        return asked
    position = walk.position if walk is not None else FOREVER - 1
    return replace(asked, found=search.found(connection, asked.q.strip(), position))


# What is on each list


def _overdue(table: Table) -> Conditions:
    return [in_words(table, "running = 1"), table.c.due_on < bindparam("today")]


def _due_soon(table: Table) -> Conditions:
    due_on = table.c.due_on
    return [in_words(table, "running = 1"), due_on >= bindparam("today"), due_on <= bindparam("until")]


def _unsigned(table: Table) -> Conditions:
    return [table.c.assigned_on.is_not(None)]


def _awaiting_verification(table: Table) -> Conditions:
    return [table.c.reported_on.is_not(None)]


def _look_backs_due(table: Table) -> Conditions:
    return [in_words(table, "look_back_on IS NOT NULL"), table.c.look_back_on <= bindparam("until")]


def _provisional(table: Table) -> Conditions:
    return [in_words(table, "provisional = 1")]


def _extensions_asked(table: Table) -> Conditions:
    return [
        in_words(table, "extension_until IS NOT NULL"),
        in_words(table, "open = 1"),
        table.c.due_on.is_not(None),
    ]


def _approvals_awaited(table: Table) -> Conditions:
    return [in_words(table, "awaits_approval = 1")]


def _support_asked(table: Table) -> Conditions:
    return [in_words(table, "support_pending = 1"), in_words(table, "open = 1")]


def _support_ever_asked(table: Table) -> Conditions:
    return [in_words(table, "supports > 0")]


def _helped(table: Table) -> Conditions:
    co = (parties.c.part == Part.CO.value, parties.c.party == bindparam("helper"))
    return [table.c.id.in_(select(parties.c.matter).where(*co, *standing(parties, table is not register)))]


def _children(table: Table) -> Conditions:
    return [table.c.id.in_(select(particulars.c.matter).where(particulars.c.parent == bindparam("parent")))]


MATTERS = Listed(order=BY_NUMBER, where=everywhere)
OVERDUE = Listed(order=WORST_FIRST, where=_overdue, stages=OWED_BY_UNIT)
DUE_SOON = Listed(order=WORST_FIRST, where=_due_soon, stages=OWED_BY_UNIT)
UNSIGNED = Listed(
    order=BY_ASSIGNMENT, where=_unsigned, stages=frozenset({Stage.ASSIGNED}), only=UNSIGNED_ONLY
)
AWAITING_VERIFICATION = Listed(
    order=BY_REPORT, where=_awaiting_verification, stages=OWED_BY_OFFICE, only=AWAITING_ONLY
)
LOOK_BACKS_DUE = Listed(order=BY_LOOK_BACK, where=_look_backs_due)
PROVISIONAL = Listed(order=BY_NUMBER, where=_provisional)
EXTENSIONS_ASKED = Listed(order=WORST_FIRST, where=_extensions_asked)
APPROVALS_AWAITED = Listed(order=BY_NUMBER, where=_approvals_awaited)
SUPPORT_ASKED = Listed(order=BY_SUPPORT, where=_support_asked)
SUPPORT_EVER_ASKED = Listed(order=BY_NUMBER, where=_support_ever_asked)
HELPED = Listed(order=BY_NUMBER, where=_helped)
CHILDREN = Listed(order=BY_NUMBER, where=_children)

_ON_DESK = plain_text(
    "SELECT id FROM register WHERE open = 1 AND handler = ? ORDER BY number_key, id LIMIT ?"
)
_VERIFIED_BY = plain_text(
    "SELECT p.number FROM parties v JOIN register r ON r.id = v.matter"
    " JOIN particulars p ON p.matter = r.id WHERE v.part = 'verifier' AND v.party = ? AND v.to_position = ?"
    " AND r.open = 1 AND r.lead_unit = ? AND p.to_position = ? ORDER BY r.number_key LIMIT 20"
)
_COUNT_ON_DESK = plain_text("SELECT count(*) FROM register WHERE open = 1 AND handler = ?")
_BRANCH_UNITS = plain_text(
    "SELECT r.lead_unit FROM particulars p JOIN register r ON r.id = p.matter"
    " WHERE p.parent = ? AND p.to_position = ? AND r.open = 1 AND r.lead_unit IS NOT NULL"
)
_OPEN_CHILDREN = plain_text(
    "SELECT p.number FROM particulars p JOIN register r ON r.id = p.matter"
    " WHERE p.parent = ? AND p.to_position = ? AND r.open = 1 ORDER BY r.number_key LIMIT 100"
)
