"""A county of many open matters, written through the real command path by a fixed seed, kept between runs.

A rehearsal's clock walks through 2025. On each working day the commands of that day are sent, many at a time. The
letter box follows every append as always; the projections are built at the end, as an upgrade would build them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import uvloop

from benchmarks.lives import Step, assignment, plan, progress, registration, send, whole_life
from benchmarks.office import Office, actors, furnish, office_in, opened
from events.record.sql import Driver, plain_text
from events.record.writer import Batch
from events.vocabulary import BEIJING, MatterId
from projections.changes import Change, changes
from service.clock import machine_now
from service.runtime import CODEC, Runtime
from service.ticking import tick

FIRST_DAY, LAST_DAY = date(2025, 1, 6), date(2025, 12, 26)
DUE_FROM, DUE_TO = -15, 385
"""Limits lie so many days around the last day, evenly: one in 400 falls due each day, four in 100 are late."""
MADE_ANEW = 1
"""Raised when other stocks are wanted, so that those kept are left."""
AT_ONCE = 256
ENDED_SHARE = 20
"""Beside the open matters, one in so many has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A stock as it lies in its folder."""

    office: Office
    matters: int
    """Open ones."""
    facts: int
    commands: int
    seconds: float
    """How long its commands took to write."""
    reminders: int
    """What the clock said on the last evening."""

    @property
    def evening(self) -> datetime:
        """The moment its clock stands at."""
        return moment(LAST_DAY, 10)


def stock(home: Path, matters: int) -> Stock:
    """The stock of so many open matters below ``home``; made where there is none of this program's facts yet."""
    folder = home / f"stock-{matters}-{_fingerprint()}"
    book = folder / "stock.json"
    if not book.exists():
        shutil.rmtree(folder, ignore_errors=True)
        made = _make(folder, matters)
        book.write_text(json.dumps(asdict(made) | {"office": None}), encoding="utf-8")
    return Stock(**(json.loads(book.read_text(encoding="utf-8")) | {"office": office_in(folder)}))


def _fingerprint() -> str:
    """Changes with the facts as they are stored, and with what is done here."""
    facts = [f"{s.name} {s.schema} {sorted(s.type.__annotations__)}" for s in CODEC.stored]
    return hashlib.sha256("\n".join((str(MADE_ANEW), *facts)).encode()).hexdigest()[:10]


