"""台账: where every matter stands, one row in force per matter, and every row that was in force before.

A row is valid from the position of the fact that made it; the fact that replaces it moves it to ``register_past``.
The rows valid at a position are therefore those of ``register`` with ``from_position`` up to it and those of
``register_past`` on either side of it, and one question serves today and any yesterday. Long texts are kept apart
(``projections.particulars``), so that a superseded row stays small.
"""

from __future__ import annotations

import json
from itertools import pairwise

from sqlalchemy import Column, Index, Integer, MetaData, PrimaryKeyConstraint, SmallInteger, Table, Text, text

from events.matter.state import Matter
from events.record.moments import to_micros
from events.record.sql import Driver, Row, plain_text, set_where
from events.record.tables import BIG
from events.rules.ladder import OWED_BY_UNIT
from events.vocabulary import OPEN, Stage
from projections.loading import load_rows
from projections.projection import Followed, Projection, date_text, day_text

SEPARATOR = "\n"
"""Between the ids of a list kept in one column."""

KEYS = ("id",)
INDEXED = ("number_key", "stage", "open", "running", "lead_unit", "due_on", "provisional", "look_back_on")
"""Columns some index is on; rewritten only when one of them changes."""


def _columns() -> list[Column[object]]:
    words, flag = Text, SmallInteger
    return [
        Column("id", words, nullable=False),
        Column("number_key", BIG, nullable=False),
        Column("stage", words, nullable=False),
        Column("open", flag, nullable=False),
        Column("running", flag, nullable=False),
        Column("lead_unit", words),
        Column("due_on", words),
        Column("provisional", flag, nullable=False),
        Column("look_back_on", words),
        Column("kind", words, nullable=False),
        Column("source", words, nullable=False),
        Column("co_units", words, nullable=False),
        Column("person", words),
        Column("quality_requirement", words),
        Column("in_working_days", flag, nullable=False),
        Column("first_due_on", words),
        Column("assigned_on", words),
        Column("first_assigned_on", words),
        Column("acknowledged_on", words),
        Column("first_acknowledged_on", words),
        Column("objected_on", words),
        Column("suspended_on", words),
        Column("reported_on", words),
        Column("last_completion_on", words),
        Column("last_completion_due_on", words),
        Column("verifier", words),
        Column("verify_on", words),
        Column("verification_passed", flag, nullable=False),
        Column("closed_on", words),
        Column("closed_late", flag, nullable=False),
        Column("days_late_at_report", Integer, nullable=False),
        Column("ended_on", words),
        Column("look_back_passed_on", words),
        Column("relapse_matter", words),
        Column("extensions", Integer, nullable=False),
        Column("extension_until", words),
        Column("support_pending", flag, nullable=False),
        Column("returned_reason", words),
        Column("returned_on", words),
        Column("plan", words),
        Column("plan_or_progress", flag, nullable=False),
        Column("percent", Integer),
        Column("round", Integer, nullable=False),
        Column("urged", Integer, nullable=False),
        Column("version", Integer, nullable=False),
        Column("last_at", BIG, nullable=False),
        Column("from_position", BIG, nullable=False),
    ]


def tables(suffix: str = "") -> tuple[Table, Table]:
    """The rows in force, and those superseded."""
    current = Table(f"register{suffix}", MetaData(), *_columns(), PrimaryKeyConstraint("id"))
    c = current.c
    Index("ix_register_number", c.number_key)
    Index("ix_register_stage", c.stage, c.number_key)
    Index("ix_register_lead_unit", c.lead_unit, c.number_key)
    _partial("ix_register_open", current, "open = 1", "number_key")
    _partial("ix_register_running", current, "running = 1", "due_on", "number_key")
    _partial("ix_register_provisional", current, "provisional = 1", "number_key")
    _partial("ix_register_look_back", current, "look_back_on IS NOT NULL", "look_back_on", "number_key")
    to_position = Column("to_position", BIG, primary_key=True, autoincrement=False)
    past = Table(f"register_past{suffix}", MetaData(), *_columns(), to_position)
    return current, past


def _partial(name: str, table: Table, condition: str, *columns: str) -> None:
    only = text(condition)
    Index(name, *(table.c[column] for column in columns), sqlite_where=only, postgresql_where=only)


register, register_past = tables()
COLUMNS = tuple(column.name for column in register.columns)
PLAN_SUBMITTED, PLAN_APPROVED = "submitted", "approved"


