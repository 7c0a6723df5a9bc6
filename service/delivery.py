"""The delivery job: waiting letters handed over once, as the configuration says."""

from __future__ import annotations

from datetime import datetime

from notifications.channels import Channel
from notifications.channels.email import EmailChannel, Security
from notifications.channels.keep import KeepChannel
from notifications.delivering import PostOffice, QuietHours, hand_over_due
from notifications.messages import Sender
from notifications.pages import House
from notifications.sorting import Desk
from service.clock import machine_now
from service.runtime import Runtime


async def deliver(runtime: Runtime, at: datetime) -> dict[str, int]:
    """Hands over what is due ``at``; gives letters by outcome, and how many wait on.

    Raises what the record's clock refuses (``moment-passed``, ``clock-jumped``) before anything is sent.
    """
    return await hand_over_due(post_office(runtime), at=at, machine=machine_now)


def post_office(runtime: Runtime) -> PostOffice:
    """As configured: by SMTP in real mode where a server is named, else as kept files (contract: Rehearsal)."""
    settings = runtime.settings
    sender = Sender(name=settings.organization.name, address=settings.mail.from_address)
    house = House(
        organization=settings.organization.name,
        base_url=settings.web.base_url.rstrip("/"),
        procedures=settings.procedures,
    )
    return PostOffice(
        database=runtime.database,
        desk=Desk(handling=runtime.handling, directory=runtime.directory.now, house=house),
        channel=_channel(runtime, sender),
        sender=sender,
        quiet=None if settings.rehearsal else QuietHours(),
    )


def _channel(runtime: Runtime, sender: Sender) -> Channel:
    mail = runtime.settings.mail
    if runtime.settings.rehearsal or not mail.host:
        return KeepChannel(folder=runtime.letters_folder, sender=sender)
    return EmailChannel(
        host=mail.host,
        port=mail.port,
        sender=sender,
        security=Security(mail.security),
        username=mail.username,
        password=mail.password,
    )
