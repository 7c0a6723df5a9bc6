"""为什么是红灯: one sentence, the day ruler, and seven steps that can be checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from events.matter.assigning import AssignmentAcknowledged, MatterAssigned, MatterReassigned, ObjectionUpheld
from events.matter.correctable import DUE_ON
from events.matter.correcting import FactCorrected
from events.matter.extending import ExtensionGranted, ExtensionRefused, ExtensionRequested
from events.matter.leading import LeaderInstructedAgain
from events.matter.pressing import DueDateRecomputed
from events.record.envelope import Recorded
from events.rules.deadlines import YELLOW_WORKING_DAYS
from events.vocabulary import Starts
from service.pages.reckoning import ONE_DAY, Reckoning, days, last_fact
from service.pages.views import Link
from service.pages.words import full_day, short_day

LONGEST_RULER = 45
HEAD_SHOWN = 21
TAIL_SHOWN = 14
"""Of a ruler too long to be shown whole: the first three weeks, and from a Monday at least the last two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulerDay:
    """One calendar day of the ruler; ``make`` is its class, ``gap`` says how many days are left out before it."""

    number: int
    make: str
    meaning: str
    month: str = ""
    gap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyStep:
    """起算 时限 日历 停表 延期 到期 依据, each with where it can be checked."""

    title: str
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The reckoning."""

    title: str
    sentence: str
    red: bool
    opened: bool = False
    """Whether it was asked for in the address."""
    ruler_label: str
    days: tuple[RulerDay, ...]
    steps: tuple[WhyStep, ...]


def why(found: Reckoning, light_name: str | None) -> Why:
    """为什么是红灯: one sentence, the days, seven steps."""
    used, allowed = found.counted(found.judged), found.counted(found.due)
    late_days = (found.judged - found.due).days
    sentence = f"责任单位用了 {used} {found.unit}，限 {allowed} {found.unit}"
    red = late_days > 0
    if red:
        sentence += f"；期限 {short_day(found.due, found.today)}，已过 {late_days} 天。"
    else:
        sentence += f"；期限 {full_day(found.due, found.today)} 24:00。"
    if found.limit.provisional:
        sentence += "有一年的工作日还没公布，期限是暂定的，公布后重算。"
    last = max(found.due, found.judged)
    return Why(
        title=f"为什么是{light_name}？" if light_name else "期限是怎么算的？",
        sentence=sentence,
        red=red,
        ruler_label=f"计日尺，{short_day(found.start, found.today)}至{short_day(last, found.today)}",
        days=tuple(_ruler(found, last)),
        steps=_steps(found),
    )


def _ruler(found: Reckoning, last: date) -> Iterator[RulerDay]:
    first = found.start - timedelta(days=found.start.weekday())
    shown = list(days(first, last))
    gap = 0
    if len(shown) > LONGEST_RULER:
        tail = TAIL_SHOWN + last.weekday() + 1
        gap = len(shown) - HEAD_SHOWN - tail
        shown = shown[:HEAD_SHOWN] + shown[-tail:]
    number, month = 0, 0
    for index, day in enumerate(shown):
        jumped = gap if index == HEAD_SHOWN else 0
        number = found.counted(day) if jumped else number + (day > found.start and found.counts(day))
        make, meaning = _meaning(found, day, number)
        label = f"{day.month}月" if day.month != month else ""
        month = day.month
        yield RulerDay(number=day.day, make=make, meaning=meaning, month=label, gap=jumped)


def _meaning(found: Reckoning, day: date, number: int) -> tuple[str, str]:
    if day < found.start:
        return "off", "起算以前"
    if day == found.start:
        return "zero", "起算日，不计"
    if day == found.due:
        return "due", "到期日"
    if day > found.due:
        return ("over", f"逾期第 {(day - found.due).days} 天") if day <= found.judged else ("off", "")
    if any(pause.covers(day) for pause in found.pauses):
        return "hold", "停表，不计"
    if not found.counts(day):
        return "off", "休息日，不计"
    return "w", f"第 {number} {found.unit}"


def _steps(found: Reckoning) -> tuple[WhyStep, ...]:
    limit, today = found.limit, found.today
    words = f"“{limit.time_limit}”" if limit.time_limit else "直接定到日"
    starts = "签收" if limit.starts is Starts.ACKNOWLEDGED else "交办"
    set_by = last_fact(
        found.history, MatterAssigned, MatterReassigned, ObjectionUpheld, LeaderInstructedAgain
    )
    began = (
        last_fact(found.history, AssignmentAcknowledged) if limit.starts is Starts.ACKNOWLEDGED else set_by
    )
    granted = [r for r in found.history if isinstance(r.fact, ExtensionGranted)]
    asked = sum(isinstance(r.fact, ExtensionRequested) for r in found.history)
    versions = "、".join(f"{year} 年工作日历第 {version} 版" for year, version in limit.calendar_versions)
    extension = f"申请 {asked} 次，同意 {len(granted)} 次" if asked else "没有申请过"
    provisional = "（暂定）" if limit.provisional else ""
    return (
        WhyStep(
            title="起算",
            text=f"{full_day(found.start, today)}{starts}，当日不计",
            links=_facts((f"{starts}记录", began)),
        ),
        WhyStep(title="时限", text=f"{words}，含末日 24:00", links=_facts(("交办记录", set_by))),
        WhyStep(
            title="日历",
            text=(versions or "这一年的工作日还没公布")
            if limit.in_working_days
            else "按自然日，不看工作日历",
            links=tuple(
                Link(text=f"{year} 年", href=found.then(f"/calendars/{year}"))
                for year, _ in limit.calendar_versions
            ),
        ),
        WhyStep(title="停表", text=_pauses_said(found), links=_pauses_linked(found)),
        WhyStep(title="延期", text=extension, links=_facts(*_extensions(found))),
        WhyStep(
            title="到期", text=f"{full_day(found.due, today)}{provisional}；过此即红", links=_moved(found)
        ),
        WhyStep(title="依据", text=_basis(found, set_by), links=_facts(("交办记录", set_by))),
    )


def _facts(*named: tuple[str, Recorded | None]) -> tuple[Link, ...]:
    """Links to the facts a step rests on."""
    return tuple(Link(text=text, href=f"#f{fact.position}") for text, fact in named if fact is not None)


def _extensions(found: Reckoning) -> Iterator[tuple[str, Recorded]]:
    said = {ExtensionRequested: "申请", ExtensionGranted: "同意", ExtensionRefused: "不同意"}
    for recorded in found.history:
        if type(recorded.fact) in said:
            yield said[type(recorded.fact)], recorded


def _moved(found: Reckoning) -> tuple[Link, ...]:
    """The facts that set a due day other than the assignment."""
    moved = (DueDateRecomputed, FactCorrected)
    return _facts(
        *(
            ("重算" if isinstance(r.fact, DueDateRecomputed) else "更正", r)
            for r in found.history
            if isinstance(r.fact, moved) and (isinstance(r.fact, DueDateRecomputed) or _of_due(r.fact))
        )
    )


def _of_due(fact: FactCorrected) -> bool:
    return any(name == DUE_ON for name, _ in fact.new)


def _basis(found: Reckoning, set_by: Recorded | None) -> str:
    """The rule by its version, the light's own rule, and what the assignment was based on."""
    stated = set_by.basis if set_by and set_by.basis else found.matter.basis
    rule = f"{found.kind}办理程序第 {found.limit.procedure_version} 版"
    lights = f"过期限为红灯，到期前 {YELLOW_WORKING_DAYS} 个工作日起为黄灯"
    return f"{rule}；{lights}；{f'交办依据：{stated}' if stated else '交办时没有另写依据'}"


def _pauses_linked(found: Reckoning) -> tuple[Link, ...]:
    return tuple(
        Link(text=f"{pause.why}记录", href=f"#f{pause.position}")
        for pause in found.pauses
        if pause.position is not None
    )


def _pauses_said(found: Reckoning) -> str:
    said = [
        f"{short_day(pause.after + ONE_DAY, found.today)}至{short_day(pause.upto, found.today)}{pause.why}"
        for pause in found.pauses
    ]
    return "；".join(said) or "没有停过"
