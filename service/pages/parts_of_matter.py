"""The parts of a matter's page that are lists of words: people, papers, due days, plan."""

from __future__ import annotations

from dataclasses import dataclass

from events.matter.approving import awaits_approval
from events.matter.branches import Helping
from events.matter.proposals import Approval
from events.matter.state import Matter
from events.vocabulary import Role, Stage, UnitId
from projections import topics
from service.pages.views import Pair
from service.pages.visiting import Visit
from service.pages.words import beijing, day_and_hour, full_day, joined, short_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something said, and what it is."""

    term: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """One due day of all there were."""

    due: str
    why: str
    set_on: str
    was: bool
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """The plan as last submitted."""

    pairs: tuple[Pair, ...]
    steps: tuple[Said, ...]


SEVERAL = 2
"""From so many on, what a unit is given comes again."""
DUE_WHY = {
    "assigned": "交办",
    "reassigned": "改派",
    "acknowledged": "签收起算",
    "extended": "同意延期",
    "resumed": "恢复，按停的天数顺延",
    "returned": "退回，按报结后的天数顺延",
    "objection-upheld": "异议成立，改交",
    "instructed-again": "再次批示",
    "recomputed": "工作日公布后重算",
    "corrected": "更正",
}


def tags(visit: Visit, matter: Matter) -> tuple[str, ...]:
    """Kind, source, urgency, round."""
    rounds = f"第 {matter.round} 轮批示" if matter.round > 1 else ""
    urgency = matter.urgency.label if matter.urgency else ""
    return tuple(filter(None, (visit.kind_label(matter.kind), matter.source, urgency, rounds)))


def attention(visit: Visit, matter: Matter) -> Said | None:
    """The one thing that must not be overlooked before anything is done."""
    day = visit.day
    pending = matter.pending_extension
    if matter.approval is Approval.REJECTED and matter.rejected_reason and not matter.stage.ended:
        return Said(term="立项退回", text=matter.rejected_reason)
    if awaits_approval(matter):
        what = "立项" if matter.approval is Approval.PENDING else "拟办意见"
        text = matter.proposal.text if matter.proposal is not None else "批准以后才能交办"
        return Said(term=f"{what}待批准", text=text)
    if matter.proposal is not None and matter.proposal.returned_reason and matter.stage is Stage.REGISTERED:
        return Said(term="拟办意见退回", text=matter.proposal.returned_reason)
    if matter.stage is Stage.OBJECTED and matter.objection:
        return Said(term="异议", text=matter.objection)
    if matter.stage is Stage.SUSPENDED and matter.suspended_reason:
        return Said(term="中止理由", text=matter.suspended_reason)
    if matter.returned_reason and matter.completion_reported_at is None and not matter.stage.ended:
        when = f"{day_and_hour(matter.returned_at, day)}：" if matter.returned_at else ""
        return Said(term="退回原因", text=f"{when}{matter.returned_reason}")
    if pending is not None and not matter.stage.ended:
        text = f"{short_day(pending.asked_on, day)}申请延到 {full_day(pending.until, day)}：{pending.reason}"
        return Said(term="延期待批", text=text)
    if matter.support_pending:
        due = matter.support_due_on
        by = f"（督查室应在 {full_day(due, day)} 前答复）" if due else ""
        return Said(term="请求支持，待答复", text=f"{matter.support_pending}{by}")
    return None


def particulars(visit: Visit, matter: Matter) -> tuple[Pair, ...]:
    """What was registered and what is asked for."""
    percent = f"{matter.percent}%" if matter.percent is not None else ""
    progress = joined(percent, str(matter.quantity) if matter.quantity is not None else "")
    forecast = full_day(matter.forecast_on, visit.day) if matter.forecast_on else ""
    said = (
        ("质量要求", matter.quality_requirement),
        ("考核办法", matter.assessment_rule),
        ("地点", matter.place),
        ("对象", matter.object),
        ("来源", joined(matter.source, matter.source_no)),
        ("依据", matter.basis),
        ("最近进展", progress),
        ("预计完成", forecast),
        ("办结等级", matter.grade.label if matter.grade else ""),
        (
            "移交",
            joined(matter.transferred_kind.label if matter.transferred_kind else "", matter.transferred_to),
        ),
    )
    return tuple(Pair(term=term, lines=(text,)) for term, text in said if text)


def again(visit: Visit, matter: Matter) -> tuple[Pair, ...]:
    """Which time this is that the unit is given the same thing this year; said from the second on."""
    with visit.connect() as connection:
        found = topics.nth(connection, matter, visit.asking.position)
    if found is None or found.of < SEVERAL:
        return ()
    unit = visit.unit_name(matter.lead_unit)
    said = f"{unit}“{found.said}” {found.year} 年第 {found.nth} 次，共 {found.of} 件"
    return (Pair(term="反复出现", lines=(said,)),)


def people(visit: Visit, matter: Matter) -> tuple[Pair, ...]:
    """谁来办."""
    waiting = f"分办成 {len(matter.branches)} 份，见各份" if matter.branches else "还没有交办"
    lead = [visit.unit_name(matter.lead_unit)] if matter.lead_unit else [waiting]
    if matter.lead_unit is not None:
        lead += _holders(visit, matter.lead_unit)
    closed = visit.directory.units.get(matter.lead_unit) if matter.lead_unit else None
    if closed is not None and closed.closed(visit.day):
        lead.append(f"已撤销，由{visit.unit_name(closed.successor)}承接" if closed.successor else "已撤销")
    found = [Pair(term="牵头", lines=tuple(lead))]
    if matter.person:
        found.append(Pair(term="责任人", lines=(matter.person,)))
    if matter.chief_leader:
        name = visit.directory.person_name(matter.chief_leader)
        found.append(Pair(term="责任领导", lines=(name,)))
    if matter.co_units:
        found.append(Pair(term="配合", lines=tuple(_helping(visit, part) for part in matter.helping)))
    if matter.handler:
        key_case = "，专人督办" if matter.key_case else ""
        found.append(Pair(term="经办", lines=(f"{visit.directory.person_name(matter.handler)}{key_case}",)))
    elif matter.assigned_by:
        found.append(Pair(term="督办", lines=(visit.directory.user_label(matter.assigned_by),)))
    elif matter.registered_by:
        found.append(Pair(term="督办", lines=(visit.directory.user_label(matter.registered_by),)))
    found.append(Pair(term="核查", lines=(_verifier(visit, matter),)))
    return tuple(found)


def _helping(visit: Visit, part: Helping) -> str:
    """“水务局：4月2日提过意见”, “水务局：意见 4月9日到期，还没提”."""
    name, day = visit.unit_name(part.unit), visit.day
    if part.opinion_at is not None:
        signed = "，已会签" if part.co_signed_at is not None else ""
        return f"{name}：{short_day(beijing(part.opinion_at).date(), day)}提过意见{signed}"
    waited = f"意见 {short_day(part.due_on, day)}到期，还没提" if part.due_on else "还没提意见"
    late = f"，已迟 {(day - part.due_on).days} 天" if part.due_on and part.due_on < day else ""
    signed_for = "" if part.acknowledged_at is not None else "，没签收"
    return f"{name}：{waited}{late}{signed_for}"


def _holders(visit: Visit, unit: UnitId) -> list[str]:
    said = []
    for role, title in ((Role.UNIT_HEAD, "负责人"), (Role.UNIT_LIAISON, "联络员")):
        names = "、".join(person.name for person in visit.directory.holders(unit, role, visit.day))
        if names:
            said.append(f"{title} {names}")
    return [" · ".join(said)] if said else ["没有登记联络员，信件送不到"]


def _verifier(visit: Visit, matter: Matter) -> str:
    if matter.verifier is None:
        return "报结后指派，不能是经办的人"
    on = f"，{full_day(matter.verify_on, visit.day)}去" if matter.verify_on else ""
    return f"{visit.directory.person_name(matter.verifier)}{on}"


def due_lines(visit: Visit, matter: Matter) -> tuple[DueLine, ...]:
    """Every due day there was, newest first; one alone says nothing the head does not say."""
    if len(matter.due_dates) < 2:
        return ()
    newest = matter.due_dates[-1]
    return tuple(
        DueLine(
            due=full_day(due.due_on, visit.day),
            why=DUE_WHY.get(due.why, due.why),
            set_on=short_day(due.set_on, visit.day),
            was=due is not newest,
            provisional=due.provisional,
        )
        for due in reversed(matter.due_dates)
    )


def plan(visit: Visit, matter: Matter) -> PlanView | None:
    """The plan, if one was filed."""
    filed = matter.plan
    if filed is None:
        return None
    approved = f"{short_day(filed.approved_on, visit.day)}批准" if filed.approved_on else "待审"
    state = f"{short_day(filed.submitted_on, visit.day)}报，{approved}"
    pairs = (
        Pair(term="措施", lines=tuple(filed.measures.splitlines())),
        Pair(term="目标", lines=tuple(filed.goal.splitlines())),
        Pair(term="办到哪", lines=(state,)),
    )
    steps = tuple(
        Said(term=joined(step.title, step.person), text=full_day(step.due_on, visit.day))
        for step in filed.steps
    )
    return PlanView(pairs=pairs, steps=steps)
