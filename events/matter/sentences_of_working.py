"""What the facts from 立项 to 报结 say in words, one small function a fact."""

from __future__ import annotations

# ruff: noqa: ARG001 - every saying has the same shape, whether or not it names somebody
from collections.abc import Iterator

from events.matter import (
    assigning,
    correcting,
    evidencing,
    extending,
    rectifying,
    registering,
    reporting,
    suspending,
)
from events.matter.words import (
    Names,
    change_words,
    day,
    limit_words,
    moved_words,
    sentence,
)
from events.rules.shares import agreement, stated_share
from events.vocabulary import BEIJING


def registered(fact: registering.MatterRegistered, names: Names) -> Iterator[str]:
    """立项."""
    number = f"，编号{fact.number}" if fact.number else ""
    yield f"来源：{fact.source}{number}。"
    yield sentence(fact.problem)
    if fact.chief_leader is not None:
        yield f"首席责任领导：{names.person(fact.chief_leader)}。"


def amended(fact: correcting.MatterAmended, names: Names) -> Iterator[str]:
    """补充."""
    yield from change_words(fact.old, fact.new, names)


def assigned(fact: assigning.MatterAssigned, names: Names) -> Iterator[str]:
    """交办."""
    yield from _handed(fact, names)


def reassigned(fact: assigning.MatterReassigned, names: Names) -> Iterator[str]:
    """改派."""
    if fact.from_unit is not None and fact.from_unit != fact.lead_unit:
        yield f"原牵头单位：{names.unit(fact.from_unit)}。"
    yield from _handed(fact, names)


def _handed(fact: assigning.MatterAssigned | assigning.MatterReassigned, names: Names) -> Iterator[str]:
    with_units = f"，配合{names.units(fact.co_units)}" if fact.co_units else ""
    person = f"，责任人{fact.person}" if fact.person else ""
    yield f"牵头{names.unit(fact.lead_unit)}{with_units}{person}。"
    yield limit_words(fact.limit)
    if fact.co_due_on is not None and fact.co_units:
        yield f"配合单位{day(fact.co_due_on)}前提意见。"
    yield sentence(f"质量要求：{fact.quality_requirement}")


def acknowledged(fact: assigning.AssignmentAcknowledged, names: Names) -> Iterator[str]:
    """签收."""
    if fact.limit is not None:
        yield f"时限自此起算，{limit_words(fact.limit)}"


def objected(fact: assigning.AssignmentObjected, names: Names) -> Iterator[str]:
    """异议."""
    yield sentence(f"理由：{fact.reason}")


def upheld(fact: assigning.ObjectionUpheld, names: Names) -> Iterator[str]:
    """异议成立."""
    if fact.to_unit is None:
        yield "退回待交办。"
        return
    yield f"改由{names.unit(fact.to_unit)}牵头。"
    if fact.limit is not None:
        yield limit_words(fact.limit)


def dismissed(fact: assigning.ObjectionDismissed, names: Names) -> Iterator[str]:
    """异议不成立."""
    yield f"照原交办办理，回到“{names.stage(fact.stage)}”。"


def plan_submitted(fact: rectifying.PlanSubmitted, names: Names) -> Iterator[str]:
    """方案."""
    yield sentence(f"目标：{fact.goal}")
    yield sentence(f"措施：{fact.measures}")
    for step in fact.steps:
        person = f"，{step.person}" if step.person else ""
        yield f"{step.title}：{day(step.due_on)}前{person}。"


def progress(fact: rectifying.ProgressReported, names: Names) -> Iterator[str]:
    """进展."""
    figures = [
        f"完成{fact.percent}%" if fact.percent is not None else "",
        f"数量{fact.quantity}" if fact.quantity is not None else "",
        f"预计{day(fact.forecast_on)}完成" if fact.forecast_on is not None else "",
    ]
    if any(figures):
        yield "，".join(figure for figure in figures if figure) + "。"
    agrees, share = agreement(fact.percent, fact.quantity), stated_share(fact.quantity)
    if agrees is not None:
        yield f"按所给数目为{share:.1f}%，与自报的比例：{agrees.label}。"
    yield sentence(fact.text)


def extension_requested(fact: extending.ExtensionRequested, names: Names) -> Iterator[str]:
    """申请延期."""
    yield f"期限{day(fact.due_on)}，申请延至{day(fact.until)}。"
    yield sentence(f"理由：{fact.reason}")


def extension_granted(fact: extending.ExtensionGranted, names: Names) -> Iterator[str]:
    """同意延期."""
    yield f"期限由{day(fact.from_due_on)}延至{day(fact.until)}，第{fact.times}次延期。"


def suspended(fact: suspending.MatterSuspended, names: Names) -> Iterator[str]:
    """中止."""
    yield sentence(f"暂停计时，理由：{fact.reason}")


def resumed(fact: suspending.MatterResumed, names: Names) -> Iterator[str]:
    """恢复."""
    unit = "个工作日" if fact.in_working_days else "日"
    yield f"中止{fact.days}{unit}不计，回到“{names.stage(fact.stage)}”。"
    yield from moved_words(fact.from_due_on, fact.limit)


def evidence(fact: evidencing.EvidenceAttached, names: Names) -> Iterator[str]:
    """佐证."""
    piece = fact.evidence
    place = f"，地点{piece.place}" if piece.place else ""
    taken = f"，摄于{day(piece.taken_at.astimezone(BEIJING).date())}" if piece.taken_at is not None else ""
    yield f"{piece.kind.label}“{piece.name}”{taken}{place}。"


def completion_reported(fact: reporting.CompletionReported, names: Names) -> Iterator[str]:
    """报结."""
    yield sentence(fact.text)
    yield f"报结时已逾期{fact.days_late}日。" if fact.days_late else "期限内报结。"
    if fact.without_opinions:
        yield sentence(f"未等配合单位，理由：{fact.without_opinions}")
