"""Who may act on a matter: by role, by serving the unit that answers for it, and never on what one handled oneself."""

from __future__ import annotations

from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.vocabulary import OFFICE, UNIT_ROLES, Labelled, PersonId, Role, UnitId


class Who(Labelled):
    """The persons of the contract's table of commands."""

    OFFICE = "office", "督查室"
    OFFICE_HEAD = "office_head", "督查室负责人"
    UNIT = "unit", "责任单位"
    CO_UNIT = "co_unit", "配合单位"
    UNIT_OFFICE = "unit_office", "责任单位或督查室"
    HEAD_LEADER = "head_leader", "督查室负责人或领导"
    OFFICE_LEADER = "office_leader", "督查室或领导"
    UNIT_VERIFIER_OFFICE = "unit_verifier_office", "责任单位、核查人员或督查室"
    SCHEDULED_VERIFIER = "scheduled_verifier", "指定的核查人员"
    VERIFIER = "verifier", "核查人员"
    VERIFIER_OFFICE = "verifier_office", "核查人员或督查室"
    LEADER = "leader", "领导"


def role_for(who: Who, matter: Matter, seen: Surroundings) -> Role | None:
    """The role under which the actor is admitted; None where the actor is not of these persons at all."""
    held = seen.actor.roles & ROLES[who]
    if held & UNIT_ROLES and not _is_among(who, matter, seen):
        held -= UNIT_ROLES
    if seen.on_behalf_of is not None and who in BY_UNIT:
        held = seen.actor.roles & OFFICE
    return next((role for role in SENIORITY if role in held), None)


def _is_among(who: Who, matter: Matter, seen: Surroundings) -> bool:
    if who is Who.CO_UNIT:
        return helping_unit(matter, seen) is not None
    return answers_for(matter, seen)


def answers_for(matter: Matter, seen: Surroundings) -> bool:
    """Whether the actor's unit is the lead unit, or took over from it."""
    unit = seen.actor.unit
    return unit is not None and (unit == matter.lead_unit or unit in _with_successors(matter.lead_unit, seen))


def helping_unit(matter: Matter, seen: Surroundings) -> UnitId | None:
    """The co-unit the actor speaks for, be it from paper; None for anybody else."""
    if seen.on_behalf_of is not None:
        return seen.on_behalf_of if seen.on_behalf_of in matter.co_units else None
    unit = seen.actor.unit
    if unit is None or not matter.co_units:
        return None
    return next((co for co in matter.co_units if unit in _with_successors(co, seen)), None)


def answering_units(matter: Matter, seen: Surroundings) -> frozenset[UnitId]:
    """Every unit that ever handled the matter as lead or co-unit, and those that took over from them."""
    return frozenset(unit for handling in matter.handling_units for unit in _with_successors(handling, seen))


def handled(matter: Matter, seen: Surroundings) -> bool:
    """回避: whether the actor or the actor's unit handled the matter; such a one does not verify or decide on it."""
    actor = seen.actor
    if actor.user in matter.handlers or actor.unit in answering_units(matter, seen):
        return True
    return actor.person is not None and handled_by(actor.person, matter, seen)


def handled_by(person: PersonId, matter: Matter, seen: Surroundings) -> bool:
    """Whether one of a person's accounts did an act of the handling unit."""
    users = seen.directory.users
    return any(user in users and users[user].person == person for user in matter.handlers)


def scheduled(matter: Matter, seen: Surroundings) -> bool:
    """Whether the actor is the person the verification was given to."""
    return seen.actor.person is not None and seen.actor.person == matter.verifier


def _with_successors(unit: UnitId | None, seen: Surroundings) -> tuple[UnitId, ...]:
    found: list[UnitId] = []
    while unit is not None and unit not in found:
        found.append(unit)
        known = seen.directory.units.get(unit)
        took_over = known.successor if known is not None else None
        unit = took_over if took_over is not None and known is not None and known.closed(seen.today) else None
    return tuple(found)


BY_UNIT = frozenset({Who.UNIT, Who.CO_UNIT, Who.UNIT_VERIFIER_OFFICE})
"""What the office may enter for the unit from paper (代录)."""

ROLES = {
    Who.OFFICE: OFFICE,
    Who.OFFICE_HEAD: frozenset({Role.OFFICE_HEAD}),
    Who.UNIT: UNIT_ROLES,
    Who.CO_UNIT: UNIT_ROLES,
    Who.UNIT_OFFICE: UNIT_ROLES | OFFICE,
    Who.HEAD_LEADER: frozenset({Role.OFFICE_HEAD, Role.LEADER}),
    Who.OFFICE_LEADER: OFFICE | {Role.LEADER},
    Who.UNIT_VERIFIER_OFFICE: UNIT_ROLES | OFFICE | {Role.VERIFIER},
    Who.SCHEDULED_VERIFIER: frozenset({Role.VERIFIER}),
    Who.VERIFIER: frozenset({Role.VERIFIER}),
    Who.VERIFIER_OFFICE: OFFICE | {Role.VERIFIER},
    Who.LEADER: frozenset({Role.LEADER}),
}
"""Roles that may admit."""

SENIORITY = (
    Role.UNIT_HEAD,
    Role.UNIT_LIAISON,
    Role.VERIFIER,
    Role.LEADER,
    Role.OFFICE_HEAD,
    Role.OFFICE_CLERK,
)
"""Under which of several roles held an act is recorded."""
