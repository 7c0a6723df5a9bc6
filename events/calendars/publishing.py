"""公布放假安排: a year's table becomes a fact, with a look beforehand at which 暂定 limits it moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from events.calendars.facts import CalendarPublished, calendar_stream
from events.calendars.state import YearTables
from events.directory.checking import admitted_role, refuse_control
from events.matter.limits import recomputed
from events.matter.state import Matter
from events.record.envelope import Actor, Decision, Draft
from events.refusals import Invalid
from events.rules.calendar import CalendarYear, WorkingDays, read_year, shipped_years
from events.vocabulary import MatterId


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDay:
    """One line of a table as written in a file or a body; ``publish`` reads it strictly."""

    date: str
    working: bool | str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCalendar:
    """Publish a year's days off and make-up days; only the dates the notice speaks of are given."""

    days: tuple[WrittenDay, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSurroundings:
    """What the decision needs from elsewhere."""

    actor: Actor
    at: datetime
    first_line: int = 1
    """Number of the first line, for refusals: 2 in a file with a header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An open matter whose 暂定 limit another table would put on another day."""

    matter: MatterId
    number: str
    old: date
    new: date
    still_provisional: bool


def decide(year: int, command: PublishCalendar, tables: YearTables, seen: CalendarSurroundings) -> Decision:
    """Admits a publication as the year's next version; the answer carries ``year`` and ``version``.

    Raises NotYours, UnreadableCalendar naming the line, Invalid ``blank-field`` or ``too-long`` for the source.
    """
    role = admitted_role(seen.actor, "公布放假安排")
    table = table_of(year, command, tables, first_line=seen.first_line)
    return Decision(drafts=(_draft(table),), role=role, answer={"year": table.year, "version": table.version})


def table_of(year: int, command: PublishCalendar, tables: YearTables, *, first_line: int = 1) -> CalendarYear:
    """The table a publication would put in force, checked; for the preview as for the decision."""
    source = command.source.strip()
    if not source:
        raise Invalid("没有写明出处，请写上放假通知的名称或文号后再公布。", code="blank-field")
    if len(source) > LONGEST_SOURCE:
        raise Invalid(
            f"出处有{len(source)}字，超过{LONGEST_SOURCE}字，请只写通知的名称和文号。", code="too-long"
        )
    refuse_control(source, "出处")
    rows = [asdict(day) for day in command.days]
    return read_year(year, rows, version=len(tables.published) + 1, source=source, first_line=first_line)


def preview(matters: Iterable[tuple[MatterId, Matter]], calendar: WorkingDays) -> tuple[Moved, ...]:
    """Which open matters' limits fall on another day under ``calendar``, by number; nothing is changed."""
    moved: list[Moved] = []
    for name, matter in matters:
        limit = matter.limit
        if limit is None or limit.due_on is None or matter.stage.ended:
            continue
        new = recomputed(limit, calendar)
        if new.due_on is not None and new.due_on != limit.due_on:
            moved.append(
                Moved(
                    matter=name,
                    number=matter.number,
                    old=limit.due_on,
                    new=new.due_on,
                    still_provisional=new.provisional,
                )
            )
    return tuple(sorted(moved, key=lambda one: one.number))


def shipped_drafts(years: Iterable[int] | None = None) -> tuple[Draft, ...]:
    """The drafts that publish the tables the service comes with (None: all of them) in an empty record."""
    wanted = None if years is None else frozenset(years)
    return tuple(_draft(table) for table in shipped_years() if wanted is None or table.year in wanted)


def _draft(table: CalendarYear) -> Draft:
    fact = CalendarPublished(year=table.year, version=table.version, source=table.source, days=table.days)
    return Draft(stream=calendar_stream(table.year), fact=fact)


LONGEST_SOURCE = 500
