"""The two clocks of a matter: the responsible unit's and the office's (domain D.0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from events.matter.state import Matter
from events.matter.verifying import VerificationPassed
from events.record.envelope import Recorded
from events.rules.calendar import WorkingDays
from events.rules.procedures import MatterRules
from events.vocabulary import BEIJING, Stage
from service.lights import REPORTED, remaining
from service.pages.reckoning import ONE_DAY, Reckoning, days, last_fact
from service.pages.words import full_day, short_day

WIDTH = 220
"""Of a meter, in its own units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """One panel: used of allowed, a meter, one line."""

    title: str
    late: bool
    used: str
    allowed: str
    line: str
    meter_used: int = 0
    meter_over: int = 0
    """Widths of a bar of 220; ``over`` follows ``used``."""


def unit_clock(matter: Matter, found: Reckoning | None, today: date, calendar: WorkingDays) -> ClockView:
    """责任单位计时."""
    title = "责任单位计时"
    if found is None:
        line = "签收后起算" if matter.lead_unit is not None else "交办后起算"
        return ClockView(title=title, late=False, used="—", allowed="", line=line)
    used, allowed = found.counted(found.judged), found.counted(found.due)
    late = found.judged > found.due
    paused = sum(1 for pause in found.pauses for _ in days(pause.after + ONE_DAY, pause.upto))
    parts = [_state(matter), f"{full_day(found.due, today)}到期"]
    if (
        not late
        and matter.stage not in REPORTED
        and not matter.stage.ended
        and matter.stage is not Stage.SUSPENDED
    ):
        parts.append(remaining(found.due, today, calendar))
    if paused:
        parts.append(f"停过 {paused} 天")
    whole = max(used, allowed, 1)
    return ClockView(
        title=title,
        late=late,
        used=str(used),
        allowed=f"/ {allowed} {found.unit}",
        line=" · ".join(parts),
        meter_used=round(WIDTH * min(used, allowed) / whole),
        meter_over=round(WIDTH * max(used - allowed, 0) / whole),
    )


def office_clock(
    matter: Matter, history: Sequence[Recorded], today: date, calendar: WorkingDays, rules: MatterRules
) -> ClockView:
    """督查室计时: from the completion report until the verification is decided."""
    title, allowed = "督查室计时", rules.verify_within_working_days
    reported_at = matter.completion_reported_at
    if reported_at is None:
        return ClockView(title=title, late=False, used="—", allowed="", line=_office_waits(matter, today))
    reported = reported_at.astimezone(BEIJING).date()
    decided = (
        _verified_on(history) if matter.stage not in (Stage.COMPLETION_REPORTED, Stage.VERIFYING) else None
    )
    used = calendar.working_days_between(reported, decided or today)
    due = calendar.nth_working_day_after(reported, allowed).on
    line = f"{short_day(decided, today)}核查完，停表" if decided else f"核查应在 {full_day(due, today)} 前"
    whole = max(used, allowed)
    return ClockView(
        title=title,
        late=used > allowed,
        used=str(used),
        allowed=f"/ {allowed} 个工作日",
        line=line,
        meter_used=round(WIDTH * min(used, allowed) / whole),
        meter_over=round(WIDTH * max(used - allowed, 0) / whole),
    )


def _state(matter: Matter) -> str:
    if matter.stage is Stage.SUSPENDED:
        return f"停表：{matter.suspended_reason or '中止'}"
    if matter.completion_reported_at is not None:
        return "已报结，停表"
    return "已结束" if matter.stage.ended else "走表中"


def _office_waits(matter: Matter, today: date) -> str:
    if matter.support_pending is not None:
        due = f"，应在 {full_day(matter.support_due_on, today)} 前答" if matter.support_due_on else ""
        return f"有支持请求待答复{due}；核查的表报结后起算"
    return "没有到核查，不计" if matter.stage.ended else "报结后起算"


def _verified_on(history: Sequence[Recorded]) -> date | None:
    passed = last_fact(history, VerificationPassed)
    return passed.recorded_at.astimezone(BEIJING).date() if passed else None
