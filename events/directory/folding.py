"""What the directory's facts come to: one entry at a time, and the whole directory in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias, assert_never, cast

from events.directory.facts import (
    DelegationEnded,
    DutyDelegated,
    PersonChanged,
    PersonFact,
    PersonLeft,
    PersonMoved,
    PersonRegistered,
    UnitClosed,
    UnitFact,
    UnitMoved,
    UnitRegistered,
    UnitRenamed,
    UserCreated,
    UserDisabled,
    UserEnabled,
    UserFact,
    UserPasswordReset,
    UserRolesSet,
)
from events.directory.state import Delegation, Directory, Person, Since, Unit, User
from events.record.envelope import Recorded
from events.vocabulary import BEIJING, PersonId, Role, UnitId, UserName

Entry: TypeAlias = Unit | Person | User

CATEGORIES = ("unit", "person", "user")
"""The categories of streams the directory is folded from."""


def begin(stream: str) -> Entry:
    """The entry of a stream before its first fact; raises KeyError for a stream of another category."""
    category, _, name = stream.partition("-")
    match category:
        case "unit":
            return Unit(id=UnitId(name))
        case "person":
            return Person(id=PersonId(name))
        case "user":
            return User(name=UserName(name))
        case _:
            raise KeyError(stream)


def evolve(state: Entry, recorded: Recorded) -> Entry:
    """The entry after one more fact of its stream."""
    match state:
        case Unit():
            return _unit(state, recorded)
        case Person():
            return _person(state, recorded)
        case User():
            return _user(state, recorded)
        case _:
            assert_never(state)


def apply(directory: Directory, recorded: Recorded) -> None:
    """Folds a fact into the directory in place; a fact of any other stream changes nothing.

    Entries are frozen values and are replaced in the dicts, so one taken out before stays as it was.
    """
    category, _, name = recorded.stream.partition("-")
    match category:
        case "unit":
            unit = directory.units.get(UnitId(name)) or Unit(id=UnitId(name))
            directory.units[unit.id] = _unit(unit, recorded)
        case "person":
            person = directory.people.get(PersonId(name)) or Person(id=PersonId(name))
            directory.people[person.id] = _person(person, recorded)
            if isinstance(recorded.fact, DutyDelegated):
                to = recorded.fact.to
                directory.stand_ins[to] = directory.stand_ins.get(to, frozenset()) | {person.id}
        case "user":
            user = directory.users.get(UserName(name)) or User(name=UserName(name))
            directory.users[user.name] = _user(user, recorded)
        case _:
            return
    directory.position = max(directory.position, recorded.position)


def overlaid(directory: Directory, entries: Iterable[Entry]) -> Directory:
    """The same directory with these entries in place of its own; one without any fact is left out."""
    units, people, users = dict(directory.units), dict(directory.people), dict(directory.users)
    for entry in entries:
        if not entry.version:
            continue
        match entry:
            case Unit():
                units[entry.id] = entry
            case Person():
                people[entry.id] = entry
            case User():
                users[entry.name] = entry
            case _:
                assert_never(entry)
    stand_ins = dict(directory.stand_ins)
    return Directory(
        units=units, people=people, users=users, stand_ins=stand_ins, position=directory.position
    )


def _unit(unit: Unit, recorded: Recorded) -> Unit:
    fact = cast(UnitFact, recorded.fact)
    at, version = recorded.position, recorded.version
    match fact:
        case UnitRegistered():
            return Unit(
                id=unit.id,
                kind=fact.kind,
                registered_on=fact.from_on,
                names=(Since(on=fact.from_on, position=at, value=fact.name),),
                parents=(Since(on=fact.from_on, position=at, value=fact.parent),),
                version=version,
            )
        case UnitRenamed():
            name = Since(on=fact.from_on, position=at, value=fact.name)
            return replace(unit, names=(*unit.names, name), version=version)
        case UnitMoved():
            parent = Since(on=fact.from_on, position=at, value=fact.parent)
            return replace(unit, parents=(*unit.parents, parent), version=version)
        case UnitClosed():
            return replace(unit, closed_on=fact.from_on, successor=fact.successor, version=version)
        case _:
            assert_never(fact)


def _person(person: Person, recorded: Recorded) -> Person:
    fact = cast(PersonFact, recorded.fact)
    at, version = recorded.position, recorded.version
    match fact:
        case PersonRegistered():
            return Person(
                id=person.id,
                name=fact.name,
                registered_on=fact.from_on,
                units=(Since(on=fact.from_on, position=at, value=fact.unit),),
                email=fact.email or None,
                phone=fact.phone or None,
                posts=(Since(on=fact.from_on, position=at, value=frozenset(fact.roles)),),
                administrative_head=fact.administrative_head,
                version=version,
            )
        case PersonMoved():
            unit = Since(on=fact.from_on, position=at, value=fact.unit)
            posts = person.posts
            if fact.roles is not None:
                posts = (*posts, Since(on=fact.from_on, position=at, value=frozenset(fact.roles)))
            return replace(person, units=(*person.units, unit), posts=posts, version=version)
        case PersonLeft():
            return replace(person, left_on=fact.from_on, version=version)
        case PersonChanged():
            return replace(
                person,
                name=fact.name or person.name,
                email=person.email if fact.email is None else fact.email or None,
                phone=person.phone if fact.phone is None else fact.phone or None,
                administrative_head=_or(fact.administrative_head, person.administrative_head),
                version=version,
            )
        case DutyDelegated():
            given = Delegation(to=fact.to, from_on=fact.from_on, until_on=fact.until_on, acts=fact.acts)
            return replace(person, delegations=(*person.delegations, given), version=version)
        case DelegationEnded():
            return replace(person, delegations=_ended(person, fact), version=version)
        case _:
            assert_never(fact)


def _ended(person: Person, fact: DelegationEnded) -> tuple[Delegation, ...]:
    return tuple(
        replace(one, ended_on=fact.from_on) if one.to == fact.to and one.last_on >= fact.from_on else one
        for one in person.delegations
    )


def _user(user: User, recorded: Recorded) -> User:
    fact = cast(UserFact, recorded.fact)
    match fact:
        case UserCreated():
            user = replace(user, person=fact.person, roles=(_granted(fact, recorded),))
        case UserRolesSet():
            user = replace(user, roles=(*user.roles, _granted(fact, recorded)))
        case UserDisabled():
            user = replace(user, disabled=True)
        case UserEnabled():
            user = replace(user, disabled=False)
        case UserPasswordReset():
            pass
        case _:
            assert_never(fact)
    return replace(user, version=recorded.version)


def _or(said: bool | None, before: bool) -> bool:
    return before if said is None else said


def _granted(fact: UserCreated | UserRolesSet, recorded: Recorded) -> Since[frozenset[Role]]:
    on = recorded.recorded_at.astimezone(BEIJING).date()
    return Since(on=on, position=recorded.position, value=frozenset(fact.roles))
