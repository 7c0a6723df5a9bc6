"""Lights, stage bars and due days: how a matter's limit is said in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.rules.calendar import WorkingDays
from events.rules.procedures import HANDLING
from events.vocabulary import Light, Stage

REPORTED = frozenset({Stage.COMPLETION_REPORTED, Stage.VERIFYING, Stage.WRITE_OFF_REVIEW})
"""The unit's clock has stopped; the office's runs."""

PLACES = {
    Stage.REGISTERED: 1,
    Stage.ASSIGNED: 2,
    Stage.OBJECTED: 2,
    Stage.ACKNOWLEDGED: 3,
    Stage.PLANNING: 4,
    Stage.RECTIFYING: 5,
    Stage.SUSPENDED: 5,
    Stage.COMPLETION_REPORTED: 6,
    Stage.VERIFYING: 7,
    Stage.WRITE_OFF_REVIEW: 7,
}
"""How many of the stage bar's eight parts are drawn; all of them once ended."""

LAMP_NAMES = {
    "red": "红灯",
    "yellow": "黄灯",
    "green": "绿灯",
    "hold": "停表",
    "done": "停表",
    "none": "无灯",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """The light beside a limit: shape, words and days."""

    kind: str
    words: str
    href: str | None = None

    @property
    def name(self) -> str:
        """What is read aloud, and printed, before the words."""
        return LAMP_NAMES[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMark:
    """A stage's label with its place among eight."""

    label: str
    n: int


def stage_mark(stage: Stage, wording: str) -> StageMark:
    """The stage's label under a kind's wording, with its bar."""
    return StageMark(label=stage.label_for(wording), n=PLACES.get(stage, 8))


def lamp(
    *,
    stage: Stage,
    light: Light,
    due_on: date | None,
    days_late: int | None,
    today: date,
    calendar: WorkingDays,
    wording: str,
    href: str | None = None,
) -> Lamp:
    """The light beside a limit. ``days_late`` are calendar days, as lists, rungs and letters count them."""
    late = days_late or 0
    if stage is Stage.SUSPENDED:
        return Lamp(kind="hold", words="暂停计时", href=href)
    if stage.ended:
        return _ended(stage, late, wording, href)
    if due_on is None:
        words = "未定期限" if stage is Stage.REGISTERED else "签收后起算"
        return Lamp(kind="none", words=words)
    if stage in REPORTED:
        if late:
            return Lamp(kind="red", words=f"迟报 {late} 天", href=href)
        return Lamp(kind="done", words="已报结，停表", href=href)
    if light is Light.RED:
        return Lamp(kind="red", words=f"逾期 {late} 天", href=href)
    return Lamp(kind=_kind(light), words=remaining(due_on, today, calendar), href=href)


def of_parts(worst: Light, branches: tuple[int, int], days_late: int) -> Lamp:
    """The light of a split matter: that of its worst part, with how many parts have ended."""
    ended, of = branches
    late = f"，最迟 {days_late} 天" if worst is Light.RED else ""
    return Lamp(kind=_kind(worst), words=f"{ended}/{of} 份了结{late}")


def short_day(day: date, today: date) -> str:
    """“6月30日”; with the year where it is not this one."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def remaining(due_on: date, today: date, calendar: WorkingDays) -> str:
    """“今日到期”, “还剩 3 个工作日”, or in calendar days where no working day is left."""
    if due_on == today:
        return "今日到期"
    days = calendar.working_days_between(today, due_on)
    return f"还剩 {days} 个工作日" if days else f"还剩 {(due_on - today).days} 天"


def own_lamp(due_on: date, today: date, calendar: WorkingDays) -> Lamp:
    """The light of one's own act: yellow one working day before, as ui.md has it."""
    if due_on < today:
        return Lamp(kind="red", words=f"迟 {(today - due_on).days} 天")
    close = calendar.working_days_between(today, due_on) <= 1
    words = "今天到限" if due_on == today else remaining(due_on, today, calendar)
    return Lamp(kind="yellow" if close else "green", words=words)


def _ended(stage: Stage, late: int, wording: str, href: str | None) -> Lamp:
    label = stage.label_for(wording)
    if late and stage in (Stage.CLOSED, Stage.CONFIRMED, Stage.RELAPSED):
        ended = "办结" if wording == HANDLING else "销号"
        return Lamp(kind="done", words=f"迟 {late} 天{ended}", href=href)
    return Lamp(kind="done", words=label, href=href)


def _kind(light: Light) -> str:
    return {Light.RED: "red", Light.YELLOW: "yellow", Light.GREEN: "green", Light.NONE: "none"}[light]
