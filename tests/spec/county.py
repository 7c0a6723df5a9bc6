"""云溪县: its units, its people with their accounts, its calendar and its files."""

from __future__ import annotations

from datetime import date, datetime

from events.directory.state import Directory, Person, Since, Unit, User
from events.matter.facts import FACTS
from events.matter.state import Evidence
from events.record.codec import Codec
from events.record.envelope import Actor
from events.rules.calendar import WorkingDays, shipped_years
from events.vocabulary import EvidenceId, EvidenceKind, PersonId, Role, UnitId, UserName

SHIPPED = WorkingDays(shipped_years())
CODEC = Codec(FACTS)
LONG_AGO = date(2000, 1, 1)
MONDAY = date(2026, 3, 2)
"""A Monday; nothing but weekends interrupts the five weeks after it."""

OFFICE, TOWN, WATER, SCHOOLS, ENVIRONMENT = (
    UnitId(unit) for unit in ("督查室", "青石镇", "水务局", "教育局", "环保局")
)


def actor(user: str, unit: UnitId, *roles: Role) -> Actor:
    """An account named like its person."""
    return Actor(
        user=UserName(user), name=user, person=PersonId(f"p-{user}"), unit=unit, roles=frozenset(roles)
    )


CLERK = actor("林砚秋", OFFICE, Role.OFFICE_CLERK)
HEAD = actor("马国梁", OFFICE, Role.OFFICE_HEAD)
OTHER_HEAD = actor("秦望舒", OFFICE, Role.OFFICE_HEAD)
LIAISON = actor("何远舟", TOWN, Role.UNIT_LIAISON)
TOWN_HEAD = actor("程立川", TOWN, Role.UNIT_HEAD)
WATER_LIAISON = actor("苏念平", WATER, Role.UNIT_LIAISON)
VERIFIER = actor("顾清和", ENVIRONMENT, Role.VERIFIER)
OTHER_VERIFIER = actor("方知远", ENVIRONMENT, Role.VERIFIER)
LEADER = actor("沈如松", UnitId("县政府"), Role.LEADER)
AUDITOR = actor("周景明", UnitId("审计局"), Role.AUDITOR)
ADMIN = actor("吴志强", OFFICE, Role.ADMIN)
STAFF = (CLERK, HEAD, LIAISON, TOWN_HEAD, WATER_LIAISON, VERIFIER, OTHER_VERIFIER, LEADER, AUDITOR, ADMIN)


def directory(*staff: Actor) -> Directory:
    """The directory in which these accounts, their persons and all units are known."""
    found = Directory()
    for name in (OFFICE, TOWN, WATER, SCHOOLS, ENVIRONMENT, UnitId("县政府"), UnitId("审计局")):
        found.units[name] = Unit(id=name, names=(Since(on=LONG_AGO, position=1, value=str(name)),))
    for one in staff:
        hire(found, one)
    return found


def hire(found: Directory, one: Actor) -> None:
    """Adds an account and its person."""
    assert one.person is not None
    assert one.unit is not None
    found.people[one.person] = Person(
        id=one.person, name=one.name, units=(Since(on=LONG_AGO, position=1, value=one.unit),)
    )
    roles = (Since(on=LONG_AGO, position=1, value=one.roles),)
    found.users[one.user] = User(name=one.user, person=one.person, roles=roles)


def a_file(name: str = "现场.jpg", kind: EvidenceKind = EvidenceKind.OTHER, *, at: datetime) -> Evidence:
    """A stored file's description."""
    return Evidence(
        id=EvidenceId(f"e-{name}"),
        kind=kind,
        name=name,
        size=10,
        sha256="0" * 64,
        media_type="image/jpeg",
        attached_at=at,
        attached_by=UserName("x"),
        unit=None,
    )


def person(who: Actor) -> PersonId:
    """The person behind an account."""
    assert who.person is not None
    return who.person
