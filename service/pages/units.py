"""单位: the tree, and one unit with its people, its matters and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from events.directory.state import Person, Unit
from events.refusals import NotFound
from events.vocabulary import Role, UnitId
from projections import lists, rates
from projections.units import UnitCounts, unit_counts
from service.circulating.addresses import rate_link
from service.exchange.columns import USUAL
from service.identity import must_be_admin
from service.pages.directing_forms import FORMS, directed, form_page, refused
from service.pages.form_page import FormPage
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import ledger_row
from service.pages.unit_tree import Branch, branch, branches, people_of
from service.pages.viewing import plain_heads
from service.pages.views import (
    Act,
    Empty,
    Figure,
    FigureGroup,
    Head,
    LedgerRow,
    Link,
    Notice,
    Option,
    Pair,
    Row,
)
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.words import joined, short_day
from service.proof.taking_away import TAKE_AWAY

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsPage:
    """The tree."""

    shell: Shell
    sub: str
    acts: tuple[Act, ...]
    tree: tuple[Branch, ...]
    closed: tuple[Branch, ...]
    empty: Empty


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPage:
    """One unit."""

    shell: Shell
    title: str
    sub: str
    notice: Notice | None
    acts: tuple[Act, ...]
    tally: tuple[FigureGroup, ...]
    heads: tuple[Head, ...]
    rows: tuple[LedgerRow, ...]
    all_rows: Link
    people: tuple[Row, ...]
    history: tuple[Pair, ...]
    rates: tuple[Link, ...]
    dossier: str
    """Where its year's 案卷 is taken; empty for whoever may not."""
    years: tuple[Option, ...]
    """The years there is a record of, this one first."""


@router.get("/units")
def units(visit: Visiting) -> Response:
    """The tree of units."""
    known = list(visit.directory.units.values())
    open_ = [unit for unit in known if not unit.closed(visit.day)]
    closed = [unit for unit in known if unit.closed(visit.day)]
    counts = _counts(visit)
    page = UnitsPage(
        shell=shell_of(visit, "单位与人员"),
        sub=f"{len(open_)} 个单位，{len(visit.directory.people)} 人",
        acts=_new_acts(visit),
        tree=branches(visit, open_, None, counts),
        closed=tuple(branch(visit, unit, (), counts) for unit in closed),
        empty=Empty(title="还没有单位", text="先登记督查室和各责任单位，再登记人员、开账号。"),
    )
    return show("units.html", page)


@router.get("/units/register")
def registering(visit: Visiting) -> Response:
    """The form of a new unit."""
    must_be_admin(visit.actor)
    raw = {"parent": [visit.query.get("parent", "")]}
    page = form_page(visit, "units", "register", action="/units/register", back="/units", sub="", raw=raw)
    return show("form.html", page)


@router.post("/units/register")
def register(visit: Visiting, form: Sent) -> Response:
    """A new unit."""
    answer, raw, refusal = directed(visit, form, "units", "register", None)
    if refusal is not None:
        page = form_page(visit, "units", "register", action="/units/register", back="/units", sub="", raw=raw)
        return refused(visit, page, refusal, "units", "register")
    return RedirectResponse(f"/units/{answer['id']}?done=register", SEE_OTHER)


@router.get("/units/{unit_id}")
def unit(visit: Visiting, unit_id: str) -> Response:
    """One unit."""
    known = known_unit(visit, unit_id)
    sees = visit.sees_all or known.id == visit.actor.unit
    asked = visit.asked(state="open", units=frozenset({known.id}), limit=SHOWN)
    with visit.connect() as connection:
        items = lists.matters(connection, asked, visit.calendar).items
        found = rates.rates(
            connection,
            visit.calendar,
            first=visit.day.replace(month=1, day=1),
            last=visit.day,
            day=visit.day,
            units=frozenset({known.id}),
            position=visit.asking.position,
            visibility=visit.visibility,
        )
    page = UnitPage(
        shell=shell_of(visit, visit.unit_name(known.id)),
        title=visit.unit_name(known.id),
        sub=_sub(visit, known),
        notice=Notice(kind="told", title="已记下") if visit.query.get("done") else None,
        acts=_acts(visit, known),
        tally=(_tally(visit, known.id, _counts(visit).get(known.id)),) if sees else (),
        heads=plain_heads(USUAL[:-1]),
        rows=tuple(ledger_row(visit, item) for item in items),
        all_rows=Link(text="在台账里看", href=visit.then(f"/matters?state=open&unit={known.id}")),
        people=tuple(_person(visit, person) for person in people_of(visit, known.id)),
        history=_history(visit, known),
        rates=tuple(
            Link(
                text=rate.rule.label,
                href=rate_link(
                    rate,
                    first=visit.day.replace(month=1, day=1),
                    last=visit.day,
                    day=visit.day,
                    unit=known.id,
                ),
                count=f"{rate.percent}%（{rate.numerator}/{rate.denominator}）",
            )
            for rate in found
            if rate.percent is not None
        )
        if sees
        else (),
        dossier=f"/units/{known.id}/dossier" if visit.may(*TAKE_AWAY) and not visit.asking.past else "",
        years=_years(visit),
    )
    return show("unit.html", page)


@router.get("/units/{unit_id}/{verb}")
def changing(visit: Visiting, unit_id: str, verb: str) -> Response:
    """The form that renames, moves or closes a unit."""
    must_be_admin(visit.actor)
    known = _verb(visit, unit_id, verb)
    raw = {"name": [visit.unit_name(known.id)], "parent": [known.parent(visit.day) or ""]}
    return show("form.html", _form(visit, known, verb, raw))


