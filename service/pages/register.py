"""台账: every matter one may see, filtered by the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.responses import Response

from events.refusals import Malformed
from events.vocabulary import OFFICE, OPEN, Stage, UnitId
from projections import lists
from projections.asking import Asked
from projections.board import board
from service.pages.labels import SOURCES
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import ledger_row
from service.pages.views import Act, Chip, Empty, LedgerRow, Link, Option
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import full_day, short_day, stored_number, whole_moment

router = APIRouter(include_in_schema=False)

STATES = {"open": "在办", "ended": "已了结", "all": "全部"}
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterGroup:
    """One field of the filter panel; ``widget`` is checkbox, radio, select or dates."""

    name: str
    title: str
    widget: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """The register, or one of the lists that look like it."""

    shell: Shell
    title: str
    sub: str
    here: str
    views: tuple[Link, ...]
    filters: tuple[FilterGroup, ...]
    kept: tuple[tuple[str, str], ...]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the address asks for."""

    state: str
    stages: frozenset[Stage]
    unit: UnitId | None
    wide: str
    """co, subtree, both or nothing."""
    kind: str
    source: str
    overdue: bool
    due_after: date | None
    due_before: date | None
    q: str


@router.get("/matters")
def register(visit: Visiting) -> Response:
    """The register."""
    filters = read_filters(visit.query)
    asked = asked_of(visit, filters)
    with visit.connect() as connection:
        page = lists.matters(connection, replace(asked, cursor=visit.query.get("cursor")), visit.calendar)
        total = lists.count(connection, asked)
        stages = _stage_counts(connection, visit, filters)
    said = f"{lists.COUNTED_UP_TO:,} 件以上" if total > lists.COUNTED_UP_TO else f"{total:,} 件"
    chips = _chips(visit, filters)
    in_words = "、".join(f"{chip.field} {chip.value}" for chip in chips) or "不限"
    shown = RegisterPage(
        shell=shell_of(visit, "台账", body="has-bar print-wide", foot="/foot.css"),
        title="台账",
        sub=f"{said} · 按编号",
        here="/matters",
        views=_views(visit),
        filters=_groups(visit, filters, stages),
        kept=(),
        chips=chips,
        clear="/matters?state=all",
        q=filters.q,
        as_of=visit.as_of,
        latest=visit.runtime.clock.now().date().isoformat(),
        printed=f"台账 · 筛选：{in_words} · 数据截至 {whole_moment(visit.asking.moment)}",
        rows=tuple(ledger_row(visit, item) for item in page.items),
        shown=f"本页 {len(page.items)} 件，共 {said}",
        first=_with(visit.query, cursor=None) if visit.query.get("cursor") else None,
        next=_with(visit.query, cursor=page.next) if page.next else None,
        empty=_nothing(filters, chips),
        register=register_act(visit),
    )
    return show("register.html", shown)


def register_act(visit: Visit) -> Act | None:
    """The button that opens 立项, for the office and only now."""
    if visit.asking.past or not visit.may(*OFFICE):
        return None
    return Act(text="登记立项", href="/matters/register", make="primary")


def read_filters(query: QueryParams) -> Filters:
    """The address as filters. Raises Malformed for a stage or a day that is none."""
    q = query.get("q", "").strip()
    narrowed = q or query.getlist("stage") or query.get("overdue")
    return Filters(
        state=query.get("state") or (ALL if narrowed else "open"),
        stages=frozenset(_stage(text) for text in query.getlist("stage") if text),
        unit=UnitId(query["unit"]) if query.get("unit") else None,
        wide=query.get("wide", ""),
        kind=query.get("kind", ""),
        source=query.get("source", ""),
        overdue=query.get("overdue", "") in ("1", "true"),
        due_after=_day(query.get("due_after")),
        due_before=_day(query.get("due_before")),
        q=q,
    )


def asked_of(visit: Visit, filters: Filters) -> Asked:
    """The filters as a question to the register."""
    units: frozenset[UnitId] | None = None
    if filters.unit is not None:
        below = visit.directory.subtree(filters.unit, visit.day) if "subtree" in filters.wide else frozenset()
        units = frozenset({filters.unit}) | below
    asked = visit.asked(
        stages=filters.stages,
        units=units,
        co="co" in filters.wide,
        kind=filters.kind or None,
        source=filters.source or None,
        overdue=filters.overdue,
        due_after=filters.due_after,
        due_before=filters.due_before,
        q=stored_number(filters.q),
        units_named=_units_named(visit, filters.q),
    )
    if filters.state == "open":
        return replace(asked, state="open")
    return replace(asked, state="ended") if filters.state == "ended" else asked


def _units_named(visit: Visit, q: str) -> frozenset[UnitId]:
    if not q:
        return frozenset()
    return frozenset(unit for unit in visit.directory.units if q in visit.unit_name(unit))


