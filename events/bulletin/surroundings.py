"""What a decision about a bulletin needs from elsewhere, looked up before deciding and handed in as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from events.bulletin.content import BulletinContent
from events.bulletin.series import AsOf, Period, Series
from events.bulletin.state import Bulletin, BulletinStage, Head, LeaderList, Rendition, Scan
from events.directory.state import Directory
from events.record.envelope import Actor
from events.rules.calendar import WorkingDays
from events.vocabulary import BEIJING, BulletinId, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Another bulletin of the same series, as far as a decision asks."""

    id: BulletinId
    stage: BulletinStage
    period: Period
    subject: str
    title: str
    document_no: str
    corrects: BulletinId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A content made for this command, and as of when."""

    content: BulletinContent
    as_of: AsOf
    changes: tuple[str, ...] = ()
    """What differs from the bulletin it shall correct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The documents made for this command of one version of the bulletin."""

    version: int
    head: Head
    full: Rendition
    public: Rendition


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Actor, moment and everything looked up; a decider sees nothing else."""

    actor: Actor
    at: datetime
    directory: Directory
    calendar: WorkingDays
    on_behalf_of: UnitId | None = None
    basis: str | None = None
    file: Scan | None = None
    """The scan that came with the command."""
    series: Series | None = None
    """The series as configured now; None for one no longer configured."""
    siblings: tuple[Known, ...] = ()
    """The other bulletins of the series."""
    composed: Composed | None = None
    differences: tuple[str, ...] = ()
    """What a recount found otherwise, a sentence each."""
    rendered: Rendered | None = None
    leader_lists: tuple[LeaderList, ...] = ()
    """Of every 首席责任领导 with open matters, for a monthly bulletin."""
    new_bulletin: BulletinId | None = None
    """The id a bulletin gets that this command drafts."""
    due_on: date | None = None
    """For the clock's draft: the day it was due."""
    others: Mapping[BulletinId, Bulletin] = field(default_factory=dict)
    """The bulletin this one corrects."""

    @property
    def today(self) -> date:
        """The Beijing day of the command."""
        return self.at.astimezone(BEIJING).date()
