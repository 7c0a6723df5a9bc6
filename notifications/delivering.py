"""One round of delivery: claim, sort, send, and write down what became of each letter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

import structlog

from events.delivery.facts import Outcome
from events.record.connections import Database
from events.record.moments import to_micros
from events.vocabulary import BEIJING
from notifications.channels import Channel, ChannelDown, Fate, Handed, HandOver
from notifications.messages import Sender
from notifications.outbox.claiming import Claimed, Released, claim, pack, release, still_held, waiting
from notifications.recording import Settled, handed_over, not_addressed, not_sent, record
from notifications.sorting import Desk, Parcel, Sorted, sort_letters

log = structlog.get_logger("duban.letters")

T = TypeVar("T")

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480, 720, 1440, 1440))
"""How long to wait after each try the other side put off; together about three days, then the letter is given up."""
WHILE_DOWN = timedelta(minutes=5)
"""How long to wait after a server could not be reached at all; no letter is given up for that."""
LEASE = timedelta(minutes=15)
"""How long a round may hold its letters, by the machine's clock."""
LAST_SEND = timedelta(minutes=5)
"""What must be left of the lease for another message to be begun."""

SPOILT = "信件内容生成失败，请运维查看日志。"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Letters leave from ``begin`` to before ``end``, Beijing time (contract: Clock)."""

    begin: time = time(8)
    end: time = time(20)

    def hold(self, at: datetime) -> bool:
        """Whether nothing leaves at this moment."""
        return not self.begin <= at.astimezone(BEIJING).time() < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """Everything delivery works with."""

    database: Database
    desk: Desk
    channel: Channel
    sender: Sender
    quiet: QuietHours | None
    """None: letters leave at any hour (rehearsal)."""


@dataclass(slots=True, kw_only=True)
class _Round:
    """One claim's worth of letters on its way; lives as long as its lease."""

    office: PostOffice
    counts: dict[str, int]
    at: datetime
    machine: Callable[[], datetime]
    until: datetime
    settled: list[Settled] = field(default_factory=list)
    """Outcomes not yet written down."""


async def hand_over_due(
    office: PostOffice, *, at: datetime, machine: Callable[[], datetime]
) -> dict[str, int]:
    """Hands over what is due ``at`` and counts letters by outcome, and how many wait on.

    Moves the record's clock to ``at``; raises what its policy refuses before anything is sent. ``machine`` is the
    machine's clock, for leases. Delivery is at least once: a crash between the other side's yes and ours being
    written down sends that one message again, under the same Message-ID.
    """
    await asyncio.to_thread(office.desk.handling.writer.beat, to_micros(at))
    counts = dict.fromkeys((str(outcome) for outcome in Outcome), 0)
    if office.quiet is None or not office.quiet.hold(at):
        async with office.channel.open() as hand_over:
            while await _one_round(office, hand_over, counts, at, machine):
                pass
    counts["waiting"] = await asyncio.to_thread(waiting, office.database)
    return counts


async def _one_round(
    office: PostOffice,
    hand_over: HandOver,
    counts: dict[str, int],
    at: datetime,
    machine: Callable[[], datetime],
) -> bool:
    """False when nothing was due, or nothing more can be sent now."""
    now = machine()
    until = now + LEASE
    lease = to_micros(until)
    claimed = await asyncio.to_thread(
        claim, office.database, at=to_micros(at), machine=to_micros(now), until=lease
    )
    if not claimed:
        return False
    running = _Round(office=office, counts=counts, at=at, machine=machine, until=until)
    found = await asyncio.to_thread(sort_letters, office.desk, claimed, at)
    packed = [(parcel.id, parcel.letters) for parcel in found.parcels]
    await asyncio.to_thread(pack, office.database, packed, until=lease)
    running.settled.extend(_unsent(found))
    await _put_off(running, found.spoilt, SPOILT)
    try:
        return await _send(running, hand_over, found.parcels)
    finally:
        await _write_down(running)


