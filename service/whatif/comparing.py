"""What would have differed: every matter's life under the rules as they are and under the supposed ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from events.directory.state import Directory
from events.matter.state import Matter
from events.record.envelope import Recorded
from events.record.sql import plain_text
from events.rules.calendar import CalendarYear, WorkingDays
from notifications.posts import Posts, posts_on
from service.runtime import Runtime
from service.whatif.living import Law, Lived, Period, live
from service.whatif.supposition import Supposition

_MATTERS = plain_text(
    "SELECT stream FROM streams WHERE stream >= 'matter-' AND stream < 'matter.' ORDER BY stream"
)
Progress = Callable[[int, int], None]
"""Matters done, matters in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedLimit:
    """A due day that would have been another; None: there would have been none."""

    id: str
    number: str
    title: str
    now: date | None
    then: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """Most days late in the period, as it is and as supposed."""

    id: str
    number: str
    title: str
    now: int
    then: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAdmitted:
    """An act that would have been refused."""

    id: str
    number: str
    title: str
    position: int
    why: str


@dataclass(slots=True, kw_only=True)
class Difference:
    """Everything that would have differed in the period."""

    matters: int = 0
    """Lived through: those that were open in the period or began in it."""
    limits: list[MovedLimit] = field(default_factory=list)
    turned_overdue: list[Lateness] = field(default_factory=list)
    no_longer_overdue: list[Lateness] = field(default_factory=list)
    other_days_late: list[Lateness] = field(default_factory=list)
    refused: list[NotAdmitted] = field(default_factory=list)
    letters_now: Counter[str] = field(default_factory=Counter)
    letters_then: Counter[str] = field(default_factory=Counter)
    """Letters written, by rule."""
    more: int = 0
    fewer: int = 0
    """Single letters that only the supposed rules, only the present ones would have written."""


def difference(runtime: Runtime, supposition: Supposition, progress: Progress) -> Difference:
    """Lives through every matter twice. Reads the record; writes nothing anywhere."""
    usual, other = laws(runtime, supposition)
    period = Period(
        first=supposition.first,
        end=supposition.end,
        posts=PostsOnDays(runtime.directory.now()),
    )
    found = Difference()
    for stream, facts in _lives(runtime, supposition, progress):
        now = live(stream, facts, usual, usual, period)
        then = live(stream, facts, other, usual, period)
        found.matters += 1
        _compare(found, now, then)
    for few in (found.limits, found.turned_overdue, found.no_longer_overdue, found.refused):
        few.sort(key=lambda one: one.number)
    return found


def laws(runtime: Runtime, supposition: Supposition) -> tuple[Law, Law]:
    """The rules as they are, and as supposed: another calendar as if always known, procedures from the first day."""
    settings = runtime.settings
    usual = Law(
        calendars=_calendars(runtime, ()),
        procedures=settings.procedures,
        rules=settings.rules,
        standing=settings.procedures,
        supposes=False,
    )
    other = Law(
        calendars=_calendars(runtime, supposition.years),
        procedures=supposition.procedures,
        rules=supposition.rules,
        standing=settings.procedures,
        supposes=True,
    )
    return usual, other


def _calendars(runtime: Runtime, years: Sequence[CalendarYear]) -> list[tuple[datetime, WorkingDays]]:
    known = runtime.calendars.calendars()
    positions = sorted({one.position for tables in known.years.values() for one in tables.published})
    found: dict[datetime, WorkingDays] = {}
    for position in positions:
        since = runtime.store.moment_of(position)
        assert since is not None, position
        days = known.working_days(position)
        for year in years:
            days = days.with_year(year)
        found[since] = days
    return sorted(found.items()) or [(_BEGINNING, WorkingDays(years))]


class PostsOnDays(dict[date, Posts]):
    """The post holders of each day, made when first asked."""

    def __init__(self, directory: Directory) -> None:
        super().__init__()
        self._directory = directory

    def __missing__(self, on: date) -> Posts:
        posts = self[on] = posts_on(self._directory, on)
        return posts


def _lives(
    runtime: Runtime, supposition: Supposition, progress: Progress
) -> Iterator[tuple[str, list[Recorded]]]:
    """Every matter with something in the period: its facts up to the period's end."""
    upto = runtime.store.position_at(supposition.end - timedelta.resolution)
    with runtime.database.reader() as driver:
        streams = [stream for (stream,) in driver.rows(_MATTERS)]
        for done, stream in enumerate(streams):
            progress(done, len(streams))
            facts = runtime.store.stream_on(driver, stream, up_to=upto)
            if facts and (facts[-1].recorded_at >= supposition.first or not _ended(runtime, stream, facts)):
                yield stream, facts
    progress(len(streams), len(streams))


def _ended(runtime: Runtime, stream: str, facts: Sequence[Recorded]) -> bool:
    """Whether nothing was open any more; a closed matter's look-back may still be to come."""
    folder = runtime.handling.folder(stream)
    state = folder.begin(stream)
    for recorded in facts:
        state = folder.evolve(state, recorded)
    matter: Matter = state
    return matter.stage.ended and matter.look_back_on is None


def _compare(found: Difference, now: Lived, then: Lived) -> None:
    matter = now.matter
    named = {"id": str(matter.id), "number": matter.number, "title": matter.title}
    moved = _moved(now, then)
    if moved is not None:
        found.limits.append(MovedLimit(**named, now=moved[0], then=moved[1]))
    if now.worst != then.worst:
        late = Lateness(**named, now=now.worst, then=then.worst)
        few = found.other_days_late
        if not now.worst or not then.worst:
            few = found.turned_overdue if then.worst else found.no_longer_overdue
        few.append(late)
    found.refused.extend(
        NotAdmitted(**named, position=position, why=why)
        for position, why in then.refused.items()
        if position not in now.refused
    )
    found.letters_now.update(rule for rule, *_ in now.letters)
    found.letters_then.update(rule for rule, *_ in then.letters)
    found.more += len(then.letters - now.letters)
    found.fewer += len(now.letters - then.letters)


def _moved(now: Lived, then: Lived) -> tuple[date | None, date | None] | None:
    """The last due day of the period that differs: the one in force at its end, else the newest that did."""
    last = (now.matter.due_on, then.matter.due_on)
    if last[0] != last[1]:
        return last
    pairs = [(due_on, then.due_after[at]) for at, due_on in now.due_after.items()]
    return next((pair for pair in reversed(pairs) if pair[0] != pair[1]), None)


_BEGINNING = datetime.fromisoformat("1949-01-01T00:00:00+08:00")
