"""The lists that press: 逾期 worst first, 未签收, 待核查, 回头看, 暂定."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from events.vocabulary import OFFICE, Role
from projections import lists
from projections.asking import Asked, Page
from projections.rows import Item
from service.noting import note
from service.pages.duties import own
from service.pages.register import RegisterPage, foot_of, may_tick, register_act
from service.pages.rendering import show
from service.pages.showing import ledger_row
from service.pages.views import Empty, LedgerRow, Link
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import full_day, short_day, whole_moment
from service.storage.access import Kind

router = APIRouter(include_in_schema=False)

LOOK_BACK_AHEAD = timedelta(days=30)
TABS = (
    ("逾期", "/overdue"),
    ("将到期", "/due-soon"),
    ("未签收", "/unsigned"),
    ("延期待批", "/extensions"),
    ("求助", "/support"),
    ("待核查", "/awaiting-verification"),
    ("回头看", "/look-backs"),
    ("暂定期限", "/provisional"),
)


@router.get("/overdue")
def overdue(visit: Visiting) -> Response:
    """逾期清单."""
    with visit.connect() as connection:
        page = lists.overdue(connection, _asked(visit), visit.calendar)
    nothing = Empty(
        title="没有逾期的事项",
        text="过了期限、责任单位还没报结的会列在这里。",
        link=Link(text="看将到期的", href=visit.then("/due-soon")),
    )
    return _page(visit, page, title="逾期清单", order="逾期最久的在前", nothing=nothing)


@router.get("/due-soon")
def due_soon(visit: Visiting) -> Response:
    """将到期."""
    within = visit.runtime.settings.rules.due_soon_working_days
    until = visit.calendar.nth_working_day_after(visit.day, within).on
    with visit.connect() as connection:
        page = lists.due_soon(connection, _asked(visit), visit.calendar, until)
    nothing = Empty(title=f"{within} 个工作日内没有到期的", text="快到期限、责任单位还没报结的会列在这里。")
    return _page(visit, page, title="将到期", order=f"{within} 个工作日内，先到的在前", nothing=nothing)


@router.get("/extensions")
def extensions(visit: Visiting) -> Response:
    """延期待批."""
    with visit.connect() as connection:
        page = lists.extensions_asked(connection, _asked(visit), visit.calendar)
    nothing = Empty(title="没有待批的延期", text="责任单位在期限前申请延期的列在这里；从事项页同意或不同意。")
    return _page(visit, page, title="延期待批", order="期限近的在前", nothing=nothing)


@router.get("/unsigned")
def unsigned(visit: Visiting) -> Response:
    """未签收."""
    with visit.connect() as connection:
        page = lists.unsigned(connection, _asked(visit), visit.calendar)
    nothing = Empty(title="没有未签收的事项", text="交办以后、单位签收以前列在这里。", link=None)
    return _page(
        visit,
        page,
        title="未签收",
        order="交办最早的在前",
        nothing=nothing,
        said=lambda item: f"{short_day(item.assigned_on, visit.day)}交办" if item.assigned_on else "",
    )


@router.get("/awaiting-verification")
def awaiting(visit: Visiting) -> Response:
    """待核查: 报结 and not yet decided on."""
    within = visit.runtime.settings.rules.verify_within_working_days

    def said(item: Item) -> str:
        if item.reported_on is None:
            return ""
        due = visit.calendar.nth_working_day_after(item.reported_on, within).on
        who = visit.directory.person_name(item.verifier) if item.verifier else "未派人"
        return f"{who}，{short_day(due, visit.day)}前"

    with visit.connect() as connection:
        page = lists.awaiting_verification(connection, _asked(visit), visit.calendar)
    nothing = Empty(title="没有待核查的事项", text="单位报结以后列在这里，报结最早的在前。", link=None)
    return _page(visit, page, title="待核查", order="报结最早的在前", nothing=nothing, said=said)


@router.get("/look-backs")
def look_backs(visit: Visiting) -> Response:
    """回头看: chosen and not yet done. Not shown to the units concerned."""
    visit.must(*OFFICE, Role.VERIFIER, Role.AUDITOR, Role.LEADER)
    note(visit.answer, Kind.COVERT)
    until = visit.day + LOOK_BACK_AHEAD
    with visit.connect() as connection:
        page = lists.look_backs_due(connection, _asked(visit), visit.calendar, until)
    nothing = Empty(
        title="没有要回头看的事项", text="办结后抽中的、该看的日子在 30 天内的列在这里。", link=None
    )
    return _page(
        visit,
        page,
        title="回头看",
        order="该看的日子早的在前",
        nothing=nothing,
        said=lambda item: f"{full_day(item.look_back_on, visit.day)}前看" if item.look_back_on else "",
    )


@router.get("/provisional")
def provisional(visit: Visiting) -> Response:
    """暂定期限: reckoned through a year whose working days are not published."""
    with visit.connect() as connection:
        page = lists.provisional(connection, _asked(visit), visit.calendar)
    nothing = Empty(
        title="没有暂定的期限",
        text="跨到还没公布工作日的年份的期限列在这里，公布后重算。",
        link=Link(text="看工作日历", href=visit.then("/calendars")),
    )
    return _page(visit, page, title="暂定期限", order="按编号", nothing=nothing)


def _asked(visit: Visit) -> Asked:
    mine = own(visit) if visit.query.get("handler") == "me" else {}
    return replace(visit.asked(**mine), cursor=visit.query.get("cursor"))


def _page(
    visit: Visit,
    page: Page[Item],
    *,
    title: str,
    order: str,
    nothing: Empty,
    said: Callable[[Item], str] | None = None,
) -> Response:
    rest = {"as_of": visit.as_of} if visit.as_of else {}

    def line(item: Item) -> LedgerRow:
        shown = ledger_row(visit, item)
        return replace(shown, last=said(item)) if said else shown

    shown = RegisterPage(
        shell=shell_of(
            visit, title, body="has-bar print-wide", foot=foot_of(page.position), live=_live(visit, page)
        ),
        title=title,
        sub=f"{order} · 截至 {full_day(visit.day, visit.day)}",
        here=visit.path,
        views=tuple(tabs(visit)),
        filters=(),
        chips=(),
        clear=visit.path,
        q="",
        as_of=visit.as_of,
        latest=visit.runtime.clock.now().date().isoformat(),
        printed=f"{title} · 数据截至 {whole_moment(visit.asking.moment)}",
        rows=tuple(line(item) for item in page.items),
        shown=f"本页 {len(page.items)} 件",
        first=_address(visit.path, rest) if visit.query.get("cursor") else None,
        next=_address(visit.path, {**rest, "cursor": page.next}) if page.next else None,
        empty=nothing,
        register=register_act(visit),
        bulk=may_tick(visit),
    )
    return show("register.html", shown)


def _live(visit: Visit, page: Page[Item]) -> int | None:
    """Where the list asks for news from; not where each look is written down."""
    return None if visit.path == "/look-backs" else page.position


def tabs(visit: Visit) -> list[Link]:
    """The lists that press, side by side."""
    covert = visit.may(*OFFICE, Role.VERIFIER, Role.AUDITOR, Role.LEADER)
    rest = {"as_of": visit.as_of} if visit.as_of else {}
    return [
        Link(text=text, href=_address(href, rest), current=href == visit.path)
        for text, href in TABS
        if covert or href != "/look-backs"
    ]


def _address(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
