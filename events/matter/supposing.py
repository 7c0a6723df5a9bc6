"""设想: a matter's recorded facts as they would read under another calendar or other procedures.

What people did stays as they did it, on the same days and by the same path; what rules made of it is reckoned anew.
"""

# ruff: noqa: ARG001 - every supposing has the same shape, whether or not it looks at all of it

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from events.matter import assigning as a
from events.matter import closing as c
from events.matter import extending as x
from events.matter import leading as le
from events.matter import rectifying as re
from events.matter import reporting as rp
from events.matter import suspending as s
from events.matter import verifying as v
from events.matter.acting import Happened
from events.matter.limits import recomputed, resumed, returned, started
from events.matter.state import Limit, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Recorded
from events.refusals import Refusal
from events.rules.deadlines import days_late, read_limit, reckon
from events.rules.procedures import Procedure

Supposing = Callable[[Any, Matter, Surroundings, Mapping[str, Procedure]], Any]
"""A fact, the matter before it, the supposed surroundings, the procedures as they are → the fact as supposed."""


def supposed(
    recorded: Recorded, matter: Matter, seen: Surroundings, standing: Mapping[str, Procedure]
) -> Recorded:
    """The fact as it would read; itself where no rule had a part in it.

    ``standing`` are the procedures as configured: a limit that reads as their preset does counts as preset.
    """
    suppose = SUPPOSED.get(type(recorded.fact))
    if suppose is None:
        return recorded
    effective = replace(seen, effective_at=recorded.fact.effective_at)
    fact = suppose(recorded.fact, matter, effective, standing)
    return Recorded(**{name: getattr(recorded, name) for name in _ENVELOPE} | {"fact": fact})


def refusal(recorded: Recorded, matter: Matter, seen: Surroundings) -> Refusal | None:
    """Why an act would not be admitted; None where it would, or where nothing of it rests on a rule one can change."""
    admit = _ADMITTED.get(type(recorded.fact))
    if admit is None:
        return None
    try:
        admit(recorded.fact, matter, replace(seen, effective_at=recorded.fact.effective_at))
    except Refusal as refused:
        return refused
    return None


def _given(fact: Any, matter: Matter, seen: Surroundings, standing: Mapping[str, Procedure]) -> Any:
    limit: Limit | None = fact.limit
    if limit is None or limit.time_limit is None:
        return fact
    words = _words(limit.time_limit, matter, seen, standing)
    if words == limit.time_limit:
        return replace(fact, limit=recomputed(limit, seen.calendar))
    due = reckon(read_limit(words), start=seen.counted_on, calendar=seen.calendar, starts=limit.starts)
    runs = limit.start_on is not None
    fresh = replace(
        limit,
        time_limit=words,
        due_on=due.due_on if runs else None,
        provisional=due.provisional and runs,
        in_working_days=due.in_working_days,
        calendar_versions=due.calendar_versions if runs else (),
        procedure_version=seen.procedure(matter.kind).version,
    )
    return replace(fact, limit=fresh)


def _words(words: str, matter: Matter, seen: Surroundings, standing: Mapping[str, Procedure]) -> str:
    procedure = standing.get(matter.kind)
    if procedure is None or words != procedure.preset_limit(matter.urgency):
        return words
    return seen.procedure(matter.kind).preset_limit(matter.urgency) or words


def _recomputed(fact: Any, matter: Matter, seen: Surroundings, _: Mapping[str, Procedure]) -> Any:
    """A limit somebody named in words, whatever the preset."""
    return replace(fact, limit=recomputed(fact.limit, seen.calendar))


def _acknowledged(
    fact: a.AssignmentAcknowledged, matter: Matter, seen: Surroundings, _: Mapping[str, Procedure]
) -> a.AssignmentAcknowledged:
    waits = matter.limit is not None and matter.limit.due_on is None
    return replace(fact, limit=started(matter.limit, matter, seen) if waits and matter.limit else None)


def _extended(
    fact: x.ExtensionGranted, matter: Matter, seen: Surroundings, _: Mapping[str, Procedure]
) -> x.ExtensionGranted:
    """A day granted stays; where the supposed limit is later already, that one stays."""
    due_on = matter.due_on or fact.from_due_on
    return replace(fact, from_due_on=due_on, until=max(fact.until, due_on))


