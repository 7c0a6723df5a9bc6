"""A letter as it leaves: the message, and its form as Internet mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One holder of the post addressed."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """In whose name letters go out."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The right side of every Message-ID."""
        return self.address.rpartition("@")[2] or "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A PDF that goes along."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is handed to a channel. The same ``id`` is the same message, however often it is tried."""

    id: str
    to: tuple[Recipient, ...]
    subject: str
    text: str
    html: str
    at: datetime
    attached: tuple[Attached, ...] = ()


def message_id(message: str, sender: Sender) -> str:
    """The Message-ID header of a message."""
    return f"<{message}@{sender.domain}>"


def usable(address: str | None) -> bool:
    """Whether mail can be addressed so: plain ASCII and of the form ``name@domain``."""
    if not address or not address.isascii():
        return False
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        return False
    return bool(parsed.username and parsed.domain)


def as_mail(message: Message, sender: Sender) -> EmailMessage:
    """The message with plain text and HTML, marked as written by a machine so that no machine answers it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = [Address(_one_line(to.name), addr_spec=to.address) for to in message.to]
    mail["Subject"] = _one_line(message.subject)
    mail["Date"] = message.at
    mail["Message-ID"] = message_id(message.id, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text, cte="base64")
    mail.add_alternative(message.html, subtype="html", cte="base64")
    for one in message.attached:
        mail.add_attachment(one.content, maintype="application", subtype="pdf", filename=_one_line(one.name))
    # The same message twice is the same bytes: no random boundary.
    for n, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{message.id}{n or ''}")
    return mail


def _one_line(text: str) -> str:
    return " ".join(text.split())
