"""Casting: which tale is told of which problem in which place, and how many of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from functools import partial
from random import Random

from events.rules.calendar import WorkingDays, shipped_years
from events.vocabulary import BEIJING
from service.demo import ended as e
from service.demo import rarer as r
from service.demo import standing as s
from service.demo.settling import Change, changes
from service.demo.stock import County, Problem, Words, read_county, read_problems, read_words
from service.demo.tale import Brief, Setting, Step, Tale, dice

Telling = Callable[[Tale], None]

MOSTLY = ("rectification",) * 5 + ("superior_transfer", "leader_instruction")
ANY = ("rectification", "rectification", "immediate", "superior_transfer", "leader_instruction")
PLAN = ("rectification",)
LEADER = ("leader_instruction",)
SLOW = ("rectification", "rectification", "superior_transfer")
FIRST_DAY_AGO = 132
"""Working days from the first day of the record to the last one."""


class Size(Enum):
    """How much of the cast plays."""

    WHOLE = "whole"
    ONE_EACH = "one each"
    """Every kind of tale once, for a small record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One tale to be told: under which kinds, and which story's own problem it needs."""

    telling: Telling
    kinds: Sequence[str] = SLOW
    story: str | None = None
    key: str | None = None
    like: str | None = None
    """The tale whose problem this one tells again."""

    @property
    def sort(self) -> object:
        """What makes two parts the same kind of tale: the telling and its words, not its days."""
        if not isinstance(self.telling, partial):
            return self.telling
        return self.telling.func, *(
            value for value in self.telling.keywords.values() if not isinstance(value, int)
        )


def parts() -> tuple[Part, ...]:
    """The whole cast, about 150."""
    return tuple(_ended()) + tuple(_standing())


def _ended() -> Iterator[Part]:
    yield from _times(34, e.in_time, ANY)
    yield from _times(11, e.late, ANY)
    yield from _times(3, e.second_try, SLOW)
    yield from _times(7, e.looked_back, MOSTLY)
    yield from _times(5, e.to_look_back, MOSTLY)
    for then in ("registered", "assigned", "worked"):
        yield Part(telling=partial(e.relapsed, then=then), kinds=PLAN, story="relapsed")
    yield from _times(3, e.cancelled, SLOW)
    for kind in ("handover", "refer_for_sanction", "refer_for_handling"):
        yield Part(telling=partial(e.transferred, kind=kind), kinds=PLAN)
    yield Part(telling=e.reopened, kinds=PLAN)
    yield Part(telling=partial(e.reassigned, to="县农业农村局"), kinds=PLAN)


def _standing() -> Iterator[Part]:
    yield from _times(3, s.registered, ANY)
    for ago in (0, 1, 1, 3, 6):
        yield Part(telling=partial(s.unsigned, ago=ago), kinds=ANY)
    yield from _times(4, s.signed, PLAN)
    for returned in (False, False, False, True):
        yield Part(telling=partial(s.planned, returned=returned), kinds=PLAN)
    for left in (0, 1, 2, 3, 5, 8, 10, 12, 16, 20, 26, 31):
        yield Part(telling=partial(s.working, left=left))
    for number, days in enumerate((1, 2, 3, 4, 6, 8, 11, 15, 19, 24, 33)):
        yield Part(telling=partial(s.overdue, days=days), key=f"overdue{number}")
    for number in (5, 8):
        yield Part(telling=partial(e.merged, into=f"overdue{number}"), like=f"overdue{number}")
    yield Part(telling=s.corrected, kinds=PLAN)
    for answer in (None, None, "granted", "granted", "refused"):
        yield Part(telling=partial(s.extending, answer=answer))
    for answered in (False, False, True):
        yield Part(telling=partial(s.supported, answered=answered), kinds=PLAN)
    for resumed in (False, False, False, True):
        yield Part(telling=partial(s.suspended, resumed=resumed), kinds=PLAN)
    for by in ("office", "office", "false", "papers_only", "head"):
        yield Part(telling=partial(s.sent_back, by=by), kinds=PLAN)
    yield from _finished()
    yield from _tangled()


def _finished() -> Iterator[Part]:
    for ago in (0, 1, 3):
        yield Part(telling=partial(s.reported, ago=ago))
    yield Part(telling=partial(s.reported, ago=14), key="waiting")
    yield Part(telling=partial(s.reported, ago=4, late=True), kinds=PLAN)
    for in_days in (2, 3, 5):
        yield Part(telling=partial(s.verifying, in_days=in_days))
    yield from _times(2, s.reviewed, SLOW)
    for leader in ("verified", "submitted", "acknowledged", "again", "again"):
        yield Part(telling=partial(s.reviewed, leader=leader), kinds=LEADER)


def _tangled() -> Iterator[Part]:
    yield from _times(2, s.objected, SLOW)
    yield Part(telling=partial(s.objected, decided="dismissed"), kinds=PLAN)
    yield Part(telling=partial(s.objected, decided="upheld", to="县自然资源局"), kinds=PLAN)
    yield Part(telling=partial(s.objected, decided="upheld"), kinds=PLAN)
    yield Part(telling=r.above, kinds=("superior_transfer",), key="above")
    for closed in (True, False):
        yield Part(telling=partial(r.below, parent="above", closed=closed), kinds=PLAN)
    yield Part(telling=r.by_paper, kinds=("immediate",), story="by_paper")
    yield Part(telling=partial(r.successor, to="县发改局"), kinds=PLAN, story="successor")


