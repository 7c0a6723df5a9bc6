"""人员登记、调动、离任、信息变更: who holds which post, every change dated."""

from __future__ import annotations

from typing import assert_never

from events.directory.checking import (
    admitted_role,
    already,
    clean_email,
    clean_name,
    clean_phone,
    clean_roles,
    effective_day,
    shown,
    standing_unit,
)
from events.directory.commands import (
    ChangePerson,
    DelegateDuty,
    EndDelegation,
    LeavePerson,
    MovePerson,
    PersonCommand,
    RegisterPerson,
)
from events.directory.delegating import delegated, ended, may_delegate
from events.directory.facts import PersonChanged, PersonFact, PersonLeft, PersonMoved, PersonRegistered
from events.directory.state import Person
from events.directory.surroundings import DirectorySurroundings
from events.directory.users import refuse_without_admin
from events.record.envelope import Decision, Draft
from events.refusals import Invalid, NotFound
from events.vocabulary import PersonId, Role


def decide_person(
    name: PersonId, command: PersonCommand, person: Person | None, seen: DirectorySurroundings
) -> Decision:
    """Admits an act on the person with the id ``name``; a new person gets that id. The answer carries ``id``.

    Raises NotYours, NotFound, Conflict ``already-so``, Invalid.
    """
    if isinstance(command, DelegateDuty | EndDelegation):
        return _standing_in(name, command, person, seen)
    role = admitted_role(seen.actor, "人员名录的维护")
    if isinstance(command, RegisterPerson):
        if person is not None and person.units:
            raise already(f"{shown(person.name)}已经登记，不用再登记一次。")
        return _decision(name, _registered(command, seen), role)
    if person is None or not person.units:
        raise NotFound("没有这个人员，请从人员名录中选择。")
    match command:
        case MovePerson():
            return _decision(name, _moved(person, command, seen), role)
        case LeavePerson():
            return _decision(name, _left(person, command, seen), role)
        case ChangePerson():
            return _decision(name, _changed(person, command), role)
        case _:
            assert_never(command)


def _standing_in(
    name: PersonId,
    command: DelegateDuty | EndDelegation,
    person: Person | None,
    seen: DirectorySurroundings,
) -> Decision:
    if person is None or not person.units:
        raise NotFound("没有这个人员，请从人员名录中选择。")
    role = may_delegate(person, seen)
    if isinstance(command, DelegateDuty):
        return _decision(name, delegated(person, command, seen), role)
    return _decision(name, ended(person, command, seen), role)


def _registered(command: RegisterPerson, seen: DirectorySurroundings) -> PersonRegistered:
    unit = standing_unit(seen.directory, command.unit, seen.today, "所在单位")
    return PersonRegistered(
        name=clean_name(command.name, "姓名"),
        unit=unit.id,
        from_on=seen.today,
        email=clean_email(command.email) or None,
        phone=clean_phone(command.phone) or None,
        roles=clean_roles(command.roles),
        administrative_head=command.administrative_head,
    )


def _moved(person: Person, command: MovePerson, seen: DirectorySurroundings) -> PersonMoved:
    on = effective_day(command.from_, seen.today)
    if person.left(on):
        raise Invalid(
            f"{shown(person.name)}已于{person.left_on}离任，不能再调动；回来任职请另行登记。",
            code="person-left",
        )
    unit = standing_unit(seen.directory, command.unit, on, "调入单位")
    roles = None if command.roles is None else clean_roles(command.roles)
    if person.unit(on) == unit.id and (roles is None or frozenset(roles) == person.roles(on)):
        raise already(f"{shown(person.name)}在{on}已在这个单位任这些职务，不用再调动。")
    return PersonMoved(unit=unit.id, from_on=on, roles=roles)


def _left(person: Person, command: LeavePerson, seen: DirectorySurroundings) -> PersonLeft:
    on = effective_day(command.from_, seen.today)
    if person.left_on == on:
        raise already(f"{shown(person.name)}已登记于{on}离任，不用再登记。")
    refuse_without_admin(seen.directory, person.id, None, max(on, seen.today))
    return PersonLeft(from_on=on)


def _changed(person: Person, command: ChangePerson) -> PersonChanged:
    fact = PersonChanged(
        name=None if command.name is None else clean_name(command.name, "姓名"),
        email=clean_email(command.email),
        phone=clean_phone(command.phone),
        administrative_head=command.administrative_head,
    )
    before = (person.name, person.email or "", person.phone or "", person.administrative_head)
    said = (fact.name, fact.email, fact.phone, fact.administrative_head)
    after = tuple(old if new is None else new for old, new in zip(before, said, strict=True))
    if after == before:
        raise already("姓名、邮箱、电话等都和名录上的一样，没有要改的。")
    return fact


def _decision(person: PersonId, fact: PersonFact, role: Role | None) -> Decision:
    draft = Draft(stream=f"person-{person}", fact=fact)
    return Decision(drafts=(draft,), role=role, answer={"id": person})