def _stage_counts(connection: Connection, visit: Visit, filters: Filters) -> dict[Stage, int] | None:
    """Matters by stage, where kept counters can say it: nothing else narrows the list."""
    plain = Filters(
        state=filters.state,
        stages=filters.stages,
        unit=None,
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


def _groups(visit: Visit, filters: Filters, counts: dict[Stage, int] | None) -> tuple[FilterGroup, ...]:
    stages = [stage for stage in Stage if _in_state(stage, filters.state)]
    units = sorted(
        (visit.unit_name(unit.id), unit.id) for unit in visit.directory.units.values() if visit.sees_all
    )
    days = (
        Option(value="due_after", label="期限从", hint=_iso(filters.due_after)),
        Option(value="due_before", label="期限到", hint=_iso(filters.due_before)),
    )
    groups = [
        FilterGroup(
            name="state", title="状态", widget="radio", options=_options(STATES.items(), {filters.state})
        ),
        FilterGroup(
            name="overdue",
            title="灯",
            widget="checkbox",
            options=(Option(value="1", label="逾期", chosen=filters.overdue),),
        ),
        FilterGroup(
            name="stage",
            title="阶段",
            widget="checkbox",
            options=tuple(
                Option(
                    value=stage.value,
                    label=stage.label,
                    chosen=stage in filters.stages,
                    count=f"{counts[stage]:,}" if counts is not None else None,
                )
                for stage in stages
            ),
        ),
        FilterGroup(
            name="kind",
            title="类别",
            widget="select",
            options=_options(
                ((p.kind, p.label) for p in visit.runtime.settings.procedures.values()), {filters.kind}
            ),
        ),
        FilterGroup(
            name="source",
            title="来源",
            widget="select",
            options=_options(((s, s) for s in _sources(filters.source)), {filters.source}),
        ),
    ]
    if units:
        named = ((unit, name) for name, unit in units)
        groups.append(
            FilterGroup(
                name="unit", title="责任单位", widget="select", options=_options(named, {str(filters.unit)})
            )
        )
        wide = (("co", "含配合的"), ("subtree", "含下级单位"), ("co,subtree", "都含"))
        groups.append(
            FilterGroup(
                name="wide", title="单位范围", widget="select", options=_options(wide, {filters.wide})
            )
        )
    groups.append(FilterGroup(name="due", title="期限", widget="dates", options=days))
    return tuple(groups)


def _options(pairs: object, chosen: set[str]) -> tuple[Option, ...]:
    return tuple(Option(value=v, label=label, chosen=v in chosen) for v, label in pairs)  # type: ignore[attr-defined]


def _sources(chosen: str) -> Sequence[str]:
    return SOURCES if not chosen or chosen in SOURCES else (*SOURCES, chosen)


def _in_state(stage: Stage, state: str) -> bool:
    return state == ALL or (stage in OPEN) == (state == "open")


def _views(visit: Visit) -> tuple[Link, ...]:
    found = (
        ("在办", {"state": "open"}),
        ("逾期", {"state": "open", "overdue": "1"}),
        (
            "三个工作日内到期",
            {"state": "open", "due_after": today.isoformat(), "due_before": soon.isoformat()},
        ),
        ("待交办", {"stage": "registered"}),
        ("待销号", {"stage": "write_off_review"}),
        ("已了结", {"state": "ended"}),
        ("全部", {"state": ALL}),
    )
    here = {name: value for name, value in visit.query.items() if value and name not in ("cursor", "as_of")}
    as_of = {"as_of": visit.as_of} if visit.as_of else {}
    return tuple(
        Link(
            text=text,
            href=f"/matters?{urlencode({**query, **as_of})}",
            current=here == query or (not here and text == "在办"),
        )
        for text, query in found
    )


def _chips(visit: Visit, filters: Filters) -> tuple[Chip, ...]:
    query, found = visit.query, []
    if filters.state != ALL:
        found.append(("状态", STATES.get(filters.state, filters.state), _with(query, state=ALL)))
    if filters.overdue:
        found.append(("灯", "逾期", _with(query, overdue=None)))
    for stage in sorted(filters.stages, key=list(Stage).index):
        others = [s.value for s in filters.stages if s is not stage]
        found.append(("阶段", stage.label, _with(query, stage=others or None)))
    if filters.kind:
        found.append(("类别", visit.kind_label(filters.kind), _with(query, kind=None)))
    if filters.source:
        found.append(("来源", filters.source, _with(query, source=None)))
    if filters.unit is not None:
        found.append(("责任单位", visit.unit_name(filters.unit), _with(query, unit=None, wide=None)))
    if filters.due_after:
        found.append(("期限从", short_day(filters.due_after, visit.day), _with(query, due_after=None)))
    if filters.due_before:
        found.append(("期限到", full_day(filters.due_before, visit.day), _with(query, due_before=None)))
    if filters.q:
        found.append(("查", filters.q, _with(query, q=None)))
    return tuple(Chip(field=field, value=value, href=href) for field, value, href in found)


def _with(query: QueryParams, **changed: str | list[str] | None) -> str:
    """The register's address with some parameters changed; another filter begins at the first page."""
    kept = [
        (n, v)
        for n, v in query.multi_items()
        if n not in changed and v and (n != "cursor" or "cursor" in changed)
    ]
    for name, value in changed.items():
        if value is not None:
            kept += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    return f"/matters?{urlencode(kept)}" if kept else "/matters"


def _nothing(filters: Filters, chips: Sequence[Chip]) -> Empty:
    if filters.q:
        return Empty(
            title=f"没有查到“{filters.q}”",
            text="在编号、事项、问题、地点、对象和单位名里都没有。少写几个字再查，或",
            link=Link(text="去掉筛选", href="/matters?state=all"),
        )
    if len(chips) > 1:
        return Empty(
            title="这样筛，一件也没有",
            text="去掉一个条件再看，或",
            link=Link(text="清空筛选", href="/matters?state=all"),
        )
    return Empty(
        title="台账里还没有在办的事项",
        text="立项以后会列在这里。",
        link=Link(text="看全部", href="/matters?state=all"),
    )


def _stage(text: str) -> Stage:
    try:
        return Stage(text)
    except ValueError:
        raise Malformed(f"没有“{text[:40]}”这个阶段；从筛选里选。", code="unreadable-filter") from None


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(f"“{text[:20]}”不是日期；写成 2025-06-30 这样。", code="unreadable-filter") from None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
