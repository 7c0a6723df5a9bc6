"""The track of a matter's life: 立项 … 回头看, with the day of each step done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from events.matter.assigning import AssignmentAcknowledged, MatterAssigned
from events.matter.closing import WriteOffApproved
from events.matter.looking_back import LookBackPassed, RelapseFound
from events.matter.rectifying import PlanApproved
from events.matter.reporting import CompletionReported
from events.matter.state import Matter
from events.matter.verifying import VerificationPassed
from events.record.envelope import Recorded
from events.rules.procedures import HANDLING
from events.vocabulary import Stage
from service.pages.reckoning import last_fact
from service.pages.visiting import Visit
from service.pages.words import beijing, short_day

REACHED = {
    Stage.REGISTERED: 0,
    Stage.ASSIGNED: 1,
    Stage.OBJECTED: 1,
    Stage.ACKNOWLEDGED: 3,
    Stage.PLANNING: 3,
    Stage.RECTIFYING: 4,
    Stage.SUSPENDED: 4,
    Stage.COMPLETION_REPORTED: 5,
    Stage.VERIFYING: 6,
    Stage.WRITE_OFF_REVIEW: 7,
    Stage.CLOSED: 8,
    Stage.CONFIRMED: 9,
    Stage.RELAPSED: 9,
}
"""Which step of the nine is the one at hand."""
PLAN_STEP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackStep:
    """One of the steps of a matter's life; ``make`` is done, now or nothing."""

    label: str
    note: str
    make: str


def track(visit: Visit, matter: Matter, history: Sequence[Recorded]) -> tuple[TrackStep, ...]:
    """立项 … 回头看, with the day of each step done."""
    wording = visit.wording(matter.kind)
    handling = wording == HANDLING
    procedure = visit.runtime.settings.procedures.get(matter.kind)
    labels = (
        ("立项", _on(visit, matter.registered_at.date() if matter.registered_at else None)),
        ("交办", _fact_day(visit, history, MatterAssigned)),
        ("签收", _fact_day(visit, history, AssignmentAcknowledged)),
        ("方案", _fact_day(visit, history, PlanApproved)),
        ("办理" if handling else "整改", ""),
        ("报结", _fact_day(visit, history, CompletionReported)),
        ("核查", _fact_day(visit, history, VerificationPassed)),
        ("办结" if handling else "销号", _fact_day(visit, history, WriteOffApproved)),
        ("回头看", _fact_day(visit, history, LookBackPassed, RelapseFound)),
    )
    stage = matter.stage
    at = REACHED.get(stage, REACHED[matter.ended_from] if matter.ended_from in REACHED else len(labels))
    if stage is Stage.ACKNOWLEDGED and procedure is not None and not procedure.needs_plan:
        at = PLAN_STEP + 1
    steps = []
    for index, (label, note) in enumerate(labels):
        if index == PLAN_STEP and procedure is not None and not procedure.needs_plan and not note:
            continue
        if index < at:
            steps.append(TrackStep(label=label, note=note, make="done"))
        elif index == at and not (stage is Stage.CLOSED and matter.look_back_on is None):
            steps.append(TrackStep(label=stage.label_for(wording), note=_now_note(visit, matter), make="now"))
        else:
            steps.append(TrackStep(label=label, note="", make=""))
    return tuple(steps)


def _now_note(visit: Visit, matter: Matter) -> str:
    if matter.stage is Stage.CLOSED and matter.look_back_on is not None:
        return f"{short_day(matter.look_back_on, visit.day)}前回头看"
    if matter.stage is Stage.VERIFYING and matter.verify_on is not None:
        return f"{short_day(matter.verify_on, visit.day)}去"
    if matter.stage is Stage.RECTIFYING and matter.percent is not None:
        return f"进展 {matter.percent}%"
    return f"{short_day(beijing(matter.stage_at).date(), visit.day)}起" if matter.stage_at else ""


def _fact_day(visit: Visit, history: Sequence[Recorded], *kinds: type[object]) -> str:
    found = last_fact(history, *kinds)
    return _on(visit, beijing(found.recorded_at).date() if found else None)


def _on(visit: Visit, day: date | None) -> str:
    return short_day(day, visit.day) if day else ""
