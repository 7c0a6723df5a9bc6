"""A monthly draft with all rates for 500 units at 100,000 matters; checking ten years of monthly bulletins again."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import furnish, opened
from benchmarks.rows import FIRST_DAY, LAST_DAY, UNITS, units_made, write_rows
from events.bulletin.content import BulletinContent, Frozen, Span
from events.bulletin.series import PRESETS, AsOf, Every, Period, ends_at, in_words, period_before, period_of
from service.circulating.checking import recheck_all
from service.circulating.composing import Letterhead, composed
from service.circulating.gathering import gather
from service.circulating.plan import FIGURES, Plan, plan_of
from service.circulating.wording import wording
from service.runtime import Runtime

DRAFT_BAR, MEMORY_BAR, CHECK_BAR = 3_000, 400, 60_000
SERIES = replace(PRESETS["monthly"], ranking_basis="县政府会议纪要")


def measure(sizes: Sizes, room: Path) -> Measured:
    """Drafts of the last month, then every month of ten years checked."""
    office = furnish(room / "office", mode="rehearsal")
    with opened(office) as runtime:
        positions = write_rows(runtime, units_made(runtime), sizes.matters)
        months = list(_months())
        drafted: list[float] = []
        for _ in range(sizes.repeats):
            started = time.perf_counter()
            last = _draft(runtime, months[-1], positions)
            drafted.append((time.perf_counter() - started) * 1e3)
        tracemalloc.start()
        _draft(runtime, months[-1], positions)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        contents = [_draft(runtime, month, positions) for month in months]
        started = time.perf_counter()
        wrong = [found for _, found in recheck_all(runtime, contents) if found]
        checked = (time.perf_counter() - started) * 1e3
    if wrong:
        raise RuntimeError(f"an unchanged bulletin does not check: {wrong[0]}")
    lines = (
        Line(what="拟一期月通报", unit="毫秒", values=tuple(drafted), bar=DRAFT_BAR, note=_about(last)),
        Line(what="拟一期所增内存（峰值）", unit="MB", values=(peak,), bar=MEMORY_BAR),
        Line(what=f"核对 {len(months)} 期旧通报", unit="毫秒", values=(checked,), bar=CHECK_BAR),
    )
    about = (
        f"{UNITS} 个单位，{sizes.matters:,} 件事项分布在十年里，每件约八个版本；行由测试直接写入台账的表。"
    )
    return Measured(lines=lines, notes=(about,))


def _months() -> list[Period]:
    found, day = [], FIRST_DAY
    while day <= LAST_DAY:
        found.append(period_of(Every.MONTH, day))
        day = found[-1].last + timedelta(days=1)
    return found


def _draft(runtime: Runtime, month: Period, positions: dict[date, int]) -> BulletinContent:
    plan = _placed(plan_of(SERIES, month, AsOf(position=0, at=ends_at(month)), runtime.store), positions)
    head = Letterhead(
        title="关于督办事项办理情况的通报", organ="县督查室", code="督", basis=SERIES.ranking_basis
    )
    return composed(plan, gather(runtime, plan), head, wording("standard", FIGURES))


def _placed(plan: Plan, positions: dict[date, int]) -> Plan:
    """The plan at the positions the rows were given, for the record itself knows none of their days."""
    before = period_before(Every.MONTH, plan.period.first)
    previous = Span(first=before.first, last=before.last, label=in_words(Every.MONTH, before))
    return replace(
        plan,
        frozen=_frozen(plan.period, positions),
        previous=previous if before.first >= FIRST_DAY.replace(day=1) else None,
        previous_frozen=_frozen(previous, positions) if before.first >= FIRST_DAY.replace(day=1) else None,
    )


def _frozen(period: Span, positions: dict[date, int]) -> Frozen:
    day = period.last
    while day not in positions:
        day -= timedelta(days=1)
    begins = period.last.replace(month=1, day=1)
    return Frozen(as_of=positions[day], judged_on=period.last, counted_from=begins)


def _about(content: BulletinContent) -> str:
    rows = sum(len(group.rows) for group in content.table.groups)
    return f"表 {rows} 行，逾期 {len(content.overdue.rows):,} 件"


BENCHMARK = Benchmark(name="circulating", title="通报：拟稿与核对", run=measure)
