"""Every fact a letter's stream may hold, with the name it is stored under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.record.codec import Stored
from events.vocabulary import BulletinId, Labelled, MatterId, PersonId, Role, UnitId, UserName


class Outcome(Labelled):
    """What a letter's way ended in."""

    SENT = "sent", "已发出"
    KEPT = "kept", "已存档未外发"
    REFUSED = "refused", "对方拒收"
    GAVE_UP = "gave_up", "多次发送未成"
    OVERTAKEN = "overtaken", "事项已变，未再发"
    NO_ADDRESS = "no_address", "无收件人"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHandedOver:
    """送达结果: what became of one letter on stream ``letter-<id>``; it is its first and mostly its only fact."""

    outcome: Outcome
    rule: str
    """The rule it was written under (assigned, due, overdue, digest …)."""
    slot: str
    """The rung's day or the period, part of the letter's natural key."""
    channel: str
    """email or inbox."""
    matter: MatterId | None = None
    """The matter it speaks of, whose timeline shows it; None for a letter about many."""
    unit: UnitId | None = None
    role: Role | None = None
    """The post (unit and role) it was addressed to; None where it went to a person outright."""
    holder: PersonId | None = None
    """Who held the post when it was handed over; None where nobody did."""
    address: str | None = None
    """The address, with the middle of its local part blanked out."""
    message_id: str | None = None
    digest: str | None = None
    """Id of the digest letter it went out in."""
    attempts: int = 1
    reason: str | None = None
    """What the other side said, for refused and gave_up."""
    bulletin: BulletinId | None = None
    """The bulletin it speaks of; ``matter`` is None then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRead:
    """已阅: the addressee opened the letter in the service."""

    by: UserName
    matter: MatterId | None = None
    bulletin: BulletinId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPrinted:
    """纸质送达: printed in a batch with a hand-over list, for a unit no other way reaches."""

    batch: str
    matter: MatterId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReceived:
    """送达回执: somebody signed for the printed letter; the office entered it from the list."""

    by: str
    """The name on the list."""
    received_on: date
    matter: MatterId | None = None


LetterFact: TypeAlias = LetterHandedOver | LetterRead | LetterPrinted | LetterReceived

FACTS: tuple[Stored, ...] = (
    Stored(name="letter-handed-over", type=LetterHandedOver),
    Stored(name="letter-read", type=LetterRead),
    Stored(name="letter-printed", type=LetterPrinted),
    Stored(name="letter-received", type=LetterReceived),
)


def letter_stream(letter: str) -> str:
    """The stream a letter's facts are written to."""
    return f"letter-{letter}"


def masked(address: str) -> str:
    """An e-mail address as the record keeps it: ``zhangsan@x.gov.cn`` becomes ``z***n@x.gov.cn``."""
    local, at, domain = address.rpartition("@")
    if not at:
        return "***"
    return f"{local[:1]}***{local[-1:] if len(local) > 2 else ''}@{domain}"
