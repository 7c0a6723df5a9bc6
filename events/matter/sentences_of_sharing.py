"""What the facts of 分办、配合、交接 say in words."""

from __future__ import annotations

# ruff: noqa: ARG001 - every saying has the same shape, whether or not it names somebody
from collections.abc import Iterator

from events.matter import branching, desk, helping, linking, pressing, rectifying, splitting
from events.matter.sentences_of_ending import passed_words
from events.matter.words import Names, day, sentence


def split(fact: splitting.MatterSplit, names: Names) -> Iterator[str]:
    """分办."""
    titles = [branch.title for branch in fact.branches if branch.title is not None]
    units = tuple(dict.fromkeys(branch.unit for branch in fact.branches if branch.unit is not None))
    if len(titles) == len(fact.branches):
        yield f"分成{len(titles)}项，各有编号：{'；'.join(titles)}。"
    else:
        yield f"分给{len(units)}个单位，各有期限和编号：{names.units(units)}。"
    if fact.from_unit is not None:
        yield f"原由{names.unit(fact.from_unit)}牵头，自此以各份为准。"


def branch_ended(fact: branching.BranchEnded, names: Names) -> Iterator[str]:
    """分件了结."""
    late = "，逾期办结" if fact.late else ""
    yield f"{fact.number}{names.stage(fact.stage)}{late}。"
    if fact.whole is not None:
        yield f"各份都已了结，总件{names.stage(fact.whole)}。"


def branch_reopened(fact: branching.BranchReopened, names: Names) -> Iterator[str]:
    """分件重开."""
    yield f"{fact.number}重开。"
    if fact.whole is not None:
        yield f"总件随之回到“{names.stage(fact.whole)}”。"


def helps(fact: helping.HelpAcknowledged | helping.CoSigned, names: Names) -> Iterator[str]:
    """配合签收、会签."""
    yield f"配合单位：{names.unit(fact.unit)}。"


def opinion(fact: helping.OpinionGiven, names: Names) -> Iterator[str]:
    """配合意见."""
    late = f"（逾期{fact.days_late}日）" if fact.days_late else ""
    yield f"{names.unit(fact.unit)}的意见{late}：{sentence(fact.text)}"


def asked(fact: helping.OpinionAsked, names: Names) -> Iterator[str]:
    """征求意见."""
    yield f"请{names.units(fact.units)}在{day(fact.due_on)}前提意见。"


def opinion_due(fact: pressing.OpinionReminded, names: Names) -> Iterator[str]:
    """配合意见提醒."""
    yield f"{names.units(fact.units)}的意见{day(fact.due_on)}到期，还没有提。"
    yield from passed_words(fact.passed_over)


def support_requested(fact: rectifying.SupportRequested, names: Names) -> Iterator[str]:
    """请示求助."""
    yield sentence(fact.text)
    if fact.due_on is not None:
        yield f"督查室应在{day(fact.due_on)}前答复。"


def support_answered(fact: rectifying.SupportAnswered, names: Names) -> Iterator[str]:
    """答复求助."""
    yield sentence(fact.text)
    if fact.due_on is not None and fact.days_late:
        yield f"应在{day(fact.due_on)}前答复，迟了{fact.days_late}日。"


def support_due(fact: pressing.SupportReminded, names: Names) -> Iterator[str]:
    """求助待答复提醒."""
    late = f"，已超过{fact.offset}日" if fact.offset > 0 else ""
    yield f"{day(fact.asked_on)}的求助应在{day(fact.due_on)}前答复{late}，还没有答复。"
    yield from passed_words(fact.passed_over)


def handed_over(fact: desk.MatterHandedOver, names: Names) -> Iterator[str]:
    """交接."""
    before = f"由{names.person(fact.from_person)}" if fact.from_person is not None else ""
    yield f"{before}交{names.person(fact.to)}经办。"
    if fact.reason:
        yield sentence(f"理由：{fact.reason}")


def key_case(fact: desk.KeyCaseMarked, names: Names) -> Iterator[str]:
    """专人督办."""
    yield "由经办人一抓到底，换人要有理由。" if fact.key_case else "不再要求专人一抓到底。"
    yield sentence(f"理由：{fact.reason}")


def linked(fact: linking.MatterLinked, names: Names) -> Iterator[str]:
    """关联."""
    label = fact.relation.mirrored_label if fact.mirrored else fact.relation.label
    yield f"和{fact.number}关联：{label}。"


def unlinked(fact: linking.MatterUnlinked, names: Names) -> Iterator[str]:
    """解除关联."""
    yield sentence(f"和{fact.number}解除关联，理由：{fact.reason}")
