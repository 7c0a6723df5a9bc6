"""What people may be made to do: every command with fields a seeded chance chooses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from events.matter import (
    approving,
    closing,
    correcting,
    desk,
    ending,
    extending,
    helping,
    leading,
    looking_back,
    pressing,
    rectifying,
    reporting,
    suspending,
    verifying,
)
from events.matter import assigning as a
from events.matter.acting import Command
from events.matter.state import PlanStep
from events.rules.procedures import PRESETS
from events.vocabulary import (
    FailureKind,
    PersonId,
    Starts,
    TransferKind,
    Urgency,
)
from tests.projections.staff import CLERK, HEAD, TOWNS, VERIFIERS


def some_registration(chance: Random) -> dict[str, Any]:
    """Fields of a matter of any kind."""
    kind = chance.choice(tuple(PRESETS))
    return {
        "title": chance.choice(("ＡＢＣ厂排污", "abc厂噪声", "学校围墙", "五十％完成_率")),
        "kind": kind,
        "source": chance.choice(("专项督查", "群众来信")),
        "problem": chance.choice(("河道边堆放垃圾", "墙体开裂", "夜间施工")),
        "place": chance.choice((None, "青石镇三村")),
        "urgency": chance.choice(tuple(Urgency)) if kind == "leader_instruction" else None,
    }


def _limit(chance: Random, today: date) -> dict[str, Any]:
    return chance.choice(
        (
            {"due_on": today + timedelta(days=chance.randrange(20))},
            {"time_limit": "10个工作日内"},
            {"time_limit": "5日内", "starts": Starts.ACKNOWLEDGED},
            {"time_limit": "600个工作日内"},
        )
    )


def _assignment(chance: Random, today: date) -> dict[str, Any]:
    units = chance.sample(TOWNS, 3)
    return {
        "lead_unit": units[0],
        "co_units": tuple(units[1 : 1 + chance.randrange(3)]),
        "quality_requirement": "达标",
        **_limit(chance, today),
    }


def _objection(chance: Random, today: date) -> Command:
    if chance.random() < 0.5:
        return a.DecideObjection(upheld=False)
    if chance.random() < 0.3:
        return a.DecideObjection(upheld=True)
    return a.DecideObjection(upheld=True, to_unit=chance.choice(TOWNS), **_limit(chance, today))


def _plan(chance: Random, today: date) -> Command:
    step = PlanStep(title="清运", due_on=today + timedelta(days=3))
    return rectifying.SubmitPlan(measures="清运", goal="见底", steps=(step,))


def _days(today: date, chance: Random) -> date:
    return today + timedelta(days=chance.randrange(1, 60))


COMMANDS: dict[str, Callable[[Random, date], Command]] = {
    "assign": lambda c, d: a.AssignMatter(**_assignment(c, d)),
    "reassign": lambda c, d: a.ReassignMatter(**_assignment(c, d)),
    "acknowledge": lambda c, d: a.AcknowledgeAssignment(),
    "object": lambda c, d: a.ObjectToAssignment(reason="不属本单位"),
    "decide-objection": _objection,
    "submit-plan": _plan,
    "return-plan": lambda c, d: rectifying.ReturnPlan(reason="太粗"),
    "approve-plan": lambda c, d: rectifying.ApprovePlan(),
    "report-progress": lambda c, d: rectifying.ReportProgress(text="过半", percent=c.randrange(101)),
    "request-support": lambda c, d: rectifying.RequestSupport(text="缺设备"),
    "answer-support": lambda c, d: rectifying.AnswerSupport(text="已协调"),
    "request-extension": lambda c, d: extending.RequestExtension(until=_days(d, c), reason="汛期"),
    "grant-extension": lambda c, d: extending.GrantExtension(until=_days(d, c)),
    "refuse-extension": lambda c, d: extending.RefuseExtension(reason="理由不足"),
    "suspend": lambda c, d: suspending.SuspendMatter(reason="防汛"),
    "resume": lambda c, d: suspending.ResumeMatter(),
    "return-completion": lambda c, d: reporting.ReturnCompletion(reason="不实"),
    "schedule-verification": lambda c, d: verifying.ScheduleVerification(
        verifier=c.choice(VERIFIERS).person or PersonId(""), on=d
    ),
    "pass-verification": lambda c, d: verifying.PassVerification(findings="属实"),
    "fail-verification": lambda c, d: verifying.FailVerification(
        kind=c.choice(tuple(FailureKind)), findings="未完成"
    ),
    "approve-write-off": lambda c, d: closing.ApproveWriteOff(),
    "reject-write-off": lambda c, d: closing.RejectWriteOff(reason="材料不全"),
    "reopen": lambda c, d: closing.ReopenMatter(reason="误销"),
    "select-look-back": lambda c, d: looking_back.SelectLookBack(due_on=_days(d, c)),
    "pass-look-back": lambda c, d: looking_back.PassLookBack(findings="保持"),
    "find-relapse": lambda c, d: looking_back.FindRelapse(findings="又堆上了"),
    "submit-to-leader": lambda c, d: leading.SubmitToLeader(),
    "leader-acknowledge": lambda c, d: leading.AcknowledgeResult(),
    "instruct-again": lambda c, d: leading.InstructAgain(text="要见底", time_limit="10个工作日内"),
    "cancel": lambda c, d: ending.CancelMatter(reason="重复"),
    "transfer": lambda c, d: ending.TransferMatter(kind=TransferKind.HANDOVER, to="市局"),
    "urge": lambda c, d: pressing.UrgeMatter(),
    "instruct": lambda c, d: leading.InstructMatter(text="抓紧"),
    "acknowledge-helping": lambda c, d: helping.AcknowledgeHelping(),
    "give-opinion": lambda c, d: helping.GiveOpinion(text="无意见"),
    "ask-opinion": lambda c, d: helping.AskOpinion(time_limit="6日内"),
    "co-sign": lambda c, d: helping.CoSign(),
    "hand-over": lambda c, d: desk.HandOver(to=c.choice((CLERK, HEAD)).person or PersonId(""), reason="轮岗"),
    "mark-key-case": lambda c, d: desk.MarkKeyCase(key_case=c.random() < 0.5, reason="影响面广"),
    "submit-handling-proposal": lambda c, d: approving.SubmitHandlingProposal(text="拟交办"),
    "approve-handling-proposal": lambda c, d: approving.ApproveHandlingProposal(),
    "return-handling-proposal": lambda c, d: approving.ReturnHandlingProposal(reason="太粗"),
    "approve-registration": lambda c, d: approving.ApproveRegistration(),
    "reject-registration": lambda c, d: approving.RejectRegistration(reason="不清"),
    "amend": lambda c, d: correcting.AmendMatter(fields={"title": f"补充{c.randrange(99)}", "place": "县城"}),
}


NEW = 8.0
"""How often an act is chosen that nobody did yet."""
WEIGHTS = {
    **dict.fromkeys(("cancel", "transfer", "merge"), 0.04),
    **dict.fromkeys(("urge", "instruct", "correct", "amend", "object", "suspend"), 0.1),
    **dict.fromkeys(
        (
            "link",
            "unlink",
            "split",
            "hand-over",
            "mark-key-case",
            "ask-opinion",
            "note-petitioner",
            "erase-petitioner",
        ),
        0.05,
    ),
    "submit-handling-proposal": 0.05,
    **dict.fromkeys(("attach-evidence", "report-progress", "reassign", "return-plan"), 0.2),
    **dict.fromkeys(("assign", "acknowledge", "report-completion", "resume", "decide-objection"), 4.0),
    **dict.fromkeys(("pass-verification", "approve-write-off", "approve-plan", "submit-plan"), 4.0),
    **dict.fromkeys(("schedule-verification", "reopen", "leader-acknowledge"), 0.5),
}
"""How often an act is chosen among those somebody may do, so that lives come to their ends."""
