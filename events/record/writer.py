"""Group commit: many waiting commands become one durable transaction, in one order without holes.

One writer per process drains a queue. A batch locks the head row, reads what its commands depend on, admits each
command in memory, writes events, followers' rows and letters, moves the head and commits; then everybody is answered.
A stale command fails alone. If a follower breaks, the batch is tried again one command at a time, so only the culprit
fails. No user code runs inside the lock but the followers.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import structlog

from events.record.admitting import Admission, Append, Appended, BatchState, Guard, VersionConflict
from events.record.chain import ALGORITHMS
from events.record.codec import Codec
from events.record.connections import Database
from events.record.envelope import Recorded
from events.record.failing import LOST, WAITED, Failure, failure_of
from events.record.moments import MomentPolicy
from events.record.sql import (
    Driver,
    Statement,
    delete_where,
    insert_rows,
    plain_text,
    rows_in,
    set_where,
    upsert_rows,
)
from events.record.store import read_head
from events.record.tables import claims, commands, events, log_head, number_series, streams
from events.record.transacting import WritingConnection
from events.refusals import Refusal, Unavailable

MAX_BATCH = 256
CROWD, CROWD_SECONDS = 8, 0.0005
"""After a batch of so many, those just answered are given so long to ask again: one commit then serves them too."""

WHOLE = (*LOST, Unavailable)
"""After these a batch's commands are not tried one by one: the database is away, or may have kept them all."""

