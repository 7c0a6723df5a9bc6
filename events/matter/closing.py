"""销号、退回销号、重开: striking a matter off after review, and taking that back in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from events.matter.acting import Command, Happened, became
from events.matter.branches import split_from
from events.matter.checking import required
from events.matter.ending import MatterReleased
from events.matter.limits import returned
from events.matter.reporting import reported_on
from events.matter.state import Limit, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision, Draft
from events.refusals import Invalid
from events.vocabulary import BEIJING, Grade, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveWriteOff(Command):
    """Strike the matter off (M055, M061)."""

    grade: Grade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectWriteOff(Command):
    """Send the matter back instead of striking it off."""

    reason: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenMatter(Command):
    """Take an ending back within the time for it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffApproved(Happened):
    """销号: closed; ``closed_late`` stays with the matter for ever."""

    grade: Grade | None = None
    closed_late: bool
    days_late: int
    look_back_on: date | None = None
    """Where the kind asks for a look-back after so many days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffRejected(Happened):
    """退回销号: back to the unit; ``limit`` is the one in force now."""

    reason: str
    reported_on: date
    from_due_on: date | None
    days: int | None
    limit: Limit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReopened(Happened):
    """重开: the ending is taken back; the matter stands where it stood before."""

    reason: str
    from_stage: Stage
    stage: Stage


def approve_write_off(command: ApproveWriteOff, matter: Matter, seen: Surroundings) -> Decision:
    """销号: children first, and the leader's acknowledgement where the kind asks for it."""
    if seen.open_children:
        numbers = "、".join(seen.open_children)
        raise Invalid(f"还有下级事项没有办结：{numbers}；请先办结它们。", code="open-children")
    procedure = seen.procedure(matter.kind)
    if procedure.acknowledgement and matter.leader_acknowledged_at is None:
        raise Invalid("领导尚未阅示，不能办结；请先呈报领导，待领导阅示后再办。", code="not-acknowledged")
    after = procedure.look_back_after_days
    return became(
        matter,
        WriteOffApproved(
            grade=command.grade,
            closed_late=matter.closed_late or matter.days_late_at_report > 0,
            days_late=matter.days_late_at_report,
            look_back_on=seen.counted_on + timedelta(days=after) if after is not None else None,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def reject_write_off(command: RejectWriteOff, matter: Matter, seen: Surroundings) -> Decision:
    """退回销号: back to the unit; the limit moves as for a returned report."""
    limit, days = returned(matter, seen, due_on=command.due_on)
    return became(
        matter,
        WriteOffRejected(
            reason=required(command.reason, "退回理由"),
            reported_on=reported_on(matter, seen),
            from_due_on=matter.due_on,
            days=days,
            limit=limit,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def reopen(command: ReopenMatter, matter: Matter, seen: Surroundings) -> Decision:
    """重开: both facts stay; what was closed late once stays closed late. What it was merged into lets it go.

    Raises Invalid ``parent-ended`` where it would go on under a matter that has ended.
    """
    _refuse_ended_above(matter, seen)
    reopened = MatterReopened(
        reason=required(command.reason, "重开理由"),
        from_stage=matter.stage,
        stage=matter.ended_from or Stage.REGISTERED,
        text=command.text,
        effective_at=seen.effective_at,
    )
    drafts = [Draft(stream=matter.stream, fact=reopened)]
    carrier = seen.others.get(matter.merged_into) if matter.merged_into is not None else None
    if carrier is not None and matter.id in carrier.absorbed:
        released = MatterReleased(merged=matter.id, merged_number=matter.number, merged_title=matter.title)
        drafts.append(Draft(stream=carrier.stream, fact=released))
    return Decision(drafts=tuple(drafts))


def _refuse_ended_above(matter: Matter, seen: Surroundings) -> None:
    """A whole is reopened with its part; any other matter above is reopened first, by itself."""
    here = matter
    while here.parent is not None and (above := seen.others.get(here.parent)) is not None:
        if not above.stage.ended:
            return
        if split_from(here.id) != above.id:
            stage = above.stage.label_for(seen.procedure(above.kind).wording)
            raise Invalid(
                f"上级事项{above.number}“{stage}”，下级不能单独重开；请先重开{above.number}，再重开本件。",
                code="parent-ended",
            )
        here = above


def may_reopen_now(matter: Matter, seen: Surroundings) -> None:
    """Refuses a reopening later than the working days given for it."""
    days = seen.rules.reopen_within_working_days
    ended_on = matter.ended_at.astimezone(BEIJING).date() if matter.ended_at else seen.counted_on
    if seen.calendar.working_days_between(ended_on, seen.counted_on) > days:
        raise Invalid(
            f"本件{ended_on}已了结，超过{days}个工作日不能重开；问题再现的请认定反弹，或另行立项。",
            code="reopen-too-late",
        )
