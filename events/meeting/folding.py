"""From facts to the state of a meeting: ``evolve`` never refuses, whatever the record holds."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from events.meeting import recording as r
from events.meeting.state import Meeting
from events.meeting.taking import DecisionRegistered
from events.record.envelope import Recorded
from events.vocabulary import MeetingId, UserName


def begin(stream: str) -> Meeting:
    """A meeting before its first fact, by the name of its stream."""
    return Meeting(id=MeetingId(stream.partition("-")[2]))


def evolve(meeting: Meeting, recorded: Recorded) -> Meeting:
    """The meeting after one more fact."""
    changes = _changes(meeting, recorded)
    return replace(meeting, **changes, version=recorded.version, last_at=recorded.recorded_at)


def _changes(meeting: Meeting, recorded: Recorded) -> dict[str, Any]:
    match recorded.fact:
        case r.MeetingHeld() as held:
            return {
                **{name: getattr(held, name) for name in _SAID},
                "decisions": held.decisions,
                "minutes": (held.minutes,) if held.minutes is not None else (),
                "recorded_by": UserName(recorded.actor),
                "recorded_at": recorded.recorded_at,
            }
        case r.DecisionAdded() as added:
            return {"decisions": (*meeting.decisions, added.decision)}
        case DecisionRegistered() as taken:
            return {"matters": {**meeting.matters, taken.n: taken.matter}}
        case r.MinutesAttached() as attached:
            return {"minutes": (*meeting.minutes, attached.minutes)}
        case r.MeetingCorrected() as corrected:
            texts = {one.n: one for one in corrected.decisions}
            said = {name: getattr(corrected, name) for name in _SAID}
            return {
                **{name: value for name, value in said.items() if value is not None},
                "decisions": tuple(texts.get(one.n, one) for one in meeting.decisions),
            }
        case r.MeetingWithdrawn() as withdrawn:
            return {"withdrawn_reason": withdrawn.reason}
        case _:
            return {}


_SAID = tuple(field.name for field in fields(r.RecordMeeting) if field.name not in ("text", "decisions"))
"""What a meeting says of itself beside its decisions."""
