"""代: an act of somebody who is away, done by who stands in; both are held to the rules of the one who acts."""

from __future__ import annotations

from dataclasses import replace

from events.matter.authority import Who, handled
from events.matter.permission import Permission
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Actor, StandIn

FOR_THE_HANDLER = frozenset({Who.OFFICE, Who.OFFICE_LEADER, Who.UNIT_OFFICE})
"""Acts of a matter's desk: who stands in for its handler does them for him, whatever may be done in one's own name."""


def principals(row: Permission, matter: Matter, seen: Surroundings) -> tuple[Surroundings, ...]:
    """The surroundings as those see them for whom the actor may do this act; none where it is barred to himself."""
    if row.judges and handled(matter, seen):
        return ()
    return tuple(_as(one, seen) for one in seen.actor.stands_in if one.covers(row.name))


def for_the_handler(row: Permission, matter: Matter, seen: Surroundings) -> StandIn | None:
    """The absent handler for whom the actor does an act of the desk; None where it is his own."""
    if row.who not in FOR_THE_HANDLER or matter.handler is None or matter.handler == seen.actor.person:
        return None
    return next(
        (one for one in seen.actor.stands_in if one.person == matter.handler and one.covers(row.name)), None
    )


def _as(one: StandIn, seen: Surroundings) -> Surroundings:
    """The account stays that of who acts; person, unit and roles are those of whom he stands in for."""
    own = seen.actor
    actor = Actor(user=own.user, name=own.name, person=one.person, unit=one.unit, roles=one.roles)
    return replace(seen, actor=actor, standing_in=one)
