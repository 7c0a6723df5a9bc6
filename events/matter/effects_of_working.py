"""What the facts from 立项 to 报结 change in a matter's state."""

# ruff: noqa: ARG001 - every effect has the same shape, whether or not it looks at all of it

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from events.matter import assigning as a
from events.matter import correcting, evidencing, registering, withdrawing
from events.matter import rectifying as r
from events.matter import reporting as rp
from events.matter import suspending as s
from events.matter.assigning import MatterAssigned, MatterReassigned
from events.matter.branches import Helping
from events.matter.effects import (
    Changes,
    Effect,
    counted_at,
    counted_on,
    extensions_lapsed,
    handled,
    limit_set,
    rungs_kept,
)
from events.matter.proposals import Approval
from events.matter.state import Matter, Plan, Withdrawal
from events.matter.supports import Support, lapsed
from events.record.envelope import Recorded
from events.vocabulary import Stage, UnitId, Urgency, UserName


def _registered(matter: Matter, recorded: Recorded) -> Changes:
    fact: registering.MatterRegistered = recorded.fact
    return {
        "stage": Stage.REGISTERED,
        "number": fact.number,
        "kind": fact.kind,
        "title": fact.title,
        "source": fact.source,
        "source_no": fact.source_no,
        "problem": fact.problem,
        "place": fact.place,
        "object": fact.object,
        "urgency": fact.urgency,
        "parent": fact.parent,
        "chief_leader": fact.chief_leader,
        "basis": fact.basis,
        "relapse_of": fact.relapse_of,
        "handler": fact.handler,
        "registered_at": counted_at(recorded),
        "registered_by": recorded.actor,
    }


def _amended(matter: Matter, recorded: Recorded) -> Changes:
    fact: correcting.MatterAmended = recorded.fact
    changes: Changes = dict(fact.new)
    if "urgency" in changes:
        changes["urgency"] = next((urgency for urgency in Urgency if urgency == changes["urgency"]), None)
    if matter.approval is Approval.REJECTED:
        changes["approval"] = (
            Approval.PENDING
        )  # amended after it came back, it lies before the approver again
    return changes


def _assigned(matter: Matter, recorded: Recorded) -> Changes:
    fact: MatterAssigned = recorded.fact
    return _handed_to(matter, recorded, fact) | limit_set(matter, fact.limit, recorded, "assigned")


def _reassigned(matter: Matter, recorded: Recorded) -> Changes:
    fact: MatterReassigned = recorded.fact
    return _handed_to(matter, recorded, fact) | limit_set(matter, fact.limit, recorded, "reassigned")


def _handed_to(matter: Matter, recorded: Recorded, fact: MatterAssigned | MatterReassigned) -> Changes:
    return {
        "lead_unit": fact.lead_unit,
        "co_units": fact.co_units,
        "helping": parts_of(fact.co_units, fact.co_due_on),
        "person": fact.person,
        "quality_requirement": fact.quality_requirement,
        "assessment_rule": fact.assessment_rule,
        **begun_anew(matter, recorded, (fact.lead_unit, *fact.co_units)),
    }


def parts_of(units: tuple[UnitId, ...], due_on: date | None) -> tuple[Helping, ...]:
    """What every co-unit begins with."""
    return tuple(Helping(unit=unit, due_on=due_on) for unit in units) if units else ()


def begun_anew(matter: Matter, recorded: Recorded, units: tuple[UnitId, ...]) -> Changes:
    """What every assignment starts from, be it the first, another unit's or another round's."""
    at = counted_at(recorded)
    return {
        "stage": Stage.ASSIGNED,
        "assigned_at": at,
        "assigned_by": recorded.actor,
        "first_assigned_on": matter.first_assigned_on or counted_on(recorded),
        "handling_units": matter.handling_units.union(units),
        "acknowledged_at": None,
        "stage_before": None,
        "objected_at": None,
        "objection": None,
        "suspended_at": None,
        "suspended_reason": None,
        "plan": None,
        **support_lapsed(matter),
        "percent": None,
        "quantity": None,
        "forecast_on": None,
        **rungs_kept(matter, units, since=counted_on(recorded)),
        **extensions_lapsed(matter),
    }


def _acknowledged(matter: Matter, recorded: Recorded) -> Changes:
    fact: a.AssignmentAcknowledged = recorded.fact
    return {
        "stage": fact.stage,
        "acknowledged_at": counted_at(recorded),
        "first_acknowledged_on": matter.first_acknowledged_on or counted_on(recorded),
        **limit_set(matter, fact.limit, recorded, "acknowledged"),
        **handled(matter, recorded),
    }


def _objected(matter: Matter, recorded: Recorded) -> Changes:
    fact: a.AssignmentObjected = recorded.fact
    return {
        "stage": Stage.OBJECTED,
        "stage_before": matter.stage,
        "objected_at": counted_at(recorded),
        "objection": fact.reason,
        **handled(matter, recorded),
    }


def _upheld(matter: Matter, recorded: Recorded) -> Changes:
    fact: a.ObjectionUpheld = recorded.fact
    if fact.to_unit is not None:
        return {
            **begun_anew(matter, recorded, (fact.to_unit, *fact.co_units)),
            "lead_unit": fact.to_unit,
            "co_units": fact.co_units,
            "helping": parts_of(fact.co_units, fact.co_due_on),
            "person": None,
            **limit_set(matter, fact.limit, recorded, "objection-upheld"),
        }
    return _unassigned(matter, recorded)


def _recalled(matter: Matter, recorded: Recorded) -> Changes:
    return _unassigned(matter, recorded)


