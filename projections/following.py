"""All projections as one follower of the record, and the tables they stand on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from types import ModuleType

from events.bulletin import folding as bulletin_folding
from events.bulletin import issuing
from events.calendars.facts import CalendarPublished
from events.matter import (
    effects_of_approving,
    effects_of_ending,
    effects_of_extending,
    effects_of_linking,
    effects_of_pressing,
    effects_of_sharing,
    effects_of_working,
    folding,
)
from events.meeting import folding as meeting_folding
from events.record.envelope import Recorded
from events.record.moments import to_micros
from events.record.sql import Driver
from events.record.store import Store, read_head
from events.record.writer import Batch
from events.refusals import NotFound
from events.rules import ladder
from events.rules.calendar import CalendarYear, WorkingDays
from events.rules.procedures import MatterRules
from projections import (
    bulletins,
    deadlines,
    directory,
    evidence,
    likeness,
    meetings,
    mentions,
    particulars,
    parties,
    register,
    register_columns,
    schema,
    search,
    stage_counts,
    stream_changes,
    topics,
    words,
)
from projections import changes as folding_changes
from projections import projection as common
from projections.changes import Change, Life, changes, lives
from projections.projection import Followed, Making, Projection

FOLDING: tuple[ModuleType, ...] = (
    folding_changes,
    folding,
    effects_of_working,
    effects_of_approving,
    effects_of_extending,
    effects_of_ending,
    effects_of_extending,
    effects_of_pressing,
    effects_of_sharing,
    effects_of_linking,
    common,
)
"""Code by which a matter's state comes about, or any row; what changes there may change every projection."""

_FURTHER: dict[str, tuple[ModuleType, ...]] = {
    "register": (register_columns,),
    "deadlines": (ladder,),
    "particulars": (words,),
    "search": (particulars, words, likeness),
    "bulletins": (stream_changes, bulletin_folding, issuing),
    "topics": (words,),
    "meetings": (stream_changes, meeting_folding, words),
}
"""Code besides its own module by which a projection's rows are made."""


class UnknownProjection(NotFound):
    """There is no projection of this name; the sentence names those there are."""

    code = "unknown-projection"


class Following:
    """Every projection over one record. ``follow`` is the writer's follower."""

    def __init__(self, store: Store, calendar: Callable[[], WorkingDays], rules: MatterRules) -> None:
        self.store = store
        self.calendar = calendar
        self.rules = rules
        self._makings: dict[str, Making] = {
            "register": register.projection,
            "particulars": particulars.projection,
            "parties": parties.projection,
            "stage_counts": stage_counts.projection,
            "deadlines": deadlines.making(store),
            "directory": directory.projection,
            "evidence": evidence.projection,
            "mentions": mentions.projection,
            "search": search.making(store.database.kind),
            "bulletins": bulletins.making(store),
            "meetings": meetings.making(store),
            "topics": topics.projection,
        }
        self.live = tuple(make("") for make in self._makings.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Every projection's name."""
        return tuple(self._makings)

    def follow(self, driver: Driver, batch: Batch) -> None:
        """Brings every projection up to date with a batch, in its transaction."""
        self.apply(driver, batch.recorded, changes(driver, self.store, batch))

    def apply(self, driver: Driver, recorded: Sequence[Recorded], found: Iterable[Change]) -> None:
        """As ``follow``, for a caller who has the batch's changes already."""
        self.write(driver, self.live, self.followed(recorded, lives(found)))

    def followed(self, recorded: Sequence[Recorded], found: Sequence[Life]) -> Followed:
        """What projections are handed; a year published among the facts counts at once."""
        calendar, published = self.calendar(), False
        for fact in (r.fact for r in recorded if isinstance(r.fact, CalendarPublished)):
            year = CalendarYear(year=fact.year, version=fact.version, source=fact.source, days=fact.days)
            calendar, published = calendar.with_year(year), True
        return Followed(
            recorded=recorded, lives=found, calendar=calendar, rules=self.rules, calendar_changed=published
        )

    def write(self, driver: Driver, targets: Iterable[Projection], followed: Followed) -> None:
        """Hands facts to projections, on whichever tables they stand."""
        for projection in targets:
            projection.apply(driver, followed)

    def made_on(self, suffix: str, names: Iterable[str]) -> tuple[Projection, ...]:
        """Projections on tables of their own. Raises UnknownProjection."""
        unknown = [name for name in names if name not in self._makings]
        if unknown:
            raise UnknownProjection(
                f"没有叫“{'、'.join(unknown)}”的投影；请从这些里选：{'、'.join(self.names)}。"
            )
        return tuple(self._makings[name](suffix) for name in names)

    def fingerprint(self, projection: Projection) -> str:
        """What a projection's rows are made by, as this program has it."""
        own = sys.modules[self._makings[projection.name].__module__]
        settings = self.rules if projection.name == "deadlines" else None
        return schema.fingerprint(projection, (own, *FOLDING, *_FURTHER.get(projection.name, ())), settings)

    def stale(self) -> tuple[str, ...]:
        """The projections whose tables are missing or were made by other code or other figures."""
        with self.store.database.reader() as driver:
            made = schema.made(driver)
        return tuple(p.name for p in self.live if made.get(p.name, ("",))[0] != self.fingerprint(p))

    def create(self, at: datetime) -> None:
        """Makes what is missing or stale in a record that holds no fact yet; what stands is left alone."""
        stale = self.stale()
        with self.store.database.transaction() as driver:
            head = read_head(driver, for_update=True)
            if head.position:
                raise RuntimeError("the record holds facts: use prepare, which builds projections from them")
            schema.make_book(driver)
            generations = schema.made(driver)
            for projection in self.made_on("", stale):
                generation = generations.get(projection.name, ("", 0))[1] + 1
                for table in projection.tables:
                    schema.make_table(driver, table)
                    schema.make_indexes(driver, table, generation)
                print_ = self.fingerprint(projection)
                schema.note_made(driver, projection.name, print_, generation, 0, to_micros(at))
