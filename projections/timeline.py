"""历程: what happened to a matter, a unit or a person, fact by fact, as recorded up to a position."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.record.codec import plain
from events.record.envelope import Recorded
from events.record.store import Store
from events.vocabulary import MatterId
from projections.changes import MATTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fact as a history shows it."""

    position: int
    version: int
    type: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    unit: str | None
    role: str | None
    on_behalf_of: str | None
    basis: str | None
    body: dict[str, Any]
    """The fact in plain JSON types."""
    hash: str
    fact: Any
    command_id: str


def history(store: Store, matter: MatterId, *, position: int | None = None) -> tuple[Entry, ...]:
    """A matter's facts in order, up to a position (None: now); empty for an unknown matter."""
    return stream_history(store, f"{MATTERS}{matter}", position=position)


def stream_history(store: Store, stream: str, *, position: int | None = None) -> tuple[Entry, ...]:
    """A stream's facts in order, up to a position (None: now)."""
    return tuple(entry_of(recorded) for recorded in store.stream(stream, up_to=position))


def entry_of(recorded: Recorded) -> Entry:
    """How a history shows a fact."""
    return Entry(
        position=recorded.position,
        version=recorded.version,
        type=recorded.type,
        occurred_at=recorded.occurred_at,
        recorded_at=recorded.recorded_at,
        actor=recorded.actor,
        unit=recorded.unit,
        role=recorded.role,
        on_behalf_of=recorded.on_behalf_of,
        basis=recorded.basis,
        body=plain(recorded.fact),
        hash=recorded.hash.hex(),
        fact=recorded.fact,
        command_id=recorded.command_id,
    )
