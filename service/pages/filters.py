"""The register's filters: the address as a question, as a panel, and as chips that take themselves away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from events.refusals import Malformed
from events.vocabulary import OFFICE, OPEN, PersonId, Role, Stage, UnitId
from projections.asking import Asked
from projections.words import folded_text
from service.pages.labels import SOURCES
from service.pages.views import Chip, Option
from service.pages.visiting import Visit
from service.pages.words import full_day, short_day, stored_number

STATES = {"open": "在办", "ended": "已了结", "all": "全部"}
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterGroup:
    """One field of the filter panel; ``widget`` is checkbox, radio, select or dates."""

    name: str
    title: str
    widget: str
    options: tuple[Option, ...]
    none: str = "不限"
    """What a select says where nothing is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the address asks for."""

    state: str
    stages: frozenset[Stage]
    unit: UnitId | None
    leader: PersonId | None
    """Whom it is reported to."""
    mine: bool
    """Only what is on the visitor's own desk or on nobody's."""
    wide: str
    """co, subtree, both or nothing."""
    kind: str
    source: str
    overdue: bool
    due_after: date | None
    due_before: date | None
    q: str


def read_filters(query: QueryParams) -> Filters:
    """The address as filters. Raises Malformed for a stage or a day that is none."""
    q = query.get("q", "").strip()
    narrowed = q or query.getlist("stage") or query.get("overdue")
    return Filters(
        state=query.get("state") or (ALL if narrowed else "open"),
        stages=frozenset(_stage(text) for text in query.getlist("stage") if text),
        unit=UnitId(query["unit"]) if query.get("unit") else None,
        leader=PersonId(query["leader"]) if query.get("leader") else None,
        mine=query.get("handler", "") == "me",
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
        handlers=(visit.actor.desks or frozenset({PersonId("")})) if filters.mine else None,
        nobodys=filters.mine,
        chiefs=frozenset({filters.leader}) if filters.leader is not None else None,
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
    sought = folded_text(q)
    return frozenset(unit for unit in visit.directory.units if sought in folded_text(visit.unit_name(unit)))


def filter_groups(visit: Visit, filters: Filters, counts: dict[Stage, int] | None) -> tuple[FilterGroup, ...]:
    """The panel; ``counts`` by stage, where they can be said."""
    late = (Option(value="1", label="逾期", chosen=filters.overdue),)
    kinds = ((p.kind, p.label) for p in visit.runtime.settings.procedures.values())
    sources = SOURCES if filters.source in ("", *SOURCES) else (*SOURCES, filters.source)
    days = (
        Option(value="due_after", label="期限从", hint=_iso(filters.due_after)),
        Option(value="due_before", label="期限到", hint=_iso(filters.due_before)),
    )
    states = _options(STATES.items(), {filters.state})
    desk = (Option(value="me", label="我经办的", chosen=filters.mine),)
    desks = (FilterGroup(name="handler", title="经办", widget="checkbox", options=desk),)
    return (
        *(desks if visit.may(*OFFICE) else ()),
        FilterGroup(name="state", title="状态", widget="radio", options=states),
        FilterGroup(name="overdue", title="灯", widget="checkbox", options=late),
        FilterGroup(name="stage", title="阶段", widget="checkbox", options=tuple(_stages(filters, counts))),
        _select("kind", "类别", kinds, filters.kind),
        _select("source", "来源", ((source, source) for source in sources), filters.source),
        *_unit_groups(visit, filters),
        *_leader_groups(visit, filters),
        FilterGroup(name="due", title="期限", widget="dates", options=days),
    )


def _stages(filters: Filters, counts: dict[Stage, int] | None) -> Iterable[Option]:
    for stage in Stage:
        if in_state(stage, filters.state):
            count = f"{counts[stage]:,}" if counts is not None else None
            yield Option(value=stage.value, label=stage.label, chosen=stage in filters.stages, count=count)


def _unit_groups(visit: Visit, filters: Filters) -> tuple[FilterGroup, ...]:
    """For those who see more than their own."""
    if not visit.sees_all or not visit.directory.units:
        return ()
    named = sorted((visit.unit_name(unit), unit) for unit in visit.directory.units)
    units = ((str(unit), name) for name, unit in named)
    wide = (("co", "含配合的"), ("subtree", "含下级单位"), ("co,subtree", "都含"))
    return (
        _select("unit", "责任单位", units, str(filters.unit or "")),
        _select("wide", "单位范围", wide, filters.wide),
    )


def _leader_groups(visit: Visit, filters: Filters) -> tuple[FilterGroup, ...]:
    """Where there are leaders to whom matters are reported."""
    known = leaders(visit)
    if not visit.sees_all or not known:
        return ()
    named = ((str(person), visit.person_name(person)) for person in known)
    return (_select("leader", "首席责任领导", named, str(filters.leader or "")),)


def leaders(visit: Visit) -> tuple[PersonId, ...]:
    """Who holds the post of leader on the visit's day, by name."""
    people = visit.directory.people.values()
    found = (one for one in people if not one.left(visit.day) and Role.LEADER in one.roles(visit.day))
    return tuple(one.id for one in sorted(found, key=lambda one: (one.name, one.id)))


