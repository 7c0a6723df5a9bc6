"""会议台账: what each meeting was, for which stretch of the record; and which matter came of which decision."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

from events.meeting.folding import begin, evolve
from events.meeting.state import Meeting
from events.meeting.taking import DecisionRegistered
from events.record.sql import Driver, Row
from events.record.store import Store
from events.record.tables import BIG
from events.vocabulary import MeetingId
from projections.loading import load_rows
from projections.projection import FOREVER, Followed, Making, Projection, date_text
from projections.stream_changes import Streams
from projections.words import folded_text
from projections.writing import change

MEETINGS = Streams(prefix="meeting-", begin=begin, evolve=evolve)


def tables(suffix: str = "") -> tuple[Table, Table]:
    """One row per meeting and stretch of the record in which it read so; one per matter that came of a decision."""
    listed = Table(
        f"meetings{suffix}",
        MetaData(),
        Column("meeting", Text, primary_key=True),
        Column("to_position", BIG, primary_key=True, autoincrement=False),
        Column("from_position", BIG, nullable=False),
        Column("kind", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("held_on", Text, nullable=False),
        Column("place", Text),
        Column("chair", Text, nullable=False),
        Column("attendees", Integer, nullable=False),
        Column("decisions", Integer, nullable=False),
        Column("minutes", SmallInteger, nullable=False),
        Column("withdrawn", SmallInteger, nullable=False),
        Column("version", Integer, nullable=False),
        Column("words", Text, nullable=False),
        sqlite_with_rowid=False,
    )
    Index("ix_meetings_held_on", listed.c.to_position, listed.c.held_on, listed.c.meeting)
    origins = Table(
        f"meeting_matters{suffix}",
        MetaData(),
        Column("matter", Text, primary_key=True),
        Column("meeting", Text, nullable=False),
        Column("n", Integer, nullable=False),
        Column("position", BIG, nullable=False),
        sqlite_with_rowid=False,
    )
    Index("ix_meeting_matters_meeting", origins.c.meeting)
    return (listed, origins)


(meetings, meeting_matters) = tables()


def making(store: Store) -> Making:
    """Makes the projection; ``store`` is asked for a meeting's earlier facts."""

    def projection(suffix: str = "") -> Projection:
        listed, origins = tables(suffix)
        close = change(listed, ("to_position",), ("meeting", "to_position"))

        def apply(driver: Driver, followed: Followed) -> None:
            standing: dict[MeetingId, Row] = {}
            came: list[Row] = []
            for one in MEETINGS.changes(driver, store, followed.recorded):
                here, after = one.recorded.position, one.after
                kept = standing.pop(after.id, None)
                if kept is not None:
                    load_rows(driver, listed, [(kept[0], here, *kept[2:])])
                elif one.before is not None:
                    close.run(driver, [(here, after.id, FOREVER)])
                standing[after.id] = _row(after, here)
                fact = one.recorded.fact
                if isinstance(fact, DecisionRegistered):
                    came.append((fact.matter, after.id, fact.n, here))
            load_rows(driver, listed, list(standing.values()))
            load_rows(driver, origins, came)

        return Projection(name="meetings", tables=(listed, origins), apply=apply)

    return projection


def _row(meeting: Meeting, here: int) -> Row:
    return (
        meeting.id,
        FOREVER,
        here,
        meeting.kind.value,
        meeting.title,
        date_text(meeting.held_on),
        meeting.place,
        meeting.chair,
        len(meeting.attendees),
        len(meeting.decisions),
        int(bool(meeting.minutes)),
        int(meeting.withdrawn),
        meeting.version,
        _words(meeting),
    )


def _words(meeting: Meeting) -> str:
    said = (
        meeting.title,
        meeting.kind.label,
        meeting.chair,
        meeting.place,
        *meeting.topics,
        *(one.text for one in meeting.decisions),
        *(part for one in meeting.attendees for part in (one.body, one.name, one.post)),
    )
    return folded_text("\n".join(part for part in said if part))
