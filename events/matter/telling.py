"""How a fact reads on the timeline: its seal, its title, who made it, and what it says in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from events.directory.state import Directory
from events.matter import (
    approving,
    branching,
    circulating,
    correcting,
    desk,
    ending,
    evidencing,
    helping,
    linking,
    petitioning,
    registering,
    splitting,
    verifying,
    withdrawing,
    words,
)
from events.matter import assigning as a
from events.matter import closing as c
from events.matter import extending as x
from events.matter import leading as le
from events.matter import looking_back as lb
from events.matter import pressing as p
from events.matter import rectifying as r
from events.matter import reporting as rp
from events.matter import sentences_of_approving as inside
from events.matter import sentences_of_ending as then
from events.matter import sentences_of_petitioning as of_petitioners
from events.matter import sentences_of_sharing as shared
from events.matter import sentences_of_working as say
from events.matter import suspending as s
from events.record.envelope import FOR_A_PERSON, Recorded
from events.vocabulary import BEIJING


class Maker(StrEnum):
    """Who made a fact, as the make of its seal shows."""

    PERSON = ""
    RULE = "rule"
    CORRECTION = "fix"
    LATE_ENTRY = "late-in"
    LEADER = "chief"


Saying = Callable[[Any, words.Names], Iterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How one type of fact is told."""

    seal: str
    title: str
    says: Saying
    maker: Maker = Maker.PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry of the timeline."""

    seal: str
    title: str
    maker: Maker
    sentences: tuple[str, ...]


def told(recorded: Recorded, directory: Directory, on: date, *, wording: str = "rectification") -> Told:
    """A recorded fact in words, with names as of a day; 代录 and 补录 are said."""
    fact = recorded.fact
    telling = TELLINGS[type(fact)]
    names = words.Names(directory=directory, on=on, wording=wording)
    sentences = [*telling.says(fact, names), *_circumstances(recorded, names)]
    late = getattr(fact, "effective_at", None) is not None
    return Told(
        seal=LATE_SEAL if late else telling.seal,
        title=words.worded(telling.title, wording),
        maker=Maker.LATE_ENTRY if late else telling.maker,
        sentences=tuple(sentences),
    )


def _circumstances(recorded: Recorded, names: words.Names) -> Iterator[str]:
    text = getattr(recorded.fact, "text", None)
    if text and "text" not in SPOKEN.get(type(recorded.fact), ()):
        yield words.sentence(f"说明：{text}")
    if recorded.on_behalf_of is not None:
        if recorded.on_behalf_of.startswith(FOR_A_PERSON):
            yield f"代{names.person(recorded.on_behalf_of.removeprefix(FOR_A_PERSON))}办理（代）。"
        else:
            yield f"督查室代{names.unit(recorded.on_behalf_of)}录入（代录）。"
    effective_at = getattr(recorded.fact, "effective_at", None)
    if effective_at is not None:
        yield f"补录{effective_at.astimezone(BEIJING):%Y年%-m月%-d日 %H:%M}的事，自当时起算。"


def _telling(seal: str, title: str, says: Saying, maker: Maker = Maker.PERSON) -> Telling:
    return Telling(seal=seal, title=title, says=says, maker=maker)


LATE_SEAL = "补"
RULE, FIX, LEADER = Maker.RULE, Maker.CORRECTION, Maker.LEADER

SPOKEN: Mapping[type[Any], tuple[str, ...]] = {
    r.ProgressReported: ("text",),
    r.SupportRequested: ("text",),
    r.SupportAnswered: ("text",),
    rp.CompletionReported: ("text",),
    le.LeaderAcknowledged: ("text",),
    le.LeaderInstructed: ("text",),
    le.LeaderInstructedAgain: ("text",),
    p.MatterUrged: ("text",),
    helping.OpinionGiven: ("text",),
    approving.HandlingProposed: ("text",),
}
"""Facts whose own sentences say their text already."""

TELLINGS: Mapping[type[Any], Telling] = {
    registering.MatterRegistered: _telling("立", "立项", say.registered),
    correcting.MatterAmended: _telling("更", "补充", say.amended, FIX),
    a.MatterAssigned: _telling("交", "交办", say.assigned),
    a.MatterReassigned: _telling("交", "改派", say.reassigned),
    a.AssignmentAcknowledged: _telling("签", "签收", say.acknowledged),
    a.AssignmentObjected: _telling("异", "提出异议", say.objected),
    a.ObjectionUpheld: _telling("异", "异议成立", say.upheld),
    a.ObjectionDismissed: _telling("异", "异议不成立", say.dismissed),
    r.PlanSubmitted: _telling("方", "报送{整改}方案", say.plan_submitted),
    r.PlanReturned: _telling("方", "退回{整改}方案", words.reason),
    r.PlanApproved: _telling("方", "批准{整改}方案", words.nothing),
    r.ProgressReported: _telling("进", "报送进展", say.progress),
    r.SupportRequested: _telling("求", "请示求助", shared.support_requested),
    r.SupportAnswered: _telling("求", "答复求助", shared.support_answered),
    x.ExtensionRequested: _telling("延", "申请延期", say.extension_requested),
    x.ExtensionGranted: _telling("延", "同意延期", say.extension_granted),
    x.ExtensionRefused: _telling("延", "不同意延期", words.reason),
    s.MatterSuspended: _telling("停", "中止", say.suspended),
    s.MatterResumed: _telling("复", "恢复", say.resumed),
    evidencing.EvidenceAttached: _telling("佐", "佐证材料", say.evidence),
    rp.CompletionReported: _telling("结", "报结", say.completion_reported),
    rp.CompletionReturned: _telling("结", "退回报结", then.returned),
    verifying.VerificationScheduled: _telling("核", "安排核查", then.scheduled),
    verifying.VerificationPassed: _telling("核", "核查通过", words.findings),
    verifying.VerificationFailed: _telling("核", "核查不通过", then.verification_failed),
    c.WriteOffApproved: _telling("销", "{销号}", then.written_off),
    c.WriteOffRejected: _telling("销", "退回{整改}", then.returned),
    c.MatterReopened: _telling("重", "重开", then.reopened),
    lb.LookBackSelected: _telling("看", "抽取回头看", then.look_back_selected),
    lb.LookBackPassed: _telling("看", "回头看通过", words.findings),
    lb.RelapseFound: _telling("反", "反弹", then.relapse),
    le.ResultSubmitted: _telling("批", "呈报领导", words.nothing),
    le.LeaderAcknowledged: _telling("批", "领导阅示", words.own_text, LEADER),
    le.LeaderInstructed: _telling("批", "批示", words.own_text, LEADER),
    le.LeaderInstructedAgain: _telling("批", "再次批示", then.instructed_again, LEADER),
    ending.MatterCancelled: _telling("撤", "撤销", words.reason),
    ending.MatterTransferred: _telling("移", "移交", then.transferred),
    ending.MatterMerged: _telling("并", "并案", then.merged),
    ending.MatterAbsorbed: _telling("并", "并入", then.absorbed),
    ending.MatterReleased: _telling("并", "并案收回", then.released, FIX),
    withdrawing.AssignmentRecalled: _telling("收", "收回交办", then.recalled, FIX),
    withdrawing.EvidenceWithdrawn: _telling("撤", "撤回佐证", then.withdrawn, FIX),
    p.MatterUrged: _telling("催", "催办", then.urged),
    p.DueReminded: _telling("规", "到期提醒", then.due, RULE),
    p.OverdueReminded: _telling("规", "逾期催办", then.overdue, RULE),
    p.UnsignedReminded: _telling("规", "未签收催办", then.unsigned, RULE),
    p.ExtensionReminded: _telling("规", "延期将满提醒", then.extension_ending, RULE),
    p.VerificationReminded: _telling("规", "核查超时提醒", then.verification_overdue, RULE),
    p.LookBackReminded: _telling("规", "回头看提醒", then.look_back_due, RULE),
    p.DueDateRecomputed: _telling("规", "重算时限", then.recomputed, RULE),
    circulating.MatterNamed: _telling("通", "通报", then.named, RULE),
    correcting.FactCorrected: _telling("更", "更正", then.corrected, FIX),
    splitting.MatterSplit: _telling("分", "分办", shared.split),
    branching.BranchEnded: _telling("分", "分件了结", shared.branch_ended),
    branching.BranchReopened: _telling("重", "分件重开", shared.branch_reopened),
    helping.HelpAcknowledged: _telling("签", "配合签收", shared.helps),
    helping.OpinionGiven: _telling("意", "配合意见", shared.opinion),
    helping.OpinionAsked: _telling("意", "征求意见", shared.asked),
    helping.CoSigned: _telling("会", "会签", shared.helps),
    p.OpinionReminded: _telling("规", "配合意见提醒", shared.opinion_due, RULE),
    p.SupportReminded: _telling("规", "求助待答复提醒", shared.support_due, RULE),
    petitioning.PetitionerNoted: _telling("信", "登记来信人", of_petitioners.noted),
    petitioning.PetitionerErased: _telling("毁", "销毁来信人", of_petitioners.erased, FIX),
    desk.MatterHandedOver: _telling("接", "交接", shared.handed_over),
    desk.KeyCaseMarked: _telling("专", "专人督办", shared.key_case),
    approving.RegistrationProposed: _telling("报", "报批立项", words.nothing),
    approving.RegistrationApproved: _telling("准", "批准立项", words.nothing),
    approving.RegistrationRejected: _telling("准", "退回立项", words.reason),
    approving.HandlingProposed: _telling("拟", "拟办意见", inside.proposed),
    approving.HandlingApproved: _telling("准", "批准拟办", words.nothing),
    approving.HandlingReturned: _telling("准", "退回拟办", words.reason),
    linking.MatterLinked: _telling("联", "关联", shared.linked),
    linking.MatterUnlinked: _telling("联", "解除关联", shared.unlinked, FIX),
}
