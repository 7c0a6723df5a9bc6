"""公布工作日: a year's table from a file, a form or a body, with a look at what it moves."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from uuid_utils.compat import uuid7

from events.calendars.facts import calendar_stream
from events.calendars.publishing import (
    CalendarSurroundings,
    Moved,
    PublishCalendar,
    WrittenDay,
    decide,
    preview,
    table_of,
)
from events.matter.state import Matter
from events.record.envelope import OPERATOR, Actor, Decision, Envelope
from events.record.handling import Folded
from events.refusals import Invalid
from events.vocabulary import MatterId
from projections import lists
from projections.asking import Asked
from service.clock import machine_now
from service.runtime import Runtime

FIRST_LINE = 2
"""Of the days in a file with a header."""
COLUMNS = ("date", "working", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication, or what it would be."""

    version: int
    moves: tuple[Moved, ...]
    answer: Mapping[str, Any]


def read_days(text: str) -> tuple[WrittenDay, ...]:
    """The days of a CSV file ``date,working,name``. Raises Invalid for another head row."""
    reader = csv.DictReader(io.StringIO(text))
    head = tuple(name.strip() for name in reader.fieldnames or ())
    if head[:2] != COLUMNS[:2]:
        raise Invalid("表头应是 date,working,name，每行一天；改好表头再导入。", code="unreadable-calendar")
    return tuple(
        WrittenDay(
            date=(row.get("date") or "").strip(),
            working=(row.get("working") or "").strip(),
            name=(row.get("name") or "").strip(),
        )
        for row in reader
    )


def import_calendar(
    runtime: Runtime, year: int, text: str, source: str, *, dry_run: bool, at: datetime | None = None
) -> Published:
    """Publishes a year from a file's text, as the operator; ``dry_run`` only looks. Raises a Refusal."""
    command = PublishCalendar(days=read_days(text), source=source)
    if dry_run:
        return look(runtime, year, command, first_line=FIRST_LINE)
    return publish(runtime, year, command, OPERATOR, at or runtime.clock.now(), first_line=FIRST_LINE)


def look(runtime: Runtime, year: int, command: PublishCalendar, *, first_line: int = 1) -> Published:
    """What a publication would move; nothing is written."""
    tables = runtime.handling.load(calendar_stream(year)).state
    table = table_of(year, command, tables, first_line=first_line)
    moves = preview(_moving(runtime, table.version), runtime.calendars.now().with_year(table))
    return Published(version=table.version, moves=moves, answer={})


def publish(
    runtime: Runtime,
    year: int,
    command: PublishCalendar,
    actor: Actor,
    at: datetime,
    *,
    first_line: int = 1,
    command_id: str | None = None,
    fingerprint: bytes | None = None,
) -> Published:
    """Publishes a year; the limits it moves are recomputed by the next tick. Raises a Refusal."""
    stream = calendar_stream(year)
    seen = CalendarSurroundings(actor=actor, at=at, first_line=first_line)

    def deciding(loaded: Mapping[str, Folded]) -> Decision:
        return decide(year, command, loaded[stream].state, seen)

    expected = look(runtime, year, command, first_line=first_line)
    envelope = Envelope(
        actor=actor,
        at=at,
        received_at=machine_now(),
        command_id=command_id or uuid7().hex,
        fingerprint=fingerprint,
    )
    answer = runtime.handling.handle(envelope, (stream,), deciding)
    runtime.calendars.now()
    return Published(version=int(answer["version"]), moves=expected.moves, answer=answer)


def recomputable_ids(runtime: Runtime) -> tuple[MatterId, ...]:
    """The open matters whose limit a publication may move, where there was one since the last look.

    They are the 暂定 ones, and after a year was published anew all that count working days. At a process's first look
    the 暂定 ones due within the published years are enough: the others are still 暂定.
    """
    calendars = runtime.calendars.calendars()
    last_look, runtime.calendars.checked = runtime.calendars.checked, calendars.position
    if calendars.position == last_look:
        return ()
    if any(one.position > last_look for year in calendars.years.values() for one in year.published[1:]):
        return _open_matters(runtime, provisional=False)
    published_to = date(max(calendars.years), 12, 31) if last_look == 0 else None
    return _open_matters(runtime, provisional=True, due_before=published_to)


def _open_matters(
    runtime: Runtime, *, provisional: bool, due_before: date | None = None
) -> tuple[MatterId, ...]:
    found: list[MatterId] = []
    asked = Asked(day=date.min, state="open", due_before=due_before, limit=1_000)
    listed = lists.provisional if provisional else lists.matters
    with runtime.database.reading.connect() as connection:
        while True:
            page = listed(connection, asked, runtime.calendars.now())
            found.extend(item.id for item in page.items if item.provisional or item.in_working_days)
            if page.next is None:
                return tuple(found)
            asked = replace(asked, cursor=page.next)


def _moving(runtime: Runtime, version: int) -> Iterator[tuple[MatterId, Matter]]:
    for matter in _open_matters(runtime, provisional=version == 1):
        yield matter, runtime.handling.load(f"matter-{matter}").state
