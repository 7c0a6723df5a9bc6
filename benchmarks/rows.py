"""Ten years of matters written straight into the register's tables: what bulletins are composed from.

The facts behind them are left out, for nothing here reads them; the rows are those the projections would hold.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from events.directory.commands import ImportDirectory, PersonRow, UnitRow
from events.record.envelope import OPERATOR
from events.record.sql import Row
from events.rules.ladder import OWED_BY_UNIT
from events.vocabulary import OPEN, Role, Stage
from projections.loading import load_rows
from projections.particulars import particulars
from projections.projection import FOREVER
from projections.register import register, register_past
from projections.register_columns import COLUMNS, PACKED
from service.clock import machine_now
from service.commands.directing import import_directory
from service.runtime import Runtime

UNITS = 500
KINDS = ("县直部门", "乡镇", "街道", "国有企业", "下属单位")
FIRST_DAY, LAST_DAY = date(2015, 1, 5), date(2024, 12, 31)
BETWEEN = (1, 1, 3, 12, 4, 3, 5)
"""Days at most between one step of a life and the next."""
STAGES = (
    Stage.REGISTERED,
    Stage.ASSIGNED,
    Stage.ACKNOWLEDGED,
    Stage.PLANNING,
    Stage.RECTIFYING,
    Stage.COMPLETION_REPORTED,
    Stage.WRITE_OFF_REVIEW,
    Stage.CLOSED,
)
STUCK = 0.004
"""How many lives stop short at each step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One version of a matter's row."""

    day: date
    matter: int
    row: dict[str, object]


def units_made(runtime: Runtime) -> tuple[str, ...]:
    """Five hundred units in five classes, each with two to answer."""
    rows: list[UnitRow | PersonRow] = []
    for n in range(UNITS):
        name = f"第{n + 1}测试单位"
        rows.append(UnitRow(line=n + 2, name=name, kind=KINDS[n % len(KINDS)]))
        rows.append(PersonRow(line=n + 2000, name=f"联络{n}", unit=name, roles=(Role.UNIT_LIAISON,)))
        rows.append(PersonRow(line=n + 4000, name=f"负责{n}", unit=name, roles=(Role.UNIT_HEAD,)))
    import_directory(runtime, OPERATOR, ImportDirectory(rows=tuple(rows)), machine_now())
    return tuple(unit.id for unit in runtime.directory.now().units.values() if unit.kind in KINDS)


def write_rows(runtime: Runtime, units: tuple[str, ...], matters: int) -> dict[date, int]:
    """Writes the rows; the last position of each day. About eight versions a matter."""
    rng = random.Random(120)
    base = runtime.store.head().position
    steps = sorted((step for n in range(matters) for step in _life(rng, n, units)), key=lambda step: step.day)
    latest: dict[int, int] = {}
    ends: dict[int, int] = {}
    for index in range(len(steps) - 1, -1, -1):
        ends[index] = latest.get(steps[index].matter, FOREVER)
        latest[steps[index].matter] = base + index + 1
    with runtime.database.transaction() as driver:
        for first in range(0, len(steps), 20_000):
            batch = range(first, min(first + 20_000, len(steps)))
            rows = [(*_values(steps[n], base + n + 1), ends[n]) for n in batch]
            load_rows(driver, register, [row[:-1] for row in rows if row[-1] == FOREVER])
            load_rows(driver, register_past, [row for row in rows if row[-1] != FOREVER])
        load_rows(driver, particulars, [_particulars(n, base) for n in range(matters)])
    return {step.day: base + n + 1 for n, step in enumerate(steps)}


def _life(rng: random.Random, matter: int, units: tuple[str, ...]) -> Iterator[Step]:
    day = FIRST_DAY + timedelta(days=rng.randrange((LAST_DAY - FIRST_DAY).days))
    limit = rng.randrange(15, 60)
    row: dict[str, object] = {"id": f"m{matter:06d}", "number_key": day.year * 10_000_000 + matter}
    row |= {"kind": "rectification", "source": "专项督查", "registered_on": day.isoformat(), "extensions": 0}
    for stage, most in zip(STAGES, (0, *BETWEEN), strict=True):
        if most and rng.random() < STUCK:
            return
        day += timedelta(days=rng.randint(0, most) if stage is not Stage.RECTIFYING else rng.randint(1, 40))
        if day > LAST_DAY:
            return
        row = {**row, "stage": stage.value, **_said(stage, day, limit, row)}
        if stage is Stage.ASSIGNED:
            row["lead_unit"] = rng.choice(units)
        if stage is Stage.RECTIFYING and rng.random() < 0.08:
            row["extensions"] = 1
        yield Step(day=day, matter=matter, row=row)


def _said(stage: Stage, day: date, limit: int, row: dict[str, object]) -> dict[str, object]:
    on = day.isoformat()
    if stage is Stage.ASSIGNED:
        due = (day + timedelta(days=limit)).isoformat()
        return {"assigned_on": on, "first_assigned_on": on, "due_on": due}
    if stage is Stage.ACKNOWLEDGED:
        return {"acknowledged_on": on}
    if stage is Stage.PLANNING:
        return {"plan_or_progress": 1}
    if stage is Stage.COMPLETION_REPORTED:
        return {"reported_on": on, "last_completion_on": on, "last_completion_due_on": row["due_on"]}
    if stage is Stage.WRITE_OFF_REVIEW:
        return {"verification_passed": 1}
    return {"closed_on": on} if stage is Stage.CLOSED else {}


def _values(step: Step, position: int) -> Row:
    row, stage = step.row, Stage(str(step.row["stage"]))
    packed = {shown.name: None for shown in PACKED} | {"first_due_on": row.get("due_on"), "co_units": []}
    flags = {"open": int(stage in OPEN), "running": int(stage in OWED_BY_UNIT), "from_position": position}
    found = {**dict.fromkeys(FLAGS, 0), **row, **flags, "packed": json.dumps(list(packed.values()))}
    return tuple(found.get(name) for name in COLUMNS)


def _particulars(matter: int, base: int) -> Row:
    title = f"第{matter}处农村饮水管网渗漏，群众反映强烈"
    said = {
        "matter": f"m{matter:06d}",
        "to_position": FOREVER,
        "from_position": base,
        "number": f"2020-{matter:05d}",
        "title": title,
        "problem": title,
        "words": title,
    }
    return tuple(said.get(column.name) for column in particulars.columns)


FLAGS = tuple(column.name for column in register.columns if not column.nullable)
"""Columns that always hold something; where a row says nothing of one, it is 0."""
