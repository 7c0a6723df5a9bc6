"""The delivery job: waiting letters handed over once, as the configuration says."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from uuid_utils.compat import uuid7

from events.delivery.facts import Outcome
from events.opening.facts import STREAM
from events.refusals import Invalid
from notifications.channels import Channel, ChannelDown, Fate
from notifications.channels.email import EmailChannel, Security
from notifications.channels.keep import KeepChannel
from notifications.delivering import PostOffice, QuietHours, hand_over_due
from notifications.messages import Message, Recipient, Sender, usable
from notifications.outbox.claiming import waiting
from notifications.pages import House
from notifications.sorting import Desk
from service.clock import machine_now
from service.proof.mailing import mail_seals
from service.runtime import Runtime

TEST_SUBJECT = "{organization}督办系统试送"
TEST_TEXT = "这是{organization}督办系统的一封试送信，收到即说明邮件设置可用，不用回复。"


async def deliver(runtime: Runtime, at: datetime) -> dict[str, int]:
    """Hands over what is due ``at``; gives letters by outcome, how many wait on, and how many seals were mailed.

    After a restore nothing leaves until an operator releases letters; then only how many wait is told, as ``held``.
    Raises what the record's clock refuses (``moment-passed``, ``clock-jumped``) before anything is sent.
    """
    if runtime.handling.load(STREAM).state.letters_held:
        return {"held": waiting(runtime.database)}
    office = post_office(runtime)
    counts = await hand_over_due(office, at=at, machine=machine_now)
    counts["seals"] = await mail_seals(runtime, office, at)
    return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of a test letter, in one sentence with what to do next."""

    taken: bool
    sentence: str


async def send_test(runtime: Runtime, address: str) -> Tried:
    """Hands one letter to the mail server as configured, outside the letter box; nothing is recorded.

    Raises Invalid for what is no address.
    """
    if not usable(address):
        raise Invalid(f"{address} 不是可用的邮件地址；写成 名字@域名 再试。", code="bad-address")
    channel = post_office(runtime).channel
    name = runtime.settings.organization.name
    message = Message(
        id=f"test-{uuid7().hex}",
        to=(Recipient(name="", address=address),),
        subject=TEST_SUBJECT.format(organization=name),
        text=TEST_TEXT.format(organization=name),
        html=f"<p>{html.escape(TEST_TEXT.format(organization=name))}</p>",
        at=machine_now(),
    )
    try:
        async with channel.open() as hand_over:
            handed = await hand_over(message)
    except ChannelDown as down:
        return Tried(taken=False, sentence=f"{down}；核对 [mail] 各项再试。")
    if handed.fate is not Fate.ACCEPTED:
        return Tried(taken=False, sentence=f"没有送出：{handed.reason}；核对地址和 [mail] 各项再试。")
    if channel.outcome is Outcome.KEPT:
        return Tried(
            taken=True, sentence=f"没有寄出，已存到 {runtime.letters_folder}（未配置邮件服务器，或在演练）。"
        )
    return Tried(taken=True, sentence=f"邮件服务器已接收发往 {address} 的信；到收件箱里看是否收到。")


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
        desk=Desk(
            handling=runtime.handling, directory=runtime.directory.now, house=house, file=_file_of(runtime)
        ),
        channel=_channel(runtime, sender),
        sender=sender,
        quiet=None if settings.rehearsal else QuietHours(),
    )


def _file_of(runtime: Runtime) -> Callable[[str], bytes | None]:
    def file(sha256: str) -> bytes | None:
        path = runtime.files.path(sha256)
        return path.read_bytes() if path.is_file() else None

    return file


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
