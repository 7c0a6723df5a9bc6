"""How a meeting's fact reads on its history: a seal, a title, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from events.matter.words import Names, day, sentence
from events.meeting import recording as r
from events.meeting.state import Attendee
from events.meeting.taking import DecisionRegistered
from events.record.envelope import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry of the history."""

    seal: str
    title: str
    sentences: tuple[str, ...]


def told(recorded: Recorded, names: Names) -> Told:
    """A recorded fact in words."""
    seal, title = TITLES[type(recorded.fact)]
    sentences = [*_says(recorded, names)]
    text = getattr(recorded.fact, "text", None)
    if text:
        sentences.append(sentence(f"说明：{text}"))
    return Told(seal=seal, title=title, sentences=tuple(sentences))


def attendee_words(one: Attendee, names: Names) -> str:
    """“水务局 局长苏念平”."""
    body = names.unit(one.unit) if one.unit is not None else one.body or ""
    person = names.person(one.person) if one.person is not None else one.name or ""
    return " ".join(part for part in (body, f"{one.post or ''}{person}") if part)


def _says(recorded: Recorded, names: Names) -> Iterator[str]:
    match recorded.fact:
        case r.MeetingHeld() as held:
            yield f"{day(held.held_on)}召开，{held.chair}主持，议定{len(held.decisions)}项。"
            if held.minutes is not None:
                yield f"附会议纪要：{held.minutes.name}。"
        case r.DecisionAdded() as added:
            yield sentence(f"第{added.decision.n}项：{added.decision.text}")
        case DecisionRegistered() as taken:
            yield f"第{taken.n}项已立项督办。"
        case r.MinutesAttached() as attached:
            yield f"会议纪要：{attached.minutes.name}。"
        case r.MeetingCorrected() as corrected:
            yield sentence(f"理由：{corrected.reason}")
            yield from _corrections(corrected, names)
        case r.MeetingWithdrawn() as withdrawn:
            yield sentence(f"理由：{withdrawn.reason}")
        case _:
            pass


def _corrections(fact: r.MeetingCorrected, names: Names) -> Iterator[str]:
    said = {
        "会议类别": fact.kind.label if fact.kind is not None else None,
        "会议名称": fact.title,
        "会议日期": day(fact.held_on) if fact.held_on is not None else None,
        "地点": fact.place,
        "主持人": fact.chair,
        "召集单位": names.units(fact.organizers) if fact.organizers is not None else None,
        "参会": "；".join(attendee_words(one, names) for one in fact.attendees)
        if fact.attendees is not None
        else None,
        "议题": "；".join(fact.topics) if fact.topics is not None else None,
    }
    for label, value in said.items():
        if value is not None:
            yield sentence(f"{label}更正为：{value or '无'}")
    for one in fact.decisions:
        yield sentence(f"第{one.n}项更正为：{one.text}")


TITLES: dict[type[object], tuple[str, str]] = {
    r.MeetingHeld: ("会", "记会议"),
    r.DecisionAdded: ("补", "补记议定事项"),
    DecisionRegistered: ("立", "议定事项立项"),
    r.MinutesAttached: ("纪", "存会议纪要"),
    r.MeetingCorrected: ("更", "更正会议记录"),
    r.MeetingWithdrawn: ("撤", "撤销会议记录"),
}
"""Fact type → seal and title."""
