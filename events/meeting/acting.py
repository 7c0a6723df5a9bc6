"""What every command on a meeting has in common, and what a decision about one sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from events.directory.state import Directory
from events.matter.state import Evidence
from events.meeting.state import Meeting
from events.record.envelope import Actor, Decision, Draft
from events.vocabulary import BEIJING, MatterId


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A wish to act on a meeting. ``basis`` and ``expected_version`` ride in the envelope."""

    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Actor, moment and everything looked up; a decider sees nothing else."""

    actor: Actor
    at: datetime
    directory: Directory
    basis: str | None = None
    paper: Evidence | None = None
    """The file that came with the command, already stored."""
    running: tuple[str, ...] = ()
    """Numbers of the matters from this meeting that are open."""
    numbers: Mapping[MatterId, str] = field(default_factory=dict)
    """Numbers of the matters that came of its decisions."""

    @property
    def today(self) -> date:
        """The Beijing day of the command."""
        return self.at.astimezone(BEIJING).date()


def became(meeting: Meeting, *facts: object, answer: Mapping[str, Any] | None = None) -> Decision:
    """The decision that these facts happened to the meeting."""
    drafts = tuple(Draft(stream=meeting.stream, fact=fact) for fact in facts)
    return Decision(drafts=drafts, answer=answer or {})
