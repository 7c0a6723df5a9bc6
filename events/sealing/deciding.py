"""封存: once a day, and before a dossier leaves, everything so far is put under one signed root."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from events.record.envelope import Decision, Draft
from events.refusals import Conflict
from events.sealing.facts import KEYS, Occasion, RecordSealed, SealingKeyChosen, seals_of
from events.sealing.folding import Seals
from events.sealing.statement import Statement


class SigningKey(Protocol):
    """A key pair at hand. Ed25519 signatures are a function of key and bytes alone."""

    @property
    def public(self) -> str:
        """The public half, hexadecimal."""
        ...

    @property
    def id(self) -> str:
        """The first 16 digits of the SHA-256 of the public half."""
        ...

    def sign(self, data: bytes) -> str:
        """The signature, hexadecimal."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The record as far as it is sealed."""

    record: str
    algorithm: str
    size: int
    root: str
    head: str


def seal(
    seals: Seals, keys: Seals, *, occasion: Occasion, day: date, at: datetime, end: End, key: SigningKey
) -> Decision:
    """Seals what there is; nothing where the day has its seal already.

    The record's first seal also says which key it is signed with. Raises Conflict ``wrong-seal-key`` for another key.
    """
    if occasion is Occasion.DAILY and seals.last_day is not None and seals.last_day >= day:
        return Decision(drafts=())
    if keys.keys and keys.keys[-1] != key.public:
        raise Conflict(
            f"封存钥匙不对：记录启用的是 {keys.keys[-1]}，钥匙文件里是 {key.public}；"
            "放回原来的钥匙文件，原件已失就运行 duban key --renew 启用新钥匙。",
            code="wrong-seal-key",
        )
    said = Statement(
        record=end.record,
        algorithm=end.algorithm,
        size=end.size,
        root=end.root,
        head=end.head,
        day=day,
        sealed_at=at,
        key=key.id,
    )
    fact = RecordSealed(
        occasion=occasion,
        day=day,
        size=end.size,
        root=end.root,
        head=end.head,
        sealed_at=at,
        key=key.id,
        signature=key.sign(said.signed()),
    )
    chosen = () if keys.keys else (Draft(stream=KEYS, fact=SealingKeyChosen(public=key.public)),)
    return Decision(drafts=(*chosen, Draft(stream=seals_of(day.year), fact=fact)))


def choose_key(keys: Seals, public: str) -> Decision:
    """Another key comes into use. Raises Conflict where it is in use already."""
    if keys.keys and keys.keys[-1] == public:
        raise Conflict("这把钥匙正在用，不用换。", code="key-in-use")
    previous = keys.keys[-1] if keys.keys else None
    return Decision(drafts=(Draft(stream=KEYS, fact=SealingKeyChosen(public=public, previous=previous)),))


def statement_of(fact: RecordSealed, record: str, algorithm: str) -> Statement:
    """What a seal's signature is over."""
    return Statement(
        record=record,
        algorithm=algorithm,
        size=fact.size,
        root=fact.root,
        head=fact.head,
        day=fact.day,
        sealed_at=fact.sealed_at,
        key=fact.key,
    )
