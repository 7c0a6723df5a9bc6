"""工作台: what I must do now, by role; and apart from it what I watch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from events.vocabulary import OFFICE, UNIT_ROLES, Role, Stage, UnitId
from notifications.outbox import asking as box
from projections import lists, rates
from projections.asking import head_position
from service.circulating.addresses import rate_link
from service.pages import bulletin_duties, duties
from service.pages.duties import Duty
from service.pages.leader_charts import Ranking, Trend, ranking, trend
from service.pages.matter import kept_as
from service.pages.notes import mentioned
from service.pages.owed import SHOWN, Owed, cards, helping, owed, reported
from service.pages.register import register_act
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.telling_letters import then
from service.pages.views import Act, Empty, Figure, FigureGroup, Link, Notice, Pair, Row, Section
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import full_day, joined

router = APIRouter(include_in_schema=False)

LATE_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkplacePage:
    """The desk."""

    shell: Shell
    title: str
    sub: str
    notice: Notice | None
    acts: tuple[Act, ...]
    tally: tuple[FigureGroup, ...]
    owed: tuple[Owed, ...]
    sections: tuple[Section, ...]
    side: tuple[Section, ...]
    trend: Trend | None
    ranking: Ranking | None
    empty: Empty | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a role puts on the desk."""

    title: str
    mine: tuple[Duty, ...] = ()
    watched: tuple[Duty, ...] = ()
    pressing: tuple[Duty, ...] = ()
    """Watched, but in the middle of the page."""
    owed: tuple[Owed, ...] = ()
    figures: tuple[Figure, ...] = ()
    side: tuple[Section, ...] = ()
    trend: Trend | None = None
    ranking: Ranking | None = None


@router.get("/")
def workplace(visit: Visiting) -> Response:
    """The desk of whoever is logged in."""
    with visit.connect() as connection:
        position = head_position(connection)
        shown = _page(visit, tuple(_desks(connection, visit)), position)
    return show("workplace.html", shown)


def _desks(connection: Connection, visit: Visit) -> list[Desk]:
    """One for each role held, what is done most often first."""
    found = []
    if visit.may(*OFFICE):
        found.append(_office(connection, visit))
    if visit.may(Role.LEADER):
        found.append(_leader(connection, visit))
    if not visit.may(*OFFICE):
        found += [_unit(connection, visit, unit, for_whom) for unit, for_whom in _units(visit)]
    if visit.may(Role.VERIFIER):
        found.append(_verifier(connection, visit))
    if visit.may(Role.ADMIN):
        found.append(_admin(connection, visit))
    if visit.may(Role.AUDITOR) or not found:
        found.append(_watcher(connection, visit))
    return found


def _office(connection: Connection, visit: Visit) -> Desk:
    def stage(which: Stage, id_: str, title: str, act: tuple[str, str]) -> Duty:
        return duties.in_stage(connection, visit, which, id_, title, act)

    mine = [
        stage(Stage.REGISTERED, "to-assign", "待交办", ("assign", "交办")),
        stage(Stage.PLANNING, "plans", "方案待审", ("", "审方案")),
        duties.support(connection, visit),
        duties.verifications(connection, visit),
    ]
    if visit.may(Role.OFFICE_HEAD):
        mine += [
            *duties.approvals(connection, visit),
            duties.objections(connection, visit),
            duties.extensions(connection, visit),
            stage(Stage.WRITE_OFF_REVIEW, "write-offs", "销号待批", ("", "审批")),
        ]
    mine += [duty for duty in bulletin_duties.of_office(connection, visit) if duty.count]
    watched = (
        duties.unsigned(connection, visit),
        duties.due_soon(connection, visit),
        duties.overdue(connection, visit),
        duties.look_backs(connection, visit),
    )
    return Desk(title="工作台", mine=tuple(mine), watched=watched, figures=_desk(connection, visit))


def _desk(connection: Connection, visit: Visit) -> tuple[Figure, ...]:
    """What is on the visitor's own desk."""
    if visit.actor.person is None:
        return ()
    desks = visit.actor.desks
    count = lists.count(connection, visit.asked(state="open", handlers=desks, nobodys=True))
    return (Figure(number=f"{count:,}", label="我经办的在办", href=visit.then("/matters?handler=me")),)


