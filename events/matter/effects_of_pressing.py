"""What 催办、提醒、重算 and 更正 change in a matter's state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from events.matter import pressing as p
from events.matter.circulating import MatterNamed
from events.matter.correctable import DUE_ON, PLAN_STEPS, Value, said_by
from events.matter.correcting import FactCorrected
from events.matter.effects import Changes, Effect, counted_at, counted_on, day, limit_set
from events.matter.limits import at_date
from events.matter.state import Limit, Matter, Plan, Rung
from events.record.envelope import Recorded
from events.rules.deadlines import days_late
from events.rules.ladder import Rule
from events.vocabulary import UnitId


def _urged(matter: Matter, recorded: Recorded) -> Changes:
    return {"urged": matter.urged + 1, "last_urged_at": counted_at(recorded)}


def _due(matter: Matter, recorded: Recorded) -> Changes:
    fact: p.DueReminded | p.OverdueReminded = recorded.fact
    return _said(matter, recorded, Rule.LIMIT, anchor=fact.due_on)


def _unsigned(matter: Matter, recorded: Recorded) -> Changes:
    fact: p.UnsignedReminded = recorded.fact
    return _said(matter, recorded, Rule.UNSIGNED, anchor=fact.assigned_on)


def _extension(matter: Matter, recorded: Recorded) -> Changes:
    fact: p.ExtensionReminded = recorded.fact
    return _said(matter, recorded, Rule.EXTENSION, anchor=fact.due_on)


def _verification(matter: Matter, recorded: Recorded) -> Changes:
    fact: p.VerificationReminded = recorded.fact
    return _said(matter, recorded, Rule.VERIFICATION, anchor=fact.reported_on)


def _look_back(matter: Matter, recorded: Recorded) -> Changes:
    fact: p.LookBackReminded = recorded.fact
    return _said(matter, recorded, Rule.LOOK_BACK, anchor=fact.look_back_on)


def _opinion(matter: Matter, recorded: Recorded) -> Changes:
    fact: p.OpinionReminded = recorded.fact
    return _said(matter, recorded, Rule.OPINION, anchor=fact.due_on, units=fact.units)


def _support(matter: Matter, recorded: Recorded) -> Changes:
    fact: p.SupportReminded = recorded.fact
    return _said(matter, recorded, Rule.SUPPORT, anchor=fact.due_on)


def _said(
    matter: Matter, recorded: Recorded, rule: Rule, *, anchor: date, units: tuple[UnitId, ...] | None = None
) -> Changes:
    if units is None:
        units = (matter.lead_unit,) if matter.lead_unit else ()
    slot, on = recorded.fact.slot, day(recorded.recorded_at)
    rung = Rung(rule=rule.value, slot=slot, said_on=on, anchor=anchor, units=units)
    # Those of other anchors stay: a due date may come back, and its rungs are not said again.
    others = (other for other in matter.rungs if (other.rule, other.anchor) != (rule.value, anchor))
    return {"rungs": (*others, rung)}


def _recomputed(matter: Matter, recorded: Recorded) -> Changes:
    fact: p.DueDateRecomputed = recorded.fact
    on = day(recorded.recorded_at)
    return limit_set(matter, fact.limit, recorded, "recomputed", on=on) | _judged_anew(matter, fact.limit)


def _named(matter: Matter, recorded: Recorded) -> Changes:
    fact: MatterNamed = recorded.fact
    return {"named_in": (*matter.named_in, fact.bulletin)}


def _judged_anew(matter: Matter, limit: Limit) -> Changes:
    """A due date that changes under a standing completion report changes how late that report was."""
    if matter.completion_reported_at is None or limit.due_on is None:
        return {}
    late = days_late(limit.due_on, day(matter.completion_reported_at))
    return {"last_completion_due_on": limit.due_on, "days_late_at_report": late}


def _corrected(matter: Matter, recorded: Recorded) -> Changes:
    fact: FactCorrected = recorded.fact
    changes: Changes = {}
    for name, value in fact.new:
        said = said_by(fact.corrected_type, name)
        if said is not None and matter.said_at.get(said, 0) <= fact.position:
            changes |= _put_right(matter, recorded, said, name, value, changes)
    return changes


def _put_right(
    matter: Matter, recorded: Recorded, said: str, name: str, value: Value, so_far: Changes
) -> Changes:
    fact: FactCorrected = recorded.fact
    whole, _, part = said.partition(".")
    if said == DUE_ON:
        return _due_put_right(matter, recorded, date.fromisoformat(str(value)))
    if not part:
        standing = getattr(matter, said)
        return {} if standing is None and said in TRANSIENT else {said: _typed(said, value)}
    if said == PLAN_STEPS:
        plan = so_far.get("plan", matter.plan)
        return {"plan": _step_put_right(plan, name, value)} if plan is not None else {}
    if whole == "plan":
        plan = so_far.get("plan", matter.plan)
        return {"plan": replace(plan, **{part: value})} if plan is not None else {}
    if whole == "extension":
        pending = matter.pending_extension
        rows = so_far.get("extensions", matter.extensions)
        return (
            {"extensions": (*rows[:-1], replace(rows[-1], **{part: _typed(part, value)}))} if pending else {}
        )
    pieces = so_far.get("evidence", matter.evidence)
    return {
        "evidence": tuple(
            replace(piece, **{part: _typed(part, value)}) if piece.id == fact.about else piece
            for piece in pieces
        )
    }


def _step_put_right(plan: Plan, name: str, value: Value) -> Plan:
    """``name`` is ``steps.n.field``, n from 1."""
    _, n, part = name.split(".")
    steps = list(plan.steps)
    steps[int(n) - 1] = replace(steps[int(n) - 1], **{part: _typed(part, value)})
    return replace(plan, steps=tuple(steps))


def _due_put_right(matter: Matter, recorded: Recorded, due_on: date) -> Changes:
    if matter.limit is None or matter.limit.due_on is None:
        return {}
    limit = at_date(
        matter.limit, due_on, start_on=counted_on(recorded), version=matter.limit.procedure_version
    )
    return limit_set(matter, limit, recorded, "corrected") | _judged_anew(matter, limit)


def _typed(name: str, value: Value) -> Any:
    if value is None:
        return None
    if name in DATES:
        return date.fromisoformat(str(value))
    return datetime.fromisoformat(str(value)) if name in MOMENTS else value


DATES = frozenset({"due_on", "forecast_on", "verify_on", "look_back_on", "until"})
MOMENTS = frozenset({"taken_at"})
TRANSIENT = frozenset(
    {
        "objection",
        "support_pending",
        "suspended_reason",
        "returned_reason",
        "verify_on",
        "look_back_on",
        "transferred_to",
    }
)
"""What a later act cleared stays cleared."""

EFFECTS: dict[type[Any], Effect] = {
    p.MatterUrged: _urged,
    p.DueReminded: _due,
    p.OverdueReminded: _due,
    p.UnsignedReminded: _unsigned,
    p.ExtensionReminded: _extension,
    p.VerificationReminded: _verification,
    p.LookBackReminded: _look_back,
    p.OpinionReminded: _opinion,
    p.SupportReminded: _support,
    p.DueDateRecomputed: _recomputed,
    MatterNamed: _named,
    FactCorrected: _corrected,
}