def _select(name: str, title: str, pairs: Iterable[tuple[str, str]], chosen: str) -> FilterGroup:
    return FilterGroup(name=name, title=title, widget="select", options=_options(pairs, {chosen}))


def _options(pairs: Iterable[tuple[str, str]], chosen: set[str]) -> tuple[Option, ...]:
    return tuple(Option(value=v, label=label, chosen=v in chosen) for v, label in pairs)


def in_state(stage: Stage, state: str) -> bool:
    """Whether a stage belongs to 在办, 已了结 or, for all, any."""
    return state == ALL or (stage in OPEN) == (state == "open")


def chips(visit: Visit, filters: Filters) -> tuple[Chip, ...]:
    """The filters in force."""
    query, found = visit.query, []
    if filters.state != ALL:
        found.append(("状态", STATES.get(filters.state, filters.state), changed(query, state=ALL)))
    if filters.mine:
        found.append(("经办", "我经办的", changed(query, handler=None)))
    if filters.overdue:
        found.append(("灯", "逾期", changed(query, overdue=None)))
    for stage in sorted(filters.stages, key=list(Stage).index):
        others = [s.value for s in filters.stages if s is not stage]
        found.append(("阶段", stage.label, changed(query, stage=others or None)))
    if filters.kind:
        found.append(("类别", visit.kind_label(filters.kind), changed(query, kind=None)))
    if filters.source:
        found.append(("来源", filters.source, changed(query, source=None)))
    if filters.unit is not None:
        found.append(("责任单位", visit.unit_name(filters.unit), changed(query, unit=None, wide=None)))
    if filters.leader is not None:
        found.append(("首席责任领导", visit.person_name(filters.leader), changed(query, leader=None)))
    if filters.due_after:
        found.append(("期限从", short_day(filters.due_after, visit.day), changed(query, due_after=None)))
    if filters.due_before:
        found.append(("期限到", full_day(filters.due_before, visit.day), changed(query, due_before=None)))
    if filters.q:
        found.append(("查", filters.q, changed(query, q=None)))
    return tuple(Chip(field=field, value=value, href=href) for field, value, href in found)


def in_words(visit: Visit, filters: Filters) -> str:
    """The filters in force as one line, for paper and workbooks."""
    return "、".join(f"{chip.field} {chip.value}" for chip in chips(visit, filters)) or "不限"


def changed(query: QueryParams, **changes: str | list[str] | None) -> str:
    """The register's address with some parameters changed; another filter begins at the first page."""
    kept = [
        (n, v)
        for n, v in query.multi_items()
        if n not in changes and v and (n != "cursor" or "cursor" in changes)
    ]
    for name, value in changes.items():
        if value is not None:
            kept += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    return f"/matters?{urlencode(kept)}" if kept else "/matters"


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