def _times(count: int, telling: Telling, kinds: Sequence[str]) -> Iterator[Part]:
    for _ in range(count):
        yield Part(telling=telling, kinds=kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Everything that will be done, in order, and how the county changed meanwhile."""

    county: County
    opened_at: datetime
    changes: tuple[Change, ...]
    steps: tuple[Step, ...]


def write_script(seed: int, now: datetime, *, size: Size = Size.WHOLE) -> Script:
    """The same script for the same seed and day."""
    county, calendar = read_county(), WorkingDays(shipped_years())
    today = now.astimezone(BEIJING).date()
    setting = Setting(county=county, words=read_words(), calendar=calendar, today=today)
    told: list[Step] = []
    casting = _Casting(
        county=county, words=setting.words, problems=read_problems(), rng=dice(seed), today=today
    )
    measure = Tale(key="", brief=_NO_BRIEF, rng=dice(seed), setting=setting, script=[])
    base = measure.base
    played: set[object] = set()
    for number, part in enumerate(parts()):
        brief = casting.brief(part, number)
        if size is Size.ONE_EACH and part.key is None and part.sort in played:
            continue
        played.add(part.sort)
        key = part.key or f"m{number:03}"
        part.telling(Tale(key=key, brief=brief, rng=dice(f"{seed}-{number}"), setting=setting, script=told))
    first = measure.back(base, FIRST_DAY_AGO)
    return Script(
        county=county,
        opened_at=datetime(first.year, first.month, first.day, 8, tzinfo=BEIJING),
        changes=changes(closed_on=measure.back(base, r.CLOSED_AGO), renamed_on=measure.back(base, 60)),
        steps=tuple(sorted(told, key=lambda step: step.at)),
    )


@dataclass(slots=True, kw_only=True)
class _Casting:
    """Deals problems and places out so that no two matters are alike."""

    county: County
    words: Words
    problems: Sequence[Problem]
    rng: Random
    today: date
    dealt: dict[tuple[str, str], int] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    briefs: dict[str, Brief] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def brief(self, part: Part, number: int) -> Brief:
        """The problem a part is told of, every word filled in."""
        if part.like is not None:
            first = self.briefs[part.like]
            return replace(first, title=f"群众再次反映：{first.title}", source="12345热线", source_no=None)
        kind = self.rng.choice(part.kinds)
        problem = self._problem(part, kind)
        towns = [town for town in self.county.townships if (problem.title, town.name) not in self.dealt]
        town = self.county.place("城关镇") if problem.once else self.rng.choice(towns)
        self.dealt[problem.title, town.name] = number
        self.times[problem.title] = self.times.get(problem.title, 0) + 1
        brief = self._filled(problem, kind, town.name, self.rng.choice(town.villages))
        self.briefs[part.key or str(number)] = brief
        return brief

    def _problem(self, part: Part, kind: str) -> Problem:
        def fits(problem: Problem) -> bool:
            if part.story == "relapsed":
                return problem.back is not None and kind in problem.kinds and problem.story is None
            if problem.story is not None or part.story is not None:
                return problem.story == part.story
            return kind in problem.kinds and not (problem.once and problem.title in self.times)

        fitting = [problem for problem in self.problems if fits(problem)]
        fewest = min(self.times.get(problem.title, 0) for problem in fitting)
        return self.rng.choice([p for p in fitting if self.times.get(p.title, 0) == fewest])

    def _filled(self, problem: Problem, kind: str, place: str, village: str) -> Brief:
        blanks = {
            "place": place,
            "village": village,
            "few": self.rng.randint(2, 6),
            "some": self.rng.randint(8, 30),
            "many": self.rng.randint(40, 260),
        }

        def said(text: str) -> str:
            return text.format_map(blanks)

        def named(unit: str) -> str:
            return place if unit == "township" else unit

        lead = named(problem.lead)
        source = self.rng.choice(self.words["sources"][kind])
        return Brief(
            kind=kind,
            source=source,
            source_no=self._number(kind),
            urgency=self.rng.choice(("urgent", "ordinary", "ordinary", "hard")) if kind in LEADER else None,
            title=said(problem.title),
            place=place,
            spot=place if problem.once else f"{place}{village}",
            lead=lead,
            co=tuple(dict.fromkeys(named(unit) for unit in problem.co if named(unit) != lead)),
            problem=said(problem.problem),
            measures=said(problem.measures),
            goal=said(problem.goal),
            steps=tuple(said(step) for step in problem.steps),
            progress=tuple(said(step) for step in problem.progress),
            done=said(problem.done),
            found=said(problem.found),
            undone=said(problem.undone),
            back=said(problem.back or problem.undone),
        )

    def _number(self, kind: str) -> str | None:
        pattern: Mapping[str, str] = self.words["numbers"]
        if kind not in pattern:
            return None
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return pattern[kind].format(year=self.today.year, n=self.numbers[kind])


_NO_BRIEF = Brief(
    kind="", source="", source_no=None, urgency=None, title="", place="", spot="", lead="", co=(), problem="",
    measures="", goal="", steps=(), progress=(), done="", found="", undone="", back="",
)  # fmt: skip