def _leader(connection: Connection, visit: Visit) -> Desk:
    late = duties.overdue(connection, visit, LATE_SHOWN)
    soon = duties.due_soon(connection, visit)
    waiting = duties.before_leader(connection, visit)
    relapsed = lists.count(connection, visit.asked(stages=frozenset({Stage.RELAPSED})))
    figures = (
        Figure(
            number=f"{relapsed:,}",
            label="反弹",
            href=visit.then("/matters?stage=relapsed"),
            late=relapsed > 0,
        ),
        *_rates(connection, visit),
    )
    mine = (
        waiting,
        *duties.under_me(connection, visit),
        *duties.approvals(connection, visit),
        *bulletin_duties.of_leader(connection, visit),
    )
    return Desk(
        title="今天要过问的",
        mine=mine,
        pressing=(late,),
        watched=(soon,),
        figures=figures,
        trend=trend(connection, visit),
        ranking=ranking(visit),
    )


def _units(visit: Visit) -> Iterator[tuple[UnitId, str]]:
    """The units for which the visitor acts, and in whose place."""
    actor = visit.actor
    if actor.unit is not None and actor.roles & UNIT_ROLES:
        yield actor.unit, ""
    for one in actor.stands_in:
        if one.unit is not None and one.unit != actor.unit and one.roles & UNIT_ROLES:
            yield one.unit, f"代{one.name}"


def _unit(connection: Connection, visit: Visit, unit: UnitId, for_whom: str) -> Desk:
    items = owed(connection, visit, unit)
    lying, others = reported(connection, visit, unit), helping(connection, visit, unit)
    side = [Section(id="lying", title="在督查室的", count=len(lying), rows=lying)] if lying else []
    side += [Section(id="helping", title="配合的", count=len(others), rows=others)] if others else []
    side.append(_how_a_matter_ends())
    received = (
        () if for_whom else tuple(duty for duty in bulletin_duties.of_unit(connection, visit) if duty.count)
    )
    title = f"{for_whom}：{visit.unit_name(unit)}要办的" if for_whom else "我单位要办的"
    return Desk(title=title, mine=received, owed=cards(visit, items[:SHOWN], for_whom), side=tuple(side))


def _verifier(connection: Connection, visit: Visit) -> Desk:
    watched = () if visit.may(*OFFICE) else (duties.look_backs(connection, visit),)
    return Desk(title="要我核查的", mine=(duties.mine_to_verify(connection, visit),), watched=watched)


def _watcher(connection: Connection, visit: Visit) -> Desk:
    watched = (duties.overdue(connection, visit, LATE_SHOWN), duties.due_soon(connection, visit))
    side = (_audit(visit),) if visit.may(Role.AUDITOR) else ()
    return Desk(title="工作台", watched=(*watched, duties.unsigned(connection, visit)), side=side)


def _audit(visit: Visit) -> Section:
    """What an auditor reaches from the desk, on a phone too, where there is no rail."""
    said = (
        ("统计", "/statistics", "每个数点开就是那几件"),
        ("两个时刻相比", "/compare", "看板和清单，进来的、出去的、变了的"),
        ("查阅日志", "/access", "谁看过什么，谁被拒过"),
    )
    rows = tuple(Row(title=title, href=visit.then(href), meta=meta) for title, href, meta in said)
    return Section(id="audit", title="审计", count=None, rows=rows)


def _admin(connection: Connection, visit: Visit) -> Desk:
    lost = box.counted(
        connection, box.Asked(states=box.UNREACHED, position=visit.asking.position, at=then(visit))
    )
    next_year = visit.day.year + 1
    rows = [
        Row(
            title="单位与人员",
            href="/units",
            meta=f"{len(visit.directory.units)} 个单位，{len(visit.directory.people)} 人",
        ),
        Row(
            title="账号",
            href="/users",
            meta=f"{sum(not u.disabled for u in visit.directory.users.values())} 个在用",
        ),
        Row(
            title="没送到的通知", href="/letters/sent?state=unreached", meta=f"{lost} 封" if lost else "没有"
        ),
        Row(
            title="工作日历",
            href="/calendars",
            meta=f"{next_year} 年{'已公布' if visit.calendar.published(next_year) else '还没公布'}",
        ),
    ]
    return Desk(
        title="系统管理", side=(Section(id="system", title="系统管理", count=len(rows), rows=tuple(rows)),)
    )


