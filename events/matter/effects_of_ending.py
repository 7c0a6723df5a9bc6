"""What the facts from 退回、核查、销号 to 回头看 and the other endings change in a matter's state."""

# ruff: noqa: ARG001 - every effect has the same shape, whether or not it looks at all of it

from __future__ import annotations

from typing import Any

from events.matter import closing as c
from events.matter import ending, verifying
from events.matter import leading as le
from events.matter import looking_back as lb
from events.matter import reporting as rp
from events.matter.effects import Changes, Effect, counted_at, counted_on, extensions_lapsed, limit_set
from events.matter.effects_of_working import begun_anew, parts_of
from events.matter.state import Limit, Matter
from events.record.envelope import Recorded
from events.vocabulary import Stage


def _completion_returned(matter: Matter, recorded: Recorded) -> Changes:
    fact: rp.CompletionReturned = recorded.fact
    return _sent_back(matter, recorded, fact.reason, fact.limit)


def _sent_back(matter: Matter, recorded: Recorded, reason: str, limit: Limit | None) -> Changes:
    return {
        "stage": Stage.RECTIFYING,
        "completion_reported_at": None,
        "days_late_at_report": 0,
        "returned_reason": reason,
        "returned_at": counted_at(recorded),
        "evidence_counted_from": len(matter.evidence),
        "verifier": None,
        "verify_on": None,
        **_unverified(),
        **limit_set(matter, limit, recorded, "returned"),
    }


def _unverified() -> Changes:
    return {"verification_passed": False, "submitted_to_leader_at": None, "leader_acknowledged_at": None}


def _scheduled(matter: Matter, recorded: Recorded) -> Changes:
    fact: verifying.VerificationScheduled = recorded.fact
    return {"stage": Stage.VERIFYING, "verifier": fact.verifier, "verify_on": fact.on}


def _verified(matter: Matter, recorded: Recorded) -> Changes:
    return {"stage": Stage.WRITE_OFF_REVIEW, "verifier_user": recorded.actor, "verification_passed": True}


def _verification_failed(matter: Matter, recorded: Recorded) -> Changes:
    fact: verifying.VerificationFailed = recorded.fact
    return {
        **_sent_back(matter, recorded, fact.findings, fact.limit),
        "verifier_user": recorded.actor,
        "failures": (*matter.failures, fact.kind),
    }


def _closed(matter: Matter, recorded: Recorded) -> Changes:
    fact: c.WriteOffApproved = recorded.fact
    return {
        **_ended(matter, recorded, Stage.CLOSED),
        "closed_at": counted_at(recorded),
        "closed_by": recorded.actor,
        "grade": fact.grade,
        "ever_closed": True,
        "closed_late": matter.closed_late or fact.closed_late,
        "look_back_on": fact.look_back_on,
        "look_back_selected_on": counted_on(recorded) if fact.look_back_on is not None else None,
    }


def _ended(matter: Matter, recorded: Recorded, stage: Stage) -> Changes:
    return {
        "stage": stage,
        "ended_from": matter.stage,
        "ended_at": counted_at(recorded),
        **extensions_lapsed(matter),
    }


def _write_off_rejected(matter: Matter, recorded: Recorded) -> Changes:
    fact: c.WriteOffRejected = recorded.fact
    return _sent_back(matter, recorded, fact.reason, fact.limit)


def _reopened(matter: Matter, recorded: Recorded) -> Changes:
    fact: c.MatterReopened = recorded.fact
    return {
        "stage": fact.stage,
        "ended_from": None,
        "ended_at": None,
        "closed_at": None,
        "closed_by": None,
        "grade": None,
        "ever_closed": False,
        "look_back_on": None,
        "look_back_selected_on": None,
        "merged_into": None,
        "transferred_kind": None,
        "transferred_to": None,
    }


def _look_back_selected(matter: Matter, recorded: Recorded) -> Changes:
    fact: lb.LookBackSelected = recorded.fact
    return {"look_back_on": fact.due_on, "look_back_selected_on": counted_on(recorded)}


def _look_back_passed(matter: Matter, recorded: Recorded) -> Changes:
    return {"stage": Stage.CONFIRMED, "look_back_passed_at": counted_at(recorded)}


def _relapsed(matter: Matter, recorded: Recorded) -> Changes:
    fact: lb.RelapseFound = recorded.fact
    return {"stage": Stage.RELAPSED, "relapse_matter": fact.relapse_matter}


def _submitted(matter: Matter, recorded: Recorded) -> Changes:
    return {"submitted_to_leader_at": counted_at(recorded)}


def _leader_acknowledged(matter: Matter, recorded: Recorded) -> Changes:
    return {"leader_acknowledged_at": counted_at(recorded)}


def _instructed_again(matter: Matter, recorded: Recorded) -> Changes:
    fact: le.LeaderInstructedAgain = recorded.fact
    units = (matter.lead_unit, *matter.co_units) if matter.lead_unit is not None else matter.co_units
    return {
        **_sent_back(matter, recorded, fact.text, None),
        **begun_anew(matter, recorded, units),
        "helping": parts_of(matter.co_units, fact.limit.due_on),
        "round": fact.round,
        "instructing_leader": recorded.actor,
        **limit_set(matter, fact.limit, recorded, "instructed-again"),
    }


def _cancelled(matter: Matter, recorded: Recorded) -> Changes:
    return _ended(matter, recorded, Stage.CANCELLED)


def _transferred(matter: Matter, recorded: Recorded) -> Changes:
    fact: ending.MatterTransferred = recorded.fact
    return {
        **_ended(matter, recorded, Stage.TRANSFERRED),
        "transferred_kind": fact.kind,
        "transferred_to": fact.to,
    }


def _merged(matter: Matter, recorded: Recorded) -> Changes:
    fact: ending.MatterMerged = recorded.fact
    return {**_ended(matter, recorded, Stage.MERGED), "merged_into": fact.into}


def _absorbed(matter: Matter, recorded: Recorded) -> Changes:
    fact: ending.MatterAbsorbed = recorded.fact
    return {"absorbed": (*matter.absorbed, fact.merged)}


def _released(matter: Matter, recorded: Recorded) -> Changes:
    fact: ending.MatterReleased = recorded.fact
    return {"absorbed": tuple(merged for merged in matter.absorbed if merged != fact.merged)}


def _instructed(matter: Matter, recorded: Recorded) -> Changes:
    return {}


EFFECTS: dict[type[Any], Effect] = {
    rp.CompletionReturned: _completion_returned,
    verifying.VerificationScheduled: _scheduled,
    verifying.VerificationPassed: _verified,
    verifying.VerificationFailed: _verification_failed,
    c.WriteOffApproved: _closed,
    c.WriteOffRejected: _write_off_rejected,
    c.MatterReopened: _reopened,
    lb.LookBackSelected: _look_back_selected,
    lb.LookBackPassed: _look_back_passed,
    lb.RelapseFound: _relapsed,
    le.ResultSubmitted: _submitted,
    le.LeaderAcknowledged: _leader_acknowledged,
    le.LeaderInstructed: _instructed,
    le.LeaderInstructedAgain: _instructed_again,
    ending.MatterCancelled: _cancelled,
    ending.MatterTransferred: _transferred,
    ending.MatterMerged: _merged,
    ending.MatterAbsorbed: _absorbed,
    ending.MatterReleased: _released,
}
