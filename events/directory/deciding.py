"""From a command on one of the directory's streams to its decision: what it rests on, and who decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias, cast

from events.directory.commands import (
    CloseUnit,
    CreateUser,
    DelegateDuty,
    DisableUser,
    LeavePerson,
    MovePerson,
    MoveUnit,
    PersonCommand,
    RegisterPerson,
    RegisterUnit,
    SetRoles,
    UnitCommand,
    UserCommand,
)
from events.directory.folding import Entry, overlaid
from events.directory.people import decide_person
from events.directory.state import Person, Unit, User
from events.directory.surroundings import DirectorySurroundings
from events.directory.units import decide_unit
from events.directory.users import decide_user
from events.record.envelope import Decision
from events.vocabulary import PersonId, Role, UnitId, UserName

DirectoryCommand: TypeAlias = UnitCommand | PersonCommand | UserCommand


def streams(stream: str, command: DirectoryCommand, seen: DirectorySurroundings) -> tuple[str, ...]:
    """The streams to load for a command on ``stream``, its own first; none may move until the append.

    Beside the own entry a decision rests on the units above a new parent, the unit somebody joins, the person behind
    a new account, and the other administrators where one goes.
    """
    return tuple(dict.fromkeys((stream, *_rests_on(command, seen))))


def decide(
    stream: str, command: DirectoryCommand, loaded: Mapping[str, Entry], seen: DirectorySurroundings
) -> Decision:
    """Admits a command on ``stream``, with the entries loaded from ``streams`` in place of the directory's own.

    Raises what ``decide_unit``, ``decide_person`` and ``decide_user`` raise.
    """
    seen = replace(seen, directory=overlaid(seen.directory, loaded.values()))
    own, name = loaded[stream], stream.partition("-")[2]
    match own:
        case Unit():
            return decide_unit(UnitId(name), cast(UnitCommand, command), own, seen)
        case Person():
            return decide_person(PersonId(name), cast(PersonCommand, command), own, seen)
        case User():
            return decide_user(UserName(name), cast(UserCommand, command), own, seen)


def _rests_on(command: DirectoryCommand, seen: DirectorySurroundings) -> Iterator[str]:
    directory = seen.directory
    match command:
        case RegisterUnit() | MoveUnit():
            if command.parent is not None:
                yield f"unit-{command.parent}"
                yield from (f"unit-{above}" for above in directory.ancestors(command.parent, seen.today))
        case CloseUnit():
            if command.successor is not None:
                yield f"unit-{command.successor}"
        case RegisterPerson() | MovePerson():
            yield f"unit-{command.unit}"
        case DelegateDuty():
            yield f"person-{command.to}"
        case CreateUser():
            if command.person is not None:
                yield f"person-{command.person}"
        case DisableUser() | SetRoles() | LeavePerson():
            for user in directory.users_with(Role.ADMIN):
                yield f"user-{user.name}"
                if user.person is not None:
                    yield f"person-{user.person}"
        case _:
            pass
