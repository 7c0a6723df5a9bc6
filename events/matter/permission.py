"""许可: one row of the table of commands, and the sets of stages the rows name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.matter.acting import Command
from events.matter.authority import Who
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.rules.procedures import HANDLING
from events.vocabulary import Stage

Requirement = Callable[[Matter, Surroundings], None]
"""What else must hold now, cheap to ask; raises a Refusal where it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One row: a command, from which stages, by whom, and where it leads."""

    name: str
    """As in the URL."""
    command: type[Command]
    decide: Callable[[Any, Matter, Surroundings], Decision]
    label: str
    """The act as on the button."""
    handling_label: str | None = None
    """The same under the wording of 办理."""
    stages: frozenset[Stage]
    to: str
    """Where it leads, in the contract's words."""
    who: Who
    judges: bool = False
    """Whether it verifies, decides or ends: barred to who handled the matter (回避)."""
    leader_round: bool = False
    """Only where the kind has a round to the leader."""
    requires: tuple[Requirement, ...] = ()
    after: Callable[[Matter], datetime | None] | None = None
    """The moment of the fact this act depends on; None: the one that brought the stage."""
    grave: bool = False
    """Whether the act is shown as grave."""

    def label_for(self, wording: str) -> str:
        """The label under a kind's wording."""
        return self.handling_label or self.label if wording == HANDLING else self.label


ASSIGNED, ACKNOWLEDGED, PLANNING, RECTIFYING = (
    Stage.ASSIGNED,
    Stage.ACKNOWLEDGED,
    Stage.PLANNING,
    Stage.RECTIFYING,
)
WORKING = frozenset({ACKNOWLEDGED, PLANNING, RECTIFYING})
REVIEW = frozenset({Stage.WRITE_OFF_REVIEW})
CLOSED = frozenset({Stage.CLOSED})
STAYS = "stays"


def row(
    name: str,
    command: type[Command],
    decide: Callable[[Any, Matter, Surroundings], Decision],
    label: str,
    stages: frozenset[Stage],
    to: str,
    who: Who,
    **more: Any,
) -> Permission:
    return Permission(
        name=name, command=command, decide=decide, label=label, stages=stages, to=to, who=who, **more
    )


def in_stages(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)
