"""许可表: which command in which stage by whom; the one table that refuses, draws the buttons and prints the docs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from events.matter import (
    approving,
    circulating,
    correcting,
    ending,
    evidencing,
    pressing,
    registering,
    verifying,
)
from events.matter import assigning as a
from events.matter import closing as c
from events.matter import extending as x
from events.matter import leading as le
from events.matter import looking_back as lb
from events.matter import rectifying as r
from events.matter import reporting as rp
from events.matter import suspending as s
from events.matter.acting import Command
from events.matter.authority import Who
from events.matter.permission import (
    ACKNOWLEDGED,
    ASSIGNED,
    CLOSED,
    PLANNING,
    RECTIFYING,
    REVIEW,
    STAYS,
    WORKING,
    Permission,
)
from events.matter.permission import in_stages as _in
from events.matter.permission import row as _row
from events.matter.permitted_within import ROWS as _WITHIN
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.vocabulary import OPEN, Stage

OFFICE, HEAD, UNIT = Who.OFFICE, Who.OFFICE_HEAD, Who.UNIT
_OBJECTABLE = _in(ASSIGNED, ACKNOWLEDGED, RECTIFYING)
_REASSIGNABLE = _in(ASSIGNED, Stage.SUSPENDED) | WORKING
_REOPENABLE = _in(Stage.CLOSED, Stage.CANCELLED, Stage.MERGED, Stage.TRANSFERRED)
_REPORTED = _in(Stage.COMPLETION_REPORTED)
_VERIFYING = _in(Stage.VERIFYING)

# fmt: off
_ROWS = (
    _row("assign", a.AssignMatter, a.assign, "交办", _in(Stage.REGISTERED), "assigned", OFFICE,
         requires=(approving.nothing_pending,)),
    _row("acknowledge", a.AcknowledgeAssignment, a.acknowledge, "签收", _in(ASSIGNED),
         "acknowledged or rectifying", UNIT),
    _row("object", a.ObjectToAssignment, a.object_to, "提出异议", _OBJECTABLE, "objected", UNIT,
         requires=(a.may_object_now,)),
    _row("decide-objection", a.DecideObjection, a.decide_objection, "裁定异议", _in(Stage.OBJECTED),
         "assigned, registered, or the stage before", HEAD, judges=True),
    _row("reassign", a.ReassignMatter, a.reassign, "改派", _REASSIGNABLE, "assigned", OFFICE),
    _row("submit-plan", r.SubmitPlan, r.submit_plan, "报送方案", _in(ACKNOWLEDGED), "planning", UNIT),
    _row("return-plan", r.ReturnPlan, r.return_plan, "退回方案", _in(PLANNING), "acknowledged", OFFICE, judges=True),
    _row("approve-plan", r.ApprovePlan, r.approve_plan, "批准方案", _in(PLANNING), "rectifying", OFFICE, judges=True),
    _row("report-progress", r.ReportProgress, r.report_progress, "报进展", _in(RECTIFYING), STAYS, UNIT),
    _row("request-support", r.RequestSupport, r.request_support, "请示求助", _in(RECTIFYING), STAYS, UNIT),
    _row("answer-support", r.AnswerSupport, r.answer_support, "答复求助", _in(RECTIFYING), STAYS, OFFICE,
         requires=(r.support_asked,), after=r.asked_at),
    _row("request-extension", x.RequestExtension, x.request_extension, "申请延期", WORKING, STAYS, UNIT,
         requires=(x.may_ask_now,)),
    _row("grant-extension", x.GrantExtension, x.grant_extension, "同意延期", WORKING, STAYS, HEAD,
         judges=True, requires=(x.asked,), after=x.asked_at),
    _row("refuse-extension", x.RefuseExtension, x.refuse_extension, "不同意延期", WORKING, STAYS, HEAD,
         judges=True, requires=(x.asked,), after=x.asked_at),
    _row("suspend", s.SuspendMatter, s.suspend, "中止", WORKING, "suspended", HEAD, judges=True),
    _row("resume", s.ResumeMatter, s.resume, "恢复", _in(Stage.SUSPENDED), "the stage before", HEAD, judges=True),
    _row("attach-evidence", evidencing.AttachEvidence, evidencing.attach, "上传佐证", OPEN, STAYS,
         Who.UNIT_VERIFIER_OFFICE, after=registering.registered_at),
    _row("report-completion", rp.ReportCompletion, rp.report_completion, "报结", _in(RECTIFYING),
         "completion_reported", UNIT),
    _row("return-completion", rp.ReturnCompletion, rp.return_completion, "退回报结", _REPORTED, "rectifying", OFFICE,
         judges=True),
    _row("schedule-verification", verifying.ScheduleVerification, verifying.schedule, "派人核查",
         _REPORTED | _VERIFYING, "verifying", OFFICE),
    _row("pass-verification", verifying.PassVerification, verifying.pass_verification, "核查通过", _VERIFYING,
         "write_off_review", Who.SCHEDULED_VERIFIER, judges=True),
    _row("fail-verification", verifying.FailVerification, verifying.fail_verification, "核查不通过", _VERIFYING,
         "rectifying", Who.SCHEDULED_VERIFIER, judges=True),
    _row("approve-write-off", c.ApproveWriteOff, c.approve_write_off, "销号", REVIEW, "closed", HEAD,
         handling_label="办结", judges=True, grave=True),
    _row("reject-write-off", c.RejectWriteOff, c.reject_write_off, "退回整改", REVIEW, "rectifying", HEAD,
         handling_label="退回办理", judges=True),
    _row("reopen", c.ReopenMatter, c.reopen, "重开", _REOPENABLE, "the stage before", HEAD, judges=True, grave=True,
         requires=(c.may_reopen_now,)),
    _row("select-look-back", lb.SelectLookBack, lb.select_look_back, "抽取回头看", CLOSED, STAYS, OFFICE),
    _row("pass-look-back", lb.PassLookBack, lb.pass_look_back, "回头看通过", CLOSED, "confirmed", Who.VERIFIER,
         judges=True, requires=(lb.selected,)),
    _row("find-relapse", lb.FindRelapse, lb.find_relapse, "认定反弹", CLOSED | {Stage.CONFIRMED},
         "relapsed; a new matter registered", Who.VERIFIER_OFFICE, judges=True, grave=True),
    _row("submit-to-leader", le.SubmitToLeader, le.submit_to_leader, "呈报领导", REVIEW, STAYS, OFFICE,
         leader_round=True),
    _row("leader-acknowledge", le.AcknowledgeResult, le.leader_acknowledge, "领导阅示", REVIEW, STAYS, Who.LEADER,
         leader_round=True, judges=True),
    _row("instruct-again", le.InstructAgain, le.instruct_again, "再次批示", REVIEW, "assigned, next round", Who.LEADER,
         leader_round=True, judges=True),
    _row("cancel", ending.CancelMatter, ending.cancel, "撤销", OPEN, "cancelled", HEAD, judges=True, grave=True),
    _row("transfer", ending.TransferMatter, ending.transfer, "移交", OPEN, "transferred", HEAD, judges=True,
         grave=True),
    _row("merge", ending.MergeMatter, ending.merge, "并案", _in(Stage.REGISTERED, ASSIGNED), "merged", OFFICE,
         judges=True, grave=True),
    _row("urge", pressing.UrgeMatter, pressing.urge, "催办", OPEN, STAYS, OFFICE,
         after=registering.registered_at),
    _row("amend", correcting.AmendMatter, correcting.amend, "补充", _in(Stage.REGISTERED), STAYS, OFFICE),
    _row("correct", correcting.CorrectFact, correcting.correct, "更正", frozenset(Stage), STAYS, HEAD, judges=True,
         after=registering.registered_at),
)
# fmt: on

_ALL = (*_ROWS, *_WITHIN)

PERMITTED: Mapping[str, Permission] = {row.name: row for row in _ALL}
"""The commands of ``POST /matters/{id}/{command}``."""

REGISTER = _row(
    "register",
    registering.RegisterMatter,
    registering.register,
    "立项",
    frozenset(),
    "registered",
    OFFICE,
)
"""``POST /matters``, which begins a matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineCommand:
    """What the clock sends; nothing to say is no refusal to it."""

    name: str
    command: type[Command]
    decide: Callable[[Any, Matter, Surroundings], Decision]
    label: str


MACHINE: Mapping[str, MachineCommand] = {
    "remind": MachineCommand(
        name="remind", command=pressing.Remind, decide=pressing.remind, label="按台阶提醒"
    ),
    "recompute-due": MachineCommand(
        name="recompute-due", command=pressing.RecomputeDue, decide=pressing.recompute, label="重算暂定时限"
    ),
    "note-naming": MachineCommand(
        name="note-naming", command=circulating.NoteNaming, decide=circulating.note_naming, label="记录通报"
    ),
}

BY_STAGE: Mapping[Stage, tuple[Permission, ...]] = {
    stage: tuple(row for row in _ALL if stage in row.stages) for stage in Stage
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """One line of the printed table of stages."""

    command: str
    label: str
    stages: tuple[str, ...]
    to: str
    who: str


def printed() -> Iterator[StageRow]:
    """The table as the docs show it, in the contract's order."""
    for row in _ALL:
        label = f"{row.label}／{row.handling_label}" if row.handling_label else row.label
        stages = tuple(stage.value for stage in Stage if stage in row.stages)
        yield StageRow(command=row.name, label=label, stages=stages, to=row.to, who=row.who.label)
