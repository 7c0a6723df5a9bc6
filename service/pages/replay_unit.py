"""一个单位的当时记录: everything done by it and to it in a period, in the order it was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from events.matter.telling import told
from events.refusals import Malformed, NotFound
from events.vocabulary import BEIJING, MatterId, Role, UnitId
from projections import lists
from projections.changes import MATTERS
from projections.doings import Doing, Side, doings
from projections.rows import Item
from service.noting import note
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import late_words
from service.pages.timeline import by_line
from service.pages.views import Empty, Link
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import beijing, full_day, hour, place_in_record
from service.storage.access import Kind

router = APIRouter(include_in_schema=False)

SHOWN = 100
_SIDES = {Side.ALL: "全部", Side.BY: "它办的", Side.TO: "别人对它办的"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoingView:
    """One act."""

    seal: str
    make: str
    title: str
    by: str
    own: bool
    when: str
    place: str
    replay: str
    matter: Link
    lines: tuple[str, ...]
    late: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """A day's acts."""

    label: str
    doings: tuple[DoingView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReplayPage:
    """A unit's period."""

    shell: Shell
    title: str
    sub: str
    here: str
    unit: Link
    first: str
    last: str
    side: str
    sides: tuple[Link, ...]
    days: tuple[DayView, ...]
    shown: str
    next: str | None
    empty: Empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What of the record is shown."""

    first: date
    last: date
    after: int
    upto: int
    side: Side


@router.get("/units/{unit_id}/replay")
def replay_unit(visit: Visiting, unit_id: str) -> Response:
    """What a unit did and what was done to it, fact by fact."""
    visit.must(Role.AUDITOR)
    unit = UnitId(unit_id)
    if unit not in visit.directory.units:
        raise NotFound("没有这个单位；到单位与人员里找。")
    note(visit.answer, Kind.REPLAY, unit, once=True)
    span = _span(visit)
    found = doings(
        visit.runtime.store, unit, after=span.after, upto=span.upto, side=span.side, limit=SHOWN + 1
    )
    return show("replay_unit.html", _page(visit, unit, span, found))


def _span(visit: Visit) -> Span:
    last = _day(visit.query.get("to")) or visit.day
    first = _day(visit.query.get("from")) or last.replace(day=1)
    if first > last:
        raise Malformed("“从”晚于“到”；把起止日期对调。", code="wrong-period")
    side = visit.query.get("side", Side.ALL)
    if side not in set(Side):
        raise Malformed(f"没有“{side[:20]}”这种看法；用 all、by 或 to。", code="unreadable-filter")
    store, asked = visit.runtime.store, visit.query.get("after", "")
    begins = store.position_at(datetime.combine(first, time.min, tzinfo=BEIJING) - timedelta.resolution)
    ends = store.position_at(datetime.combine(last, time.max, tzinfo=BEIJING))
    upto = visit.asking.position
    return Span(
        first=first,
        last=last,
        after=max(begins, int(asked[:18]) if asked.isascii() and asked.isdigit() else 0),
        upto=ends if upto is None else min(ends, upto),
        side=Side(side),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Malformed(
            f"“{(text or '')[:20]}”不是日期；写成 2025-06-30 这样。", code="unreadable-filter"
        ) from None


def _page(visit: Visit, unit: UnitId, span: Span, found: Sequence[Doing]) -> UnitReplayPage:
    here, shown = f"/units/{unit}/replay", found[:SHOWN]
    period = {"from": span.first.isoformat(), "to": span.last.isoformat()}
    more = {**period, "side": span.side.value, "after": str(shown[-1].recorded.position)} if shown else {}
    name = visit.unit_name(unit)
    return UnitReplayPage(
        shell=shell_of(visit, f"{name} 当时记录", body="has-bar print-wide"),
        title=f"{name} 当时记录",
        sub="它办的、代它录的，和别人对它牵头或配合的事项办的，按记录先后",
        here=here,
        unit=Link(text="单位页", href=visit.then(f"/units/{unit}")),
        first=period["from"],
        last=period["to"],
        side=span.side.value,
        sides=tuple(
            Link(
                text=label,
                href=visit.then(f"{here}?{urlencode({**period, 'side': side.value})}"),
                current=side is span.side,
            )
            for side, label in _SIDES.items()
        ),
        days=tuple(_days(visit, shown)),
        shown=f"本页 {len(shown)} 条",
        next=visit.then(f"{here}?{urlencode(more)}") if len(found) > SHOWN else None,
        empty=Empty(title="这一段没有记录", text="换一段日子，或看“全部”。"),
    )


def _days(visit: Visit, found: Sequence[Doing]) -> Iterator[DayView]:
    matters = _matters(visit, found)
    for day, few in groupby(found, key=lambda one: beijing(one.recorded.recorded_at).date()):
        views = tuple(_view(visit, one, matters.get(_matter(one))) for one in few)
        yield DayView(label=full_day(day, visit.day), doings=views)


def _matters(visit: Visit, found: Sequence[Doing]) -> Mapping[MatterId, Item]:
    ids = {_matter(one) for one in found}
    with visit.connect() as connection:
        items = lists.chosen(connection, visit.asked(limit=len(ids) or 1), visit.calendar, ids).items
    return {item.id: item for item in items}


def _matter(one: Doing) -> MatterId:
    return MatterId(one.recorded.stream.removeprefix(MATTERS))


def _view(visit: Visit, one: Doing, item: Item | None) -> DoingView:
    recorded, matter = one.recorded, _matter(one)
    day = beijing(recorded.recorded_at).date()
    said = told(recorded, visit.directory, day, wording=visit.wording(item.kind if item else ""))
    return DoingView(
        seal=said.seal,
        make=said.maker.value,
        title=said.title,
        by=by_line(recorded, visit.directory, day),
        own=one.by,
        when=hour(recorded.recorded_at),
        place=place_in_record(recorded.position),
        replay=visit.then(f"/matters/{matter}/replay?position={recorded.position}"),
        matter=Link(
            text=f"{visit.number(item.number)} {item.title}" if item else matter,
            href=visit.then(f"/matters/{matter}#f{recorded.position}"),
        ),
        lines=said.sentences,
        late=late_words(visit, recorded),
    )
