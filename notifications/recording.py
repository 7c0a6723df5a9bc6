"""Writing down, as facts, what became of letters: whether a unit was told, when, and whether it read it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from events.delivery.facts import LetterHandedOver, LetterRead, Outcome, letter_stream, masked
from events.record.admitting import Append, VersionConflict
from events.record.envelope import CLOCK, Decision, Draft, Envelope
from events.record.handling import Handling
from events.record.moments import from_micros, to_micros
from events.record.writer import Writer
from events.refusals import MomentPassed
from events.vocabulary import PersonId
from notifications.messages import Sender, message_id
from notifications.outbox.asking import LetterRow
from notifications.outbox.claiming import Claimed
from notifications.policy import Channel
from notifications.sorting import Parcel, Unaddressed

log = structlog.get_logger("duban.letters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What one letter's way ended in."""

    letter: Claimed
    fact: LetterHandedOver


def handed_over(
    parcel: Parcel, letter: Claimed, outcome: Outcome, sender: Sender, reason: str | None
) -> Settled:
    """A letter that came to its end in a message."""
    addresses = "、".join(masked(to.address) for to in parcel.message.to)
    return Settled(
        letter=letter,
        fact=_fact(
            letter,
            outcome,
            holder=parcel.holder,
            address=addresses,
            message_id=message_id(parcel.id, sender),
            digest=parcel.digest,
            attempts=letter.attempts + 1,
            reason=reason,
        ),
    )


def not_sent(letter: Claimed) -> Settled:
    """A letter its matter has overtaken."""
    return Settled(letter=letter, fact=_fact(letter, Outcome.OVERTAKEN, attempts=letter.attempts))


def not_addressed(one: Unaddressed) -> Settled:
    """A letter nobody can be given."""
    return Settled(
        letter=one.letter,
        fact=_fact(
            one.letter, Outcome.NO_ADDRESS, holder=one.holder, attempts=one.letter.attempts, reason=one.reason
        ),
    )


async def record(handling: Handling, settled: Sequence[Settled], at: datetime) -> tuple[Settled, ...]:
    """Appends the outcomes, all in one; gives those that were ours to say.

    A letter another worker settled meanwhile is left as that one said. Where the record's clock has moved on since
    the round began, the outcome is written at the moment it stands at.
    """
    if not settled:
        return ()
    try:
        await handling.writer.append_async(_append(settled, at))
    except MomentPassed:
        standing = (await asyncio.to_thread(handling.store.head)).moment
        if standing is None or standing <= to_micros(at):
            raise
        return await record(handling, settled, from_micros(standing))
    except VersionConflict:
        if len(settled) == 1:
            log.warning("letter was settled by another worker", letter=settled[0].letter.id)
            return ()
        alone = [await record(handling, [one], at) for one in settled]
        return tuple(one for few in alone for one in few)
    return tuple(settled)


def mark_read(writer: Writer, envelope: Envelope, letters: Sequence[LetterRow]) -> int:
    """Says that the envelope's actor opened these 站内信; gives how many nobody had opened before.

    Whether the letters are the actor's to open is asked before (``posts.keys_of_person``). E-mail is not read here.
    """
    unread = [one for one in letters if one.channel is Channel.INBOX and one.read_at is None]
    if not unread:
        return 0
    by = envelope.actor.user
    drafts = tuple(
        Draft(
            stream=letter_stream(one.id),
            fact=LetterRead(by=by, matter=one.matter or None, bulletin=one.bulletin),
        )
        for one in unread
    )
    conditions = {letter_stream(one.id): one.version for one in unread}
    try:
        writer.append(Append(envelope=envelope, decision=Decision(drafts=drafts), conditions=conditions))
    except VersionConflict:
        # Somebody at the same post opened one of them just now; the others still count.
        return sum(mark_read(writer, envelope, [one]) for one in unread) if len(unread) > 1 else 0
    return len(unread)


def _append(settled: Sequence[Settled], at: datetime) -> Append:
    streams = {one.letter.id: letter_stream(one.letter.id) for one in settled}
    first = settled[0].letter
    return Append(
        envelope=Envelope(actor=CLOCK, at=at, command_id=f"delivery-{first.id}-{first.epoch}"),
        decision=Decision(
            drafts=tuple(Draft(stream=streams[one.letter.id], fact=one.fact) for one in settled),
        ),
        conditions={streams[one.letter.id]: one.letter.version for one in settled},
    )


def _fact(
    letter: Claimed,
    outcome: Outcome,
    *,
    holder: PersonId | None = None,
    address: str | None = None,
    message_id: str | None = None,
    digest: str | None = None,
    attempts: int,
    reason: str | None = None,
) -> LetterHandedOver:
    return LetterHandedOver(
        outcome=outcome,
        rule=letter.rule,
        slot=letter.slot,
        channel=str(Channel.EMAIL),
        matter=letter.matter or None,
        bulletin=letter.bulletin,
        unit=letter.post.unit,
        role=letter.post.role,
        holder=holder if holder is not None else letter.post.person,
        address=address,
        message_id=message_id,
        digest=digest,
        attempts=attempts,
        reason=reason,
    )
