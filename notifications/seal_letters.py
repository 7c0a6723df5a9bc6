"""The letter that takes a seal to the auditors, out of reach of whoever keeps the database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from events.vocabulary import BEIJING
from notifications.messages import Message, Recipient
from notifications.rendering import Rendered, render_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class SealPage:
    """What the letter's templates are given."""

    organization: str
    at: datetime
    sealed_on: date
    size: int
    seal: str
    """The seal's lines."""
    title: str = "记录封存"
    salutation: str = "审计人员"

    @property
    def today(self) -> date:
        """The Beijing day of the hand-over."""
        return self.at.astimezone(BEIJING).date()


def seal_message(page: SealPage, to: tuple[Recipient, ...]) -> Message:
    """The message; the same seal to the same people is the same message, however often it is tried."""
    words: Rendered = render_plain("seal", page)
    key = "\x1f".join((page.seal, *(one.address for one in to)))
    return Message(
        id=hashlib.sha256(key.encode()).hexdigest()[:32],
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        at=page.at,
    )
