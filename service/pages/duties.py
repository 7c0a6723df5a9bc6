"""要我办: what waits for the office, a verifier or a leader, kind by kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from events.matter.state import Matter
from events.vocabulary import OFFICE, Role, Stage
from projections import lists
from projections.asking import Asked, Page
from projections.rows import Item
from service.exchange.columns import last_said
from service.lights import own_lamp
from service.pages.showing import act_on, row
from service.pages.views import Act, Link, Row, Section
from service.pages.visiting import Visit
from service.pages.words import beijing, short_day

SHOWN = 6
LOOK_BACK_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One kind of thing that waits: its rows and how many there are in all."""

    id: str
    title: str
    count: int
    href: str
    rows: tuple[Row, ...]
    late: bool = False

    def section(self) -> Section:
        """As a part of the page."""
        more = Link(text=f"全部 {self.count} 件", href=self.href) if self.count > len(self.rows) else None
        return Section(id=self.id, title=self.title, count=self.count, rows=self.rows, more=more)


Shown = Callable[[Item], Row]


def duty(
    id_: str,
    title: str,
    href: str,
    page: Page[Item],
    count: int,
    shown: Shown,
    *,
    late: bool = False,
) -> Duty:
    """A duty from the first rows of its list."""
    rows = tuple(shown(item) for item in page.items)
    return Duty(
        id=id_,
        title=title,
        count=max(count, len(rows)),
        href=href,
        rows=rows,
        late=late and count > 0,
    )


def own(visit: Visit) -> dict[str, Any]:
    """Filters for what is on the visitor's own desk or on nobody's; a head decides for all desks."""
    if visit.may(Role.OFFICE_HEAD) or not visit.may(*OFFICE) or visit.actor.person is None:
        return {}
    return {"handlers": visit.actor.desks, "nobodys": True}


def at(visit: Visit, href: str) -> str:
    """A list's address, with the desk where only its matters are counted."""
    if not own(visit):
        return visit.then(href)
    return visit.then(f"{href}{'&' if '?' in href else '?'}handler=me")


def in_stage(
    connection: Connection, visit: Visit, stage: Stage, id_: str, title: str, act: tuple[str, str]
) -> Duty:
    """Everything in one stage, with the act that takes it on."""
    command, text = act
    asked = visit.asked(stages=frozenset({stage}), limit=SHOWN, **own(visit))
    page = lists.matters(connection, asked, visit.calendar)
    count = lists.count(connection, asked)

    def shown(item: Item) -> Row:
        button = _open(item, "看" if item.awaits_approval else text)
        if command and not item.awaits_approval:
            button = act_on(item, command, text)
        return row(
            visit,
            item,
            visit.number(item.number),
            "等批准" if item.awaits_approval else _since(visit, item),
            act=None if visit.asking.past else button,
        )

    return duty(id_, title, at(visit, f"/matters?stage={stage.value}"), page, count, shown)


def objections(connection: Connection, visit: Visit) -> Duty:
    """异议待裁定."""
    return in_stage(
        connection, visit, Stage.OBJECTED, "objections", "异议待裁定", ("decide-objection", "裁定")
    )


def extensions(connection: Connection, visit: Visit) -> Duty:
    """延期待批."""
    asked = visit.asked(limit=SHOWN)
    page = lists.extensions_asked(connection, asked, visit.calendar)
    count = _all_of(connection, visit, lists.extensions_asked)

    def shown(item: Item) -> Row:
        until = f"延到 {short_day(item.extension_until, visit.day)}" if item.extension_until else ""
        times = f"第 {item.extensions + 1} 次"
        return row(visit, item, until, times, act=None if visit.asking.past else _open(item, "审批"))

    return duty("extensions", "延期待批", visit.then("/extensions"), page, count, shown)


def approvals(connection: Connection, visit: Visit) -> tuple[Duty, ...]:
    """待批准: registrations and proposals; nothing where no kind asks for it and nothing waits."""
    page = lists.approvals_awaited(connection, visit.asked(limit=SHOWN), visit.calendar)
    count = _all_of(connection, visit, lists.approvals_awaited)

    def shown(item: Item) -> Row:
        return row(
            visit, item, visit.number(item.number), act=None if visit.asking.past else _open(item, "看")
        )

    asked_for = any(p.registration_approval for p in visit.runtime.settings.procedures.values())
    found = duty("approvals", "待批准", visit.then("/approvals"), page, count, shown)
    return (found,) if asked_for or count else ()


