"""How meetings are shown to programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.matter.state import Matter
from events.meeting.state import Attendee, Meeting
from events.record.codec import plain
from events.record.envelope import Recorded
from events.vocabulary import MatterId
from projections.meeting_lists import Listed, Origin
from projections.rows import Item
from service.api.shown import evidence, moment
from service.commands.taking_up import Became
from service.standing_of_decisions import done_of


def item(row: Listed, came: Mapping[MatterId, Item]) -> dict[str, Any]:
    """A meeting in a list."""
    return {
        "id": row.id,
        "kind": row.kind.value,
        "title": row.title,
        "held_on": row.held_on,
        "place": row.place,
        "chair": row.chair,
        "attendees": row.attendees,
        "decisions": {
            "of": row.decisions,
            "registered": len(row.matters),
            "done": done_of(row.matters, came),
        },
        "minutes": row.minutes,
        "withdrawn": row.withdrawn,
        "version": row.version,
    }


def whole(meeting: Meeting, came: Mapping[MatterId, Item], permitted: tuple[str, ...]) -> dict[str, Any]:
    """One meeting with its decisions and the matters they became."""
    return {
        "id": meeting.id,
        "kind": meeting.kind.value,
        "title": meeting.title,
        "held_on": meeting.held_on,
        "place": meeting.place,
        "chair": meeting.chair,
        "organizers": list(meeting.organizers),
        "attendees": [attendee(one) for one in meeting.attendees],
        "topics": list(meeting.topics),
        "decisions": [
            {
                "n": one.n,
                "text": one.text,
                "matter": _came(came.get(meeting.matters.get(one.n, MatterId("")))),
            }
            for one in meeting.decisions
        ],
        "done": done_of(meeting.matters.values(), came),
        "minutes": [evidence(one) for one in meeting.minutes],
        "withdrawn_reason": meeting.withdrawn_reason,
        "recorded_at": moment(meeting.recorded_at),
        "recorded_by": meeting.recorded_by,
        "version": meeting.version,
        "permitted": list(permitted),
    }


def attendee(one: Attendee) -> dict[str, Any]:
    """Somebody who was there."""
    said: dict[str, Any] = plain(one)
    return said


def became(one: Became) -> dict[str, Any]:
    """What became of one decision."""
    if one.refusal is not None:
        return {"n": one.n, "refused": {"code": one.refusal.code, "detail": one.refusal.sentence}}
    assert one.matter is not None
    return {"n": one.n, **_matter(one.matter), "parts": list(one.parts), "awaits_approval": one.waits}


def origin(found: Origin | None) -> dict[str, Any] | None:
    """The decision a matter comes from."""
    if found is None:
        return None
    return {"meeting": found.meeting, "n": found.n, "title": found.title, "held_on": found.held_on}


def fact(one: Recorded) -> dict[str, Any]:
    """A fact of a meeting's history."""
    return {
        "position": one.position,
        "version": one.version,
        "type": one.type,
        "occurred_at": moment(one.occurred_at),
        "recorded_at": moment(one.recorded_at),
        "actor": one.actor,
        "unit": one.unit,
        "role": one.role,
        "basis": one.basis,
        "correlation_id": one.correlation_id,
        "body": plain(one.fact),
        "hash": one.hash.hex(),
    }


def _came(row: Item | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "stage": row.stage.value,
        "lead_unit": row.lead_unit,
        "due_on": row.due_on,
        "days_late": row.days_late,
        "light": row.light.value,
        "branches": {"ended": row.branches[0], "of": row.branches[1]} if row.branches else None,
    }


def _matter(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.id if matter.number else None,
        "number": matter.number or None,
        "title": matter.title,
        "stage": matter.stage.value,
        "lead_unit": matter.lead_unit,
        "due_on": matter.due_on,
    }