def _unassigned(matter: Matter, recorded: Recorded) -> Changes:
    return {
        **begun_anew(matter, recorded, ()),
        "stage": Stage.REGISTERED,
        "lead_unit": None,
        "co_units": (),
        "helping": (),
        "person": None,
        "quality_requirement": None,
        "assessment_rule": None,
        "assigned_at": None,
        "assigned_by": None,
        "limit": None,
    }


def _dismissed(matter: Matter, recorded: Recorded) -> Changes:
    fact: a.ObjectionDismissed = recorded.fact
    return {"stage": fact.stage, "stage_before": None, "objected_at": None, "objection": None}


def _plan_submitted(matter: Matter, recorded: Recorded) -> Changes:
    fact: r.PlanSubmitted = recorded.fact
    plan = Plan(measures=fact.measures, goal=fact.goal, steps=fact.steps, submitted_on=counted_on(recorded))
    return {"stage": Stage.PLANNING, "plan": plan, "plan_or_progress": True, **handled(matter, recorded)}


def _plan_returned(matter: Matter, recorded: Recorded) -> Changes:
    return {"stage": Stage.ACKNOWLEDGED}


def _plan_approved(matter: Matter, recorded: Recorded) -> Changes:
    plan = replace(matter.plan, approved_on=counted_on(recorded)) if matter.plan is not None else None
    return {"stage": Stage.RECTIFYING, "plan": plan}


def _progress(matter: Matter, recorded: Recorded) -> Changes:
    fact: r.ProgressReported = recorded.fact
    changes: Changes = {"last_progress_at": counted_at(recorded), "plan_or_progress": True}
    if fact.percent is not None:
        changes["percent"] = fact.percent
    if fact.quantity is not None:
        changes["quantity"] = fact.quantity
    if fact.forecast_on is not None:
        changes["forecast_on"] = fact.forecast_on
    return changes | handled(matter, recorded)


def _support_requested(matter: Matter, recorded: Recorded) -> Changes:
    fact: r.SupportRequested = recorded.fact
    asked_at = counted_at(recorded)
    asked = Support(text=fact.text, asked_at=asked_at, due_on=fact.due_on)
    return {
        "support_pending": fact.text,
        "support_asked_at": asked_at,
        "support_due_on": fact.due_on,
        "supports": (*matter.supports, asked),
        **handled(matter, recorded),
    }


def _support_answered(matter: Matter, recorded: Recorded) -> Changes:
    fact: r.SupportAnswered = recorded.fact
    by, at = UserName(recorded.actor), counted_at(recorded)
    supports = tuple(
        replace(one, answered_at=at, answered_by=by, answer=fact.text, days_late=fact.days_late)
        if one.waits
        else one
        for one in matter.supports
    )
    return {**_NO_SUPPORT, "supports": supports}


_NO_SUPPORT: Changes = {"support_pending": None, "support_asked_at": None, "support_due_on": None}


def support_lapsed(matter: Matter) -> Changes:
    """A request nobody waits for any more falls away unanswered."""
    return {**_NO_SUPPORT, "supports": lapsed(matter.supports)} if matter.support_pending else {**_NO_SUPPORT}


def _suspended(matter: Matter, recorded: Recorded) -> Changes:
    fact: s.MatterSuspended = recorded.fact
    return {
        "stage": Stage.SUSPENDED,
        "stage_before": matter.stage,
        "suspended_at": counted_at(recorded),
        "suspended_reason": fact.reason,
    }


def _resumed(matter: Matter, recorded: Recorded) -> Changes:
    fact: s.MatterResumed = recorded.fact
    return {
        "stage": fact.stage,
        "stage_before": None,
        "suspended_at": None,
        "suspended_reason": None,
        **limit_set(matter, fact.limit, recorded, "resumed"),
    }


def _evidence(matter: Matter, recorded: Recorded) -> Changes:
    fact: evidencing.EvidenceAttached = recorded.fact
    return {"evidence": (*matter.evidence, fact.evidence), **handled(matter, recorded)}


def _evidence_withdrawn(matter: Matter, recorded: Recorded) -> Changes:
    fact: withdrawing.EvidenceWithdrawn = recorded.fact
    gone = Withdrawal(
        evidence=fact.evidence, at=recorded.recorded_at, by=UserName(recorded.actor), reason=fact.reason
    )
    return {"withdrawn": (*matter.withdrawn, gone), **handled(matter, recorded)}


def _completion_reported(matter: Matter, recorded: Recorded) -> Changes:
    fact: rp.CompletionReported = recorded.fact
    return {
        "stage": Stage.COMPLETION_REPORTED,
        "completion_reported_at": counted_at(recorded),
        "last_completion_on": fact.reported_on,
        "last_completion_due_on": fact.due_on,
        "days_late_at_report": fact.days_late,
        "returned_reason": None,
        "returned_at": None,
        **support_lapsed(matter),
        **handled(matter, recorded),
    }


EFFECTS: dict[type[Any], Effect] = {
    registering.MatterRegistered: _registered,
    correcting.MatterAmended: _amended,
    a.MatterAssigned: _assigned,
    a.MatterReassigned: _reassigned,
    a.AssignmentAcknowledged: _acknowledged,
    a.AssignmentObjected: _objected,
    a.ObjectionUpheld: _upheld,
    a.ObjectionDismissed: _dismissed,
    r.PlanSubmitted: _plan_submitted,
    r.PlanReturned: _plan_returned,
    r.PlanApproved: _plan_approved,
    r.ProgressReported: _progress,
    r.SupportRequested: _support_requested,
    r.SupportAnswered: _support_answered,
    s.MatterSuspended: _suspended,
    s.MatterResumed: _resumed,
    evidencing.EvidenceAttached: _evidence,
    rp.CompletionReported: _completion_reported,
    withdrawing.AssignmentRecalled: _recalled,
    withdrawing.EvidenceWithdrawn: _evidence_withdrawn,
}
