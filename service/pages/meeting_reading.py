"""Lines of a meeting's form: who was there and what was decided, as typed and as the commands take them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from events.meeting.state import Attendee, Meeting
from events.refusals import Invalid
from events.vocabulary import PersonId, UnitId
from service.pages.visiting import Visit

_SEPARATORS = re.compile(r"[，,、\t]+")
PARTS = 3


def lines_of(text: str) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def attendees_of(visit: Visit, text: str) -> list[dict[str, Any]]:
    """“单位，姓名，职务” a line; units and people the directory knows are taken as such. Raises Invalid."""
    return [_attendee(visit, line, nth) for nth, line in enumerate(lines_of(text), 1)]


def attendee_lines(visit: Visit, attendees: Iterable[Attendee]) -> str:
    """The same lines, as they would be typed."""
    return "\n".join(_line(visit, one) for one in attendees)


def rewritten(text: str, meeting: Meeting) -> list[dict[str, Any]]:
    """The decisions by their numbers, where as many lines are there as decisions. Raises Invalid."""
    lines = lines_of(text)
    if len(lines) != len(meeting.decisions):
        raise Invalid(
            f"原来有{len(meeting.decisions)}项议定事项，现在写了{len(lines)}行；行数和次序不能变，漏记的请办“补记议定事项”。",
            code="other-decisions",
            field="decisions",
        )
    return [{"n": one.n, "text": line} for one, line in zip(meeting.decisions, lines, strict=True)]


def _attendee(visit: Visit, line: str, nth: int) -> dict[str, Any]:
    parts = [part.strip() for part in _SEPARATORS.split(line)]
    if len(parts) > PARTS:
        raise Invalid(
            f"参会第{nth}行有{len(parts)}段，应是“单位，姓名，职务”；一行只写一位，几位就写几行。",
            code="wrong-attendee",
            field="attendees",
        )
    body, name, post = (*parts, "", "")[:PARTS]
    unit = _unit_named(visit, body)
    person = _person_named(visit, name, unit)
    said: dict[str, Any] = {"unit": unit} if unit is not None else {"body": body}
    said |= {"person": person} if person is not None else {"name": name}
    return {key: value for key, value in {**said, "post": post}.items() if value}


def _unit_named(visit: Visit, name: str) -> UnitId | None:
    """The unit of this name, where there is one only and it is not closed."""
    units = visit.directory.units.values()
    found = [unit.id for unit in units if not unit.closed(visit.day) and visit.unit_name(unit.id) == name]
    return found[0] if len(found) == 1 else None


def _person_named(visit: Visit, name: str, unit: UnitId | None) -> PersonId | None:
    """The person of this name in the unit, or of all where no unit is said; None where it is not one."""
    people = visit.directory.people.values()
    found = [
        one.id
        for one in people
        if one.name == name and not one.left(visit.day) and (unit is None or one.unit(visit.day) == unit)
    ]
    return found[0] if len(found) == 1 else None


def _line(visit: Visit, one: Attendee) -> str:
    body = visit.unit_name(one.unit) if one.unit is not None else one.body or ""
    name = visit.person_name(one.person) if one.person is not None else one.name or ""
    return "，".join((body, name, one.post or "")).rstrip("，")
