"""通报: all of them, the newest first; what waits for me on top."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from events.bulletin.series import Every, in_words
from events.bulletin.state import PENDING, BulletinStage
from events.record.moments import to_micros
from events.vocabulary import OFFICE
from projections import bulletin_lists
from projections.bulletin_lists import Listed
from service.circulating import bulletins as seen_of
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Act, Empty, Link
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import short_day

router = APIRouter(include_in_schema=False)

SHOWN = 50
OUT = frozenset({BulletinStage.ISSUED, BulletinStage.CORRECTED, BulletinStage.WITHDRAWN})
VIEWS = (("", "全部", frozenset[BulletinStage]()), ("pending", "在办", PENDING), ("out", "已印发", OUT))


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinRow:
    """One bulletin."""

    title: str
    href: str
    series: str
    period: str
    number: str
    state: str
    """Where it stands, in words."""
    owed: bool
    """Whether it waits for the visitor."""
    drafted: str
    receipts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinsPage:
    """The list."""

    shell: Shell
    sub: str
    views: tuple[Link, ...]
    series: tuple[Link, ...]
    acts: tuple[Act, ...]
    rows: tuple[BulletinRow, ...]
    next: str | None
    empty: Empty


@router.get("/bulletins")
def bulletins(visit: Visiting) -> Response:
    """The bulletins the visitor may see."""
    sight = seen_of.sight_of(visit.actor, visit.directory, visit.day)
    chosen, series = visit.query.get("state", ""), visit.query.get("series", "")
    stages = next((stages for name, _, stages in VIEWS if name == chosen), frozenset())
    asked = bulletin_lists.Asked(
        all=sight.all,
        units=sight.units,
        heads=sight.heads,
        series=series or None,
        stages=stages,
        position=visit.asking.position,
        before=_before(visit),
        limit=SHOWN + 1,
    )
    with visit.connect() as connection:
        rows = bulletin_lists.listed(connection, asked)
    waiting = sum(bool(row.owed_by) for row in rows)
    may_draft = visit.may(*OFFICE) and not visit.asking.past
    page = BulletinsPage(
        shell=shell_of(visit, "通报"),
        sub=f"{waiting} 份待签收" if waiting else "数字都能点开，看到它数的是哪几件",
        views=_views(chosen, series) if sight.all else (),
        series=_series(visit, chosen, series) if sight.all else (),
        acts=(Act(text="拟一份…", href="/bulletins/draft", make="primary"),) if may_draft else (),
        rows=tuple(_row(visit, row) for row in rows[:SHOWN]),
        next=_next(rows, chosen, series),
        empty=Empty(title="还没有通报", text="到了拟稿的日子，时钟按系列拟好；印发后，收文单位在这里签收。"),
    )
    return show("bulletins.html", page)


def _row(visit: Visit, row: Listed) -> BulletinRow:
    late = f"，应于 {short_day(row.due_on, visit.day)}拟" if _caught_up(row) and row.due_on else ""
    return BulletinRow(
        title="".join(row.title.split()),
        href=f"/bulletins/{row.id}{f'?as_of={visit.as_of}' if visit.as_of else ''}",
        series=row.series_name,
        period=in_words(_every(visit, row.series), row.period),
        number=row.document_no or "—",
        state=state_words(row),
        owed=bool(row.owed_by),
        drafted=f"{short_day(row.drafted_at.date(), visit.day)}{late}",
        receipts=f"{row.receipts}/{row.addressees}" if row.addressees else "—",
    )


def state_words(row: Listed) -> str:
    """Where a bulletin stands and what it waits for."""
    if row.owed_by:
        return "待签收"
    if row.stage is BulletinStage.CHECKED:
        if row.co_signing:
            return f"待会签（{len(row.co_signing)}）"
        return "待批准点名" if row.naming_owed else "待签发"
    if row.stage is BulletinStage.ISSUED and row.addressees and row.receipts == row.addressees:
        return "全部签收"
    return row.stage.label


def _caught_up(row: Listed) -> bool:
    return row.due_on is not None and row.drafted_at.date() > row.due_on


def _every(visit: Visit, series: str) -> Every:
    known = visit.runtime.settings.bulletins.get(series)
    return known.every if known is not None else Every.AD_HOC


def _views(chosen: str, series: str) -> tuple[Link, ...]:
    return tuple(
        Link(text=label, href=_address(state=name, series=series), current=name == chosen)
        for name, label, _ in VIEWS
    )


def _series(visit: Visit, chosen: str, series: str) -> tuple[Link, ...]:
    known = visit.runtime.settings.bulletins.values()
    return (
        Link(text="各系列", href=_address(state=chosen, series=""), current=not series),
        *(
            Link(text=one.name, href=_address(state=chosen, series=one.id), current=one.id == series)
            for one in known
            if one.enabled or one.every is Every.AD_HOC
        ),
    )


def _address(**query: str) -> str:
    said = {name: value for name, value in query.items() if value}
    return f"/bulletins?{urlencode(said)}" if said else "/bulletins"


def _before(visit: Visit) -> tuple[int, str] | None:
    moment, _, id_ = visit.query.get("after", "").partition(".")
    return (int(moment[:18]), id_) if moment.isascii() and moment.isdigit() else None


def _next(rows: tuple[Listed, ...], chosen: str, series: str) -> str | None:
    if len(rows) <= SHOWN:
        return None
    last = rows[SHOWN - 1]
    return _address(state=chosen, series=series, after=f"{to_micros(last.drafted_at)}.{last.id}")
