"""撤回: a bulletin is taken back, before it left the house or after."""

from __future__ import annotations

from dataclasses import dataclass

from events.bulletin.acting import Command, became
from events.bulletin.signing import NUMBER_SCOPE
from events.bulletin.state import PENDING, Bulletin
from events.bulletin.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawBulletin(Command):
    """Take it back, for a reason everybody who got it is told."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinWithdrawn:
    """撤回: it no longer holds; what was written stays on the record."""

    reason: str
    text: str | None = None


def withdraw(command: WithdrawBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:  # noqa: ARG001
    """撤回; a 发文字号 that never left the house may be used again."""
    if not command.reason.strip():
        raise Invalid("撤回要写明理由，收到的单位都会看到；补上再撤回。", code="blank-field", field="reason")
    fact = BulletinWithdrawn(reason=command.reason.strip(), text=command.text)
    unused = bulletin.document_no and bulletin.stage in PENDING
    return became(bulletin, fact, releases=((NUMBER_SCOPE, bulletin.document_no),) if unused else ())
