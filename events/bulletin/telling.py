"""How a bulletin's fact reads on its history: a seal, a title, and what it says in words."""

from __future__ import annotations

# ruff: noqa: ARG001 - every saying has the same shape, whether or not it names somebody
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from events.bulletin import drafting as d
from events.bulletin import ending as e
from events.bulletin import issuing as i
from events.bulletin import publishing as p
from events.bulletin import signing as s
from events.matter.words import Names, day, sentence
from events.record.envelope import Recorded

Saying = Callable[[Any, Names], Iterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry of the history."""

    seal: str
    title: str
    by_rule: bool
    sentences: tuple[str, ...]


def told(recorded: Recorded, names: Names) -> Told:
    """A recorded fact in words; 代录 is said."""
    seal, title, says = TELLINGS[type(recorded.fact)]
    sentences = [*says(recorded.fact, names)]
    text = getattr(recorded.fact, "text", None)
    if text:
        sentences.append(sentence(f"说明：{text}"))
    if recorded.on_behalf_of is not None:
        sentences.append(f"督查室代{names.unit(recorded.on_behalf_of)}录入（代录）。")
    return Told(seal=seal, title=title, by_rule=recorded.actor == "clock", sentences=tuple(sentences))


def _drafted(fact: d.BulletinDrafted, names: Names) -> Iterator[str]:
    frozen = fact.content.frozen
    yield f"数据定格在记录第{frozen.as_of}位，按{day(frozen.judged_on)}判迟早。"
    if fact.due_on is not None:
        yield f"按系列应于{day(fact.due_on)}拟稿。"
    if fact.corrects is not None:
        yield sentence(f"更正{fact.corrects_no or '原通报'}，理由：{fact.reason or ''}")
        yield from _changes(fact.changes)


def _redrafted(fact: d.BulletinRedrafted, names: Names) -> Iterator[str]:
    frozen = fact.content.frozen
    yield f"数据改定格在记录第{frozen.as_of}位，按{day(frozen.judged_on)}判迟早。"
    yield from _changes(fact.changes)
    if fact.dropped:
        headings = {section.id: section.heading for section in fact.content.sections}
        said = "、".join(f"“{headings.get(one, one)}”" for one in fact.dropped)
        yield f"{said}改过的文字和新数字对不上，退回原文。"


def _edited(fact: d.ProseEdited, names: Names) -> Iterator[str]:
    yield f"改了{SECTION_WORDS.get(fact.section, fact.section)}的文字。"


def _checked(fact: s.NumbersChecked, names: Names) -> Iterator[str]:
    yield f"{fact.figures}个数字按定格处重算，全部相符。"
    if fact.co_signers:
        yield f"请{names.units(fact.co_signers)}会签。"


def _returned(fact: s.BulletinReturned, names: Names) -> Iterator[str]:
    yield sentence(f"理由：{fact.reason}")


def _co_signed(fact: s.BulletinCoSigned, names: Names) -> Iterator[str]:
    if fact.unit is not None:
        yield f"{names.unit(fact.unit)}会签。"


def _naming(fact: s.NamingApproved, names: Names) -> Iterator[str]:
    yield f"批准点名{names.units(fact.units)}。"
    if fact.paper is not None:
        yield sentence(f"依据：{fact.paper}")


def _signed(fact: s.BulletinSigned, names: Names) -> Iterator[str]:
    yield f"发文字号{fact.document_no}。"


def _numbered(fact: i.BulletinNumbered, names: Names) -> Iterator[str]:
    year, _, value = fact.issue_no.partition("-")
    yield f"{year}年第{int(value)}期。"


def _issued(fact: i.BulletinIssued, names: Names) -> Iterator[str]:
    yield f"发给{len(fact.addressees)}个单位。"
    vacant = [one.name for one in fact.addressees if not any(people for _, people in one.posts)]
    if vacant:
        yield f"{'、'.join(vacant)}没有在岗的联络员和负责人，须另行送达。"


def _acknowledged(fact: i.BulletinAcknowledged, names: Names) -> Iterator[str]:
    yield f"{names.unit(fact.unit)}签收。"


def _published(fact: p.BulletinPublished, names: Names) -> Iterator[str]:
    yield sentence(f"{day(fact.on)}，{fact.channel.label}：{fact.place}")
    if fact.paper is not None:
        yield sentence(f"依据：{fact.paper}")


def _reminded(fact: i.AcknowledgementReminded, names: Names) -> Iterator[str]:
    yield f"{names.units(fact.units)}尚未签收。"


def _corrected(fact: i.BulletinCorrected, names: Names) -> Iterator[str]:
    yield f"由{fact.by_no or '另一份通报'}更正。"
    yield from _changes(fact.changes)


def _withdrawn(fact: e.BulletinWithdrawn, names: Names) -> Iterator[str]:
    yield sentence(f"理由：{fact.reason}")


def _changes(changes: tuple[str, ...]) -> Iterator[str]:
    if changes:
        yield sentence("；".join(changes))


SECTION_WORDS = {
    "situation": "“基本情况”",
    "praise": "“做得好的”",
    "problems": "“存在的问题”",
    "requirements": "“下步要求”",
}

TELLINGS: Mapping[type[Any], tuple[str, str, Saying]] = {
    d.BulletinDrafted: ("拟", "拟稿", _drafted),
    d.BulletinRedrafted: ("数", "重新取数", _redrafted),
    d.ProseEdited: ("改", "改稿", _edited),
    s.NumbersChecked: ("核", "核数送签", _checked),
    s.BulletinReturned: ("退", "退回修改", _returned),
    s.BulletinCoSigned: ("会", "会签", _co_signed),
    s.NamingApproved: ("准", "批准点名", _naming),
    s.BulletinSigned: ("签", "签发", _signed),
    i.BulletinNumbered: ("期", "编期号", _numbered),
    i.BulletinIssued: ("发", "印发", _issued),
    i.BulletinAcknowledged: ("收", "签收", _acknowledged),
    p.BulletinPublished: ("公", "公开发布", _published),
    i.AcknowledgementReminded: ("规", "催签", _reminded),
    i.BulletinCorrected: ("更", "已更正", _corrected),
    e.BulletinWithdrawn: ("撤", "撤回", _withdrawn),
}
"""Fact → seal, title and words; a test holds it against ``facts.FACTS``."""
