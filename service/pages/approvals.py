"""待批准: what waits for a head's or a leader's word, ticked together, looked at once more, approved together."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from events.matter.state import Matter
from events.vocabulary import MatterId, Role
from projections import lists
from projections.rows import Item
from service.commands.approving_many import MOST, Approved, ApproveMany, approve_many
from service.pages.reading_forms import raw_of
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Notice, Pair
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.words import joined

router = APIRouter(include_in_schema=False)

DECIDE = (Role.OFFICE_HEAD, Role.LEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One of them: what is proposed, and after the approval what became of it."""

    id: str
    title: str
    href: str
    meta: str
    pairs: tuple[Pair, ...]
    chosen: bool = False
    said: str = ""
    """Why it cannot be approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalsPage:
    """The list, the look before, or what became of it."""

    shell: Shell
    title: str
    sub: str
    notice: Notice | None
    lines: tuple[Line, ...]
    step: str
    """choose, confirm, done."""
    may: bool
    text: str
    basis: str
    count: int


@router.get("/approvals")
def approvals(visit: Visiting) -> Response:
    """What waits."""
    visit.must(*DECIDE, Role.OFFICE_CLERK, Role.AUDITOR)
    return show("approvals.html", _choosing(visit, None))


@router.post("/approvals")
def approve(visit: Visiting, form: Sent) -> Response:
    """First the look, then the word."""
    visit.must(*DECIDE)
    raw = raw_of(form)
    chosen = tuple(MatterId(one) for one in raw.get("matters", []) if one)
    if not chosen:
        nothing = Notice(kind="stale", title="没有勾选", text="先勾选要批准的，再看一遍、批准。")
        return show("approvals.html", _choosing(visit, nothing), status=422)
    text, basis = (next(iter(raw.get(name, [])), "") for name in ("text", "basis"))
    look = "confirm" not in raw
    command = ApproveMany(matters=chosen, text=text or None, basis=basis or None, preview=look)
    key = next(iter(raw.get("command_id", [])), "") or None
    found = approve_many(visit.runtime, visit.actor, command, visit.asking.moment, key=key)
    fit = sum(one.refusal is None for one in found)
    page = ApprovalsPage(
        shell=shell_of(visit, "待批准"),
        title="再看一遍" if look else "批准结果",
        sub=f"勾选 {len(found)} 件，可以批准 {fit} 件"
        if look
        else f"批准 {fit} 件，没有批准 {len(found) - fit} 件",
        notice=None if look else Notice(kind="told", title=f"已批准 {fit} 件"),
        lines=tuple(_line_of(visit, one) for one in found),
        step="confirm" if look else "done",
        may=fit > 0,
        text=text,
        basis=basis,
        count=fit,
    )
    return show("approvals.html", page)


def _choosing(visit: Visit, notice: Notice | None) -> ApprovalsPage:
    with visit.connect() as connection:
        items = waiting(connection, visit, MOST)
    lines = tuple(_line(visit, _matter(visit, item)) for item in items)
    return ApprovalsPage(
        shell=shell_of(visit, "待批准"),
        title="待批准",
        sub=f"{len(lines)} 件 · 立项和拟办意见，批准以后才交办",
        notice=notice,
        lines=lines,
        step="choose",
        may=visit.may(*DECIDE) and not visit.asking.past,
        text="",
        basis="",
        count=len(lines),
    )


def waiting(connection: Connection, visit: Visit, limit: int) -> tuple[Item, ...]:
    """The matters that wait, by number."""
    return lists.approvals_awaited(connection, visit.asked(limit=limit), visit.calendar).items


def _matter(visit: Visit, item: Item) -> Matter:
    found: Matter = visit.runtime.handling.load(f"matter-{item.id}", up_to=visit.asking.position).state
    return found


def _line_of(visit: Visit, one: Approved) -> Line:
    line = _line(visit, one.matter)
    if one.refusal is None:
        return Line(
            id=line.id, title=line.title, href=line.href, meta=line.meta, pairs=line.pairs, chosen=True
        )
    return Line(
        id=line.id,
        title=line.title,
        href=line.href,
        meta=line.meta,
        pairs=line.pairs,
        said=one.refusal.sentence,
    )


def _line(visit: Visit, matter: Matter) -> Line:
    by = visit.directory.user_label(matter.registered_by) if matter.registered_by else ""
    pairs = [Pair(term="问题", lines=(matter.problem,))]
    proposal = matter.proposal
    if proposal is not None:
        units = visit.unit_name(proposal.lead_unit) if proposal.lead_unit else ""
        with_units = "、".join(visit.unit_name(unit) for unit in proposal.co_units)
        pairs.append(Pair(term="拟办", lines=(proposal.text,)))
        how = joined(units, f"配合 {with_units}" if with_units else "", proposal.time_limit)
        pairs += [Pair(term="拟交", lines=(how,))] if how else []
    return Line(
        id=matter.id,
        title=matter.title,
        href=f"/matters/{matter.id}",
        meta=joined(visit.number(matter.number), visit.kind_label(matter.kind), matter.source, by),
        pairs=tuple(pairs),
    )
