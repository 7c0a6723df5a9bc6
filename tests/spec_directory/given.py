"""A small directory one act at a time: what happened before, what is asked, what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from events.directory.commands import (
    CreateUser,
    ImportDirectory,
    RegisterPerson,
    RegisterUnit,
)
from events.directory.deciding import DirectoryCommand, decide, streams
from events.directory.facts import FACTS
from events.directory.folding import Entry, apply, begin
from events.directory.importing import decide_import
from events.directory.state import Directory
from events.directory.surroundings import DirectorySurroundings
from events.record.envelope import Actor, Claim, Decision, Recorded
from events.refusals import NameTaken
from events.vocabulary import BEIJING, PersonId, Role, UnitId, UserName

TODAY = date(2026, 3, 2)
ADMIN = Actor(user=UserName("root"), name="管理员", roles=frozenset({Role.ADMIN}))
CLERK = Actor(user=UserName("clerk"), name="经办", roles=frozenset({Role.OFFICE_CLERK}))
NAMES = {stored.type: stored.name for stored in FACTS}


@dataclass(slots=True, kw_only=True)
class County:
    """Directory, versions and claims as the record would hold them; every act goes through the deciders."""

    today: date = TODAY
    actor: Actor = ADMIN
    open_matters: int = 0
    directory: Directory = field(default_factory=Directory)
    claims: dict[tuple[str, str], str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    facts: list[Recorded] = field(default_factory=list)

    @property
    def seen(self) -> DirectorySurroundings:
        return DirectorySurroundings(
            actor=self.actor,
            at=self.at,
            directory=self.directory,
            open_matters=self.open_matters,
            new_id=f"new{len(self.facts)}",
        )

    @property
    def at(self) -> datetime:
        return datetime.combine(self.today, time(9), BEIJING)

    def on(self, today: date) -> County:
        """The same county on another day."""
        self.today = today
        return self

    def later(self, days: int) -> County:
        return self.on(self.today + timedelta(days=days))

    def unit(self, name: str, under: str | None = None, kind: str | None = None) -> UnitId:
        """Registers a unit; its id is its name."""
        self.do(f"unit-{name}", RegisterUnit(name=name, parent=UnitId(under) if under else None, kind=kind))
        return UnitId(name)

    def person(self, name: str, unit: str, *roles: Role, email: str | None = None) -> PersonId:
        """Registers a person; the id is the name."""
        self.do(f"person-{name}", RegisterPerson(name=name, unit=UnitId(unit), roles=roles, email=email))
        return PersonId(name)

    def user(self, name: str, person: str, *roles: Role) -> UserName:
        command = CreateUser(name=UserName(name), person=PersonId(person), roles=roles)
        self.do(f"user-{name}", command)
        return UserName(name)

    def do(self, stream: str, command: DirectoryCommand) -> Decision:
        """Decides and records; raises what the decider or a claim refuses."""
        decision = self.asked(stream, command)
        self.record(decision)
        return decision

    def asked(self, stream: str, command: DirectoryCommand) -> Decision:
        """Decides, and records nothing."""
        loaded = {name: self.entry(name) for name in streams(stream, command, self.seen)}
        return decide(stream, command, loaded, self.seen)

    def imports(self, command: ImportDirectory) -> Decision:
        decision = decide_import(command, self.seen)
        self.record(decision)
        return decision

    def entry(self, stream: str) -> Entry:
        category, _, name = stream.partition("-")
        held: dict[Any, Any] = {
            "unit": self.directory.units,
            "person": self.directory.people,
            "user": self.directory.users,
        }[category]
        found: Entry = held.get(name) or begin(stream)
        return found

    def record(self, decision: Decision) -> None:
        for claim in decision.claims:
            self._take(claim, decision.releases)
        for key in decision.releases:
            if key not in {(c.scope, c.key) for c in decision.claims}:
                self.claims.pop(key, None)
        for draft in decision.drafts:
            self.versions[draft.stream] = self.versions.get(draft.stream, 0) + 1
            recorded = recorded_as(
                draft.fact,
                draft.stream,
                position=len(self.facts) + 1,
                version=self.versions[draft.stream],
                at=self.at,
                actor=self.actor,
            )
            self.facts.append(recorded)
            apply(self.directory, recorded)

    def _take(self, claim: Claim, releases: Sequence[tuple[str, str]]) -> None:
        key = (claim.scope, claim.key)
        if self.claims.get(key, claim.owner) != claim.owner and key not in releases:
            raise NameTaken(claim.refusal)
        self.claims[key] = claim.owner


def recorded_as(
    fact: object, stream: str, *, position: int, version: int, at: datetime, actor: Actor = ADMIN
) -> Recorded:
    """A fact as the record would hold it."""
    return Recorded(
        position=position,
        stream=stream,
        version=version,
        type=NAMES.get(type(fact), type(fact).__name__),
        schema=1,
        fact=fact,
        actor=str(actor.user),
        unit=None,
        role=None,
        on_behalf_of=None,
        basis=None,
        occurred_at=at,
        recorded_at=at,
        command_id=f"c{position}",
        correlation_id=f"c{position}",
        causation_id=None,
        hash=b"",
    )
