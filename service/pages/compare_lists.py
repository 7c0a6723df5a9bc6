"""两个时刻相比: the board and one list, what entered it, left it and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from events.refusals import Malformed
from events.vocabulary import MatterId, Role, Stage, UnitId
from projections import lists
from projections.asking import Asked
from projections.between import between
from projections.board import board
from service.asking import Asking
from service.exchange.columns import USUAL
from service.pages.compare import moment_said, moments, place, visit_at
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import ledger_row
from service.pages.viewing import plain_heads
from service.pages.views import Head, LedgerRow, Option
from service.pages.visiting import Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)

SHOWN = 100

LISTS: Mapping[str, tuple[str, str]] = {
    "open": ("在办", "state=open"),
    "overdue": ("逾期", "state=open&overdue=1"),
    "unsigned": ("未签收", "stage=assigned"),
    "awaiting": ("待核查", "stage=completion_reported&stage=verifying"),
    "write_off": ("待销号", "stage=write_off_review"),
    "ended": ("已了结", "state=ended"),
    "all": ("全部", "state=all"),
}
"""Lists that can be compared: what they are called, and the register's filters that show them."""

_STAGES = {
    "unsigned": frozenset({Stage.ASSIGNED}),
    "awaiting": frozenset({Stage.COMPLETION_REPORTED, Stage.VERIFYING}),
    "write_off": frozenset({Stage.WRITE_OFF_REVIEW}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """A stage at two moments; both figures open their lists."""

    label: str
    before: str
    before_href: str
    after: str
    after_href: str
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The matters that entered, left or changed; ``count`` is the whole."""

    id: str
    title: str
    count: int
    rows: tuple[LedgerRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareListsPage:
    """Two moments of the whole."""

    shell: Shell
    sub: str
    from_: str
    to: str
    lists: tuple[Option, ...]
    units: tuple[Option, ...]
    counts: tuple[CountRow, ...]
    heads: tuple[Head, ...]
    groups: tuple[Group, ...]
    stayed: str


@router.get("/compare")
def compare(visit: Visiting) -> Response:
    """The board and one list at two moments."""
    visit.must(Role.AUDITOR, Role.LEADER, Role.OFFICE_HEAD, Role.OFFICE_CLERK)
    name = visit.query.get("list", "open")
    if name not in LISTS:
        raise Malformed(f"没有“{name[:20]}”这张清单；从选项里选。", code="unreadable-filter")
    asked_for = visit.query.get("from") or visit.query.get("to")
    first, last = moments(visit) if asked_for else (None, None)
    counts: tuple[CountRow, ...] = ()
    groups: tuple[Group, ...] = ()
    stayed, sub = "", "看板和一张清单：哪些进来了，哪些出去了，哪些变了"
    if first is not None and last is not None:
        with visit.connect() as connection:
            counts = _counts(connection, visit, first, last)
            groups, stayed = _groups(connection, visit, name, first, last)
        sub = f"{moment_said(first)} 到 {moment_said(last)}"
    page = CompareListsPage(
        shell=shell_of(visit, "两个时刻相比"),
        sub=sub,
        from_=visit.query.get("from", ""),
        to=visit.query.get("to", ""),
        lists=tuple(Option(value=key, label=said, chosen=key == name) for key, (said, _) in LISTS.items()),
        units=_units(visit),
        counts=counts,
        heads=plain_heads(USUAL[:-1]),
        groups=groups,
        stayed=stayed,
    )
    return show("compare_lists.html", page)


def _asked(visit: Visit, name: str, asked_for: Asking) -> Asked:
    """The list at a moment, lateness judged on its day."""
    unit = visit.query.get("unit")
    asked = replace(
        visit.asked(stages=_STAGES.get(name, frozenset()), overdue=name == "overdue"),
        position=place(asked_for),
        day=asked_for.day,
        units=frozenset({UnitId(unit)}) if unit else None,
    )
    if name == "open":
        return replace(asked, state="open")
    return replace(asked, state="ended") if name == "ended" else asked


def _counts(connection: Connection, visit: Visit, first: Asking, last: Asking) -> tuple[CountRow, ...]:
    unit = visit.query.get("unit")
    units = frozenset({UnitId(unit)}) if unit else None
    before, after = (board(connection, position=place(at), units=units).stages for at in (first, last))
    return tuple(
        CountRow(
            label=stage.label,
            before=f"{before[stage]:,}",
            before_href=_register(visit, f"stage={stage.value}", first),
            after=f"{after[stage]:,}",
            after_href=_register(visit, f"stage={stage.value}", last),
            difference=_signed(after[stage] - before[stage]),
        )
        for stage in Stage
        if before[stage] or after[stage]
    )


def _groups(
    connection: Connection, visit: Visit, name: str, first: Asking, last: Asking
) -> tuple[tuple[Group, ...], str]:
    before, after = _asked(visit, name, first), _asked(visit, name, last)
    found = between(connection, before, after)
    said = LISTS[name][0]
    groups = (
        Group(
            id="entered",
            title=f"进了“{said}”的",
            count=len(found.entered),
            rows=_rows(connection, visit, last, after, found.entered),
        ),
        Group(
            id="left",
            title=f"出了“{said}”的（后来的样子）",
            count=len(found.left),
            rows=_rows(connection, visit, last, after, found.left),
        ),
        Group(
            id="changed",
            title="一直在、但变了的",
            count=len(found.changed),
            rows=_rows(connection, visit, last, after, found.changed),
        ),
    )
    return groups, f"没有变的 {found.stayed:,} 件"


def _rows(
    connection: Connection, visit: Visit, at: Asking, asked: Asked, ids: Sequence[MatterId]
) -> tuple[LedgerRow, ...]:
    """The matters as they stood at the later moment; each opens itself at both moments."""
    if not ids:
        return ()
    plain = Asked(day=asked.day, position=asked.position, visibility=asked.visibility, limit=SHOWN)
    calendar = visit.runtime.calendars.at(place(at))
    items = lists.chosen(connection, plain, calendar, ids[:SHOWN]).items
    then = visit_at(visit, at)
    query = urlencode({"from": visit.query.get("from", ""), "to": visit.query.get("to", "")})
    return tuple(
        replace(ledger_row(then, item), href=visit.then(f"/matters/{item.id}/compare?{query}"))
        for item in items
    )


def _register(visit: Visit, filters: str, at: Asking) -> str:
    unit = visit.query.get("unit")
    chosen = f"&{urlencode({'unit': unit})}" if unit else ""
    return f"/matters?{filters}{chosen}&as_of={place(at)}"


def _units(visit: Visit) -> tuple[Option, ...]:
    chosen = visit.query.get("unit", "")
    named = sorted((visit.unit_name(unit), unit) for unit in visit.directory.units)
    return tuple(Option(value=str(unit), label=name, chosen=unit == chosen) for name, unit in named)


def _signed(number: int) -> str:
    return f"+{number:,}" if number > 0 else f"{number:,}" if number else "—"
