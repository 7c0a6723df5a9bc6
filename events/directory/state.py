"""The directory with its whole dated past: units, people and users, as values one can ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from events.vocabulary import PersonId, Role, UnitId, UserName

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Since(Generic[T]):
    """A value in force from a day on, and the record position at which this was written."""

    on: date
    position: int
    value: T


def in_force(history: tuple[Since[T], ...], on: date, position: int | None = None) -> T | None:
    """The value in force on ``on``, as far as it was recorded up to ``position`` (None: all).

    The first entry is what was found when the record began to follow the thing, so it holds before its day too; a
    later one, even back-dated before that day, holds from its own day on. Of two for one day the later recorded
    counts. None where nothing was recorded yet.
    """
    found: T | None = None
    best = (date.min, 0)
    for index, entry in enumerate(history):
        if (index == 0 or entry.on <= on) and (position is None or entry.position <= position):
            key = (date.min if index == 0 else entry.on, entry.position)
            if key >= best:
                best, found = key, entry.value
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """单位: an id whose names and place in the tree are dated."""

    id: UnitId
    kind: str | None = None
    registered_on: date | None = None
    names: tuple[Since[str], ...] = ()
    parents: tuple[Since[UnitId | None], ...] = ()
    closed_on: date | None = None
    successor: UnitId | None = None
    version: int = 0

    def name(self, on: date, position: int | None = None) -> str:
        """Its name on a day; before its first day the first name it had."""
        return in_force(self.names, on, position) or (self.names[0].value if self.names else self.id)

    def parent(self, on: date, position: int | None = None) -> UnitId | None:
        """The unit above it on a day."""
        return in_force(self.parents, on, position)

    def closed(self, on: date) -> bool:
        """Whether it no longer exists on a day."""
        return self.closed_on is not None and self.closed_on <= on


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """代办: who stands in, from which day until which, both included."""

    to: PersonId
    from_on: date
    until_on: date
    acts: tuple[str, ...] = ()
    """Names of commands; none: all of them."""
    ended_on: date | None = None
    """The first day on which the person was back."""

    @property
    def last_on(self) -> date:
        """The last day it holds; before its first day where it ended before it began."""
        if self.ended_on is None:
            return self.until_on
        return min(self.until_on, self.ended_on - timedelta(days=1))

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_on <= on <= self.last_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """人员: an id whose name, unit, address and posts are dated."""

    id: PersonId
    name: str = ""
    registered_on: date | None = None
    units: tuple[Since[UnitId], ...] = ()
    email: str | None = None
    phone: str | None = None
    posts: tuple[Since[frozenset[Role]], ...] = ()
    administrative_head: bool = False
    """行政首长: may approve naming units in a 通报 (政府督查工作条例 art. 21)."""
    left_on: date | None = None
    delegations: tuple[Delegation, ...] = ()
    """Everybody who ever stood in."""
    version: int = 0

    def unit(self, on: date, position: int | None = None) -> UnitId | None:
        """The unit the person belongs to on a day."""
        return in_force(self.units, on, position)

    def left(self, on: date) -> bool:
        """Whether the person is gone on a day."""
        return self.left_on is not None and self.left_on <= on

    def roles(self, on: date, position: int | None = None) -> frozenset[Role]:
        """The posts held on a day; none after leaving."""
        if self.left(on):
            return frozenset()
        return in_force(self.posts, on, position) or frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """账号: the name one logs in with, the person behind it and the roles granted. No secret is here."""

    name: UserName
    person: PersonId | None = None
    roles: tuple[Since[frozenset[Role]], ...] = ()
    disabled: bool = False
    version: int = 0

    @property
    def current_roles(self) -> frozenset[Role]:
        """The roles granted last."""
        return self.roles[-1].value if self.roles else frozenset()


@dataclass(slots=True, kw_only=True)
class Directory:
    """Everything the directory holds. Deciders are handed one and only read it."""

    units: dict[UnitId, Unit] = field(default_factory=dict)
    people: dict[PersonId, Person] = field(default_factory=dict)
    users: dict[UserName, User] = field(default_factory=dict)
    stand_ins: dict[PersonId, frozenset[PersonId]] = field(default_factory=dict)
    """Person → everybody for whom that person was ever to stand in."""
    position: int = 0
    """Position of the newest directory fact folded in."""

    def unit_name(self, unit: str | None, on: date, position: int | None = None) -> str:
        """A unit's name on a day; the id itself for an unknown unit; empty for none."""
        if unit is None:
            return ""
        known = self.units.get(UnitId(unit))
        return known.name(on, position) if known else unit

    def person_name(self, person: str | None) -> str:
        """A person's name; the id itself for an unknown person; empty for none."""
        if person is None:
            return ""
        known = self.people.get(PersonId(person))
        return known.name if known else person

    def user_label(self, user: str) -> str:
        """How an account is shown to people: its person's name, else the account name."""
        known = self.users.get(UserName(user))
        return self.person_name(known.person) if known and known.person else user

    def holders(self, unit: UnitId, role: Role, on: date) -> tuple[Person, ...]:
        """Who holds a post of a unit on a day, by id."""
        return tuple(p for _, p in sorted(self.people.items()) if p.unit(on) == unit and role in p.roles(on))

    def users_of(self, person: PersonId) -> tuple[User, ...]:
        """The accounts of a person that are not disabled."""
        return tuple(u for u in self.users.values() if u.person == person and not u.disabled)

    def may_log_in(self, user: UserName, on: date) -> bool:
        """Whether an account is known, not disabled, and its person has not left."""
        known = self.users.get(user)
        if known is None or known.version == 0 or known.disabled:
            return False
        person = self.people.get(known.person) if known.person else None
        return person is None or not person.left(on)

    def users_with(self, role: Role) -> tuple[User, ...]:
        """The accounts holding a role that are not disabled."""
        return tuple(u for u in self.users.values() if role in u.current_roles and not u.disabled)

    def subtree(self, unit: UnitId, on: date) -> frozenset[UnitId]:
        """A unit and all below it on a day."""
        below: dict[UnitId | None, list[UnitId]] = {}
        for u in self.units.values():
            below.setdefault(u.parent(on), []).append(u.id)
        found: set[UnitId] = set()
        waiting = [unit]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting.extend(below.get(here, ()))
        return frozenset(found)

    def inherits_from(self, unit: UnitId, on: date) -> frozenset[UnitId]:
        """A unit and every closed one whose open matters it took over, directly or through others."""
        found: set[UnitId] = {unit}
        gone = [u for u in self.units.values() if u.successor is not None and u.closed(on)]
        while more := {u.id for u in gone if u.successor in found} - found:
            found |= more
        return frozenset(found)

    def ancestors(self, unit: UnitId, on: date) -> Iterator[UnitId]:
        """The units above a unit, nearest first."""
        seen: set[UnitId] = set()
        here = self.units[unit].parent(on) if unit in self.units else None
        while here is not None and here not in seen:
            seen.add(here)
            yield here
            here = self.units[here].parent(on) if here in self.units else None