def _asked(
    fact: x.ExtensionRequested, matter: Matter, seen: Surroundings, _: Mapping[str, Procedure]
) -> x.ExtensionRequested:
    return replace(fact, due_on=matter.due_on or fact.due_on)


def _resumed(
    fact: s.MatterResumed, matter: Matter, seen: Surroundings, _: Mapping[str, Procedure]
) -> s.MatterResumed:
    limit, days = resumed(matter, seen)
    return replace(fact, limit=limit, days=days, from_due_on=matter.due_on)


def _reported(
    fact: rp.CompletionReported, matter: Matter, seen: Surroundings, _: Mapping[str, Procedure]
) -> rp.CompletionReported:
    due_on = matter.due_on
    late = days_late(due_on, fact.reported_on) if due_on is not None else 0
    return replace(fact, due_on=due_on, days_late=late)


def _sent_back(fact: Any, matter: Matter, seen: Surroundings, _: Mapping[str, Procedure]) -> Any:
    if fact.days is None:  # the office named the day
        return replace(fact, from_due_on=matter.due_on)
    limit, days = returned(matter, seen, due_on=None)
    return replace(fact, from_due_on=matter.due_on, limit=limit, days=days)


def _closed(
    fact: c.WriteOffApproved, matter: Matter, seen: Surroundings, standing: Mapping[str, Procedure]
) -> c.WriteOffApproved:
    late = matter.days_late_at_report
    fresh = replace(fact, days_late=late, closed_late=matter.closed_late or late > 0)
    before, after = standing.get(matter.kind), seen.procedure(matter.kind).look_back_after_days
    if before is None or before.look_back_after_days == after:
        return fresh
    look_back_on = seen.counted_on + timedelta(days=after) if after is not None else None
    return replace(fresh, look_back_on=look_back_on)


def _help_asked(
    fact: re.SupportRequested, matter: Matter, seen: Surroundings, _: Mapping[str, Procedure]
) -> re.SupportRequested:
    return replace(fact, due_on=re.answer_due_on(matter, seen))


def _help_answered(
    fact: re.SupportAnswered, matter: Matter, seen: Surroundings, _: Mapping[str, Procedure]
) -> re.SupportAnswered:
    return replace(fact, due_on=matter.support_due_on, days_late=re.answer_days_late(matter, seen))


def _may_ask(fact: x.ExtensionRequested, matter: Matter, seen: Surroundings) -> None:
    x.may_ask_now(matter, seen)
    x.request_extension(x.RequestExtension(until=fact.until, reason=fact.reason), matter, seen)


_ENVELOPE = Recorded.__struct_fields__
SUPPOSED: Mapping[type[Happened], Supposing] = {
    a.MatterAssigned: _given,
    a.MatterReassigned: _given,
    a.ObjectionUpheld: _given,
    le.LeaderInstructedAgain: _recomputed,
    a.AssignmentAcknowledged: _acknowledged,
    re.SupportRequested: _help_asked,
    re.SupportAnswered: _help_answered,
    x.ExtensionRequested: _asked,
    x.ExtensionGranted: _extended,
    s.MatterResumed: _resumed,
    rp.CompletionReported: _reported,
    rp.CompletionReturned: _sent_back,
    v.VerificationFailed: _sent_back,
    c.WriteOffRejected: _sent_back,
    c.WriteOffApproved: _closed,
}
"""Fact → how rules had a part in it. 重算 (DueDateRecomputed) and reminders are the clock's: it speaks anew."""

Admitting = Callable[[Any, Matter, Surroundings], object]
_ADMITTED: Mapping[type[Happened], Admitting] = {
    a.AssignmentObjected: lambda _, matter, seen: a.may_object_now(matter, seen),
    x.ExtensionRequested: _may_ask,
    x.ExtensionGranted: lambda fact, matter, seen: x.grant_extension(
        x.GrantExtension(until=fact.until), matter, seen
    ),
    rp.CompletionReported: lambda fact, matter, seen: rp.report_completion(
        rp.ReportCompletion(text=fact.text), matter, seen
    ),
    c.WriteOffApproved: lambda _, matter, seen: c.approve_write_off(c.ApproveWriteOff(), matter, seen),
    c.MatterReopened: lambda _, matter, seen: c.may_reopen_now(matter, seen),
}
"""Acts that days, checklists and numbers of times decide on."""