@router.post("/units/{unit_id}/{verb}")
def change(visit: Visiting, form: Sent, unit_id: str, verb: str) -> Response:
    """Renames, moves or closes a unit."""
    known = _verb(visit, unit_id, verb)
    _, raw, refusal = directed(visit, form, "units", verb, known.id)
    if refusal is not None:
        return refused(visit, _form(visit, known, verb, raw), refusal, "units", verb)
    return RedirectResponse(f"/units/{known.id}?done={verb}", SEE_OTHER)


def _form(visit: Visit, known: Unit, verb: str, raw: Mapping[str, list[str]]) -> FormPage:
    here = f"/units/{known.id}"
    return form_page(
        visit, "units", verb, action=f"{here}/{verb}", back=here, sub=visit.unit_name(known.id), raw=raw
    )


def known_unit(visit: Visit, unit_id: str) -> Unit:
    """A unit of the directory. Raises NotFound."""
    known = visit.directory.units.get(UnitId(unit_id))
    if known is None:
        raise NotFound("没有这个单位；到单位与人员里找。")
    return known


def _verb(visit: Visit, unit_id: str, verb: str) -> Unit:
    if ("units", verb) not in FORMS or verb == "register":
        raise NotFound("没有这一步；回到单位页。")
    return known_unit(visit, unit_id)


def _years(visit: Visit) -> tuple[Option, ...]:
    first = visit.runtime.store.at(1)
    begun = first.recorded_at.year if first is not None else visit.day.year
    years = range(visit.day.year, begun - 1, -1)
    return tuple(Option(value=str(year), label=f"{year} 年", chosen=year == visit.day.year) for year in years)


def _counts(visit: Visit) -> dict[UnitId, UnitCounts]:
    soon = visit.calendar.nth_working_day_after(
        visit.day, visit.runtime.settings.rules.due_soon_working_days
    ).on
    with visit.connect() as connection:
        found = unit_counts(
            connection, day=visit.day, soon=soon, position=visit.asking.position, visibility=visit.visibility
        )
    return {one.unit: one for one in found}


def _person(visit: Visit, person: Person) -> Row:
    roles = "、".join(role.label for role in sorted(person.roles(visit.day)))
    reach = joined(person.email, person.phone) if visit.sees_all else ""
    return Row(
        title=person.name, href=visit.then(f"/people/{person.id}"), meta=joined(roles or "没有职务", reach)
    )


def _sub(visit: Visit, unit: Unit) -> str:
    above = unit.parent(visit.day)
    gone = ""
    if unit.closed(visit.day) and unit.closed_on:
        heir = f"，由{visit.unit_name(unit.successor)}承接" if unit.successor else ""
        gone = f"{short_day(unit.closed_on, visit.day)}撤销{heir}"
    return joined(unit.kind, f"上级 {visit.unit_name(above)}" if above else "", gone)


def _tally(visit: Visit, unit: UnitId, counts: UnitCounts | None) -> FigureGroup:
    def figure(number: int, label: str, query: str, *, late: bool = False) -> Figure:
        href = visit.then(f"/matters?unit={unit}&{query}")
        return Figure(number=f"{number:,}", label=label, href=href, late=late and number > 0)

    return FigureGroup(
        title="",
        figures=(
            figure(counts.open if counts else 0, "在办", "state=open"),
            figure(counts.overdue if counts else 0, "逾期", "state=open&overdue=1", late=True),
            figure(counts.unsigned if counts else 0, "未签收", "stage=assigned"),
            figure(counts.closed if counts else 0, "已销号", "stage=closed&stage=confirmed&stage=relapsed"),
            figure(counts.relapsed if counts else 0, "反弹", "stage=relapsed", late=True),
        ),
    )


def _history(visit: Visit, unit: Unit) -> tuple[Pair, ...]:
    pairs = [Pair(term=short_day(name.on, visit.day), lines=(f"名称 {name.value}",)) for name in unit.names]
    pairs += [
        Pair(
            term=short_day(p.on, visit.day),
            lines=(f"归 {visit.unit_name(p.value)}" if p.value else "没有上级",),
        )
        for p in unit.parents[1:]
    ]
    return tuple(pairs) if len(pairs) > 1 else ()


def _new_acts(visit: Visit) -> tuple[Act, ...]:
    if not visit.may(Role.ADMIN) or visit.asking.past:
        return ()
    return (
        Act(text="新设单位", href="/units/register", make="primary"),
        Act(text="登记人员", href="/people/register"),
        Act(text="批量录入", href="/units/import"),
    )


def _acts(visit: Visit, unit: Unit) -> tuple[Act, ...]:
    if visit.may(Role.AUDITOR):
        return (Act(text="当时记录", href=visit.then(f"/units/{unit.id}/replay")),)
    if not visit.may(Role.ADMIN) or visit.asking.past:
        return ()
    here = f"/units/{unit.id}"
    acts = [
        Act(text="登记人员", href=f"/people/register?unit={unit.id}", make="primary"),
        Act(text="设下级单位", href=f"/units/register?parent={unit.id}"),
        Act(text="更名", href=f"{here}/rename"),
        Act(text="划转", href=f"{here}/move"),
    ]
    return (
        tuple(acts)
        if unit.closed(visit.day)
        else (*acts, Act(text="撤销", href=f"{here}/close", make="grave"))
    )
