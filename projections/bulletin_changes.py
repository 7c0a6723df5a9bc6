"""What a batch of facts changed on bulletins: the state before and after each fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from events.bulletin.folding import begin, evolve
from events.bulletin.state import Bulletin
from events.record.envelope import Recorded
from events.record.sql import Driver
from events.record.store import Store

BULLETINS = "bulletin-"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinChange:
    """One fact of a bulletin with the state on either side of it; ``before`` is None for its first fact."""

    before: Bulletin | None
    after: Bulletin
    recorded: Recorded


def bulletin_changes(driver: Driver, store: Store, recorded: Sequence[Recorded]) -> list[BulletinChange]:
    """One change for every bulletin's fact among the facts, in order; earlier facts are read where needed."""
    states: dict[str, Bulletin] = {}
    found: list[BulletinChange] = []
    for one in recorded:
        if not one.stream.startswith(BULLETINS):
            continue
        before = states.get(one.stream)
        if before is None:
            before = begin(one.stream)
            if one.version > 1:
                for earlier in store.stream_on(driver, one.stream, up_to=one.position - 1):
                    before = evolve(before, earlier)
        after = states[one.stream] = evolve(before, one)
        found.append(BulletinChange(before=before if before.version else None, after=after, recorded=one))
    return found
