"""Every fact a meeting's stream may hold, with the name it is stored under."""

from __future__ import annotations

from events.meeting.recording import (
    DecisionAdded,
    MeetingCorrected,
    MeetingHeld,
    MeetingWithdrawn,
    MinutesAttached,
)
from events.meeting.taking import DecisionRegistered
from events.record.codec import Stored

FACTS: tuple[Stored, ...] = (
    Stored(name="meeting-held", type=MeetingHeld),
    Stored(name="meeting-decision-added", type=DecisionAdded),
    Stored(name="meeting-decision-registered", type=DecisionRegistered),
    Stored(name="meeting-minutes-attached", type=MinutesAttached),
    Stored(name="meeting-corrected", type=MeetingCorrected),
    Stored(name="meeting-withdrawn", type=MeetingWithdrawn),
)
