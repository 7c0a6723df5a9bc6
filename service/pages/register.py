"""台账: every matter one may see, filtered by the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from events.vocabulary import OFFICE, UNIT_ROLES, Role, Stage
from projections import lists
from projections.board import board
from service.exchange.columns import USUAL
from service.pages.bulk_acts import MOST
from service.pages.filters import (
    ALL,
    FilterGroup,
    Filters,
    changed,
    chips,
    filter_groups,
    in_state,
    in_words,
)
from service.pages.rendering import show
from service.pages.saved_views import save_address, saved_links
from service.pages.shell import Shell
from service.pages.showing import ledger_row
from service.pages.viewing import (
    CARRIED,
    ColumnMenu,
    column_menu,
    order_group,
    plain_heads,
    question,
    read_view,
    sorted_heads,
)
from service.pages.views import Act, Chip, Empty, Head, LedgerRow, Link
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import whole_moment

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """The register, or one of the lists that look like it."""

    shell: Shell
    title: str
    sub: str
    here: str
    views: tuple[Link, ...]
    filters: tuple[FilterGroup, ...]
    chips: tuple[Chip, ...]
    clear: str
    q: str
    as_of: str
    latest: str
    printed: str
    rows: tuple[LedgerRow, ...]
    shown: str
    first: str | None
    next: str | None
    empty: Empty
    register: Act | None
    heads: tuple[Head, ...] = plain_heads()
    carried: tuple[tuple[str, str], ...] = ()
    """What the filter panel takes along: the columns."""
    menu: ColumnMenu | None = None
    save: str | None = None
    """Where this view is given a name."""
    bulk: bool = False
    """Whether rows can be ticked to be acted on together."""
    bulk_all: Link | None = None
    """The same for everything the filters select."""
    export: str | None = None
    """The address of this view as a workbook."""

    @property
    def wide(self) -> bool:
        """Whether the table has more columns than fit, and moves sideways in a frame of its own."""
        return len(self.heads) > len(USUAL)


@router.get("/matters")
def register(visit: Visiting) -> Response:
    """The register."""
    view = read_view(visit.query)
    filters, asked = view.filters, question(visit, view)
    with visit.connect() as connection:
        asked_on = replace(asked, cursor=visit.query.get("cursor"))
        page = lists.matters(connection, asked_on, visit.calendar, view.order)
        stages = _stage_counts(connection, visit, filters)
        total = _total(filters, stages) if stages is not None else lists.count(connection, asked)
    vague = stages is None and total > lists.COUNTED_UP_TO
    said = f"{lists.COUNTED_UP_TO:,} 件以上" if vague else f"{total:,} 件"
    found, beside = chips(visit, filters), [name for name in view.columns if name not in USUAL]
    shown = RegisterPage(
        shell=shell_of(
            visit, "台账", body="has-bar print-wide", foot=foot_of(page.position), live=page.position
        ),
        title="台账",
        sub=f"{said} · {view.words}",
        here="/matters",
        views=(*_views(visit), *saved_links(visit)),
        filters=(*filter_groups(visit, filters, stages), order_group(view)),
        chips=found,
        clear=visit.then("/matters?state=all"),
        q=filters.q,
        as_of=visit.as_of,
        latest=visit.runtime.clock.now().date().isoformat(),
        printed=f"台账 · 筛选：{in_words(visit, filters)} · {view.words}"
        f" · 数据截至 {whole_moment(visit.asking.moment)}",
        rows=tuple(ledger_row(visit, item, beside) for item in page.items),
        shown=f"本页 {len(page.items)} 件，共 {said}",
        first=changed(visit.query, cursor=None) if visit.query.get("cursor") else None,
        next=changed(visit.query, cursor=page.next) if page.next else None,
        empty=_nothing(visit, filters, found),
        register=register_act(visit),
        heads=sorted_heads(visit.query, view),
        carried=tuple(("col", name) for name in visit.query.getlist("col") if name),
        menu=column_menu(visit.query, view),
        save=None if visit.asking.past else save_address(visit.query),
        bulk=may_tick(visit),
        bulk_all=_all_of(visit, total, len(page.items)),
        export=changed(visit.query, cursor=None).replace("/matters", "/matters.xlsx", 1) if total else None,
    )
    return show("register.html", shown)


def foot_of(position: int) -> str:
    """The sheet with the printed foot of a list that is as of a position."""
    return f"/foot.css?at={position}"


def register_act(visit: Visit) -> Act | None:
    """The button that opens 立项, for the office and only now."""
    if visit.asking.past or not visit.may(*OFFICE):
        return None
    return Act(text="登记立项", href="/matters/register", make="primary")


def may_tick(visit: Visit) -> bool:
    """Whether the visitor acts on matters at all, and looks at now."""
    return not visit.asking.past and visit.may(*OFFICE, *UNIT_ROLES, Role.VERIFIER, Role.LEADER)


def _all_of(visit: Visit, total: int, shown: int) -> Link | None:
    if not shown < total <= MOST:
        return None
    path = changed(visit.query, cursor=None).replace("/matters", "/bulk", 1)
    rest = urlencode({"all": 1, "back": visit.here})
    return Link(text=f"筛出的 {total} 件都要办", href=f"{path}{'&' if '?' in path else '?'}{rest}")


def _stage_counts(connection: Connection, visit: Visit, filters: Filters) -> dict[Stage, int] | None:
    """Matters by stage, where kept counters can say it: nothing else narrows the list."""
    plain = Filters(
        state=filters.state,
        stages=filters.stages,
        unit=None,
        leader=None,
        mine=False,
        wide="",
        kind="",
        source="",
        overdue=False,
        due_after=None,
        due_before=None,
        q="",
    )
    if filters != plain or not visit.sees_all:
        return None
    return dict(board(connection, position=visit.asking.position).stages)


def _total(filters: Filters, counts: dict[Stage, int]) -> int:
    chosen = filters.stages or Stage
    return sum(counts[stage] for stage in chosen if in_state(stage, filters.state))


def _views(visit: Visit) -> tuple[Link, ...]:
    found = (
        ("在办", {"state": "open"}),
        ("逾期", {"state": "open", "overdue": "1"}),
        ("待交办", {"stage": "registered"}),
        ("待销号", {"stage": "write_off_review"}),
        ("已了结", {"state": "ended"}),
        ("全部", {"state": ALL}),
    )
    set_aside = ("cursor", "as_of", *CARRIED)
    here = {name: value for name, value in visit.query.items() if value and name not in set_aside}
    as_of = {"as_of": visit.as_of} if visit.as_of else {}
    return tuple(
        Link(
            text=text,
            href=f"/matters?{urlencode({**query, **as_of})}",
            current=here == query or (not here and text == "在办"),
        )
        for text, query in found
    )


def _nothing(visit: Visit, filters: Filters, chips: Sequence[Chip]) -> Empty:
    if filters.q:
        return Empty(
            title=f"没有查到“{filters.q}”",
            text="在编号、事项、问题、地点、对象和单位名里都没有。少写几个字再查，或",
            link=Link(text="去掉筛选", href=visit.then("/matters?state=all")),
        )
    if len(chips) > 1:
        return Empty(
            title="这样筛，一件也没有",
            text="去掉一个条件再看，或",
            link=Link(text="清空筛选", href=visit.then("/matters?state=all")),
        )
    return nothing_yet(visit, "台账里还没有在办的事项")


def nothing_yet(visit: Visit, title: str) -> Empty:
    """What is said before the first matter: what to do first, or who does it."""
    if register_act(visit):
        return Empty(
            title=title,
            text="先登记立项：什么问题、从哪里来的；立了项就可以交办。",
            link=Link(text="登记立项", href="/matters/register"),
        )
    waits = "督查室交办以后列在这里，同时发消息给您。" if visit.may(*UNIT_ROLES) else "立项以后列在这里。"
    return Empty(title=title, text=waits, link=Link(text="看全部", href=visit.then("/matters?state=all")))