def support(connection: Connection, visit: Visit) -> Duty:
    """求助待答复."""
    page = lists.support_asked(connection, visit.asked(limit=SHOWN, **own(visit)), visit.calendar)
    count = _all_of(connection, visit, lists.support_asked, **own(visit))

    def shown(item: Item) -> Row:
        act = None if visit.asking.past else act_on(item, "answer-support", "答复")
        due = item.support_due_on
        lit = own_lamp(due, visit.day, visit.calendar) if due else None
        return row(visit, item, visit.number(item.number), lamp=lit, act=act)

    return duty("support", "求助待答复", at(visit, "/support"), page, count, shown)


def verifications(connection: Connection, visit: Visit) -> Duty:
    """待派核查: reported as done, nobody sent yet; the light is the office's own."""
    within = visit.runtime.settings.rules.verify_within_working_days
    asked = visit.asked(stages=frozenset({Stage.COMPLETION_REPORTED}), limit=SHOWN, **own(visit))
    page = lists.awaiting_verification(connection, asked, visit.calendar)

    def shown(item: Item) -> Row:
        assert item.reported_on is not None
        due = visit.calendar.nth_working_day_after(item.reported_on, within).on
        act = None if visit.asking.past else act_on(item, "schedule-verification", "派人核查")
        reported = f"{short_day(item.reported_on, visit.day)}报结"
        return row(visit, item, reported, lamp=own_lamp(due, visit.day, visit.calendar), act=act)

    return duty(
        "verifications",
        "待派核查",
        at(visit, "/awaiting-verification"),
        page,
        lists.count(connection, asked),
        shown,
    )


def mine_to_verify(connection: Connection, visit: Visit) -> Duty:
    """要我核查的: by the day one is to go."""
    asked = visit.asked(stages=frozenset({Stage.VERIFYING}), limit=200)
    items = [
        item
        for item in lists.matters(connection, asked, visit.calendar).items
        if item.verifier in visit.actor.desks
    ]
    items.sort(key=lambda item: (item.verify_on or visit.day, item.number_key))

    def shown(item: Item) -> Row:
        on = item.verify_on or visit.day
        act = None if visit.asking.past else act_on(item, "visit", "核查")
        return row(
            visit, item, visit.number(item.number), lamp=own_lamp(on, visit.day, visit.calendar), act=act
        )

    page = Page(items=tuple(items), next=None, position=0)
    return duty("mine-to-verify", "要我核查的", visit.then("/awaiting-verification"), page, len(items), shown)


def before_leader(connection: Connection, visit: Visit) -> Duty:
    """等我阅示: results laid before the leader."""
    asked = visit.asked(stages=frozenset({Stage.WRITE_OFF_REVIEW}), limit=100)
    kinds = {p.kind for p in visit.runtime.settings.procedures.values() if p.leader_round}
    items = tuple(
        item
        for item in lists.matters(connection, asked, visit.calendar).items
        if item.kind in kinds and _waits_for_leader(visit, item)
    )

    def shown(item: Item) -> Row:
        return row(
            visit, item, visit.number(item.number), act=None if visit.asking.past else _open(item, "阅示")
        )

    page = Page(items=items, next=None, position=0)
    return duty(
        "before-leader", "等我阅示", visit.then("/matters?stage=write_off_review"), page, len(items), shown
    )


def under_me(connection: Connection, visit: Visit) -> tuple[Duty, ...]:
    """我名下的: open matters of which the visitor is 首席责任领导, the latest first; nothing where there are none."""
    if visit.actor.person is None:
        return ()
    asked = visit.asked(state="open", chiefs=frozenset({visit.actor.person}), limit=200)
    items = lists.matters(connection, asked, visit.calendar).items
    if not items:
        return ()
    worst = sorted(items, key=lambda item: (-(item.days_late or 0), item.due_on or date.max, item.number_key))
    page = Page(items=tuple(worst[:SHOWN]), next=None, position=0)
    href = visit.then(f"/matters?state=open&leader={visit.actor.person}")

    def shown(item: Item) -> Row:
        return row(visit, item, visit.unit_name(item.lead_unit), visit.number(item.number))

    return (duty("under-me", "我名下的", href, page, lists.count(connection, asked), shown),)


