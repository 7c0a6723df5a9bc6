"""报批的东西: what is proposed inside the house and what became of it, as values of a matter's state."""

from __future__ import annotations

from dataclasses import dataclass

from events.vocabulary import Labelled, UnitId, UserName


class Approval(Labelled):
    """What became of something proposed."""

    PENDING = "pending", "待批"
    APPROVED = "approved", "批准"
    REJECTED = "rejected", "退回"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """拟办意见 as last submitted."""

    text: str
    by: UserName
    lead_unit: UnitId | None = None
    co_units: tuple[UnitId, ...] = ()
    time_limit: str | None = None
    quality_requirement: str | None = None
    approval: Approval = Approval.PENDING
    returned_reason: str | None = None
