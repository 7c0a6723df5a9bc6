"""Fields of 分办、配合、交接: the units of a split, co-units, colleagues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from events.matter.noting import is_insider
from events.matter.petitioning import PetitionerErased, PetitionerNoted
from events.matter.proposals import Proposal
from events.matter.sentences_of_petitioning import tail
from events.matter.state import Matter
from events.matter.withdrawing import withdrawable
from events.record.envelope import Recorded
from events.vocabulary import OFFICE, Role
from service.pages.acts import surroundings
from service.pages.fields import FieldView, Group, PartLine, Raw, first, options, unit_groups
from service.pages.reading_limits import limit_fields
from service.pages.views import Option
from service.pages.visiting import Visit
from service.pages.words import day_and_hour

LINES_OFFERED = 2
MORE_LINES = 4
YES_NO = (("true", "定为专人督办"), ("false", "不再要求专人督办"))


def parts_field(field: FieldView, visit: Visit, matter: Matter | None, raw: Raw) -> FieldView:
    """Ticks for the units with the common limit, and lines for those with one of their own."""
    standing = (branch for branch in matter.branches if branch.ended is None) if matter else ()
    taken = {branch.unit for branch in standing if branch.unit is not None and branch.title is None}
    typed = _typed(raw)
    more = MORE_LINES if first(raw, "more_parts") else LINES_OFFERED - len(typed)
    lines = (*typed, *(PartLine() for _ in range(max(0, more))))
    return replace(
        field,
        groups=unit_groups(visit, raw.get("parts", []), without=taken),
        lines=lines,
        value=first(raw, "parts"),
    )


def _typed(raw: Raw) -> tuple[PartLine, ...]:
    limits, people = raw.get("part_limit", []), raw.get("part_person", [])
    lines = (
        PartLine(unit=unit, limit=_at(limits, index), person=_at(people, index))
        for index, unit in enumerate(raw.get("part_unit", []))
    )
    return tuple(line for line in lines if line.unit or line.limit or line.person)


def parts_of(raw: Raw) -> tuple[list[dict[str, Any]], str]:
    """The parts as the command takes them, and what is wrong with them already."""
    parts: list[dict[str, Any]] = [{"lead_unit": unit} for unit in raw.get("parts", []) if unit]
    for nth, line in enumerate(_typed(raw), start=1):
        if not line.unit:
            return parts, f"另有期限的第 {nth} 行没有选单位"
        person = {"person": line.person} if line.person else {}
        parts.append({"lead_unit": line.unit, **limit_fields(line.limit, ""), **person})
    return parts, "" if parts else "选分给哪些单位"


def co_unit_groups(visit: Visit, matter: Matter | None, chosen: Iterable[str]) -> tuple[Group, ...]:
    """The matter's co-units."""
    units = matter.co_units if matter else ()
    return (Group(title="", options=options(((unit, visit.unit_name(unit)) for unit in units), chosen)),)


def insiders(visit: Visit, chosen: Iterable[str]) -> tuple[Group, ...]:
    """Everybody who may read notes, by unit."""
    directory, day, picked = visit.directory, visit.day, set(chosen)
    groups: dict[str, list[Option]] = {}
    for person in directory.people.values():
        if not person.left(day) and is_insider(person.id, directory) and person.id != visit.actor.person:
            option = Option(value=person.id, label=person.name, chosen=person.id in picked)
            groups.setdefault(visit.unit_name(person.unit(day)), []).append(option)
    return tuple(Group(title=unit, options=tuple(groups[unit])) for unit in sorted(groups))


def co_units_begun(command: str, matter: Matter | None) -> list[str]:
    """The co-units a form begins with."""
    if matter is None:
        return []
    if command in ("assign", "submit-handling-proposal"):
        return list(matter.proposal.co_units) if matter.proposal else []
    return list(matter.co_units) if command == "reassign" else []


def as_proposed(name: str, proposal: Proposal, command: str) -> str:
    """What the 拟办意见 says for a field of the assignment, or of the next proposal."""
    if name == "text" and command == "assign":
        return ""
    value = getattr(proposal, name, None)
    return value if isinstance(value, str) else ""


def colleagues(visit: Visit, chosen: str) -> tuple[Group, ...]:
    """Everybody of the office who is there."""
    directory, day = visit.directory, visit.day
    granted = {user.person for role in OFFICE for user in directory.users_with(role)}
    found = [
        Option(value=person.id, label=person.name, chosen=person.id == chosen)
        for person in directory.people.values()
        if not person.left(day) and (person.id in granted or person.roles(day) & OFFICE)
    ]
    return (Group(title="", options=tuple(sorted(found, key=lambda option: option.label))),)


def erasable(visit: Visit, history: Sequence[Recorded]) -> tuple[tuple[str, str], ...]:
    """Everybody noted whose key still stands, told apart without a name."""
    noted = [one for one in history if isinstance(one.fact, PetitionerNoted)]
    gone = {one.fact.petitioner for one in history if isinstance(one.fact, PetitionerErased)}
    labels = {
        one.fact.petitioner: f"{one.fact.kind.label}（{tail(one.fact.petitioner)}），"
        f"{day_and_hour(one.recorded_at, visit.day)}登记"
        for one in noted
        if one.fact.petitioner not in gone
    }
    return tuple(labels.items())


def withdrawable_papers(visit: Visit, matter: Matter | None) -> tuple[tuple[str, str], ...]:
    """The files the visitor may withdraw, with what tells them apart."""
    found = withdrawable(matter, surroundings(visit)) if matter is not None else ()
    return tuple(
        (piece.id, f"{piece.kind.label}“{piece.name}”，{day_and_hour(piece.attached_at, visit.day)}传")
        for piece in found
    )


def _at(values: list[str], index: int) -> str:
    return values[index] if index < len(values) else ""


def leaders(visit: Visit, chosen: str) -> tuple[Group, ...]:
    """Everybody who is a leader today, by post or by account."""
    directory, day = visit.directory, visit.day
    by_account = {user.person for user in directory.users_with(Role.LEADER)}
    found = (
        person
        for person in directory.people.values()
        if not person.left(day) and (Role.LEADER in person.roles(day) or person.id in by_account)
    )
    picks = tuple(Option(value=one.id, label=one.name, chosen=one.id == chosen) for one in found)
    return (Group(title="", options=picks),)
