"""The rules under which letters are written: each one's title, and what keeps it worth sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from events.matter.approving import waits_for_handling
from events.matter.proposals import Approval
from events.matter.state import Matter
from events.vocabulary import OPEN, Stage

UNIT_ACTS = frozenset({Stage.ASSIGNED, Stage.ACKNOWLEDGED, Stage.PLANNING, Stage.RECTIFYING, Stage.OBJECTED})
"""The stages in which the unit's clock runs."""

REGISTERED = frozenset({Stage.REGISTERED})
EXTENDABLE = frozenset({Stage.ACKNOWLEDGED, Stage.PLANNING, Stage.RECTIFYING})


def _always(_: Matter) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is fixed for all letters under one rule; the rule's name is its template's folder."""

    title: str
    """What the letter is called."""
    stages: frozenset[Stage] | None = None
    """The stages it speaks of: outside them it is overtaken. None: it stays true."""
    still: Callable[[Matter], bool] = _always
    """A further condition on the matter as it is now."""
    topic: str | None = None
    """Of several letters on one topic of a matter to one post only the newest is worth sending."""
    farewell: bool = False
    """Whether it is meant for a unit that no longer answers for the matter."""


RULES: Mapping[str, Rule] = {
    "assigned": Rule(title="督办通知", stages=frozenset({Stage.ASSIGNED}), topic="assignment"),
    "reassigned": Rule(title="改派通知", stages=frozenset({Stage.ASSIGNED}), topic="assignment"),
    "co-assigned": Rule(title="协办通知", stages=OPEN, topic="co-assignment"),
    "withdrawn": Rule(title="收回交办通知", farewell=True),
    "objected": Rule(title="异议待裁定", stages=frozenset({Stage.OBJECTED})),
    "objection-upheld": Rule(title="异议裁定通知", farewell=True),
    "objection-dismissed": Rule(title="异议裁定通知", stages=OPEN),
    "plan-submitted": Rule(title="整改方案待审", stages=frozenset({Stage.PLANNING}), topic="plan"),
    "plan-returned": Rule(title="整改方案退回通知", stages=frozenset({Stage.ACKNOWLEDGED})),
    "plan-approved": Rule(title="整改方案批准通知", stages=frozenset({Stage.RECTIFYING})),
    "support-requested": Rule(
        title="请示求助待答复",
        stages=frozenset({Stage.RECTIFYING}),
        still=lambda m: m.support_pending is not None,
    ),
    "support-due": Rule(
        title="求助待答复提醒",
        stages=frozenset({Stage.RECTIFYING}),
        still=lambda m: m.support_pending is not None,
        topic="support",
    ),
    "support-answered": Rule(title="求助答复", stages=frozenset({Stage.RECTIFYING})),
    "extension-requested": Rule(
        title="延期申请待审批", stages=EXTENDABLE, still=lambda m: m.pending_extension is not None
    ),
    "extension-granted": Rule(title="同意延期通知", stages=OPEN, topic="limit-changed"),
    "extension-refused": Rule(title="不同意延期通知", stages=OPEN),
    "suspended": Rule(title="中止通知", stages=frozenset({Stage.SUSPENDED})),
    "resumed": Rule(title="恢复办理通知", stages=OPEN - {Stage.SUSPENDED}, topic="limit-changed"),
    "completion-reported": Rule(title="报结待核查", stages=frozenset({Stage.COMPLETION_REPORTED})),
    "completion-returned": Rule(title="报结退回通知", stages=frozenset({Stage.RECTIFYING})),
    "verification-assigned": Rule(
        title="核查任务", stages=frozenset({Stage.VERIFYING}), topic="verification"
    ),
    "verification-scheduled": Rule(
        title="核查安排通知", stages=frozenset({Stage.VERIFYING}), topic="verification"
    ),
    "verification-passed": Rule(title="核查通过通知", stages=frozenset({Stage.WRITE_OFF_REVIEW})),
    "write-off-awaited": Rule(title="销号待审批", stages=frozenset({Stage.WRITE_OFF_REVIEW})),
    "verification-failed": Rule(title="核查不通过通知", stages=frozenset({Stage.RECTIFYING})),
    "write-off-approved": Rule(title="销号通知", stages=frozenset({Stage.CLOSED, Stage.CONFIRMED})),
    "write-off-rejected": Rule(title="退回销号通知", stages=frozenset({Stage.RECTIFYING})),
    "reopened": Rule(title="重新办理通知", stages=OPEN),
    "look-back-selected": Rule(
        title="回头看任务", stages=frozenset({Stage.CLOSED}), still=lambda m: m.look_back_on is not None
    ),
    "look-back-passed": Rule(title="回头看结果通知", stages=frozenset({Stage.CONFIRMED})),
    "relapsed": Rule(title="问题反弹通知", stages=frozenset({Stage.RELAPSED})),
    "result-submitted": Rule(
        title="办理结果呈报",
        stages=frozenset({Stage.WRITE_OFF_REVIEW}),
        still=lambda m: m.leader_acknowledged_at is None,
    ),
    "leader-acknowledged": Rule(title="领导已阅示", stages=frozenset({Stage.WRITE_OFF_REVIEW})),
    "leader-instructed": Rule(title="领导批示", stages=OPEN),
    "instructed-again": Rule(title="再次批示通知", stages=frozenset({Stage.ASSIGNED}), topic="assignment"),
    "cancelled": Rule(title="撤销通知", stages=frozenset({Stage.CANCELLED})),
    "transferred": Rule(title="移交通知", stages=frozenset({Stage.TRANSFERRED})),
    "merged": Rule(title="并案通知", stages=frozenset({Stage.MERGED})),
    "absorbed": Rule(title="并案通知", stages=OPEN),
    "released": Rule(title="并案收回通知", stages=OPEN),
    "recalled": Rule(title="收回交办通知", farewell=True),
    "evidence-withdrawn": Rule(title="佐证撤回通知", stages=OPEN),
    "urged": Rule(title="催办通知", stages=OPEN, topic="urged"),
    "due": Rule(title="到期提醒", stages=UNIT_ACTS, topic="limit"),
    "overdue": Rule(title="逾期催办", stages=UNIT_ACTS, topic="limit"),
    "extension-ending": Rule(title="延期将满提醒", stages=UNIT_ACTS, topic="limit"),
    "unsigned": Rule(title="签收催办", stages=frozenset({Stage.ASSIGNED}), topic="unsigned"),
    "verification-overdue": Rule(
        title="核查超时提醒",
        stages=frozenset({Stage.COMPLETION_REPORTED, Stage.VERIFYING}),
        topic="verification-late",
    ),
    "look-back-due": Rule(
        title="回头看到期提醒",
        stages=frozenset({Stage.CLOSED}),
        still=lambda m: m.look_back_on is not None,
        topic="look-back",
    ),
    "approval-awaited": Rule(
        title="立项待批准", stages=REGISTERED, still=lambda m: m.approval is Approval.PENDING
    ),
    "approval-given": Rule(title="立项已批准", stages=REGISTERED, topic="approval"),
    "approval-refused": Rule(title="立项退回通知", stages=REGISTERED, topic="approval"),
    "proposal-awaited": Rule(title="拟办意见待批准", stages=REGISTERED, still=waits_for_handling),
    "proposal-approved": Rule(title="拟办意见已批准", stages=REGISTERED, topic="proposal"),
    "proposal-returned": Rule(title="拟办意见退回通知", stages=REGISTERED, topic="proposal"),
    "opinion-asked": Rule(title="征求意见通知", stages=UNIT_ACTS, topic="opinion"),
    "opinion-due": Rule(title="配合意见提醒", stages=UNIT_ACTS, topic="opinion"),
    "opinion-given": Rule(title="配合意见已提", stages=OPEN),
    "due-changed": Rule(title="时限调整通知", stages=OPEN, topic="limit-changed"),
}
"""Rule → what is fixed about its letters. Names are stored; they never change."""

BULLETIN_TITLES: Mapping[str, str] = {
    "bulletin-drafted": "通报已拟稿",
    "bulletin-to-sign": "通报待签",
    "bulletin-co-sign": "通报会签",
    "bulletin-returned": "通报退回修改",
    "bulletin-signed": "通报已签发",
    "bulletin-issued": "通报",
    "leader-list": "名下督办事项清单",
    "bulletin-unreceived": "通报催签",
    "bulletin-withdrawn": "通报撤回",
}
"""Rule of a letter about a bulletin → what it is called. Names are stored; they never change."""


def title_of(rule: str) -> str:
    """What a letter under a rule is called."""
    return BULLETIN_TITLES.get(rule) or RULES[rule].title


DIGEST = "digest"
DIGEST_TITLE = "督办事项汇总"
"""Several letters to one post in one message."""
