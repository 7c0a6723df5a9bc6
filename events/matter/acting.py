"""What every command and every fact of a 督办事项 may carry beside its own fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.matter.state import Matter
from events.record.envelope import Decision, Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A wish to act on a matter.

    ``basis``, ``occurred_at``, ``expected_version`` and ``on_behalf_of`` ride in the envelope and reach a decision
    through ``Surroundings``; only ``text`` is kept with the act itself.
    """

    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A fact brought about by a person.

    ``effective_at`` is set only where the 督查室 entered an earlier paper act so that it counts (补录); otherwise
    the recorded moment counts.
    """

    text: str | None = None
    effective_at: datetime | None = None


def became(matter: Matter, *facts: object, answer: Mapping[str, Any] | None = None) -> Decision:
    """The decision that these facts happened to the matter."""
    drafts = tuple(Draft(stream=matter.stream, fact=fact) for fact in facts)
    return Decision(drafts=drafts, answer=answer or {})
