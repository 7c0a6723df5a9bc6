"""What is known of a matter at one moment, field by field in words: for replay and for comparing two moments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from events.directory.state import Directory
from events.matter.state import Extension, Limit, Matter, Plan
from events.rules import deadlines
from events.rules.calendar import WorkingDays
from events.vocabulary import BEIJING, Starts
from service.lights import LAMP_NAMES, lamp
from service.pages.reckoning import judged_on
from service.pages.words import joined

NONE = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One field of a matter as it stood."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """By what the state of a moment is put into words: the names, the calendar and the day of then."""

    directory: Directory
    calendar: WorkingDays
    day: date
    wording: str
    kind: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A field at two moments."""

    label: str
    before: str
    after: str

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return self.before == self.after


def known(matter: Matter, then: Then) -> tuple[Known, ...]:
    """Every field that says something about a matter; what is not said is a dash."""
    if matter.version == 0:
        return ()
    return tuple(
        Known(name=name, label=label, text=text or NONE)
        for name, label, text in (
            *_stands(matter, then),
            *_limit(matter, then),
            *_told(matter),
            *_worked(matter, then),
            *_ended(matter, then),
        )
    )


def differences(before: Iterable[Known], after: Iterable[Known]) -> tuple[Changed, ...]:
    """Field by field, in the order of the fields; a field one side lacks is a dash there."""
    old, new = ({one.name: one for one in side} for side in (before, after))
    names = list(dict.fromkeys((*old, *new)))
    labels = {name: (new.get(name) or old[name]).label for name in names}
    return tuple(
        Changed(
            label=labels[name],
            before=old[name].text if name in old else NONE,
            after=new[name].text if name in new else NONE,
        )
        for name in names
    )


Said = tuple[str, str, str]


def _stands(matter: Matter, then: Then) -> Iterable[Said]:
    names = then.directory
    yield "stage", "阶段", matter.stage.label_for(then.wording)
    yield "light", "灯", _light(matter, then)
    yield "lead_unit", "牵头单位", names.unit_name(matter.lead_unit, then.day, then.position)
    co_units = (names.unit_name(unit, then.day, then.position) for unit in matter.co_units)
    yield "co_units", "配合单位", "、".join(co_units)
    yield "person", "责任人", matter.person or ""
    yield "verifier", "核查人员", joined(names.person_name(matter.verifier), _day(matter.verify_on))


def _limit(matter: Matter, then: Then) -> Iterable[Said]:
    limit = matter.limit
    yield "due_on", "期限", _due(limit)
    yield "time_limit", "时限", _words(limit)
    yield "start_on", "起算日", _day(limit.start_on) if limit else ""
    versions = limit.calendar_versions if limit else ()
    yield "calendars", "所用日历", "、".join(f"{year} 年第 {version} 版" for year, version in versions)
    yield "procedure", "所用程序", f"{then.kind}第 {limit.procedure_version} 版" if limit else ""
    yield "extensions", "延期", "；".join(_extension(one) for one in matter.extensions)
    yield "suspended", "中止", joined(_moment(matter.suspended_at), matter.suspended_reason)
    if matter.rungs:
        said = (f"{rung.slot.month}月{rung.slot.day}日" for rung in matter.rungs)
        yield "rungs", "已说的台阶", "、".join(said)


def _told(matter: Matter) -> Iterable[Said]:
    yield "number", "编号", matter.number
    yield "title", "事项", matter.title
    yield "problem", "问题", matter.problem
    yield "place", "地点", matter.place or ""
    yield "object", "对象", matter.object or ""
    yield "source", "来源", joined(matter.source, matter.source_no)
    yield "urgency", "缓急", matter.urgency.label if matter.urgency else ""
    yield "basis", "依据", matter.basis or ""
    yield "quality_requirement", "质量要求", matter.quality_requirement or ""
    yield "assessment_rule", "考核办法", matter.assessment_rule or ""
    yield "round", "批示轮次", f"第 {matter.round} 轮" if matter.round > 1 else ""


