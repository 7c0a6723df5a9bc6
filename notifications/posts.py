"""Whom a letter is addressed to: a post of a unit, a post wherever it is held, or one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from events.directory.delegating import stood_for
from events.directory.state import Directory, Person
from events.record.envelope import Actor
from events.vocabulary import PersonId, Role, UnitId

PERSON_MARK = "@"
_ROLES = {str(role): role for role in Role}


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An addressee: ``unit`` and ``role``; ``role`` alone (the 督查室, the leaders); or ``person`` alone."""

    unit: UnitId | None = None
    role: Role | None = None
    person: PersonId | None = None
    key: str = field(init=False, compare=False)
    """The post as stored: ``unit/role``, ``/role`` or ``@person``."""

    def __post_init__(self) -> None:
        """Makes the key once: letters are written on the append path and ask for it often."""
        whole = (
            f"{PERSON_MARK}{self.person}"
            if self.person is not None
            else f"{self.unit or ''}/{self.role or ''}"
        )
        object.__setattr__(self, "key", whole)


def post_of(key: str) -> Post:
    """The post behind a stored key."""
    if key.startswith(PERSON_MARK):
        return Post(person=PersonId(key.removeprefix(PERSON_MARK)))
    unit, _, role = key.rpartition("/")
    return Post(unit=UnitId(unit) if unit else None, role=_ROLES.get(role))


@lru_cache(maxsize=4096)
def liaison_of(unit: UnitId) -> Post:
    """A unit's 联络员."""
    return Post(unit=unit, role=Role.UNIT_LIAISON)


@lru_cache(maxsize=4096)
def head_of(unit: UnitId) -> Post:
    """A unit's 负责人."""
    return Post(unit=unit, role=Role.UNIT_HEAD)


OFFICE_CLERKS = Post(role=Role.OFFICE_CLERK)
OFFICE_HEADS = Post(role=Role.OFFICE_HEAD)
LEADERS = Post(role=Role.LEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """Who holds which post on one day. Made once for a directory and a day, asked often."""

    on: date
    directory: Directory
    holding: Mapping[str, tuple[PersonId, ...]]
    """Key of a post → who holds it, by id."""
    _of_unit: dict[UnitId, tuple[Post, ...]] = field(default_factory=dict, repr=False, compare=False)
    """What ``unit`` answered before."""

    def standing(self, unit: UnitId) -> UnitId:
        """The unit that answers today: a closed one's successor, and on to the last."""
        seen = {unit}
        known = self.directory.units.get(unit)
        while known is not None and known.closed(self.on) and known.successor and known.successor not in seen:
            unit = known.successor
            seen.add(unit)
            known = self.directory.units.get(unit)
        return unit

    def held_by(self, post: Post) -> tuple[PersonId, ...]:
        """Who is at a post today; nobody at a vacant one, nor where the person has left."""
        if post.person is not None:
            known = self.directory.people.get(post.person)
            if known is None or known.left(self.on):
                return ()
            return (post.person, *(one.to for one in known.delegations if one.holds(self.on)))
        if post.unit is not None and (unit := self.standing(post.unit)) != post.unit:
            post = Post(unit=unit, role=post.role)
        return self.holding.get(post.key, ())

    def people(self, post: Post) -> tuple[Person, ...]:
        """As ``held_by``, with what the directory knows of them."""
        return tuple(self.directory.people[person] for person in self.held_by(post))

    def unit(self, unit: UnitId) -> tuple[Post, ...]:
        """Liaison and head as far as somebody is there; the vacant liaison's post where nobody is.

        One person who is both is addressed once.
        """
        known = self._of_unit.get(unit)
        if known is None:
            known = self._of_unit[unit] = self._staffed(self.standing(unit))
        return known

    def _staffed(self, unit: UnitId) -> tuple[Post, ...]:
        liaison, head = liaison_of(unit), head_of(unit)
        at_liaison, at_head = set(self.held_by(liaison)), set(self.held_by(head))
        if not at_liaison:
            return (head,) if at_head else (liaison,)
        return (liaison,) if at_head <= at_liaison else (liaison, head)

    def liaison(self, unit: UnitId) -> Post:
        """The liaison's post, or the head's where there is no liaison but a head."""
        return self.unit(unit)[0]

    def liaison_and_head(self, unit: UnitId) -> tuple[Post, ...]:
        """Both, the head's even when vacant: whoever escalates must learn that nobody is there."""
        unit = self.standing(unit)
        liaison, head = self.liaison(unit), head_of(unit)
        at_head = set(self.held_by(head))
        both = liaison == head or (at_head and at_head <= set(self.held_by(liaison)))
        return (liaison,) if both else (liaison, head)


def posts_on(directory: Directory, on: date) -> Posts:
    """Every post held on a day, indexed."""
    holding: dict[str, list[PersonId]] = {}
    for person_id in sorted(directory.people):
        person = directory.people[person_id]
        unit = person.unit(on)
        for role in person.roles(on):
            keys = (Post(role=role), Post(unit=unit, role=role)) if unit else (Post(role=role),)
            for post in keys:
                holding.setdefault(post.key, []).append(person_id)
    if directory.stand_ins:
        _with_stand_ins(holding, directory, on)
    return Posts(on=on, directory=directory, holding={key: tuple(people) for key, people in holding.items()})


def _with_stand_ins(holding: dict[str, list[PersonId]], directory: Directory, on: date) -> None:
    """Who stands in for the holder of a post reads along; a stand-in's own stand-in does not."""
    held = {post: frozenset(people) for post, people in holding.items()}
    for person in sorted(directory.stand_ins):
        away = {stood.person.id for stood in stood_for(directory, person, on)}
        for post, people in held.items():
            if away & people and person not in people:
                holding[post].append(person)


def keys_of_actor(actor: Actor) -> tuple[str, ...]:
    """As ``keys_of_person``, with the posts of those for whom the actor stands in."""
    own = keys_of_person(actor.person, actor.unit, actor.roles)
    others = (keys_of_person(one.person, one.unit, one.roles) for one in actor.stands_in)
    return tuple(dict.fromkeys((*own, *(key for keys in others for key in keys))))


def keys_of_unit(unit: UnitId) -> tuple[str, ...]:
    """The keys of every post a unit can have."""
    return tuple(Post(unit=unit, role=role).key for role in Role)


def keys_of_person(person: PersonId | None, unit: UnitId | None, roles: frozenset[Role]) -> tuple[str, ...]:
    """The keys of every post whose letters a person opens: the unit's, the office's, and the person's own."""
    own = [Post(person=person).key] if person else []
    wide = [Post(role=role).key for role in sorted(roles)]
    here = [Post(unit=unit, role=role).key for role in sorted(roles)] if unit else []
    return (*own, *wide, *here)
