"""What the kept counters say of a question before it is asked: how many it selects, whether its stages are rare."""

from __future__ import annotations

from events.record.sql import Driver, rows_in
from events.vocabulary import Stage
from projections.asking import Asked
from projections.stage_counts import ALL, stage_counts

FEW = 2_000
"""Matters of a stage up to which it is the way in."""


def only_by_stage(asked: Asked) -> bool:
    """Whether nothing but the stage narrows the list, so that kept counters can say how many of it are led."""
    rest = (
        asked.units,
        asked.handlers,
        asked.chiefs,
        asked.kind,
        asked.source,
        asked.due_before,
        asked.due_after,
    )
    return not (asked.overdue or asked.q.strip() or any(one is not None for one in rest))


def led_by_counters(driver: Driver, asked: Asked) -> int:
    """How many are led by the units one sees for, of all units where all may be seen: from kept counters."""
    units = [ALL] if asked.visibility.all else sorted(asked.visibility.units)
    stages = asked.stages or frozenset(Stage)
    if asked.state is not None:
        stages = frozenset(stage for stage in stages if stage.ended is (asked.state == "ended"))
    wanted = {stage.value for stage in stages}
    return sum(n for stage, n in driver.rows_in(_COUNTERS, units) if stage in wanted)


def rare(driver: Driver, asked: Asked) -> bool:
    """Whether the stages asked for hold few matters, or none with a due day, so that they are the way in."""
    wanted = {stage.value for stage in asked.stages}
    found = driver.rows_in(_COUNTERS, [ALL]) if wanted else []
    few = sum(int(n) for stage, n in found if stage in wanted) <= FEW
    return wanted == {Stage.REGISTERED.value} or (bool(wanted) and few)


_COUNTERS = rows_in(stage_counts, ("stage", "n"), "unit")
