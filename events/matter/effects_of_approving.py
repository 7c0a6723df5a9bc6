"""What 立项审批 and 拟办意见 change in a matter's state."""

# ruff: noqa: ARG001 - every effect has the same shape, whether or not it looks at all of it

from __future__ import annotations

from dataclasses import replace
from typing import Any

from events.matter import approving
from events.matter.effects import Changes, Effect
from events.matter.proposals import Approval, Proposal
from events.matter.state import Matter
from events.record.envelope import Recorded
from events.vocabulary import UserName


def _proposed(matter: Matter, recorded: Recorded) -> Changes:
    return {"approval": Approval.PENDING}


def _approved(matter: Matter, recorded: Recorded) -> Changes:
    return {"approval": Approval.APPROVED, "rejected_reason": None}


def _rejected(matter: Matter, recorded: Recorded) -> Changes:
    fact: approving.RegistrationRejected = recorded.fact
    return {"approval": Approval.REJECTED, "rejected_reason": fact.reason}


def _handling(matter: Matter, recorded: Recorded) -> Changes:
    fact: approving.HandlingProposed = recorded.fact
    proposal = Proposal(
        text=fact.text,
        by=UserName(recorded.actor),
        lead_unit=fact.lead_unit,
        co_units=fact.co_units,
        time_limit=fact.time_limit,
        quality_requirement=fact.quality_requirement,
    )
    return {"proposal": proposal}


def _handling_approved(matter: Matter, recorded: Recorded) -> Changes:
    return _settled(matter, Approval.APPROVED, None)


def _handling_returned(matter: Matter, recorded: Recorded) -> Changes:
    fact: approving.HandlingReturned = recorded.fact
    return _settled(matter, Approval.REJECTED, fact.reason)


def _settled(matter: Matter, approval: Approval, reason: str | None) -> Changes:
    if matter.proposal is None:
        return {}
    return {"proposal": replace(matter.proposal, approval=approval, returned_reason=reason)}


EFFECTS: dict[type[Any], Effect] = {
    approving.RegistrationProposed: _proposed,
    approving.RegistrationApproved: _approved,
    approving.RegistrationRejected: _rejected,
    approving.HandlingProposed: _handling,
    approving.HandlingApproved: _handling_approved,
    approving.HandlingReturned: _handling_returned,
}