def look_backs(connection: Connection, visit: Visit) -> Duty:
    """回头看到期."""
    until = visit.day + LOOK_BACK_AHEAD
    page = lists.look_backs_due(connection, visit.asked(limit=SHOWN), visit.calendar, until)

    def shown(item: Item) -> Row:
        assert item.look_back_on is not None
        due = f"{short_day(item.look_back_on, visit.day)}前看"
        return row(visit, item, due, lamp=own_lamp(item.look_back_on, visit.day, visit.calendar))

    def question(c: Connection, a: Asked, cal: object) -> Page[Item]:
        return lists.look_backs_due(c, a, cal, until)  # type: ignore[arg-type]

    return duty(
        "look-backs",
        "回头看到期",
        visit.then("/look-backs"),
        page,
        _all_of(connection, visit, question),
        shown,
    )


def overdue(connection: Connection, visit: Visit, limit: int = SHOWN) -> Duty:
    """逾期, worst first: what, who, since when, and why it came back."""
    page = lists.overdue(connection, visit.asked(limit=limit), visit.calendar)
    count = lists.count(connection, visit.asked(overdue=True))

    def shown(item: Item) -> Row:
        since = f"自 {short_day(item.due_on + timedelta(days=1), visit.day)}起" if item.due_on else ""
        stage = item.stage.label_for(visit.wording(item.kind))
        act = act_on(item, "instruct", "批示…") if visit.may(Role.LEADER) and not visit.asking.past else None
        return replace(row(visit, item, _head(visit, item), since, stage, act=act), note=_why(visit, item))

    return duty("overdue", "逾期", visit.then("/overdue"), page, count, shown, late=True)


def _why(visit: Visit, item: Item) -> str:
    """What is known of why it is late: why it came back, what it asked for, how far it got."""
    if item.returned_reason:
        return f"退回：{item.returned_reason}"
    waits = "，在等督查室答复求助" if item.support_pending else ""
    return f"最近：{last_said(item, visit)}{waits}"


def _head(visit: Visit, item: Item) -> str:
    if item.lead_unit is None:
        return ""
    return "、".join(p.name for p in visit.directory.holders(item.lead_unit, Role.UNIT_HEAD, visit.day))


def due_soon(connection: Connection, visit: Visit) -> Duty:
    """三个工作日内到期."""
    within = visit.runtime.settings.rules.due_soon_working_days
    until = visit.calendar.nth_working_day_after(visit.day, within).on
    page = lists.due_soon(connection, visit.asked(limit=SHOWN), visit.calendar, until)

    def question(c: Connection, a: Asked, cal: object) -> Page[Item]:
        return lists.due_soon(c, a, cal, until)  # type: ignore[arg-type]

    count = _all_of(connection, visit, question)
    return duty("due-soon", "将到期", visit.then("/due-soon"), page, count, lambda item: row(visit, item))


def unsigned(connection: Connection, visit: Visit) -> Duty:
    """未签收."""
    page = lists.unsigned(connection, visit.asked(limit=SHOWN), visit.calendar)
    count = lists.count(connection, visit.asked(stages=frozenset({Stage.ASSIGNED})))

    def shown(item: Item) -> Row:
        since = f"{short_day(item.assigned_on, visit.day)}交办" if item.assigned_on else ""
        return row(visit, item, since)

    return duty("unsigned", "未签收", visit.then("/unsigned"), page, count, shown)


def _all_of(connection: Connection, visit: Visit, question: Callable[..., Page[Item]], **filters: Any) -> int:
    """How many a list holds, exact up to 200, which no day's desk exceeds."""
    asked = replace(visit.asked(**filters), limit=200)
    return len(question(connection, asked, visit.calendar).items)


def _open(item: Item, text: str) -> Act:
    return Act(text=text, href=f"/matters/{item.id}", about=item.title)


def _since(visit: Visit, item: Item) -> str:
    return f"{short_day(beijing(item.last_at).date(), visit.day)}起"


def _waits_for_leader(visit: Visit, item: Item) -> bool:
    matter: Matter = visit.runtime.handling.load(f"matter-{item.id}", up_to=visit.asking.position).state
    return matter.submitted_to_leader_at is not None and matter.leader_acknowledged_at is None
