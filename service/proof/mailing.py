"""Mailing seals: the newest one that has not left goes to the auditors, and where it went becomes a fact."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from uuid_utils.compat import uuid7

from events.delivery.facts import Outcome, masked
from events.record.envelope import CLOCK, Decision, Draft, Envelope
from events.record.handling import Folded
from events.sealing.facts import SealMailed, seals_of
from events.sealing.folding import Seals
from events.vocabulary import Role
from notifications.channels import ChannelDown, Fate
from notifications.delivering import PostOffice, unbroken
from notifications.messages import Recipient, message_id, usable
from notifications.posts import Post, posts_on
from notifications.seal_letters import SealPage, seal_message
from service.clock import beijing_day, machine_now
from service.proof.sealing import KeptSeal, all_seals
from service.runtime import Runtime

LEASE = "mail-seals"
PAUSE = timedelta(minutes=10)
"""How long after a try the next one waits, when the first came to nothing."""

log = structlog.get_logger("duban.seal")


async def mail_seals(runtime: Runtime, office: PostOffice, at: datetime) -> int:
    """Mails the newest seal that has not left; 1 if it was handed over. An older one needs no letter of its own.

    What could not be handed over is tried again later: the lease, held under a name of this try's own, is the pause.
    """
    if office.quiet is not None and office.quiet.hold(at):
        return 0
    year = beijing_day(at).year
    if not await asyncio.to_thread(_waits, runtime, year):
        return 0
    to = recipients(runtime, at)
    if not to:
        return 0
    lease = await asyncio.to_thread(runtime.leases.take, LEASE, machine_now(), PAUSE, owner=uuid7().hex)
    if lease is None:
        return 0
    newest = (await asyncio.to_thread(all_seals, runtime.store))[-1]
    done = await unbroken(_mail(runtime, office, newest, to, at))
    if done:
        await asyncio.to_thread(runtime.leases.give_back, lease)
    return int(done)


def recipients(runtime: Runtime, at: datetime) -> tuple[Recipient, ...]:
    """Who is an auditor today and has an address, and whom the configuration names beside."""
    day = beijing_day(at)
    posts = posts_on(runtime.directory.now(), day)
    found = {
        person.email: Recipient(name=person.name, address=person.email)
        for person in posts.people(Post(role=Role.AUDITOR))
        if person.email and usable(person.email)
    }
    for address in runtime.settings.seals.also_to.replace(",", " ").split():
        found.setdefault(address, Recipient(name=address, address=address))
    return tuple(found.values())


def _waits(runtime: Runtime, year: int) -> bool:
    """Whether this year's newest seal has not left."""
    seals: Seals = runtime.handling.load(seals_of(year)).state
    return bool(seals.sealed) and seals.sealed[-1].fact.size > seals.mailed_up_to


async def _mail(
    runtime: Runtime, office: PostOffice, kept: KeptSeal, to: tuple[Recipient, ...], at: datetime
) -> bool:
    page = SealPage(
        organization=runtime.settings.organization.name,
        at=at,
        sealed_on=kept.fact.day,
        size=kept.fact.size,
        seal=kept.seal.text(),
    )
    message = seal_message(page, to)
    try:
        async with office.channel.open() as hand_over:
            handed = await hand_over(message)
    except ChannelDown as down:
        log.warning("the seal cannot leave now", why=str(down))
        return False
    if handed.fate not in (Fate.ACCEPTED, Fate.REFUSED):
        log.warning("the seal was put off", fate=str(handed.fate), why=handed.reason)
        return False
    outcome = office.channel.outcome if handed.fate is Fate.ACCEPTED else Outcome.REFUSED
    fact = SealMailed(
        size=kept.fact.size,
        outcome=str(outcome),
        addresses=tuple(masked(one.address) for one in to),
        message_id=message_id(message.id, office.sender),
        reason=handed.reason,
    )
    stream = seals_of(kept.fact.day.year)

    def decide(loaded: Mapping[str, Folded]) -> Decision:  # noqa: ARG001 - what was mailed was mailed
        return Decision(drafts=(Draft(stream=stream, fact=fact),))

    envelope = Envelope(actor=CLOCK, at=at, command_id=uuid7().hex)
    await runtime.handling.handle_async(envelope, (stream,), decide)
    return True
