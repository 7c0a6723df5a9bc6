"""立项: a problem becomes a matter that is followed up."""

from __future__ import annotations

from dataclasses import dataclass

from events.matter.acting import Command, Happened
from events.vocabulary import MatterId, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMatter(Command):
    """Take a problem up as a matter (M001–M015)."""

    title: str
    kind: str
    source: str
    problem: str
    place: str | None = None
    object: str | None = None
    source_no: str | None = None
    urgency: Urgency | None = None
    parent: MatterId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRegistered(Happened):
    """立项: the matter exists and waits to be assigned. ``number`` is filled by the record when it is written."""

    title: str
    kind: str
    source: str
    problem: str
    place: str | None = None
    object: str | None = None
    source_no: str | None = None
    urgency: Urgency | None = None
    parent: MatterId | None = None
    basis: str | None = None
    relapse_of: MatterId | None = None
    number: str = ""
