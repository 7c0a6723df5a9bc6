"""Settling: the county's units, people and accounts are entered before the first matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from events.directory.commands import ImportDirectory, PersonRow, UnitRow
from events.record.envelope import OPERATOR
from events.vocabulary import Role, UnitId
from service.commands.directing import Directing, direct, import_directory
from service.demo.stock import County
from service.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A unit renamed or closed on a day."""

    on: date
    unit: str
    verb: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Ids of what was entered: units by the name they bear in the end, people by account."""

    units: Mapping[str, str]
    people: Mapping[str, str]
    changed: list[Change] = field(default_factory=list)
    """Changes already made."""


def settle(runtime: Runtime, county: County, at: datetime) -> Settled:
    """Enters units and people in one go, then the accounts."""
    rows: list[UnitRow | PersonRow] = []
    for place in county.places:
        rows.append(UnitRow(line=len(rows) + 1, name=place.first_name, parent=place.parent, kind=place.kind))
    for name, unit, user, role in _people(county):
        first = county.place(unit).first_name
        email = f"{user}@{county.domain}"
        rows.append(PersonRow(line=len(rows) + 1, name=name, unit=first, email=email, roles=(role,)))
    import_directory(runtime, OPERATOR, ImportDirectory(rows=tuple(rows)), at)
    directory = runtime.directory.now()
    by_name = {unit.name(at.date()): str(unit.id) for unit in directory.units.values()}
    units = {place.name: by_name[place.first_name] for place in county.places}
    found = {(person.name, person.unit(at.date())): str(person.id) for person in directory.people.values()}
    people: dict[str, str] = {}
    for name, unit, user, role in _accounts(county):
        people[user] = found[name, UnitId(units[unit])]
        if role is Role.LEADER:
            _mark_head(runtime, people[user], at)
        fields = {"name": user, "person": people[user], "password": county.password, "roles": [role.value]}
        direct(
            runtime,
            Directing(actor=OPERATOR, collection="users", verb="register", id=None, fields=fields, at=at),
        )
    return Settled(units=units, people=people)


def _mark_head(runtime: Runtime, person: str, at: datetime) -> None:
    """The county's leader is its 行政首长, who approves naming units."""
    fields = {"administrative_head": True}
    direct(
        runtime,
        Directing(actor=OPERATOR, collection="people", verb="change", id=person, fields=fields, at=at),
    )


def changes(closed_on: date, renamed_on: date) -> tuple[Change, ...]:
    """What changes in the county on the way: one office takes another name, one is closed and taken over."""
    return (
        Change(on=renamed_on, unit="县工信局", verb="rename", fields={"name": "县工信局"}),
        Change(on=closed_on, unit="县粮食储备中心", verb="close", fields={"successor": "县发改局"}),
    )


def _people(county: County) -> list[tuple[str, str, str, Role]]:
    """Everybody once: name, unit, mailbox, post."""
    people = [(o.name, o.unit, o.user, o.role) for o in county.officials]
    known = {(name, unit) for name, unit, _, _ in people}
    for place in county.places:
        if place.head and (place.head, place.name) not in known:
            people.append((place.head, place.name, f"{place.user}-fuzeren", Role.UNIT_HEAD))
        if place.liaison and place.user:
            people.append((place.liaison, place.name, place.user, Role.UNIT_LIAISON))
    return people


def _accounts(county: County) -> list[tuple[str, str, str, Role]]:
    mailboxes = {o.user for o in county.officials} | {place.user for place in county.places if place.user}
    return [entry for entry in _people(county) if entry[2] in mailboxes]
