"""当时记录: one matter step by step, with what was known, told and reckoned at each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from events.matter.telling import Maker, told
from events.record.envelope import Recorded
from events.refusals import Malformed
from events.vocabulary import MatterId, Role
from service.noting import note
from service.pages.access import lately
from service.pages.matter import load
from service.pages.rendering import show
from service.pages.replay_sides import Party, clock_knew, parties, seen_by
from service.pages.replaying import Order, Step, steps
from service.pages.shell import Shell
from service.pages.showing import address, with_now
from service.pages.state_words import NONE, Changed, Known, Then, differences, known
from service.pages.timeline import TAKEN_BACK, by_line
from service.pages.views import Link, Pair
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import beijing, place_in_record, whole_moment
from service.storage.access import Kind

router = APIRouter(include_in_schema=False)

DIGEST_SHOWN = 32
HOURS_A_DAY = 24
LOOKS_SHOWN = 6
MANY_STEPS = 40
"""More than so many seals are shown around the step at hand only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealView:
    """One step in the row of seals."""

    seal: str
    make: str
    day: str
    href: str
    number: int
    to_come: bool
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPage:
    """The step at hand."""

    shell: Shell
    number: str
    title: str
    sub: str
    here: str
    order: str
    orders: tuple[Link, ...]
    at: int
    count: int
    left_out: int
    seals: tuple[SealView, ...]
    back: str
    forward: str
    step: str
    place: str
    pairs: tuple[Pair, ...]
    changed: tuple[Changed, ...]
    state: tuple[Pair, ...]
    clock: tuple[Pair, ...]
    parties: tuple[Party, ...]
    seen_by: str
    chain: tuple[Pair, ...]
    matter: Link
    then: Link
    with_now: str
    """Where the matter as it is looked at is compared with now; empty where now is looked at."""
    looked: tuple[Link, ...]
    compare: str
    compare_from: str
    compare_to: str


@router.get("/matters/{matter_id}/replay")
def replay(visit: Visiting, matter_id: str) -> Response:
    """One matter, step by step."""
    found, history = load(visit, MatterId(matter_id))
    note(visit.answer, Kind.REPLAY, found.id, once=True)
    order = _order(visit)
    late = timedelta(hours=visit.runtime.settings.audit.late_entry_hours)
    walked = steps(history, order, late)
    at = _chosen(visit, walked)
    return show("replay.html", _page(visit, walked, at, order, found.number, found.title))


def _order(visit: Visit) -> Order:
    asked = visit.query.get("order", Order.KNOWN)
    if asked not in set(Order):
        raise Malformed(f"没有“{asked[:20]}”这种顺序；用 known（当时所知）或 happened（实际发生）。")
    return Order(asked)


def _chosen(visit: Visit, walked: Sequence[Step]) -> int:
    """Which step; the last one where none is named."""
    position = visit.query.get("position", "")
    if position.isascii() and position.isdigit():
        named = next((s.number for s in walked if s.recorded.position == int(position[:18])), None)
        if named is None:
            raise Malformed(f"第 {position[:18]} 位不是这一件的记录；从下面的步骤里选。")
        return named
    asked = visit.query.get("step", "")
    if not asked:
        return len(walked)
    if not (asked.isascii() and asked.isdigit()) or not 1 <= int(asked[:9]) <= len(walked):
        raise Malformed(f"没有第 {asked[:20]} 步；这一件到这时共 {len(walked)} 步。")
    return int(asked[:9])


def _page(visit: Visit, walked: Sequence[Step], at: int, order: Order, number: str, title: str) -> ReplayPage:
    step = walked[at - 1]
    matter, recorded = step.after.id, step.recorded
    here = f"/matters/{matter}/replay"
    before, after = _then(visit, step, before=True), _then(visit, step)
    changes = differences(known(step.before, before), known(step.after, after))
    said = told(recorded, after.directory, after.day, wording=after.wording)
    shown = _window(walked, at)
    return ReplayPage(
        shell=shell_of(visit, f"当时记录 {visit.number(number)}"),
        number=visit.number(number),
        title=title,
        sub=_ORDER_SAID[order],
        here=here,
        order=order.value,
        orders=tuple(
            Link(
                text=_ORDER_NAMES[one],
                href=visit.then(f"{here}?order={one.value}&position={recorded.position}"),
                current=one is order,
            )
            for one in Order
        ),
        at=at,
        count=len(walked),
        left_out=len(walked) - len(shown),
        seals=tuple(_seal(visit, one, at, here, order) for one in shown),
        back=_href(visit, here, order, at - 1) if at > 1 else "",
        forward=_href(visit, here, order, at + 1) if at < len(walked) else "",
        step=said.title,
        place=place_in_record(recorded.position),
        pairs=tuple(_pairs(step, after, said.sentences)),
        changed=tuple(change for change in changes if not change.same),
        state=tuple(_said(known(step.after, after))),
        clock=clock_knew(visit, step, after),
        parties=parties(visit, step),
        seen_by=seen_by(visit, step, after),
        chain=_chain(walked, at, order),
        matter=Link(text="事项页", href=visit.then(f"/matters/{matter}#f{recorded.position}")),
        with_now=with_now(visit, matter),
        then=Link(text="看那一刻的事项页", href=address(matter, str(recorded.position))),
        looked=lately(visit, matter, LOOKS_SHOWN) if visit.may(Role.AUDITOR) else (),
        compare=f"/matters/{matter}/compare",
        compare_from=str(recorded.position),
        compare_to=str(walked[-1].recorded.position),
    )


