"""走钟: what is due by now is said once, by the same door through which people act."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from itertools import chain

import structlog
from uuid_utils.compat import uuid7

from events.matter.pressing import recompute_due, speak
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import CLOCK, Decision, Envelope
from events.record.handling import Folded
from events.record.moments import to_micros
from events.refusals import Refusal, Unavailable
from events.vocabulary import MatterId
from projections import deadlines
from service.circulating.ticking import speak_of_bulletins
from service.clock import beijing_day, machine_now
from service.commands.publishing import recomputable_ids
from service.proof.sealing import seal_daily
from service.runtime import Runtime
from service.storage.leases import OWNER, Lease, LeaseLost, lost

LEASE = "tick"
LASTS = timedelta(seconds=60)
PATIENCE = 30.0
"""Seconds a tick waits for another process's to end."""
AT_ONCE = 64
PAGE = 1_000

log = structlog.get_logger("duban.tick")


@dataclass(slots=True, kw_only=True)
class Ticked:
    """Facts written by one tick, by what they are about."""

    reminders: int = 0
    overdue: int = 0
    unsigned: int = 0
    extensions: int = 0
    verification: int = 0
    look_backs: int = 0
    bulletins: int = 0
    calendar: int = 0
    seals: int = 0

    def answer(self) -> dict[str, int]:
        """As the contract's JSON object."""
        return asdict(self)


COUNTED: Mapping[str, str] = {
    "due-reminded": "reminders",
    "overdue-reminded": "overdue",
    "unsigned-reminded": "unsigned",
    "extension-reminded": "extensions",
    "verification-reminded": "verification",
    "look-back-reminded": "look_backs",
    "opinion-reminded": "reminders",
    "support-reminded": "reminders",
    "due-date-recomputed": "calendar",
}
assert set(COUNTED.values()) <= {field.name for field in fields(Ticked)}

Speaking = Callable[[Matter, Surroundings], Decision]


async def tick(runtime: Runtime, at: datetime) -> Ticked:
    """Says everything due at a moment, once. Waits for the lease beside another tick.

    Raises MomentPassed, ClockJumped, Unavailable when the lease cannot be had, or LeaseLost where this tick was paused
    for so long that another one took over; what it said until then stands.
    """
    owner = f"{OWNER}/{uuid7().hex}"
    lease = await _lease(runtime, owner)
    try:
        await asyncio.to_thread(runtime.writer.beat, to_micros(at))
        ticked = Ticked()
        recomputable = await asyncio.to_thread(recomputable_ids, runtime)
        await _say(runtime, at, recomputable, recompute_due, ticked, lease)
        while due := _due(runtime, at):
            before = asdict(ticked)
            await _say(runtime, at, due, speak, ticked, lease)
            if asdict(ticked) == before:
                break
            lease = await _renewed(runtime, lease)

        async def keep() -> None:
            nonlocal lease
            lease = await _renewed(runtime, lease)

        ticked.bulletins = await speak_of_bulletins(runtime, surroundings(runtime, at), keep)
        ticked.seals = await seal_daily(runtime, at, guard=lease.fence)
        return ticked
    finally:
        await asyncio.to_thread(runtime.leases.give_back, lease)


async def _lease(runtime: Runtime, owner: str) -> Lease:
    waited = 0.0
    while True:
        lease = await asyncio.to_thread(runtime.leases.take, LEASE, machine_now(), LASTS, owner=owner)
        if lease is not None:
            return lease
        if waited >= PATIENCE:
            raise Unavailable(
                "另一个进程正在走钟，等了 30 秒还没有结束；稍后再运行 duban tick。", code="lease-busy"
            )
        await asyncio.sleep(0.25)
        waited += 0.25


async def _renewed(runtime: Runtime, lease: Lease) -> Lease:
    renewed = await asyncio.to_thread(runtime.leases.take, LEASE, machine_now(), LASTS, owner=lease.owner)
    if renewed is None:
        raise lost()
    return renewed


def _due(runtime: Runtime, at: datetime) -> Sequence[MatterId]:
    with runtime.database.reading.connect() as connection:
        return deadlines.due(connection, beijing_day(at), limit=PAGE)


async def _say(
    runtime: Runtime,
    at: datetime,
    matters: Sequence[MatterId],
    speaking: Speaking,
    ticked: Ticked,
    lease: Lease,
) -> None:
    seen = surroundings(runtime, at)
    for first in range(0, len(matters), AT_ONCE):
        together = matters[first : first + AT_ONCE]
        runtime.handling.read_ahead(f"matter-{matter}" for matter in together)
        said = await asyncio.gather(*(_one(runtime, seen, matter, speaking, lease) for matter in together))
        for fact in chain.from_iterable(said):
            name = COUNTED.get(fact)
            if name is not None:
                setattr(ticked, name, getattr(ticked, name) + 1)


async def _one(
    runtime: Runtime, seen: Surroundings, matter: MatterId, speaking: Speaking, lease: Lease
) -> Sequence[str]:
    stream = f"matter-{matter}"

    def decide(loaded: Mapping[str, Folded]) -> Decision:
        return speaking(loaded[stream].state, seen)

    envelope = Envelope(actor=CLOCK, at=seen.at, command_id=uuid7().hex)
    try:
        answer = await runtime.handling.handle_async(envelope, (stream,), decide, guard=lease.fence)
    except LeaseLost:
        raise
    except Refusal as refused:
        log.error("a due reminder was refused", matter=matter, code=refused.code, why=refused.sentence)
        return ()
    found: Sequence[str] = answer["facts"]
    return found


def surroundings(runtime: Runtime, at: datetime) -> Surroundings:
    """What the clock's own decisions see."""
    return Surroundings(
        actor=CLOCK,
        at=at,
        directory=runtime.directory.now(),
        calendar=runtime.calendars.now(),
        procedures=runtime.settings.procedures,
        rules=runtime.settings.rules,
    )