def _worked(matter: Matter, then: Then) -> Iterable[Said]:
    yield "acknowledged_at", "签收", _moment(matter.acknowledged_at)
    yield "objection", "异议", matter.objection or ""
    yield "plan", "方案", _plan(matter.plan)
    yield "percent", "进展", f"{matter.percent}%" if matter.percent is not None else ""
    yield "quantity", "数量", str(matter.quantity) if matter.quantity is not None else ""
    yield "forecast_on", "预计完成", _day(matter.forecast_on)
    yield "support_pending", "求助待答复", matter.support_pending or ""
    yield "evidence", "佐证材料", _evidence(matter)
    yield "completion_reported_at", "报结", _moment(matter.completion_reported_at)
    yield "returned", "退回", joined(_moment(matter.returned_at), matter.returned_reason)
    yield "failures", "核查不通过", "、".join(failure.label for failure in matter.failures)
    yield "urged", "催办", f"{matter.urged} 次" if matter.urged else ""
    yield "assigned_by", "交办人", _user(then, matter.assigned_by)


def _ended(matter: Matter, then: Then) -> Iterable[Said]:
    late = f"迟 {matter.days_late_at_report} 天报结" if matter.closed_late else ""
    yield "closed_at", "销号", joined(_moment(matter.closed_at), _user(then, matter.closed_by), late)
    yield "grade", "办结等级", matter.grade.label if matter.grade else ""
    yield "ended_at", "了结", _moment(matter.ended_at)
    yield "look_back_on", "回头看期限", _day(matter.look_back_on)
    yield "look_back_passed_at", "回头看通过", _moment(matter.look_back_passed_at)
    kind = matter.transferred_kind
    yield "transferred", "移交", joined(kind.label if kind else "", matter.transferred_to)


def _light(matter: Matter, then: Then) -> str:
    judged = judged_on(matter, then.day)
    light = deadlines.light(
        stage=matter.stage,
        due_on=matter.due_on,
        judged_on=judged,
        today=then.day,
        calendar=then.calendar,
    )
    found = lamp(
        stage=matter.stage,
        light=light,
        due_on=matter.due_on,
        days_late=deadlines.days_late(matter.due_on, judged) if matter.due_on else None,
        today=then.day,
        calendar=then.calendar,
        wording=then.wording,
    )
    return f"{LAMP_NAMES[found.kind]}，{found.words}"


def _due(limit: Limit | None) -> str:
    if limit is None:
        return ""
    if limit.due_on is None:
        return "签收后起算"
    return f"{_day(limit.due_on)}{'（暂定）' if limit.provisional else ''}"


def _words(limit: Limit | None) -> str:
    if limit is None:
        return ""
    starts = "自签收起算" if limit.starts is Starts.ACKNOWLEDGED else "自交办起算"
    words = f"“{limit.time_limit}”，{starts}" if limit.time_limit else "直接定到日"
    moved = sum(move.days for move in limit.moves)
    return f"{words}，顺延过 {moved} 天" if moved else words


def _extension(one: Extension) -> str:
    decided = {"pending": "待批", "granted": "同意", "refused": "不同意", "lapsed": "不再需要"}[one.decision]
    return f"{_day(one.asked_on)}申请延到 {_day(one.until)}，{decided}"


def _plan(plan: Plan | None) -> str:
    if plan is None:
        return ""
    approved = f"{_day(plan.approved_on)}批准" if plan.approved_on else "待审"
    return f"{_day(plan.submitted_on)}报，{len(plan.steps)} 步，{approved}"


def _evidence(matter: Matter) -> str:
    gone = f"，撤回 {len(matter.withdrawn)} 件" if matter.withdrawn else ""
    return f"{len(matter.evidence)} 件{gone}" if matter.evidence else ""


def _user(then: Then, user: str | None) -> str:
    return then.directory.user_label(user) if user else ""


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(BEIJING):%Y年%-m月%-d日 %H:%M}" if moment else ""
