"""What a batch of facts changed on streams of one kind other than matters: the state before and after each fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from events.record.envelope import Recorded
from events.record.sql import Driver
from events.record.store import Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamChange(Generic[T]):
    """One fact with the state of its stream on either side of it; ``before`` is None for the first fact."""

    before: T | None
    after: T
    recorded: Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams(Generic[T]):
    """Streams of one kind, by how their names begin, and how they fold."""

    prefix: str
    begin: Callable[[str], T]
    evolve: Callable[[T, Recorded], T]

    def changes(self, driver: Driver, store: Store, recorded: Sequence[Recorded]) -> list[StreamChange[T]]:
        """One change for every fact of these streams, in order; earlier facts are read where needed."""
        states: dict[str, T] = {}
        found: list[StreamChange[T]] = []
        for one in recorded:
            if not one.stream.startswith(self.prefix):
                continue
            before = states.get(one.stream)
            if before is None:
                before = self.begin(one.stream)
                if one.version > 1:
                    for earlier in store.stream_on(driver, one.stream, up_to=one.position - 1):
                        before = self.evolve(before, earlier)
            after = states[one.stream] = self.evolve(before, one)
            found.append(StreamChange(before=before if one.version > 1 else None, after=after, recorded=one))
        return found