def _then(visit: Visit, step: Step, *, before: bool = False) -> Then:
    """The names and the calendar of the step's own moment, not of the visit's."""
    recorded = step.recorded
    position = recorded.position - 1 if before else recorded.position
    kind = step.after.kind
    return Then(
        directory=visit.runtime.directory.at(position),
        calendar=visit.runtime.calendars.at(position),
        day=beijing(recorded.recorded_at).date(),
        wording=visit.wording(kind),
        kind=visit.kind_label(kind),
        position=position,
    )


def _window(walked: Sequence[Step], at: int) -> Sequence[Step]:
    """The steps whose seals are shown: all, or those around the one at hand."""
    if len(walked) <= MANY_STEPS:
        return walked
    first = min(max(at - MANY_STEPS // 2 - 1, 0), len(walked) - MANY_STEPS)
    return walked[first : first + MANY_STEPS]


def _seal(visit: Visit, step: Step, at: int, here: str, order: Order) -> SealView:
    said = told(step.recorded, visit.directory, visit.day, wording=visit.wording(step.after.kind))
    moment = step.happened_at if order is Order.HAPPENED else step.recorded.recorded_at
    day = beijing(moment)
    make = (
        Maker.LATE_ENTRY.value if step.late is not None and said.maker is Maker.PERSON else said.maker.value
    )
    return SealView(
        seal=said.seal,
        make=make,
        day=f"{day.month}/{day.day}",
        href=_href(visit, here, order, step.number),
        number=step.number,
        to_come=step.number > at,
        current=step.number == at,
    )


def _href(visit: Visit, here: str, order: Order, number: int) -> str:
    query = {"step": str(number)} if order is Order.KNOWN else {"order": order.value, "step": str(number)}
    return visit.then(f"{here}?{urlencode(query)}")


def _pairs(step: Step, then: Then, sentences: Sequence[str]) -> Iterator[Pair]:
    recorded = step.recorded
    yield Pair(term="谁", lines=(by_line(recorded, then.directory, then.day) or recorded.actor,))
    yield Pair(term="发生", lines=(whole_moment(step.happened_at),))
    entered = f"{whole_moment(recorded.recorded_at)}:{beijing(recorded.recorded_at):%S}"
    late = f"迟录：比所述发生的时间晚 {_gap(step.late)}" if step.late is not None else ""
    yield Pair(term="记录", lines=(entered, late) if late else (entered,))
    if sentences:
        yield Pair(term="内容", lines=tuple(sentences))
    if recorded.basis:
        yield Pair(term="依据", lines=(recorded.basis,))
    if (done := TAKEN_BACK.get(type(recorded.fact))) is not None:
        yield Pair(term=f"{done.removeprefix('已')}的是", lines=(place_in_record(recorded.fact.position),))
    if step.corrected_by is not None:
        done = TAKEN_BACK[type(step.corrected_by.fact)].removeprefix("已")
        where = place_in_record(step.corrected_by.position)
        yield Pair(term=f"后来{done}", lines=(f"{where}{done}了这一条",))
    yield Pair(term="凭证", lines=(f"{recorded.type} 第 {recorded.schema} 式，第 {recorded.version} 号",))


def _said(state: Iterable[Known]) -> Iterator[Pair]:
    """The fields that say something."""
    for one in state:
        if one.text != NONE:
            yield Pair(term=one.label, lines=tuple(one.text.splitlines()))


def _gap(late: timedelta) -> str:
    hours = int(late.total_seconds() // 3600)
    return f"{hours // HOURS_A_DAY} 天" if hours >= HOURS_A_DAY else f"{hours} 小时"


def _chain(walked: Sequence[Step], at: int, order: Order) -> tuple[Pair, ...]:
    recorded = walked[at - 1].recorded
    earlier: Recorded | None = walked[at - 2].recorded if at > 1 and order is Order.KNOWN else None
    pairs = [Pair(term="本条", lines=(recorded.hash.hex()[:DIGEST_SHOWN],))]
    if earlier is not None:
        pairs.insert(0, Pair(term="本件上一条", lines=(earlier.hash.hex()[:DIGEST_SHOWN],)))
    return (*pairs, Pair(term="位次", lines=(place_in_record(recorded.position),)))


_ORDER_NAMES = {Order.KNOWN: "当时所知", Order.HAPPENED: "实际发生"}
_ORDER_SAID = {
    Order.KNOWN: "按记录的先后，错的、迟录的都在原来的位置上",
    Order.HAPPENED: "按现在所知的实际发生先后，更正紧跟在被更正的那一条后面",
}
