"""Load, decide, append: the one conflict loop of the service, and the keeping of answers for repeated commands."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import msgspec

from events.record.admitting import Append, Appended, Guard, VersionConflict, reused_key
from events.record.envelope import Decision, Envelope, Recorded
from events.record.sql import Driver
from events.record.store import Store
from events.record.writer import Writer
from events.refusals import Refusal, StaleVersion

ATTEMPTS = 30
"""Tries while others write to the same stream in between; who names a version gets one."""

KEPT = 4_096
"""States kept in memory at most; a matter's takes about 3 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """How the streams of one category fold: ``begin`` makes the state before the first fact."""

    begin: Callable[[str], Any]
    evolve: Callable[[Any, Recorded], Any]
    fold: Callable[[Any, Iterable[Recorded]], Any] | None = None
    """Many facts at once, where that is quicker than one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A stream's state and the version it stands at (0: no fact yet)."""

    state: Any
    version: int


Deciding = Callable[[Mapping[str, Folded]], Decision]
"""Given every loaded stream, says what becomes fact or raises a Refusal."""


class Handling:
    """Turns commands into facts. One per process; safe to use from threads and from the event loop.

    States of streams written lately are kept in memory. One that another process has moved on is found out: an
    append on it conflicts, and a refusal resting on it is decided again on a fresh load.
    """

    def __init__(self, store: Store, writer: Writer, folders: Mapping[str, Folder]) -> None:
        self.store = store
        self.writer = writer
        self._folders = dict(folders)
        self._kept: OrderedDict[str, Folded] = OrderedDict()
        self._keeping = threading.Lock()

    def keep(self, states: Iterable[tuple[str, int, Any]]) -> None:
        """Notes (stream, version, state) of what was just committed."""
        with self._keeping:
            for stream, version, state in states:
                self._kept[stream] = Folded(state=state, version=version)
                self._kept.move_to_end(stream)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def read_ahead(self, streams: Iterable[str]) -> None:
        """Keeps the states of streams on which commands are about to come, read in one question."""
        with self._keeping:
            unknown = [stream for stream in streams if stream not in self._kept]
        read = self.store.streams(unknown)
        self.keep((name, facts[-1].version, self.fold(name, facts).state) for name, facts in read.items())

    def folder(self, stream: str) -> Folder:
        """How a stream folds, by the part of its name before the first hyphen."""
        return self._folders[stream.partition("-")[0]]

    def load(self, stream: str, *, up_to: int | None = None) -> Folded:
        """A stream folded up to a position (None: now)."""
        with self.store.database.reader() as driver:
            return self.load_on(driver, stream, up_to=up_to)

    def load_on(self, driver: Driver, stream: str, *, up_to: int | None = None) -> Folded:
        """As ``load``, on a connection at hand."""
        return self.fold(stream, self.store.stream_on(driver, stream, up_to=up_to))

    def fold(self, stream: str, facts: Sequence[Recorded]) -> Folded:
        """The state after the given facts of a stream."""
        folder = self.folder(stream)
        begun = folder.begin(stream)
        state = folder.fold(begun, facts) if folder.fold is not None else reduce(folder.evolve, facts, begun)
        return Folded(state=state, version=facts[-1].version if facts else 0)

    def handle(
        self,
        envelope: Envelope,
        streams: Sequence[str],
        decide: Deciding,
        *,
        guard: Guard | None = None,
        new: Collection[str] = (),
    ) -> dict[str, Any]:
        """Decides and writes; gives the answer (of the first time, for a repeat). Blocks until durable.

        A repeat is known by the writer, or here where the decision is a no: what was done once may not be done twice.

        ``streams`` are loaded and must not move until the append; the first is the command's own. ``guard``
        looks once more inside the append's transaction. ``new`` streams were named for this very command: they are
        empty, and not read. Raises a Refusal.
        """
        for left in range(ATTEMPTS, 0, -1):
            prepared = self._prepare(envelope, streams, decide, new, fresh=left < ATTEMPTS)
            if not isinstance(prepared, Append):
                return prepared
            try:
                return _answer(self.writer.append(replace(prepared, guard=guard) if guard else prepared))
            except VersionConflict as conflict:
                self._give_up(envelope, conflict, left)
        raise AssertionError("unreachable")

    async def handle_async(
        self,
        envelope: Envelope,
        streams: Sequence[str],
        decide: Deciding,
        *,
        guard: Guard | None = None,
        new: Collection[str] = (),
    ) -> dict[str, Any]:
        """As ``handle``, for the event loop."""
        for left in range(ATTEMPTS, 0, -1):
            prepared = self._prepare(envelope, streams, decide, new, fresh=left < ATTEMPTS)
            if not isinstance(prepared, Append):
                return prepared
            try:
                return _answer(
                    await self.writer.append_async(replace(prepared, guard=guard) if guard else prepared)
                )
            except VersionConflict as conflict:
                self._give_up(envelope, conflict, left)
        raise AssertionError("unreachable")

    def _prepare(
        self,
        envelope: Envelope,
        streams: Sequence[str],
        decide: Deciding,
        new: Collection[str],
        *,
        fresh: bool,
    ) -> Append | dict[str, Any]:
        remembered = None if fresh else self._remembered(streams, new)
        if remembered is not None:
            try:
                return self._decided(envelope, streams, remembered, decide)
            except Refusal:
                pass
        try:
            with self.store.database.reader() as driver:
                loaded = {stream: self.load_on(driver, stream) for stream in streams}
            return self._decided(envelope, streams, loaded, decide)
        except Refusal:
            kept = self._kept_answer(envelope)
            if kept is None:
                raise
            return kept

    def _kept_answer(self, envelope: Envelope) -> dict[str, Any] | None:
        """The answer of the first time, when a repeat would be refused by what it did itself. Raises KeyReused."""
        kept = self.store.command(envelope.command_id) if envelope.fingerprint is not None else None
        if kept is None:
            return None
        if kept[0] != envelope.fingerprint:
            raise reused_key()
        return _plain(kept[1])

    def _remembered(self, streams: Sequence[str], new: Collection[str]) -> dict[str, Folded] | None:
        with self._keeping:
            found = {stream: kept for stream in streams if (kept := self._kept.get(stream)) is not None}
        found.update((stream, self.fold(stream, ())) for stream in new)
        return found if streams and len(found) == len(streams) else None

    def _decided(
        self, envelope: Envelope, streams: Sequence[str], loaded: Mapping[str, Folded], decide: Deciding
    ) -> Append | dict[str, Any]:
        own = loaded[streams[0]] if streams else None
        if (
            envelope.expected_version is not None
            and own is not None
            and own.version != envelope.expected_version
        ):
            raise stale(envelope.expected_version, own.version)
        decision = decide(loaded)
        if not decision.drafts:
            kept = self._kept_answer(envelope)
            if kept is not None:
                return kept
            return {**decision.answer, "version": own.version if own else 0, "facts": [], "position": 0}
        conditions = {stream: folded.version for stream, folded in loaded.items()}
        for draft in decision.drafts:
            conditions.setdefault(draft.stream, 0)
        states = {stream: folded.state for stream, folded in loaded.items()}
        return Append(envelope=envelope, decision=decision, conditions=conditions, states=states)

    def _give_up(self, envelope: Envelope, conflict: VersionConflict, left: int) -> None:
        if envelope.expected_version is not None or left == 1:
            raise StaleVersion("别人刚刚先改了这一件；刷新看过最新情况，再决定要不要做。") from conflict


def stale(expected: int, found: int) -> StaleVersion:
    """The refusal when the matter moved on since the form was opened."""
    return StaleVersion(
        f"您看到的是第 {expected} 版，现在已是第 {found} 版；刷新看过最新情况，再决定要不要做。"
    )


def _answer(appended: Appended) -> dict[str, Any]:
    return _plain(appended.answer)


def _plain(kept: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = msgspec.json.decode(kept)
    return answer
