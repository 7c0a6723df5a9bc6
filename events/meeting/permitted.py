"""许可表: which command on a meeting by whom; it refuses, draws the buttons and prints the docs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from events.matter.checking import refuse_bad_texts
from events.meeting import recording as r
from events.meeting.acting import Command, Surroundings
from events.meeting.state import Meeting
from events.record.envelope import Decision
from events.refusals import NotYours, WrongStage
from events.vocabulary import Labelled, Role


class Who(Labelled):
    """The persons of the table."""

    OFFICE = "office", "督查室"
    OFFICE_HEAD = "office_head", "督查室负责人"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One row: a command, by whom, and what it does. Nothing is done to a withdrawn meeting."""

    name: str
    """As in the URL."""
    label: str
    who: Who
    command: type[Command]
    decide: Callable[[Any, Meeting, Surroundings], Decision]
    grave: bool = False


RECORD = Permission(name="record", label="记会议", who=Who.OFFICE, command=r.RecordMeeting, decide=r.record)
"""``POST /meetings``, which begins a meeting's record."""

_ROWS = (
    Permission(
        name="add-decision",
        label="补记议定事项",
        who=Who.OFFICE,
        command=r.AddDecision,
        decide=r.add_decision,
    ),
    Permission(
        name="attach-minutes",
        label="存会议纪要",
        who=Who.OFFICE,
        command=r.AttachMinutes,
        decide=r.attach_minutes,
    ),
    Permission(name="correct", label="更正", who=Who.OFFICE_HEAD, command=r.CorrectMeeting, decide=r.correct),
    Permission(
        name="withdraw",
        label="撤销记录",
        who=Who.OFFICE_HEAD,
        command=r.WithdrawMeeting,
        decide=r.withdraw,
        grave=True,
    ),
)

PERMITTED: Mapping[str, Permission] = {row.name: row for row in _ROWS}
"""The commands of ``POST /meetings/{id}/{command}``, ``register`` apart, which makes matters."""
REGISTER, REGISTER_LABEL = "register", "议定事项立项"


def decide(row: Permission, command: Command, meeting: Meeting, seen: Surroundings) -> Decision:
    """What the command makes fact, under which role. Raises NotYours, WrongStage, Invalid."""
    role = admit(row.who, row.label, meeting, seen)
    file_name = seen.paper.name if seen.paper is not None else None
    refuse_bad_texts(command, basis=seen.basis, file_name=file_name)
    return replace(row.decide(command, meeting, seen), role=role)


def admit(who: Who, label: str, meeting: Meeting, seen: Surroundings) -> Role:
    """The role that admits the actor to an act on a meeting. Raises NotYours or WrongStage."""
    held = [role for role in ROLES[who] if role in seen.actor.roles]
    if not held:
        raise NotYours(f"“{label}”由{who.label}办理，您不在其列；请转请其办理。")
    if meeting.withdrawn:
        raise WrongStage(f"这次会议的记录已经撤销，不能再办“{label}”；确有这次会议，请重新记一次。")
    return held[0]


def permitted(meeting: Meeting, seen: Surroundings) -> tuple[str, ...]:
    """The commands this actor may send now, in the table's order; ``register`` where a decision waits for it."""
    if meeting.withdrawn:
        return ()
    names = [REGISTER] if meeting.open_decisions and _among(Who.OFFICE, seen) else []
    return (*names, *(row.name for row in _ROWS if _among(row.who, seen)))


def _among(who: Who, seen: Surroundings) -> bool:
    return any(role in seen.actor.roles for role in ROLES[who])


ROLES: Mapping[Who, tuple[Role, ...]] = {
    Who.OFFICE: (Role.OFFICE_CLERK, Role.OFFICE_HEAD),
    Who.OFFICE_HEAD: (Role.OFFICE_HEAD,),
}
"""Roles that may admit, the first one held is the one recorded."""


def printed() -> Iterator[tuple[str, str, str]]:
    """The table as the docs show it: command, label, who."""
    yield RECORD.name, RECORD.label, RECORD.who.label
    yield REGISTER, REGISTER_LABEL, Who.OFFICE.label
    for row in _ROWS:
        yield row.name, row.label, row.who.label
