"""What surrounds a fact: who, for whom, when it happened, when it was written, and where it stands in the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from events.vocabulary import OFFICE, UNIT_ROLES, PersonId, Role, UnitId, UserName


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Somebody who is away, and what the one standing in may do for him."""

    person: PersonId
    name: str
    unit: UnitId | None
    roles: frozenset[Role]
    acts: tuple[str, ...] = ()
    """Names of commands; none: all of them."""

    def covers(self, act: str) -> bool:
        """Whether an act is among those to be done for him."""
        return not self.acts or act in self.acts


FOR_A_PERSON = "@"
"""Stands before a person's id where ``on_behalf_of`` names a person (代) and not a unit (代录)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The one who acts: an account, the person behind it, that person's unit at the moment, and the roles held."""

    user: UserName
    name: str
    person: PersonId | None = None
    unit: UnitId | None = None
    roles: frozenset[Role] = frozenset()
    stands_in: tuple[StandIn, ...] = ()
    """For whom this one acts while they are away."""

    @property
    def reach(self) -> frozenset[Role]:
        """The roles held, and those of whom this one stands in for: what may be looked at."""
        return self.roles.union(*(one.roles for one in self.stands_in)) if self.stands_in else self.roles

    @property
    def is_office(self) -> bool:
        """Whether this is the 督查室 (office_clerk or office_head of any unit)."""
        return bool(self.roles & OFFICE)

    @property
    def desks(self) -> frozenset[PersonId]:
        """Whose matters are this one's to do: the own, and those of whom this one stands in for."""
        return frozenset(one for one in (self.person, *(s.person for s in self.stands_in)) if one is not None)

    def serves(self, unit: UnitId | None) -> bool:
        """Whether this is a liaison or head of ``unit``."""
        return unit is not None and self.unit == unit and bool(self.roles & UNIT_ROLES)


CLOCK = Actor(user=UserName("clock"), name="时钟规则")
"""Who speaks when a rule's moment has come. Its acts are shown under the rule's name."""

OPERATOR = Actor(user=UserName("operator"), name="运维人员")
"""Who runs ``duban`` on the machine itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A fact about to be written to a stream. ``occurred_at`` None means: at the moment it is recorded."""

    stream: str
    fact: Any
    occurred_at: datetime | None = None


class Recorded(msgspec.Struct, frozen=True):
    """A fact as the record holds it. Moments are aware (Beijing); ``position`` is its place in the whole record.

    No dataclass, because every fact read passes through here: a frozen one takes five times as long to make.
    """

    position: int
    stream: str
    version: int
    type: str
    schema: int
    fact: Any
    actor: str
    unit: str | None
    role: str | None
    on_behalf_of: str | None
    basis: str | None
    occurred_at: datetime
    recorded_at: datetime
    command_id: str
    correlation_id: str
    causation_id: str | None
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something that must be unique across streams, taken in the append transaction; its primary key is the judge."""

    scope: str
    key: str
    owner: str
    refusal: str
    """The Chinese sentence said when somebody else holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """A wish for the next official number of ``series``: written into ``field`` of draft number ``draft``."""

    draft: int
    field: str
    series: str
    """Series and year in one, e.g. ``matter/2026``; the number reads ``2026-00001``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a decider admits: facts per stream, and what must hold or be taken when they are written."""

    drafts: tuple[Draft, ...]
    claims: tuple[Claim, ...] = ()
    releases: tuple[tuple[str, str], ...] = ()
    """(scope, key) pairs given back."""
    numbers: tuple[Numbering, ...] = ()
    role: Role | None = None
    """The role under which the actor was admitted."""
    answer: Mapping[str, Any] = field(default_factory=dict)
    """What the answer carries beside position, version and facts."""
    for_person: PersonId | None = None
    """Whom the actor stood in for."""

    def under(self, role: Role | None, for_person: PersonId | None = None) -> Decision:
        """The same, the actor admitted under a role, be it that of somebody he stands in for."""
        return Decision(
            drafts=self.drafts,
            claims=self.claims,
            releases=self.releases,
            numbers=self.numbers,
            role=role,
            answer=self.answer,
            for_person=for_person,
        )

    def answering(self, answer: Mapping[str, Any]) -> Decision:
        """The same with another answer."""
        return Decision(
            drafts=self.drafts,
            claims=self.claims,
            releases=self.releases,
            numbers=self.numbers,
            role=self.role,
            answer=answer,
            for_person=self.for_person,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What comes with every command beside its own fields."""

    actor: Actor
    at: datetime
    """The moment of the command (aware): the machine's clock in real mode, the given one in rehearsal."""
    command_id: str
    fingerprint: bytes | None = None
    """Digest of method, path and body; None where no answer is to be kept for a repeat."""
    expected_version: int | None = None
    on_behalf_of: UnitId | None = None
    basis: str | None = None
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    """The machine's clock when the command came in; a kept answer ages by it, in rehearsal too."""
    correlation_id: str | None = None
    causation_id: str | None = None