async def unbroken(doing: Coroutine[Any, Any, T]) -> T:
    """Runs something that must not end half done: whoever is cancelled meanwhile is so once it is over."""
    task = asyncio.ensure_future(doing)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def _send(running: _Round, hand_over: HandOver, parcels: Sequence[Parcel]) -> bool:
    """Sends one message after the other; what was sent is written down before the next is begun.

    What was only kept is written down together: keeping it again changes nothing. Where the process is being
    stopped, the message in hand is brought to its end and the others are given back.
    """
    for done in range(len(parcels)):
        try:
            if not await unbroken(_send_first(running, hand_over, parcels[done:])):
                return False
        except asyncio.CancelledError:
            await _give_back(running, parcels[done + 1 :], running.at, None)
            raise
    return True


async def _send_first(running: _Round, hand_over: HandOver, parcels: Sequence[Parcel]) -> bool:
    """Sends the first of what is left; False where nothing more can be sent now, and all is given back."""
    office, parcel = running.office, parcels[0]
    keeps = office.channel.outcome is Outcome.KEPT
    if running.machine() > running.until - LAST_SEND:
        await _give_back(running, parcels, running.at, None)
        return False
    if not keeps and not await asyncio.to_thread(still_held, office.database, parcel.letters):
        log.warning("letters were taken over by another worker", message=parcel.id)
        return True
    try:
        handed = await hand_over(parcel.message)
    except ChannelDown as down:
        log.warning("letters cannot leave now", why=str(down), messages=len(parcels))
        await _give_back(running, parcels, running.at + (timedelta() if keeps else WHILE_DOWN), str(down))
        return False
    await _settle(running, parcel, handed)
    if not keeps:
        await _write_down(running)
    return True


async def _settle(running: _Round, parcel: Parcel, handed: Handed) -> None:
    sender = running.office.sender
    if handed.fate is Fate.ACCEPTED or handed.fate is Fate.REFUSED:
        outcome = running.office.channel.outcome if handed.fate is Fate.ACCEPTED else Outcome.REFUSED
        running.settled.extend(
            handed_over(parcel, one, outcome, sender, handed.reason) for one in parcel.letters
        )
        return
    log.warning("message put off", message=parcel.id, fate=str(handed.fate), why=handed.reason)
    tired = [one for one in parcel.letters if one.attempts >= len(BACK_OFF)]
    running.settled.extend(handed_over(parcel, one, Outcome.GAVE_UP, sender, handed.reason) for one in tired)
    unclear = parcel.id if handed.fate is Fate.UNCLEAR else None
    again = [one for one in parcel.letters if one.attempts < len(BACK_OFF)]
    await _put_off(running, again, handed.reason or "", unclear)


async def _write_down(running: _Round) -> None:
    """Appends the outcomes that wait to be written, and counts those that were ours to say."""
    settled, running.settled = running.settled, []
    for one in await record(running.office.desk.handling, settled, running.at):
        running.counts[str(one.fact.outcome)] += 1


async def _put_off(running: _Round, letters: Iterable[Claimed], why: str, unclear: str | None = None) -> None:
    """Another try after the next pause. ``unclear`` names the message that may have been taken."""
    released = [
        Released(
            letter=one,
            next_try_at=to_micros(running.at + BACK_OFF[min(one.attempts, len(BACK_OFF) - 1)]),
            attempts=one.attempts + 1,
            error=why,
            parcel=unclear or one.parcel,
        )
        for one in letters
    ]
    await asyncio.to_thread(release, running.office.database, released)


async def _give_back(running: _Round, parcels: Sequence[Parcel], next_try: datetime, why: str | None) -> None:
    """Letters whose turn did not come: not a try of theirs."""
    released = [
        Released(
            letter=one, next_try_at=to_micros(next_try), attempts=one.attempts, error=why, parcel=one.parcel
        )
        for parcel in parcels
        for one in parcel.letters
    ]
    await asyncio.to_thread(release, running.office.database, released)


def _unsent(found: Sorted) -> Iterable[Settled]:
    yield from (not_sent(letter) for letter in found.overtaken)
    yield from (not_addressed(one) for one in found.unaddressed)