def moment(day: date, wave: int = 0) -> datetime:
    """The moment of a wave of commands on a day."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=BEIJING) + timedelta(minutes=15 * wave)


def _make(folder: Path, matters: int) -> Stock:
    office = furnish(folder, mode="rehearsal", at=moment(FIRST_DAY, -1))
    rng = random.Random(400)
    calendar = _scripts(office, matters, rng)
    started = time.perf_counter()
    with opened(office) as runtime:
        commands = uvloop.run(_write(runtime, office, calendar))
        seconds = time.perf_counter() - started
    with opened(office) as runtime:  # the projections are found behind and built here
        said = uvloop.run(tick(runtime, moment(LAST_DAY, 10))).answer()
        facts = runtime.store.head().position
    return Stock(
        office=office,
        matters=matters,
        facts=facts,
        commands=commands,
        seconds=seconds,
        reminders=sum(said.values()),
    )


# What is done to whom on which day


@dataclass(slots=True)
class _Life:
    """One matter on its way: its id once it is registered, and what is still to come."""

    steps: list[tuple[int, Step]]
    """Day number and step, the last one first."""
    matter: MatterId | None = None


def _working_days() -> list[date]:
    days = (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
    return [day for day in days if day.weekday() < 5]


def _scripts(office: Office, matters: int, rng: random.Random) -> list[list[_Life]]:
    """For every working day the lives that move on it."""
    days = _working_days()
    calendar: list[list[_Life]] = [[] for _ in days]
    for _ in range(matters):
        _enter(calendar, _open_life(office, rng, days))
    for _ in range(matters // ENDED_SHARE):
        day = rng.randrange(len(days) - 12)
        steps = list(whole_life(office, rng, days[min(day + 9, len(days) - 1)]))
        _enter(calendar, [(min(day + n, len(days) - 1), step) for n, step in enumerate(steps)])
    return calendar


def _enter(calendar: list[list[_Life]], steps: list[tuple[int, Step]]) -> None:
    life = _Life(steps=steps[::-1])
    for day in dict.fromkeys(day for day, _ in steps):
        calendar[day].append(life)


def _open_life(office: Office, rng: random.Random, days: list[date]) -> list[tuple[int, Step]]:
    """About five commands, the last of which leaves the matter open."""
    unit = rng.randrange(len(office.units))
    by, last = office.liaison(unit), len(days) - 1
    steps: list[tuple[int, Step]] = []
    day = rng.randrange(last)
    for gap, step in _course(office, unit, by, rng, days[day]):
        day = min(day + gap, last)
        steps.append((day, step))
    return steps


def _course(
    office: Office, unit: int, by: str, rng: random.Random, today: date
) -> Iterator[tuple[int, Step]]:
    """Steps, each with how many working days it comes after the one before."""
    course = rng.choices(_COURSES, _SHARES)[0]
    earliest = LAST_DAY if course == "assigned" else today + timedelta(days=30)
    due_on = max(LAST_DAY + timedelta(days=rng.randint(DUE_FROM, DUE_TO)), earliest)
    with_plan = course in ("planning", "planned")
    yield 0, registration(rng, "rectification" if with_plan else "immediate")
    if course == "registered":
        return
    late = 10**6 if course == "assigned" else rng.randrange(3)
    yield late, assignment(office, unit, rng, due_on)
    if course == "assigned":
        return
    yield rng.randrange(2), Step(by=by, name="acknowledge", fields={})
    if with_plan:
        yield rng.randrange(5), plan(by, today)
        if course == "planned":
            yield rng.randrange(3), Step(by="clerk", name="approve-plan", fields={})
            yield rng.randrange(1, 20), progress(by, rng)
        return
    yield rng.randrange(1, 10), progress(by, rng)
    if course == "rectifying":
        yield rng.randrange(1, 20), progress(by, rng)
    elif course == "suspended":
        yield (
            rng.randrange(1, 20),
            Step(by="head", name="suspend", fields={"reason": "防汛三级响应期间，人员全员转入抢险"}),
        )
    elif course == "reported":
        yield rng.randrange(1, 10), Step(by=by, name="attach-evidence", fields={"kind": "photo"}, photo=True)
        yield 0, Step(by=by, name="report-completion", fields={"text": "已全部整改到位，现场恢复原貌"})


_COURSES = ("rectifying", "planned", "planning", "reported", "suspended", "registered", "assigned")
_SHARES = (56, 22, 5, 5, 5, 5, 2)


# Writing it


async def _write(runtime: Runtime, office: Office, calendar: list[list[_Life]]) -> int:
    """Sends every day's commands; those of one wave at the same moment, one for each life at most."""
    _put_projections_off(runtime)
    known = actors(runtime, office, machine_now())
    turns, sent = asyncio.Semaphore(AT_ONCE), 0

    async def one(life: _Life, at: datetime) -> None:
        _, step = life.steps.pop()
        async with turns:
            life.matter = await send(runtime, known, step, life.matter, at, None)

    for n, (day, moving) in enumerate(zip(_working_days(), calendar, strict=True)):
        wave = 0
        while moving := [life for life in moving if life.steps and life.steps[-1][0] == n]:
            await asyncio.gather(*(one(life, moment(day, wave)) for life in moving))
            sent, wave = sent + len(moving), wave + 1
    return sent


def _put_projections_off(runtime: Runtime) -> None:
    """Only the letter box follows; what the projections' tables hold is marked as made by other code."""
    found: list[Change] = []

    def letters_only(driver: Driver, batch: Batch) -> None:
        found[:] = changes(driver, runtime.store, batch)
        runtime.letters.follow(driver, batch, found)

    def keep() -> None:
        runtime.handling.keep((c.recorded.stream, c.recorded.version, c.after) for c in found)

    runtime.writer.followers[:] = [letters_only]
    runtime.writer.on_commit[:] = [keep]
    with runtime.database.transaction() as driver:
        driver.change(plain_text("UPDATE projections SET fingerprint = ''"))
