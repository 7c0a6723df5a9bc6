"""What the clock owes bulletins: a draft for every period that is over, the note on every matter named, reminders."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from uuid_utils.compat import uuid7

from events.bulletin.issuing import remind
from events.bulletin.series import Period, Series, due_on, due_periods
from events.matter.circulating import Naming, NoteNaming, note_naming
from events.matter.surroundings import Surroundings
from events.record.envelope import CLOCK, Decision, Envelope
from events.record.handling import Folded
from events.refusals import Conflict, Refusal
from events.vocabulary import BulletinId
from projections import bulletin_lists
from projections.bulletin_lists import Unnoted
from service.circulating import bulletins as seen_of
from service.clock import machine_now
from service.commands.circulating import Circulating, circulate
from service.runtime import Runtime

AT_ONCE = 64

log = structlog.get_logger("duban.tick")

Keeping = Callable[[], Awaitable[None]]
"""Called between two pieces of long work, to keep what the work is done under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A period whose draft is due and missing."""

    series: Series
    period: Period
    on: date


async def speak_of_bulletins(runtime: Runtime, seen: Surroundings, keep: Keeping) -> int:
    """Does all of it, once; gives how many facts were written. Running it again writes nothing."""
    written = 0
    for due in await asyncio.to_thread(_due, runtime, seen.today):
        written += await asyncio.to_thread(_draft, runtime, due, seen.at)
        await keep()
    written += await _note_namings(runtime, seen)
    for bulletin in await asyncio.to_thread(_to_remind, runtime, seen.today):
        written += await _remind(runtime, bulletin, seen.at)
    return written


def _due(runtime: Runtime, today: date) -> tuple[Due, ...]:
    """In order of the days they were due."""
    with runtime.database.reader() as driver:
        begins = bulletin_lists.begins_on(driver)
    if begins is None:
        return ()
    found = (
        one
        for series in runtime.settings.bulletins.values()
        for one in _missing(runtime, series, begins, today)
    )
    return tuple(sorted(found, key=lambda one: (one.on, one.period.last - one.period.first)))


def _missing(runtime: Runtime, series: Series, begins: date, today: date) -> Iterator[Due]:
    periods = tuple(due_periods(series, begins, today))
    if not periods:
        return
    drafted = {one.period for one in seen_of.siblings_of(runtime, series.id)}
    for period in periods:
        if period not in drafted:
            yield Due(series=series, period=period, on=due_on(series, period))


def _draft(runtime: Runtime, due: Due, at: datetime) -> int:
    asked = Circulating(
        actor=CLOCK,
        name="draft",
        id=None,
        fields={
            "series": due.series.id,
            "from": due.period.first.isoformat(),
            "to": due.period.last.isoformat(),
        },
        at=at,
        received_at=machine_now(),
        due_on=due.on,
    )
    try:
        return len(circulate(runtime, asked)["facts"])
    except Conflict as taken:
        log.debug("a period is spoken of already", series=due.series.id, why=taken.sentence)
        return 0
    except Refusal as refused:
        log.error(
            "a bulletin could not be drafted", series=due.series.id, code=refused.code, why=refused.sentence
        )
        return 0


async def _note_namings(runtime: Runtime, seen: Surroundings) -> int:
    turns = asyncio.Semaphore(AT_ONCE)
    commands: dict[BulletinId, NoteNaming] = {}

    async def note(one: Unnoted) -> int:
        async with turns:
            return await _note(runtime, seen, one, commands[one.bulletin])

    waiting = await asyncio.to_thread(_unnoted, runtime)
    for one in waiting:
        if one.bulletin not in commands:
            commands[one.bulletin] = await asyncio.to_thread(_naming, runtime, one)
    return sum(await asyncio.gather(*(note(one) for one in waiting)))


def _unnoted(runtime: Runtime) -> tuple[Unnoted, ...]:
    with runtime.database.reading.connect() as connection:
        return bulletin_lists.unnoted(connection)


def _naming(runtime: Runtime, one: Unnoted) -> NoteNaming:
    bulletin = seen_of.load(runtime, one.bulletin)
    return NoteNaming(
        bulletin=bulletin.id,
        title=bulletin.title,
        document_no=bulletin.document_no,
        issue_no=bulletin.issue_no,
        why=Naming(one.why),
    )


async def _note(runtime: Runtime, seen: Surroundings, one: Unnoted, command: NoteNaming) -> int:
    stream = f"matter-{one.matter}"

    def deciding(loaded: Mapping[str, Folded]) -> Decision:
        own = replace(command, why=Naming(one.why))
        return note_naming(own, loaded[stream].state, seen)

    return await _written(
        runtime, Envelope(actor=CLOCK, at=seen.at, command_id=uuid7().hex), stream, deciding
    )


def _to_remind(runtime: Runtime, today: date) -> tuple[BulletinId, ...]:
    with runtime.database.reading.connect() as connection:
        return bulletin_lists.to_remind(connection, today)


async def _remind(runtime: Runtime, bulletin: BulletinId, at: datetime) -> int:
    stream = f"bulletin-{bulletin}"
    seen = seen_of.surroundings(runtime, CLOCK, at, None)

    def deciding(loaded: Mapping[str, Folded]) -> Decision:
        return remind(loaded[stream].state, seen)

    return await _written(runtime, Envelope(actor=CLOCK, at=at, command_id=uuid7().hex), stream, deciding)


async def _written(
    runtime: Runtime, envelope: Envelope, stream: str, deciding: Callable[[Mapping[str, Folded]], Decision]
) -> int:
    try:
        answer = await runtime.handling.handle_async(envelope, (stream,), deciding)
    except Refusal as refused:
        log.error("the clock's word was refused", stream=stream, code=refused.code, why=refused.sentence)
        return 0
    return len(answer["facts"])