def projection(suffix: str = "") -> Projection:
    """The register on its own tables."""
    current, past = tables(suffix)
    names = ", ".join(COLUMNS)
    supersede = plain_text(
        f"INSERT INTO {past.name} ({names}, to_position) SELECT {', '.join(f'r.{n}' for n in COLUMNS)}, s.to_position"
        " FROM (SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS to_position"
        f" FROM json_each(?)) s JOIN {current.name} r ON r.id = s.id",
        f"INSERT INTO {past.name} ({names}, to_position) SELECT {', '.join(f'r.{n}' for n in COLUMNS)}, s.to_position"
        " FROM (SELECT value->>0 AS id, (value->>1)::bigint AS to_position FROM json_array_elements(?::json))"
        f" s JOIN {current.name} r ON r.id = s.id",
    )
    quiet = set_where(current, COLUMNS[QUIET_FROM:], KEYS)
    moved = set_where(current, COLUMNS[1:], KEYS)

    def apply(driver: Driver, followed: Followed) -> None:
        superseded: list[tuple[str, int]] = []
        gone: list[Row] = []
        new_rows: list[Row] = []
        quiet_rows: list[Row] = []
        moved_rows: list[Row] = []
        for life in followed.lives:
            first, last = life[0], life[-1]
            for one, following in pairwise(life):
                row = row_of(one.after, one.recorded.position)
                gone.append((*row, following.recorded.position))
            row = row_of(last.after, last.recorded.position)
            if first.before is None:
                new_rows.append(row)
                continue
            superseded.append((first.after.id, first.recorded.position))
            if _stays(first.before, last.after):
                quiet_rows.append((*row[QUIET_FROM:], row[0]))
            else:
                moved_rows.append((*row[1:], row[0]))
        if superseded:
            driver.change(supersede, (json.dumps(superseded),))
        load_rows(driver, past, gone)
        load_rows(driver, current, new_rows)
        driver.run(quiet, quiet_rows)
        driver.run(moved, moved_rows)

    return Projection(name="register", tables=(current, past), apply=apply)


QUIET_FROM = 1 + len(INDEXED)


def row_of(matter: Matter, position: int) -> Row:
    """The row of a matter's state, in column order; ``position`` is that of the fact which made the state."""
    stage, limit, pending = matter.stage, matter.limit, matter.pending_extension
    plan = matter.plan
    return (
        matter.id,
        number_key(matter.number),
        stage.value,
        int(stage in OPEN),
        int(stage in OWED_BY_UNIT),
        matter.lead_unit,
        date_text(matter.due_on),
        int(limit is not None and limit.provisional and stage in OPEN),
        date_text(matter.look_back_on) if stage is Stage.CLOSED else None,
        matter.kind,
        matter.source,
        SEPARATOR.join(matter.co_units),
        matter.person,
        matter.quality_requirement,
        int(limit is not None and limit.in_working_days),
        date_text(matter.due_dates[0].due_on) if matter.due_dates else None,
        day_text(matter.assigned_at),
        date_text(matter.first_assigned_on),
        day_text(matter.acknowledged_at),
        date_text(matter.first_acknowledged_on),
        day_text(matter.objected_at) if stage is Stage.OBJECTED else None,
        day_text(matter.suspended_at) if Stage.SUSPENDED in (stage, matter.ended_from) else None,
        day_text(matter.completion_reported_at),
        date_text(matter.last_completion_on),
        date_text(matter.last_completion_due_on),
        matter.verifier,
        date_text(matter.verify_on),
        int(matter.verification_passed),
        day_text(matter.closed_at),
        int(matter.closed_late),
        matter.days_late_at_report,
        day_text(matter.ended_at),
        day_text(matter.look_back_passed_at),
        matter.relapse_matter,
        sum(extension.decision == "granted" for extension in matter.extensions),
        date_text(pending.until) if pending else None,
        int(matter.support_pending is not None),
        matter.returned_reason,
        day_text(matter.returned_at),
        None if plan is None else PLAN_APPROVED if plan.approved_on else PLAN_SUBMITTED,
        int(matter.plan_or_progress),
        matter.percent,
        matter.round,
        matter.urged,
        matter.version,
        to_micros(matter.last_at) if matter.last_at else 0,
        position,
    )


def number_key(number: str) -> int:
    """An official number as a whole number in the same order: year × 10 000 000 + serial; 0 for none."""
    year, _, serial = number.partition("-")
    return int(year) * 10_000_000 + int(serial) if year.isdigit() and serial.isdigit() else 0


def _stays(before: Matter, after: Matter) -> bool:
    """Whether no indexed column differs."""
    return (
        before.stage is after.stage
        and before.limit == after.limit
        and before.lead_unit == after.lead_unit
        and before.look_back_on == after.look_back_on
        and before.number == after.number
    )
