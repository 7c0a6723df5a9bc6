"""What a projection is: tables, and how a batch of facts is written into them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Table

from events.record.envelope import Recorded
from events.record.sql import Driver
from events.rules.calendar import WorkingDays
from events.rules.procedures import MatterRules
from events.vocabulary import BEIJING
from projections.changes import Life

FOREVER = 2**62
"""Stands as ``to_position`` while a row is in force."""

FULL_TEXT = "full-text"
"""Marks, in a table's ``info``, what SQLite keeps as FTS5: columns ``rowid`` and ``words``, not to be read back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a projection is handed inside the transaction."""

    recorded: Sequence[Recorded]
    """The facts, in order."""
    lives: Sequence[Life]
    """What they changed, matter by matter."""
    calendar: WorkingDays
    """The working days as they stand after these facts."""
    rules: MatterRules
    calendar_changed: bool = False
    """Whether a year's working days were published among these facts."""
    words: dict[int, str] = field(default_factory=dict)
    """Position → the wording said there as it is searched: folded once for those who keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A read model on its own tables. ``apply`` never refuses and is the only one that writes to them."""

    name: str
    tables: tuple[Table, ...]
    apply: Callable[[Driver, Followed], None]
    meant: str = ""
    """Condition of the rows that say something (a counter at 0 does not); empty: all."""


Making = Callable[[str], Projection]
"""Makes a projection on tables whose names end in the given text: empty for the live ones."""


def day_text(moment: datetime | None) -> str | None:
    """The Beijing day of a moment as stored."""
    if moment is None:
        return None
    return (moment if moment.tzinfo is BEIJING else moment.astimezone(BEIJING)).date().isoformat()


def date_text(day: date | None) -> str | None:
    """A day as stored."""
    return None if day is None else day.isoformat()


def in_force(table: Table, position: int) -> list[ColumnElement[bool]]:
    """Whether a row was valid at a position, for tables that name both ends."""
    return [table.c.from_position <= position, table.c.to_position > position]