log = structlog.get_logger("duban.writer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What followers are handed inside the append transaction."""

    recorded: tuple[Recorded, ...]
    states: Mapping[str, tuple[int, object]]
    """Stream → (version, state before the batch), where the handler had folded it already."""
    epoch: int


Follower = Callable[[Driver, Batch], None]
"""Writes what must be current with the record: read models and letters. Never refuses."""

Work = Callable[[Driver], None]
"""Something done once inside a transaction that holds the head (a rebuilt projection's switch, the clock's beat)."""


@dataclass(slots=True)
class _Waiting:
    append: Append
    answer: Future[Appended] | None = None
    loop: asyncio.AbstractEventLoop | None = None
    promise: asyncio.Future[Appended] | None = None
    result: Appended | BaseException | None = field(default=None)


_READ_VERSIONS = rows_in(streams, ("stream", "version"), "stream")
_READ_COMMANDS = rows_in(commands, ("command_id", "fingerprint", "result"), "command_id")
_READ_CLAIMS = rows_in(claims, ("scope", "key", "owner"), "key")
_READ_NUMBERS = rows_in(number_series, ("series", "next"), "series")
_WRITE_EVENTS = insert_rows(events)
_WRITE_STREAMS = upsert_rows(streams)
_WRITE_COMMANDS = upsert_rows(commands)
_WRITE_CLAIMS = upsert_rows(claims)
_RELEASE_CLAIMS = delete_where(claims, ("scope", "key"))
_WRITE_NUMBERS = upsert_rows(number_series)
_MOVE_HEAD: Statement = set_where(log_head, ("position", "hash", "frontier", "moment"), ("id",))
_BEAT = plain_text("UPDATE log_head SET moment = ? WHERE id = 1 AND (moment IS NULL OR moment < ?)")


class Writer:
    """The one that appends in this process. ``append`` waits in a thread, ``append_async`` in an event loop."""

    def __init__(
        self,
        database: Database,
        codec: Codec,
        policy: MomentPolicy,
        followers: Sequence[Follower] = (),
        *,
        on_broken: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._codec = codec
        self._policy = policy
        self.followers = list(followers)
        self.on_commit: list[Callable[[], None]] = []
        """Told on the writer's thread after each commit of a batch, before its commands are answered."""
        self._on_broken = on_broken
        self._queue: deque[_Waiting | tuple[Work, Future[None]]] = deque()
        self._wake = threading.Condition()
        self._idle = False
        self._last = 0
        self._stopping = False
        self.broken: BaseException | None = None
        self._connection = WritingConnection(database)
        self._thread = threading.Thread(target=self._run, name="duban-writer", daemon=True)
        self._thread.start()

    # -- asking ------------------------------------------------------------------------------------------------------

    def append(self, append: Append) -> Appended:
        """Writes and waits until it is durable. Raises what admitting raises, or Unavailable."""
        waiting = _Waiting(append, answer=Future())
        self._submit(waiting)
        assert waiting.answer is not None
        return waiting.answer.result()

    async def append_async(self, append: Append) -> Appended:
        """As ``append``, for the event loop."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(append, loop=loop, promise=loop.create_future())
        self._submit(waiting)
        assert waiting.promise is not None
        return await waiting.promise

    def do(self, work: Work) -> None:
        """Runs ``work`` alone in a transaction that holds the head, and waits."""
        done: Future[None] = Future()
        self._enqueue((work, done))
        done.result()

    def beat(self, moment: int) -> None:
        """Moves the record's standing moment forward (microseconds) although nothing is written."""

        def work(driver: Driver) -> None:
            self._policy(moment, read_head(driver, for_update=True).moment, False)
            driver.change(_BEAT, (moment, moment))

        self.do(work)

    def stop(self) -> None:
        """Finishes what waits, then ends the thread and closes its connection."""
        with self._wake:
            self._stopping = True
            self._connection.stopping = True
            self._wake.notify()
        self._thread.join()
        self._connection.drop()

    def _submit(self, waiting: _Waiting) -> None:
        self._enqueue(waiting)

    def _enqueue(self, item: _Waiting | tuple[Work, Future[None]]) -> None:
        with self._wake:
            if self.broken is not None or self._stopping:
                raise Unavailable(
                    "记录暂时不能写入，刚才的内容没有保存；请稍后再试，仍不行就找运维查看磁盘和数据库。"
                )
            self._queue.append(item)
            if self._idle:
                self._wake.notify()

    # -- the thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._queue and not self._stopping:
                    self._idle = True
                    self._wake.wait()
                self._idle = False
                if not self._queue:
                    return
                if self._last >= CROWD and len(self._queue) < 2 * self._last and not self._stopping:
                    self._wake.wait(CROWD_SECONDS)
                batch: list[_Waiting] = []
                work: tuple[Work, Future[None]] | None = None
                while self._queue and len(batch) < MAX_BATCH:
                    head = self._queue[0]
                    if isinstance(head, tuple):
                        if not batch:
                            work = head
                            self._queue.popleft()
                        break
                    batch.append(head)
                    self._queue.popleft()
            self._last = len(batch)
            if work is not None:
                self._work(*work)
            else:
                self._settle(batch)

    def _work(self, work: Work, done: Future[None]) -> None:
        try:
            driver = self._connection.begin()
            try:
                read_head(driver, for_update=True)
                work(driver)
                self._connection.commit(None)
            except BaseException:
                self._connection.rollback()
                raise
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            done.set_exception(self._outward(error))
        else:
            done.set_result(None)

    def _settle(self, batch: list[_Waiting]) -> None:
        try:
            self._write(batch)
        except Exception as error:
            if len(batch) > 1 and self.broken is None and not isinstance(error, WHOLE):
                log.warning(
                    "batch failed, trying its commands one by one", size=len(batch), error=repr(error)
                )
                for waiting in batch:
                    self._settle([waiting])
                return
            if failure_of(error) is None:
                log.error("append failed", error=repr(error), exc_info=error)
            else:
                log.warning("append failed", error=repr(error))
            outward = self._outward(error)
            for waiting in batch:
                waiting.result = outward
        self._answer(batch)

    def _answer(self, batch: list[_Waiting]) -> None:
        loops: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
        for waiting in batch:
            if waiting.loop is not None:
                loops.setdefault(waiting.loop, []).append(waiting)
            elif waiting.answer is not None and not waiting.answer.done():
                if isinstance(waiting.result, Appended):
                    waiting.answer.set_result(waiting.result)
                else:
                    waiting.answer.set_exception(waiting.result or RuntimeError("no result"))
        for loop, mine in loops.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_deliver, mine)

    # -- one transaction ---------------------------------------------------------------------------------------------

    def _write(self, batch: list[_Waiting]) -> None:
        driver = self._connection.begin()
        try:
            admission = self._admission(driver, [w.append for w in batch])
            looked: set[Guard] = set()
            for waiting in batch:
                guard = waiting.append.guard
                try:
                    if guard is not None and guard not in looked:
                        guard(driver)
                        looked.add(guard)
                    waiting.result = admission.admit(waiting.append)
                except (Refusal, VersionConflict) as refused:
                    waiting.result = refused
            if admission.recorded:
                self._store(driver, admission)
                handed = Batch(
                    recorded=tuple(admission.recorded),
                    states=admission.states,
                    epoch=admission.state.head.epoch,
                )
                for follower in self.followers:
                    follower(driver, handed)
            self._connection.commit((admission.position, admission.hash) if admission.recorded else None)
            if admission.recorded:
                for told in self.on_commit:
                    told()
        except BaseException:
            self._connection.rollback()
            raise

    def _admission(self, driver: Driver, appends: list[Append]) -> Admission:
        head = read_head(driver, for_update=True)
        touched = {stream for a in appends for stream in a.conditions}
        touched.update(draft.stream for a in appends for draft in a.decision.drafts)
        ids = [a.envelope.command_id for a in appends if a.envelope.fingerprint is not None]
        keys = {claim.key for a in appends for claim in a.decision.claims}
        series = {n.series for a in appends for n in a.decision.numbers}
        state = BatchState(
            head=head,
            versions=dict(driver.rows_in(_READ_VERSIONS, list(touched))),
            known={row[0]: (bytes(row[1]), bytes(row[2])) for row in driver.rows_in(_READ_COMMANDS, ids)},
            claimed={(row[0], row[1]): row[2] for row in driver.rows_in(_READ_CLAIMS, list(keys))},
            next_numbers=dict(driver.rows_in(_READ_NUMBERS, list(series))),
        )
        return Admission(self._codec, self._policy, ALGORITHMS[head.algorithm], state)

    def _store(self, driver: Driver, admission: Admission) -> None:
        driver.run(_WRITE_EVENTS, admission.event_rows)
        driver.run(_WRITE_STREAMS, [(s, v, p) for s, (v, p) in admission.stream_rows.items()])
        driver.run(_WRITE_COMMANDS, admission.command_rows)
        driver.run(_RELEASE_CLAIMS, admission.released)
        driver.run(_WRITE_CLAIMS, list(admission.claim_rows.values()))
        driver.run(_WRITE_NUMBERS, list(admission.taken.items()))
        driver.change(
            _MOVE_HEAD, (admission.position, admission.hash, admission.frontier.packed(), admission.moment, 1)
        )

    def _outward(self, error: BaseException) -> BaseException:
        """What the asker is told about a failure inside the transaction."""
        if isinstance(error, Refusal):
            return error
        failure = failure_of(error)
        if failure is None:
            return error
        if isinstance(error, WAITED):
            self._connection.end_frozen()
        if failure is Failure.DISK:
            self.broken = error
            if self._on_broken is not None:
                self._on_broken(error)
        elif failure is not Failure.FULL:
            self._connection.drop()
        return Unavailable(failure.sentence, code=failure.value)


def _deliver(waitings: list[_Waiting]) -> None:
    for waiting in waitings:
        promise = waiting.promise
        if promise is None or promise.done():
            continue
        if isinstance(waiting.result, Appended):
            promise.set_result(waiting.result)
        else:
            promise.set_exception(waiting.result or RuntimeError("no result"))
