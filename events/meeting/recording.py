"""会议记录: what was held is put down, added to, corrected with the reason, or withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from events.matter.checking import LONGEST_TITLE, plausible, required
from events.matter.state import Evidence
from events.meeting.acting import Command, Surroundings, became
from events.meeting.state import Attendee, Meeting, MeetingKind, Resolved
from events.record.envelope import Decision
from events.refusals import Invalid
from events.vocabulary import UnitId

_T = TypeVar("_T")

MOST_DECISIONS = 100
MOST_ATTENDEES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMeeting(Command):
    """Put a meeting down with who was there and what was decided (M034, M227)."""

    kind: MeetingKind
    title: str
    held_on: date
    chair: str
    place: str | None = None
    organizers: tuple[UnitId, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    topics: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDecision(Command):
    """Add a decision that was left out."""

    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachMinutes(Command):
    """File the minutes, or a newer copy of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectMeeting(Command):
    """Say what was put down wrongly; what is left out stays as it is."""

    reason: str
    kind: MeetingKind | None = None
    title: str | None = None
    held_on: date | None = None
    place: str | None = None
    chair: str | None = None
    organizers: tuple[UnitId, ...] | None = None
    attendees: tuple[Attendee, ...] | None = None
    topics: tuple[str, ...] | None = None
    decisions: tuple[Resolved, ...] = ()
    """The decisions that read otherwise, by their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMeeting(Command):
    """Take the record of a meeting back as made by mistake."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld:
    """会议: held on a day, with chair, attendees, topics and the decisions 1, 2, 3 …"""

    kind: MeetingKind
    title: str
    held_on: date
    chair: str
    place: str | None = None
    organizers: tuple[UnitId, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    topics: tuple[str, ...] = ()
    decisions: tuple[Resolved, ...] = ()
    minutes: Evidence | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAdded:
    """补记议定事项: a decision that was left out."""

    decision: Resolved
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesAttached:
    """会议纪要: the file; an earlier one stays in the record."""

    minutes: Evidence
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCorrected:
    """会议更正: what is set here replaces what was put down; matters already registered keep their own words."""

    reason: str
    kind: MeetingKind | None = None
    title: str | None = None
    held_on: date | None = None
    place: str | None = None
    chair: str | None = None
    organizers: tuple[UnitId, ...] | None = None
    attendees: tuple[Attendee, ...] | None = None
    topics: tuple[str, ...] | None = None
    decisions: tuple[Resolved, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingWithdrawn:
    """会议撤销: put down by mistake."""

    reason: str
    text: str | None = None


def record(command: RecordMeeting, meeting: Meeting, seen: Surroundings) -> Decision:
    """记会议: the day lies not ahead, chair and title are said, and every decision says something."""
    decisions = _numbered(command.decisions)
    fact = MeetingHeld(
        kind=command.kind,
        title=_title(command.title),
        held_on=_held_on(command.held_on, seen),
        chair=required(command.chair, "主持人"),
        place=command.place,
        organizers=_units(command.organizers, command.held_on, seen),
        attendees=_attendees(command.attendees, command.held_on, seen),
        topics=_topics(command.topics),
        decisions=decisions,
        minutes=seen.paper,
        text=command.text,
    )
    return became(meeting, fact)


def add_decision(command: AddDecision, meeting: Meeting, seen: Surroundings) -> Decision:  # noqa: ARG001 - the shape of a decision
    """补记议定事项, under the next number."""
    if len(meeting.decisions) >= MOST_DECISIONS:
        raise Invalid(
            f"一次会议最多记{MOST_DECISIONS}项议定事项，请分成几次会议记。", code="too-many-decisions"
        )
    n = max((one.n for one in meeting.decisions), default=0) + 1
    text = required(command.decision, "议定事项").strip()
    return became(
        meeting, DecisionAdded(decision=Resolved(n=n, text=text), text=command.text), answer={"n": n}
    )


def attach_minutes(command: AttachMinutes, meeting: Meeting, seen: Surroundings) -> Decision:
    """存会议纪要."""
    if seen.paper is None:
        raise Invalid("没有带上会议纪要的文件，请选好文件再提交。", code="no-file")
    if meeting.minutes and meeting.minutes[-1].sha256 == seen.paper.sha256:
        raise Invalid("这份会议纪要已经存过，内容一字不差；要换新的，请选改过的那份。", code="same-file")
    return became(meeting, MinutesAttached(minutes=seen.paper, text=command.text))


def correct(command: CorrectMeeting, meeting: Meeting, seen: Surroundings) -> Decision:
    """更正会议记录, with the reason; refuses a correction that changes nothing."""
    assert meeting.held_on is not None
    for said in command.decisions:
        if meeting.decision(said.n) is None:
            raise Invalid(
                f"这次会议没有第{said.n}项议定事项，请核对序号；要加一项请办“补记议定事项”。",
                code="unknown-decision",
            )
    held_on = _held_on(command.held_on, seen) if command.held_on is not None else None
    day = held_on or meeting.held_on
    fact = MeetingCorrected(
        reason=required(command.reason, "更正理由"),
        kind=_other(command.kind, meeting.kind),
        title=_other(_title(command.title) if command.title is not None else None, meeting.title),
        held_on=_other(held_on, meeting.held_on),
        place=_other(command.place, meeting.place),
        chair=_other(required(command.chair, "主持人") if command.chair is not None else None, meeting.chair),
        organizers=_other(_maybe(command.organizers, _units, day, seen), meeting.organizers),
        attendees=_other(_maybe(command.attendees, _attendees, day, seen), meeting.attendees),
        topics=_other(_topics(command.topics) if command.topics is not None else None, meeting.topics),
        decisions=_otherwise(command.decisions, meeting),
        text=command.text,
    )
    if fact == MeetingCorrected(reason=command.reason, text=command.text):
        raise Invalid("没有要改的：写的和现在记着的一样；请改了再提交，或返回。", code="nothing-to-correct")
    return became(meeting, fact)


def withdraw(command: WithdrawMeeting, meeting: Meeting, seen: Surroundings) -> Decision:
    """撤销会议记录; not while matters that came of it are open."""
    if seen.running:
        numbers = "、".join(seen.running)
        raise Invalid(
            f"议定事项已立项的还有{len(seen.running)}件没有了结：{numbers}；请先逐件办结或撤销，再撤销会议记录。",
            code="matters-running",
        )
    return became(meeting, MeetingWithdrawn(reason=required(command.reason, "撤销理由"), text=command.text))


def _title(title: str) -> str:
    said = required(title, "会议名称").strip()
    if len(said) > LONGEST_TITLE:
        raise Invalid(f"会议名称有{len(said)}字，超过{LONGEST_TITLE}字，请删减。", code="too-long")
    return said


def _held_on(day: date, seen: Surroundings) -> date:
    if plausible(day, "会议日期", today=seen.today) > seen.today:
        raise Invalid(f"会议日期{day}还没有到，开过以后再记；请核对日期。", code="not-held-yet")
    return day


def _numbered(texts: Iterable[str]) -> tuple[Resolved, ...]:
    said = [text.strip() for text in texts if text.strip()]
    if len(said) > MOST_DECISIONS:
        raise Invalid(
            f"一次会议最多记{MOST_DECISIONS}项议定事项，请分成几次会议记。", code="too-many-decisions"
        )
    for nth, text in enumerate(said, start=1):
        if text in said[: nth - 1]:
            raise Invalid(
                f"第{nth}项议定事项和第{said.index(text) + 1}项一字不差，请去掉一项。", code="decision-twice"
            )
    return tuple(Resolved(n=n, text=text) for n, text in enumerate(said, start=1))


def _otherwise(said: Iterable[Resolved], meeting: Meeting) -> tuple[Resolved, ...]:
    texts = {one.n: required(one.text, f"第{one.n}项议定事项").strip() for one in said}
    return tuple(
        Resolved(n=one.n, text=texts[one.n])
        for one in meeting.decisions
        if one.n in texts and texts[one.n] != one.text
    )


def _topics(topics: Iterable[str]) -> tuple[str, ...]:
    return tuple(topic.strip() for topic in topics if topic.strip())


def _units(units: Iterable[UnitId], day: date, seen: Surroundings) -> tuple[UnitId, ...]:
    return tuple(_unit(unit, day, seen) for unit in dict.fromkeys(units))


def _unit(unit: UnitId, day: date, seen: Surroundings) -> UnitId:
    known = seen.directory.units.get(unit)
    if known is None:
        raise Invalid(f"没有“{unit}”这个单位，请从单位名录中选择，名录外的写名称。", code="unknown-unit")
    if known.closed(day):
        name = seen.directory.unit_name(unit, day)
        raise Invalid(f"{name}在{day}开会时已经撤销，请改成当时的单位，或核对会议日期。", code="unit-closed")
    return unit


def _attendees(attendees: Iterable[Attendee], day: date, seen: Surroundings) -> tuple[Attendee, ...]:
    found = tuple(attendees)
    if len(found) > MOST_ATTENDEES:
        raise Invalid(f"参会的最多记{MOST_ATTENDEES}行，请按单位合并。", code="too-many-attendees")
    for one in found:
        said = (one.unit, one.person, *(text.strip() for text in (one.body, one.name, one.post) if text))
        if not any(said):
            raise Invalid("有一行参会人员是空的，请写单位、姓名或职务，或去掉这一行。", code="blank-attendee")
        if one.unit is not None:
            _unit(one.unit, day, seen)
        if one.person is not None and one.person not in seen.directory.people:
            raise Invalid(
                f"没有“{one.person}”这个人，请从人员中选择，名录外的写姓名。", code="unknown-person"
            )
    return found


def _maybe(
    value: _T | None, read: Callable[[_T, date, Surroundings], _T], day: date, seen: Surroundings
) -> _T | None:
    return read(value, day, seen) if value is not None else None


def _other(said: _T | None, standing: _T | None) -> _T | None:
    return said if said != standing else None
