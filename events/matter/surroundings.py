"""What a decision about a matter needs from elsewhere, looked up before deciding and handed in as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from events.directory.state import Directory
from events.matter.state import Evidence, Matter
from events.record.envelope import Actor, StandIn
from events.rules.calendar import WorkingDays
from events.rules.procedures import MatterRules, Procedure
from events.vocabulary import BEIJING, MatterId, PetitionerId, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Actor, moment and everything looked up; a decider sees nothing else."""

    actor: Actor
    at: datetime
    directory: Directory
    calendar: WorkingDays
    procedures: Mapping[str, Procedure]
    rules: MatterRules
    standing_in: StandIn | None = None
    """For whom the actor stands in, where only that admits him."""
    occurred_at: datetime | None = None
    on_behalf_of: UnitId | None = None
    basis: str | None = None
    new_matter: MatterId = MatterId("")
    """The id a matter gets that this command may create (立项, 反弹)."""
    others: Mapping[MatterId, Matter] = field(default_factory=dict)
    """The other matters the command names (merge into, parent)."""
    open_children: tuple[str, ...] = ()
    """Numbers of the open matters whose parent this is."""
    branch_units: tuple[UnitId, ...] = ()
    """The lead units of the open parts this matter was split into."""
    notes: tuple[str, ...] = ()
    """What insiders noted about the matter, where the act may carry it outside."""
    caller: str | None = None
    """Who said it on the telephone, where an act is entered for a unit without paper."""
    paper: Evidence | None = None
    """The file that came with the command, already stored."""
    sealed: tuple[PetitionerId, str] | None = None
    """Who was noted, and what is kept of that person, already encrypted; None where that person is not known."""
    fact_at: Mapping[int, object] = field(default_factory=dict)
    """All facts of this stream by position, for the command that corrects one."""
    effective_at: datetime | None = None
    """Set by ``deciding`` where an earlier paper act is entered so that it counts (补录)."""

    @property
    def today(self) -> date:
        """The Beijing day of the command."""
        return _day(self.at)

    @property
    def counted_at(self) -> datetime:
        """The moment clocks reckon with: that of the paper act where it counts, else that of the command."""
        return self.effective_at or self.at

    @property
    def counted_on(self) -> date:
        """The Beijing day clocks reckon with."""
        return _day(self.counted_at)

    def procedure(self, kind: str) -> Procedure:
        """The procedure of a kind; a kind no longer configured keeps the plainest path."""
        return self.procedures.get(kind) or Procedure(kind=kind, label=kind)


def _day(moment: datetime) -> date:
    return moment.date() if moment.tzinfo is BEIJING else moment.astimezone(BEIJING).date()
