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
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import uvloop

from benchmarks.lives import Step, assignment, plan, progress, registration, send, whole_life
from benchmarks.office import Office, actors, furnish, office_in, opened
from events.record.connections import open_database
from events.record.sql import Driver, plain_text
from events.record.writer import Batch
from events.vocabulary import BEIJING, MatterId
from projections.changes import Change, changes
from service.clock import machine_now
from service.runtime import CODEC, Runtime
from service.settings import read_settings
from service.storage.migrating import migrate
from service.ticking import tick

FIRST_DAY, LAST_DAY = date(2025, 1, 6), date(2025, 12, 26)
DUE_FROM, DUE_TO = -15, 385
"""Limits lie so many days around the last day, evenly: one in 400 falls due each day, four in 100 are late."""
MADE_ANEW = 1
"""Raised when other stocks are wanted, so that those kept are left."""
HELD = frozenset(
    "matter-registered matter-assigned assignment-acknowledged plan-submitted plan-approved progress-reported"
    " matter-suspended evidence-attached completion-reported verification-scheduled verification-passed"
    " write-off-approved".split()
)
"""Facts a stock is made of: others may come to be without its being made anew."""
BOOK = "stock.json"
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
    cpu: float = 0.0
    """Processor seconds of that."""
    building: float = 0.0
    """Seconds the projections and the clock's first evening took after it."""
    reminders: int
    """What the clock said on the last evening."""

    @property
    def evening(self) -> datetime:
        """The moment its clock stands at."""
        return moment(LAST_DAY, 10)


def stock(home: Path, matters: int, *, brief: bool = False) -> Stock:
    """The stock of so many open matters below ``home``; made where there is none of this program's facts yet.

    ``brief`` gives each three facts instead of five or so.
    """
    folder = home / f"stock-{matters}-{'brief-' if brief else ''}{_fingerprint()}"
    if not (folder / BOOK).exists():
        shutil.rmtree(folder, ignore_errors=True)
        noted(folder, _make(folder, matters, brief))
    return kept_in(folder)


def noted(folder: Path, made: Stock) -> None:
    """Writes beside a stock what it is; only then it counts as made."""
    (folder / BOOK).write_text(json.dumps(asdict(made) | {"office": None}), encoding="utf-8")


def kept_in(folder: Path) -> Stock:
    """The stock made in a folder, brought up to this program's version where an older one made it."""
    book, office = json.loads((folder / BOOK).read_text(encoding="utf-8")), office_in(folder)
    database = open_database(read_settings(office.config, environment={}).database_url)
    migrate(database)
    database.close()
    with opened(office):  # read models made by other code are made anew, once and not in every copy
        return Stock(**(book | {"office": office}))


def _fingerprint() -> str:
    """Changes with the facts of a matter that a stock holds, as they are stored, and with what is done here."""
    facts = [f"{s.name} {s.schema} {sorted(s.type.__annotations__)}" for s in CODEC.stored if s.name in HELD]
    return hashlib.sha256("\n".join((str(MADE_ANEW), *facts)).encode()).hexdigest()[:10]


