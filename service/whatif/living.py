"""One matter lived through again: its facts in order, and the clock speaking at every rung between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from events.directory.state import Directory
from events.matter.facts import FACTS
from events.matter.folding import begin, evolve
from events.matter.pressing import DueDateRecomputed, recompute_due, speak
from events.matter.state import Matter
from events.matter.supposing import refusal, supposed
from events.matter.surroundings import Surroundings
from events.record.envelope import CLOCK, Recorded
from events.rules.calendar import WorkingDays
from events.rules.ladder import OWED_BY_UNIT, next_rung_on
from events.rules.procedures import MatterRules, Procedure
from events.vocabulary import BEIJING
from notifications.policy import letters_for
from notifications.posts import Posts
from projections.changes import Change

REMINDERS = tuple(one.type for one in FACTS if any(field.name == "passed_over" for field in fields(one.type)))
OF_THE_CLOCK = (*REMINDERS, DueDateRecomputed)
"""What the clock said in the record is left out: here it speaks anew, at the beginning of every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The rules one life is lived under. ``calendars``: from when each was in force, oldest first."""

    calendars: Sequence[tuple[datetime, WorkingDays]]
    procedures: Mapping[str, Procedure]
    rules: MatterRules
    standing: Mapping[str, Procedure]
    """As configured."""
    supposes: bool
    """False: facts are taken as they are recorded."""

    def calendar(self, at: datetime) -> WorkingDays:
        """The working days as known at a moment; the oldest known before that."""
        found = bisect_right(self.calendars, at, key=lambda one: one[0])
        return self.calendars[max(found - 1, 0)][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days looked at, both included, and the post holders on each."""

    first: datetime
    end: datetime
    """The first moment after."""
    posts: Mapping[date, Posts]

    def holds(self, at: datetime) -> bool:
        """Whether something at a moment is counted."""
        return self.first <= at < self.end


Key = tuple[str, str, str, str]
"""Rule, slot, post and channel of a letter: with the matter, its natural key."""


@dataclass(slots=True, kw_only=True)
class Lived:
    """What came of one life within the period."""

    matter: Matter
    letters: set[Key] = field(default_factory=set)
    worst: int = 0
    """Most days late on any day of the period; at the completion report or at the period's end the last."""
    due_after: dict[int, date | None] = field(default_factory=dict)
    """Position of each fact of the period → the due day in force after it."""
    refused: dict[int, str] = field(default_factory=dict)
    """Position → why the act would not have been admitted."""


def live(stream: str, facts: Sequence[Recorded], law: Law, usual: Law, period: Period) -> Lived:
    """A matter's life under ``law`` up to the period's end; before the period only its calendars differ."""
    lived = Lived(matter=begin(stream))
    life = _Life(law=law, usual=usual, period=period, lived=lived, clock=facts[0].recorded_at)
    return life.through(facts)


@dataclass(slots=True, kw_only=True)
class _Life:
    law: Law
    usual: Law
    period: Period
    lived: Lived
    clock: datetime

    def through(self, facts: Sequence[Recorded]) -> Lived:
        began = facts[0].recorded_at
        news = ((since, ()) for since, _ in self.law.calendars if since > began)
        acts = ((at, tuple(few)) for at, few in groupby(facts, key=lambda one: one.recorded_at))
        stops = sorted((*acts, *news, (self.period.first, ())), key=lambda stop: (stop[0], len(stop[1])))
        for at, few in stops:
            if at >= self.period.end:
                break
            self._pass_time(at)
            if not few:
                self._recompute(at)
            for recorded in few:
                if not isinstance(recorded.fact, OF_THE_CLOCK):
                    self._take(recorded)
        self._pass_time(self.period.end)
        return self.lived

    def _pass_time(self, until: datetime) -> None:
        """The clock says everything due before a moment, each rung at the beginning of its day."""
        for at in self._rungs(until):
            decision = speak(self.lived.matter, self._seen(at))
            if not decision.drafts:
                break
            self._say([draft.fact for draft in decision.drafts], at)
        self._judge(until)
        self.clock = max(self.clock, until)

    def _rungs(self, until: datetime) -> Iterator[datetime]:
        while True:
            law = self._law(self.clock)
            on = next_rung_on(self.lived.matter, law.rules, law.calendar(self.clock))
            if on is None or self.lived.matter.version == 0:
                return
            at = max(datetime.combine(on, time.min, tzinfo=BEIJING), self.clock)
            if at >= until:
                return
            self.clock = at
            yield at

    def _recompute(self, at: datetime) -> None:
        """A publication settles limits that ran through a year not published before."""
        if self.lived.matter.version:
            decision = recompute_due(self.lived.matter, self._seen(at))
            self._say([draft.fact for draft in decision.drafts], at)

    def _take(self, recorded: Recorded) -> None:
        matter, at = self.lived.matter, recorded.recorded_at
        seen = self._seen(at)
        if self.period.holds(at):
            refused = refusal(recorded, matter, seen)
            if refused is not None:
                self.lived.refused[recorded.position] = refused.sentence
        if self.law.supposes:
            recorded = supposed(recorded, matter, seen, self.law.standing)
        self._became(recorded)
        if self.period.holds(at):
            self.lived.due_after[recorded.position] = self.lived.matter.due_on

    def _say(self, said: Iterable[Any], at: datetime) -> None:
        matter = self.lived.matter
        for fact in said:
            self._became(_by_clock(matter, fact, at))

    def _became(self, recorded: Recorded) -> None:
        before, at = self.lived.matter, recorded.recorded_at
        self.lived.matter = evolve(before, recorded)
        if self.period.holds(at):
            known = before if before.version else None
            change = Change(before=known, after=self.lived.matter, recorded=recorded)
            posts = self.period.posts[at.astimezone(BEIJING).date()]
            letters = letters_for(change, posts)
            self.lived.letters.update((one.rule, one.slot, one.post.key, str(one.channel)) for one in letters)

    def _judge(self, until: datetime) -> None:
        """How late the matter was at the end of a stretch in which nothing happened to it."""
        matter, due_on = self.lived.matter, self.lived.matter.due_on
        if matter.stage not in OWED_BY_UNIT or due_on is None or until < self.period.first:
            return
        last = min(until, self.period.end) - _AN_INSTANT
        if last >= self.period.first:
            self.lived.worst = max(self.lived.worst, (last.astimezone(BEIJING).date() - due_on).days)

    def _law(self, at: datetime) -> Law:
        return self.law if at >= self.period.first else self.usual

    def _seen(self, at: datetime) -> Surroundings:
        law = self._law(at)
        return Surroundings(
            actor=CLOCK,
            at=at,
            directory=_NOBODY,
            calendar=self.law.calendar(at),
            procedures=law.procedures,
            rules=law.rules,
        )


def _by_clock(matter: Matter, fact: Any, at: datetime) -> Recorded:
    return Recorded(
        position=max(matter.said_at.values(), default=0),
        stream=matter.stream,
        version=matter.version,
        type="",
        schema=1,
        fact=fact,
        actor=CLOCK.user,
        unit=None,
        role=None,
        on_behalf_of=None,
        basis=None,
        occurred_at=at,
        recorded_at=at,
        command_id="",
        correlation_id="",
        causation_id=None,
        hash=b"",
    )


_NOBODY = Directory()
_AN_INSTANT = datetime.resolution