def _rates(connection: Connection, visit: Visit) -> tuple[Figure, ...]:
    found = rates.rates(
        connection,
        visit.calendar,
        first=visit.day.replace(month=1, day=1),
        last=visit.day,
        day=visit.day,
        position=visit.asking.position,
        visibility=visit.visibility,
    )
    return tuple(
        Figure(
            number=f"{rate.percent}%",
            label=f"今年{rate.rule.label} {rate.numerator}/{rate.denominator}",
            href=rate_link(rate, first=visit.day.replace(month=1, day=1), last=visit.day, day=visit.day),
        )
        for rate in found
        if rate.percent is not None and rate.rule.id == "on_time_closing_rate"
    )


def _page(visit: Visit, desks: tuple[Desk, ...], position: int) -> WorkplacePage:
    mine = [duty for desk in desks for duty in desk.mine]
    pressing = _once([duty for desk in desks for duty in desk.pressing])
    watched = _once(
        [duty for desk in desks for duty in desk.watched if duty.id not in {p.id for p in pressing}]
    )
    owed_cards = tuple(card for desk in desks for card in desk.owed)
    figures = tuple(figure for desk in desks for figure in desk.figures)
    beside = [section for desk in desks for section in desk.side]
    if (named := mentioned(visit)) is not None:
        beside.insert(0, named)
    middle = [duty.section() for duty in (*mine, *pressing) if duty.count]
    watching = [duty.section() for duty in watched if duty.count]
    if not mine and not owed_cards:
        middle, watching, beside = [*middle, *beside, *watching], [], []
    waiting = sum(duty.count for duty in mine) + len(owed_cards)
    owes = bool(mine or owed_cards) or visit.may(*UNIT_ROLES)
    register = register_act(visit)
    return WorkplacePage(
        shell=shell_of(visit, desks[0].title, live=position),
        title=desks[0].title,
        sub=_sub(visit, waiting, owes=owes),
        notice=_done(visit),
        acts=(register,) if register else (),
        tally=_tally(mine, [*pressing, *watched], figures, owed_cards),
        owed=owed_cards,
        sections=tuple(middle),
        side=(*watching, *beside),
        trend=next((desk.trend for desk in desks if desk.trend), None),
        ranking=next((desk.ranking for desk in desks if desk.ranking), None),
        empty=_nothing(visit) if owes and not middle and not owed_cards else None,
    )


def _done(visit: Visit) -> Notice | None:
    """What was just done to a matter that is no longer to be seen."""
    done, of = visit.query.get("done", ""), visit.query.get("of", "")
    if not done:
        return None
    recorded = kept_as(visit, of, done)
    return Notice(kind="told", title="已办", text="这一件不再归您看。", recorded=recorded)


def _nothing(visit: Visit) -> Empty:
    return Empty(
        title="现在没有要您办的",
        text="有事要办时列在这里，同时发消息给您。",
        link=Link(text="看台账", href=visit.then("/matters")),
    )


def _tally(
    mine: list[Duty], watched: list[Duty], figures: tuple[Figure, ...], owed_cards: tuple[Owed, ...]
) -> tuple[FigureGroup, ...]:
    if owed_cards and not mine:
        return ()
    groups = []
    if mine:
        groups.append(FigureGroup(title="要我办", figures=tuple(_figure(duty, here=True) for duty in mine)))
    if watched or figures:
        seen = tuple(_figure(duty, here=False) for duty in watched)
        groups.append(FigureGroup(title="我在看", figures=(*seen, *figures)))
    return tuple(groups)


def _figure(duty: Duty, *, here: bool) -> Figure:
    complete = here and duty.count == len(duty.rows) and duty.count > 0
    href = f"#{duty.id}" if complete else duty.href
    return Figure(number=f"{duty.count:,}", label=duty.title, href=href, late=duty.late)


def _once(found: list[Duty]) -> list[Duty]:
    return list({duty.id: duty for duty in found}.values())


def _sub(visit: Visit, waiting: int, *, owes: bool) -> str:
    unit = visit.own_unit
    todo = f"要我办 {waiting} 件" if owes else ""
    return joined(unit, visit.actor.name, todo, f"截至 {full_day(visit.day, visit.day)}")


def _how_a_matter_ends() -> Section:
    said = (
        ("签收", "收到交办 1 个工作日内签收，或者提异议"),
        ("方案", "要报方案的，写明措施、目标和每一步的日子"),
        ("进展", "办着就报，数字可以写"),
        ("佐证", "按清单传材料，缺什么列什么"),
        ("报结", "对照质量要求逐条写；报结即停表"),
    )
    pairs = tuple(Pair(term=title, lines=(text,)) for title, text in said)
    return Section(id="how", title="一件怎么算办完", count=None, pairs=pairs)
