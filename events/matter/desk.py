"""经办、交接: whose desk a matter is on, and how it goes from one desk to another."""

from __future__ import annotations

from dataclasses import dataclass

from events.matter.acting import Command, Happened, became
from events.matter.checking import required
from events.matter.office_people import office_person
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Conflict
from events.vocabulary import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    """Put the matter on a colleague's desk; a key case with the reason."""

    to: PersonId
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkKeyCase(Command):
    """Say that one person keeps this matter from start to end, or that this no longer holds (M033)."""

    reason: str
    key_case: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterHandedOver(Happened):
    """交接: another person of the office handles the matter from here on."""

    from_person: PersonId | None
    to: PersonId
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCaseMarked(Happened):
    """专人督办: whether one person keeps it from start to end."""

    key_case: bool
    reason: str


def hand_over(command: HandOver, matter: Matter, seen: Surroundings) -> Decision:
    """交接 to a person of the office who is there; a key case needs a reason (M033)."""
    to = office_person(command.to, seen)
    if to == matter.handler:
        name = seen.directory.person_name(to)
        raise Conflict(f"本件已由{name}经办，不用再交接；要交给别人请另选。", code="already-so")
    reason = command.reason
    if matter.key_case:
        reason = required(reason or "", "本件为专人督办，换人的理由")
    return became(
        matter,
        MatterHandedOver(
            from_person=matter.handler,
            to=to,
            reason=reason,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def mark_key_case(command: MarkKeyCase, matter: Matter, seen: Surroundings) -> Decision:
    """专人督办, set or taken off, with the reason."""
    if command.key_case == matter.key_case:
        said = "已是专人督办" if matter.key_case else "不是专人督办"
        raise Conflict(f"本件{said}，没有要改的。", code="already-so")
    return became(
        matter,
        KeyCaseMarked(
            key_case=command.key_case,
            reason=required(command.reason, "理由"),
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )
