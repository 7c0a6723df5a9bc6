"""议定事项立项: a decision of a meeting becomes a matter, once."""

from __future__ import annotations

from dataclasses import dataclass

from events.meeting.acting import Surroundings
from events.meeting.state import Meeting, Resolved
from events.record.envelope import Draft
from events.refusals import Conflict, Invalid, WrongStage
from events.vocabulary import MatterId


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRegistered:
    """议定事项立项: decision ``n`` is followed up as this matter; written with the matter's registration."""

    n: int
    matter: MatterId


def decision_to_take(n: int, meeting: Meeting, seen: Surroundings) -> Resolved:
    """The decision of this number, where it may become a matter.

    Raises WrongStage for a withdrawn meeting, Invalid ``unknown-decision``, Conflict ``decision-registered``.
    """
    if meeting.withdrawn:
        raise WrongStage("这次会议的记录已经撤销，议定事项不能再立项；确要立项，请按实重记一次会议。")
    found = meeting.decision(n)
    if found is None:
        last = max((one.n for one in meeting.decisions), default=0)
        raise Invalid(
            f"这次会议没有第{n}项议定事项，一共{last}项；请核对序号，漏记的先办“补记议定事项”。",
            code="unknown-decision",
        )
    taken = meeting.matters.get(n)
    if taken is not None:
        number = seen.numbers.get(taken, "")
        raise Conflict(
            f"第{n}项议定事项已立项为{number or '另一件'}，同一项不能立两次；要改请到那一件上办。",
            code="decision-registered",
        )
    return found


def taken_up(n: int, matter: MatterId, meeting: Meeting) -> Draft:
    """What the meeting's own record says of it."""
    return Draft(stream=meeting.stream, fact=DecisionRegistered(n=n, matter=matter))


def basis_of(meeting: Meeting, n: int) -> str:
    """立项依据, as it is read on the matter: “6月3日防汛调度会议定事项第3项”."""
    assert meeting.held_on is not None
    day = meeting.held_on
    return f"{day.year}年{day.month}月{day.day}日{meeting.title}议定事项第{n}项"