def moment(day: date, wave: int = 0) -> datetime:
    """The moment of a wave of commands on a day."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=BEIJING) + timedelta(minutes=15 * wave)


def _make(folder: Path, matters: int, brief: bool) -> Stock:
    office = furnish(folder, mode="rehearsal", at=moment(FIRST_DAY, -1))
    started, spent = time.perf_counter(), time.process_time()
    with opened(office) as runtime:
        commands = uvloop.run(_write(runtime, office, matters, brief))
        seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    started = time.perf_counter()
    with opened(office) as runtime:  # the projections are found behind and built here
        said = uvloop.run(tick(runtime, moment(LAST_DAY, 10))).answer()
        facts = runtime.store.head().position
    building = time.perf_counter() - started
    return Stock(
        office=office,
        matters=matters,
        facts=facts,
        commands=commands,
        seconds=seconds,
        cpu=cpu,
        building=building,
        reminders=sum(said.values()),
    )


# What is done to whom on which day


@dataclass(slots=True)
class _Life:
    """One matter on its way: its id once it is registered, and what is to come next."""

    steps: Iterator[tuple[int, Step]]
    """How many working days after the step before, and the step; each made when its turn comes."""
    day: int
    """Number of the working day it moves on next."""
    step: Step | None = None
    matter: MatterId | None = None

    def advance(self, last: int) -> None:
        """Moves on to the next step; None is left where there is none."""
        gap, self.step = next(self.steps, (0, None))
        self.day = min(self.day + gap, last)


def _working_days() -> list[date]:
    days = (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
    return [day for day in days if day.weekday() < 5]


def _begins(matters: int, days: list[date], rng: random.Random) -> list[tuple[int, int]]:
    """For every working day how many open matters begin on it, and how many that will end."""
    opened = Counter(rng.randrange(len(days) - 1) for _ in range(matters))
    ended = Counter(rng.randrange(len(days) - 12) for _ in range(matters // ENDED_SHARE))
    return [(opened[n], ended[n]) for n in range(len(days))]


def _ending(office: Office, rng: random.Random, days: list[date], first: int) -> Iterator[tuple[int, Step]]:
    """A whole life, a step a day."""
    verified_on = days[min(first + 9, len(days) - 1)]
    for n, step in enumerate(whole_life(office, rng, verified_on)):
        yield min(n, 1), step


def _course(office: Office, rng: random.Random, today: date, brief: bool) -> Iterator[tuple[int, Step]]:
    """About five commands, three where it is to be brief, the last of which leaves the matter open."""
    unit = rng.randrange(len(office.units))
    by = office.liaison(unit)
    course = rng.choices(*(_BRIEF if brief else _COURSES))[0]
    earliest = LAST_DAY if course == "assigned" else today + timedelta(days=30)
    due_on = max(LAST_DAY + timedelta(days=rng.randint(DUE_FROM, DUE_TO)), earliest)
    with_plan = course in ("planning", "planned")
    yield 0, registration(rng, "rectification" if with_plan else "immediate")
    if course == "registered":
        return
    late = 10**6 if course == "assigned" else 0 if brief else rng.randrange(3)
    yield late, assignment(office, unit, rng, due_on)
    if course == "assigned":
        return
    yield 0 if brief else rng.randrange(2), Step(by=by, name="acknowledge", fields={})
    if course == "acknowledged":
        return
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


_COURSES = (
    ("rectifying", "planned", "planning", "reported", "suspended", "registered", "assigned"),
    (56, 22, 5, 5, 5, 5, 2),
)
_BRIEF = (("acknowledged", "reported", "registered", "assigned"), (92, 3, 4, 1))
"""Courses and their shares."""


# Writing it


async def _write(runtime: Runtime, office: Office, matters: int, brief: bool) -> int:
    """Sends every day's commands; those of one wave at the same moment, one for each life at most."""
    _put_projections_off(runtime)
    known, rng, days = actors(runtime, office, machine_now()), random.Random(400), _working_days()
    turns, sent, last = asyncio.Semaphore(AT_ONCE), 0, len(days) - 1
    later: list[list[_Life]] = [[] for _ in days]

    async def one(life: _Life, at: datetime) -> None:
        assert life.step is not None
        async with turns:
            life.matter = await send(runtime, known, life.step, life.matter, at, None)

    for n, (staying, ending) in enumerate(_begins(matters, days, rng)):
        courses = [_course(office, rng, days[n], brief) for _ in range(staying)]
        courses += [_ending(office, rng, days, n) for _ in range(ending)]
        moving, wave = [*later[n], *(_Life(steps=course, day=n) for course in courses)], 0
        for life in moving[len(later[n]) :]:
            life.advance(last)
        later[n].clear()
        while moving:
            await asyncio.gather(*(one(life, moment(days[n], wave)) for life in moving))
            sent, wave = sent + len(moving), wave + 1
            for life in moving:
                life.advance(last)
                if life.step is not None and life.day > n:
                    later[life.day].append(life)
            moving = [life for life in moving if life.step is not None and life.day == n]
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
