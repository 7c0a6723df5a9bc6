"""Letters by SMTP: plain, STARTTLS or TLS, with or without log-in, one connection for a round of delivery."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

import aiosmtplib

from events.delivery.facts import Outcome
from notifications.channels import ChannelDown, Fate, Handed, HandOver
from notifications.messages import Message, Sender, as_mail

PERMANENT = 500
"""From this reply code on a refusal is for good."""
GOING_AWAY = 421
LONGEST_REASON = 300


class Security(StrEnum):
    """How the connection is protected (``[mail] security``)."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChannel:
    """A mail server and how it is spoken to."""

    host: str
    port: int
    sender: Sender
    security: Security = Security.NONE
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30
    """Seconds for each step of the conversation."""
    trust: ssl.SSLContext | None = None
    """Whom to trust beside the system's authorities; None: the system's."""

    @property
    def outcome(self) -> Outcome:
        """Sent."""
        return Outcome.SENT

    @asynccontextmanager
    async def open(self) -> AsyncIterator[HandOver]:
        """A round: connects at the first message, again after a broken connection, and says good-bye at the end."""
        conversation = _Conversation(self)
        try:
            yield conversation.hand_over
        finally:
            await conversation.end()


class _Conversation:
    """The one connection of a round; lives from the first message to the end of the round."""

    def __init__(self, channel: EmailChannel) -> None:
        self._channel = channel
        self._client: aiosmtplib.SMTP | None = None

    async def hand_over(self, message: Message) -> Handed:
        client = await self._connected()
        sender = self._channel.sender
        try:
            refused, _ = await client.sendmail(
                sender.address, [to.address for to in message.to], as_mail(message, sender).as_bytes()
            )
        except aiosmtplib.SMTPSenderRefused as error:
            # The server does not take our sender, whatever the letter: no letter's fault.
            raise ChannelDown(
                f"邮件服务器不收发件地址 {sender.address}：{_said(error.code, error.message)}"
            ) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused(error)
        except aiosmtplib.SMTPResponseException as error:
            if error.code == GOING_AWAY:
                await self.end()
            fate = Fate.REFUSED if error.code >= PERMANENT else Fate.LATER
            return Handed(fate=fate, reason=_said(error.code, error.message))
        except ValueError as error:
            return Handed(fate=Fate.REFUSED, reason=f"地址或内容不能发送：{readable(str(error))}")
        except (aiosmtplib.SMTPException, OSError) as error:
            await self.end()
            return Handed(fate=Fate.UNCLEAR, reason=f"连接中断，未收到答复：{readable(str(error))}")
        return Handed(
            fate=Fate.ACCEPTED,
            reason="；".join(f"{address} {_said(code, text)}" for address, (code, text) in refused.items())
            or None,
            refused=tuple(refused),
        )

    async def end(self) -> None:
        """Says good-bye, or hangs up where nobody listens."""
        client, self._client = self._client, None
        if client is None:
            return
        transport = client.transport
        with suppress(aiosmtplib.SMTPException, OSError):
            if client.is_connected:
                await client.quit(timeout=min(5, self._channel.timeout))
        client.close()
        if transport is not None:
            # A TLS connection lingers for a good-bye many servers never say; nothing is owed any more.
            cast(asyncio.WriteTransport, transport).abort()
            await asyncio.sleep(0)

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        channel = self._channel
        client = aiosmtplib.SMTP(
            hostname=channel.host,
            port=channel.port,
            username=channel.username or None,
            password=channel.password or None,
            use_tls=channel.security is Security.TLS,
            start_tls=channel.security is Security.STARTTLS,
            tls_context=channel.trust,
            timeout=channel.timeout,
        )
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            client.close()
            said = _said(error.code, error.message)
            raise ChannelDown(
                f"邮件服务器 {channel.host}:{channel.port} 不接受账号 {channel.username}：{said}"
            ) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise ChannelDown(
                f"邮件服务器 {channel.host}:{channel.port} 连不上：{readable(str(error))}"
            ) from error
        self._client = client
        return client


def _refused(error: aiosmtplib.SMTPRecipientsRefused) -> Handed:
    """Everybody was refused: for good only if everybody was so for good."""
    for_good = all(one.code >= PERMANENT for one in error.recipients)
    reason = "；".join(f"{one.recipient} {_said(one.code, one.message)}" for one in error.recipients)
    return Handed(
        fate=Fate.REFUSED if for_good else Fate.LATER,
        reason=reason,
        refused=tuple(one.recipient for one in error.recipients),
    )


def _said(code: int, text: str) -> str:
    return f"{code} {readable(text)}"


def readable(said: str) -> str:
    """What a server said, on one line and storable; servers here often answer in GB 18030."""
    raw = said.encode("utf-8", "surrogateescape")
    try:
        said = raw.decode()
    except UnicodeDecodeError:
        said = raw.decode("gb18030", "replace")
    return " ".join(said.split())[:LONGEST_REASON]
