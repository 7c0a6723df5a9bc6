"""What is known of one meeting after the facts so far: plain values, folded by ``folding.evolve``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from events.matter.state import Evidence
from events.vocabulary import Labelled, MatterId, MeetingId, PersonId, UnitId, UserName


class MeetingKind(Labelled):
    """What sort of meeting it was (M227, M034)."""

    SCHEDULING = "scheduling", "调度会"
    JOINT = "joint", "联席会议"
    OTHER = "other", "专题会议"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """参会的一方: a unit or body, a person, a post; at least one of them is said."""

    unit: UnitId | None = None
    body: str | None = None
    """Who is no unit of the directory (an enterprise, a village group), by name."""
    person: PersonId | None = None
    name: str | None = None
    """The person's name where the person is not in the directory."""
    post: str | None = None
    """职务, as said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """议定事项: one thing decided, by its number in the minutes."""

    n: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """会议: what was held, who was there, what was decided and which matters came of it."""

    id: MeetingId
    version: int = 0
    kind: MeetingKind = MeetingKind.SCHEDULING
    title: str = ""
    held_on: date | None = None
    place: str | None = None
    chair: str = ""
    organizers: tuple[UnitId, ...] = ()
    """会议由哪几家共同召开 (M034)."""
    attendees: tuple[Attendee, ...] = ()
    topics: tuple[str, ...] = ()
    decisions: tuple[Resolved, ...] = ()
    matters: Mapping[int, MatterId] = field(default_factory=dict)
    """Number of a decision → the matter it became."""
    minutes: tuple[Evidence, ...] = ()
    """会议纪要: every file there was, the last is in force."""
    withdrawn_reason: str | None = None
    recorded_by: UserName | None = None
    recorded_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def stream(self) -> str:
        """The stream its facts are written to."""
        return f"meeting-{self.id}"

    @property
    def withdrawn(self) -> bool:
        """Whether the record of it was taken back as made by mistake."""
        return self.withdrawn_reason is not None

    def decision(self, n: int) -> Resolved | None:
        """The decision of this number; None where there is none."""
        return next((one for one in self.decisions if one.n == n), None)

    @property
    def open_decisions(self) -> tuple[Resolved, ...]:
        """The decisions no matter came of yet."""
        return tuple(one for one in self.decisions if one.n not in self.matters)
