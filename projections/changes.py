"""What a batch of facts changed: every matter's state before and after each fact, folded once for all followers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

import msgspec

from events.matter.folding import begin, evolve_naming, fold
from events.matter.state import Matter
from events.record.envelope import Recorded
from events.record.sql import Driver
from events.record.store import Store
from events.record.writer import Batch
from events.vocabulary import MatterId

MATTERS = "matter-"
EVERY_NAME = frozenset(field.name for field in fields(Matter))


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a matter with the state on either side of it; ``before`` is None for its first fact.

    No dataclass, for the reason ``Recorded`` is none: one is made for every fact that is read.
    """

    before: Matter | None
    after: Matter
    recorded: Recorded
    changed: frozenset[str] = EVERY_NAME
    """Names of the state's fields that are not the very same value as before; all of them for the first fact."""


Life = Sequence[Change]
"""Consecutive changes of one matter, at least one."""


def changes(driver: Driver, store: Store, batch: Batch) -> list[Change]:
    """One change for every matter fact of a batch, in order.

    A state the handler folded is taken where its version fits; else the stream is read on the same connection.
    """
    states: dict[str, Matter] = {}
    found: list[Change] = []
    for recorded in batch.recorded:
        stream = recorded.stream
        if not stream.startswith(MATTERS):
            continue
        before = states.get(stream)
        if before is None:
            before = _standing(driver, store, batch, recorded)
        after, named = evolve_naming(before, recorded)
        states[stream] = after
        found.append(_change(before if recorded.version > 1 else None, after, recorded, named))
    return found


def changes_of(facts: Iterable[Recorded]) -> Iterator[Change]:
    """The changes of one matter's whole stream."""
    before: Matter | None = None
    for recorded in facts:
        after, named = evolve_naming(before if before is not None else begin(recorded.stream), recorded)
        yield _change(before, after, recorded, named)
        before = after


def lives(found: Iterable[Change]) -> list[list[Change]]:
    """The changes gathered by matter, each matter's in order."""
    by_matter: dict[MatterId, list[Change]] = {}
    for change in found:
        by_matter.setdefault(change.after.id, []).append(change)
    return list(by_matter.values())


def folded(driver: Driver, store: Store, stream: str) -> Matter:
    """A matter's state as the record has it on this connection."""
    return _fold(stream, store.stream_on(driver, stream))


def _change(before: Matter | None, after: Matter, recorded: Recorded, named: frozenset[str]) -> Change:
    changed = EVERY_NAME if before is None else named
    return Change(before=before, after=after, recorded=recorded, changed=changed)


def _standing(driver: Driver, store: Store, batch: Batch, first: Recorded) -> Matter:
    if first.version == 1:
        return begin(first.stream)
    handed = batch.states.get(first.stream)
    if handed is not None and handed[0] == first.version - 1 and isinstance(handed[1], Matter):
        return handed[1]
    return _fold(first.stream, store.stream_on(driver, first.stream, up_to=first.position - 1))


def _fold(stream: str, facts: Sequence[Recorded]) -> Matter:
    return fold(begin(stream), facts)
