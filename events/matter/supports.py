"""求助: what a unit asked of the 督查室, by when it was to be answered, and who answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from events.vocabulary import UserName


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One request for support and what became of it."""

    text: str
    asked_at: datetime
    due_on: date | None
    """Last day for the 督查室's answer, inclusive; None in records from before there was one."""
    answered_at: datetime | None = None
    answered_by: UserName | None = None
    answer: str | None = None
    days_late: int = 0
    """Calendar days from ``due_on`` to the answer; 0 in time or not answered."""
    lapsed: bool = False
    """Whether it fell away unanswered: the unit reported completion, or answers for the matter no longer."""

    @property
    def waits(self) -> bool:
        """Whether it still waits for its answer."""
        return self.answered_at is None and not self.lapsed


def lapsed(supports: tuple[Support, ...]) -> tuple[Support, ...]:
    """The requests once nobody waits for an answer any more."""
    return tuple(replace(one, lapsed=True) if one.waits else one for one in supports)
