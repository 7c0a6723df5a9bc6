"""What a decision about the directory needs from elsewhere, handed in as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from events.directory.state import Directory
from events.record.envelope import Actor
from events.vocabulary import BEIJING


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorySurroundings:
    """Actor, moment, the whole directory; a decider sees nothing else."""

    actor: Actor
    at: datetime
    directory: Directory
    open_matters: int = 0
    """How many open matters the unit leads, for the command that closes it."""
    verified: tuple[str, ...] = ()
    """Numbers of the open matters of the person's unit that the stand-in is to verify, for a delegation."""
    new_id: str = ""
    """What the ids made by a bulk import begin with; each adds its number."""

    @property
    def today(self) -> date:
        """The Beijing day of the command."""
        return self.at.astimezone(BEIJING).date()
