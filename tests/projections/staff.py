"""Who works in 云溪县."""

from __future__ import annotations

from datetime import date

from events.directory.state import Directory, Person, Since, Unit, User
from events.record.envelope import Actor
from events.vocabulary import (
    PersonId,
    Role,
    UnitId,
    UserName,
)

OFFICE = UnitId("督查室")
TOWNS = tuple(UnitId(unit) for unit in ("青石镇", "水务局", "教育局", "环保局"))


def actor(user: str, unit: UnitId, *roles: Role) -> Actor:
    """An account named like its person."""
    return Actor(
        user=UserName(user), name=user, person=PersonId(f"p-{user}"), unit=unit, roles=frozenset(roles)
    )


CLERK = actor("林砚秋", OFFICE, Role.OFFICE_CLERK)
HEAD = actor("马国梁", OFFICE, Role.OFFICE_HEAD)
VERIFIERS = (
    actor("顾清和", UnitId("质监站"), Role.VERIFIER),
    actor("方知远", UnitId("审计局"), Role.VERIFIER),
)
LEADER = actor("沈如松", UnitId("县政府"), Role.LEADER)
LIAISONS = tuple(actor(f"联络员{n}", unit, Role.UNIT_LIAISON) for n, unit in enumerate(TOWNS))
STAFF = (CLERK, HEAD, *VERIFIERS, LEADER, *LIAISONS)


def directory() -> Directory:
    """The directory in which everybody is known."""
    found = Directory()
    long_ago = date(2000, 1, 1)
    for one in STAFF:
        assert one.unit is not None
        assert one.person is not None
        found.units[one.unit] = Unit(
            id=one.unit, names=(Since(on=long_ago, position=1, value=str(one.unit)),)
        )
        units = (Since(on=long_ago, position=1, value=one.unit),)
        found.people[one.person] = Person(id=one.person, name=one.name, units=units)
        roles = (Since(on=long_ago, position=1, value=one.roles),)
        found.users[one.user] = User(name=one.user, person=one.person, roles=roles)
    return found


DIRECTORY = directory()
LIAISON = LIAISONS[0]
