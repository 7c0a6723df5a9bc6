"""A tale: one matter's made-up course, written down as dated steps before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from events.rules.calendar import WorkingDays
from events.rules.deadlines import read_limit, reckon
from events.vocabulary import BEIJING, Role
from service.demo.stock import County, Words

OPENS, NOON, AFTERNOON = 8 * 60 + 30, 12 * 60, 14 * 60 + 30
"""Minutes of the day the offices open, break and open again."""
LATEST = 18 * 60


def dice(seed: object) -> Random:
    """Chance that falls the same way every time."""
    return Random(str(seed))  # noqa: S311 - a play, not a secret


@dataclass(frozen=True, slots=True)
class Unit:
    """The id of the unit of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """The id of the person behind this account."""

    name: str


@dataclass(frozen=True, slots=True)
class Matter:
    """The id of the matter of this tale."""

    name: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where this tale's latest fact of this stored name stands."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file that goes along."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act of one person at one moment."""

    at: datetime
    tale: str
    user: str
    command: str
    fields: Mapping[str, Any]
    paper: Paper | None = None
    begets: str | None = None
    """The tale that begins with this step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One problem in one place, every word filled in."""

    kind: str
    source: str
    source_no: str | None
    urgency: str | None
    title: str
    place: str
    spot: str
    lead: str
    co: tuple[str, ...]
    problem: str
    measures: str
    goal: str
    steps: tuple[str, ...]
    progress: tuple[str, ...]
    done: str
    found: str
    undone: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all tales share."""

    county: County
    words: Words
    calendar: WorkingDays
    today: date


@dataclass(slots=True, kw_only=True)
class Tale:
    """A tale in the making; its clock runs through working hours only."""

    key: str
    brief: Brief
    rng: Random
    setting: Setting
    script: list[Step]
    at: datetime = datetime(1970, 1, 1, tzinfo=BEIJING)
    unit: str = ""
    due_on: date | None = None
    sent: str = ""
    """The verifier sent last; only he sees the matter later, to look back."""
    files: int = field(default=0)

    @property
    def day(self) -> date:
        """The day the tale has come to."""
        return self.at.date()

    @property
    def base(self) -> date:
        """The last working day before today: nothing happens later."""
        return self.back(self.setting.today, 1)

    def say(self, section: str, key: str) -> str:
        """One of the things people say then."""
        return str(self.rng.choice(self.setting.words[section][key]))

    def begin_on(self, day: date) -> None:
        """Sets the clock to a working day."""
        self.at = datetime.combine(day, time(), BEIJING)
        self.wait(0)

    def begin(self, working_days_ago: int) -> None:
        """Sets the clock so many working days before the last one."""
        self.begin_on(self.back(self.base, working_days_ago))

    def wait(self, least: int, most: int | None = None) -> None:
        """Lets working days go by, or some minutes of the same day for 0."""
        days = self.rng.randint(least, least if most is None else most)
        if days:
            self._turn_to(self.setting.calendar.nth_working_day_after(self.day, days).on)
        elif self.at.time() == time():
            self._turn_to(self.day)
        else:
            self.at = self._working(self.at + timedelta(minutes=self.rng.randint(12, 50)))

    def wait_until(self, day: date) -> None:
        """Lets time go by up to a day, unless it is past."""
        if day > self.day:
            self._turn_to(day)
        else:
            self.wait(0)

    def back(self, day: date, working_days: int) -> date:
        """So many working days before a day."""
        while working_days:
            day -= timedelta(days=1)
            working_days -= self.setting.calendar.is_working(day)
        return day

    def on(self, working_days: int) -> date:
        """So many working days after where the tale is."""
        return self.setting.calendar.nth_working_day_after(self.day, working_days).on

    def limit(self, words: str) -> None:
        """Reckons the limit the office will reckon."""
        limit = read_limit(words)
        self.due_on = reckon(limit, start=self.day, calendar=self.setting.calendar).due_on

    def act(
        self, user: str, command: str, *, paper: Paper | None = None, begets: str | None = None, **fields: Any
    ) -> None:
        """Writes a step down; fields that are None are left out."""
        said = {name: value for name, value in fields.items() if value is not None}
        assert self.day <= self.setting.today, f"{self.key} {command} at {self.at}"
        step = Step(
            at=self.at, tale=self.key, user=user, command=command, fields=said, paper=paper, begets=begets
        )
        self.script.append(step)

    def file(self, caption: str, kind: str, text: str) -> Paper:
        """A file like no other."""
        self.files += 1
        ending = "png" if kind == "photo" else "pdf"
        return Paper(
            name=f"{caption}{self.files}.{ending}", kind=kind, text=f"{self.key} {self.files} {text}"
        )

    def _turn_to(self, day: date) -> None:
        minute = OPENS + self.rng.randint(5, 190)
        if self.rng.random() < 0.45:
            minute = AFTERNOON + self.rng.randint(5, 120)
        self.at = datetime.combine(day, time(minute // 60, minute % 60), BEIJING)

    def _working(self, at: datetime) -> datetime:
        minute = at.hour * 60 + at.minute
        if NOON <= minute < AFTERNOON:
            return at.replace(hour=14, minute=30) + timedelta(minutes=self.rng.randint(3, 20))
        return min(at, at.replace(hour=LATEST // 60, minute=0) + timedelta(minutes=len(self.script) % 50))

    # -- who acts ----------------------------------------------------------------------------------------------------

    @property
    def clerk(self) -> str:
        """督查室经办."""
        return self.setting.county.with_role(Role.OFFICE_CLERK)[0].user

    @property
    def head(self) -> str:
        """One of the 督查室负责人."""
        return self.rng.choice(self.setting.county.with_role(Role.OFFICE_HEAD)).user

    @property
    def verifier(self) -> str:
        """One of the 核查人员."""
        return self.rng.choice(self.setting.county.with_role(Role.VERIFIER)).user

    @property
    def leader(self) -> str:
        """The leader whose instruction it is."""
        leaders = self.setting.county.with_role(Role.LEADER)
        return leaders[self.brief.source == "副县长批示"].user

    @property
    def liaison(self) -> str:
        """Who acts for the lead unit."""
        return self.setting.county.user_of(self.unit)

    @property
    def chief(self) -> str:
        """The unit's head where he has an account, else its liaison."""
        heads = (
            one
            for one in self.setting.county.officials
            if one.role is Role.UNIT_HEAD and one.unit == self.unit
        )
        return next((one.user for one in heads), self.liaison)
