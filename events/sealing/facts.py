"""Every fact a stream of seals may hold (``seal-<year>``, ``sealkey``), with the name it is stored under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from events.record.codec import Stored
from events.vocabulary import Labelled

KEYS = "sealkey"
"""The stream of the keys seals are signed with."""


class Occasion(Labelled):
    """Why a seal was made."""

    DAILY = "daily", "每日封存"
    DOSSIER = "dossier", "导出案卷前封存"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingKeyChosen:
    """启用封存钥匙: from here on seals are signed with this key; the private half is nowhere in the database."""

    public: str
    """Public half (Ed25519), 64 hexadecimal digits."""
    previous: str | None = None
    """Public half of the key it takes the place of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSealed:
    """封存: the root over all facts up to ``size``, signed; also written outside the database."""

    occasion: Occasion
    day: date
    size: int
    root: str
    """Merkle tree head (RFC 6962) over the chain hashes, hexadecimal like all digests here."""
    head: str
    """Chain hash of the fact at ``size``."""
    sealed_at: datetime
    key: str
    """The first 16 digits of the SHA-256 of the public half."""
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealMailed:
    """封存寄出: a seal went to the auditors' addresses, or was refused there."""

    size: int
    """Of the seal in the letter; it speaks for every smaller one."""
    outcome: str
    """sent, kept or refused, as of letters."""
    addresses: tuple[str, ...]
    """With the middle of the local parts blanked out."""
    message_id: str
    reason: str | None = None


SealingFact: TypeAlias = SealingKeyChosen | RecordSealed | SealMailed

FACTS: tuple[Stored, ...] = (
    Stored(name="sealing-key-chosen", type=SealingKeyChosen),
    Stored(name="record-sealed", type=RecordSealed),
    Stored(name="seal-mailed", type=SealMailed),
)


def seals_of(year: int) -> str:
    """The stream of a year's seals: a tick reads one year of them, never all."""
    return f"seal-{year}"
