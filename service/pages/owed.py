"""我单位要办的: each matter with its steps, why it came back, and the acts of the step at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from events.matter.permitted import PERMITTED
from events.matter.permitted_within import HELPABLE
from events.matter.state import Matter
from events.rules import evidence as checklist
from events.rules.procedures import Procedure
from events.vocabulary import Stage, UnitId
from projections import lists
from projections.rows import Item
from service.lights import Lamp, own_lamp
from service.pages import acts
from service.pages.papers import missing
from service.pages.showing import act_on, address, lamp_of, row
from service.pages.views import Act, Row
from service.pages.visiting import Visit
from service.pages.words import day_and_hour, full_day, joined, short_day

SHOWN = 30
"""Cards on the page; more are in the register."""
ACTS_SHOWN = 4
CARD_ACTS = frozenset(
    "acknowledge object submit-plan report-progress attach-evidence report-completion request-extension "
    "request-support".split()
)

ACT_OF_STEP = {
    "签收": "acknowledge",
    "方案": "submit-plan",
    "进展": "report-progress",
    "佐证": "attach-evidence",
    "报结": "report-completion",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of 签收 方案 进展 佐证 报结; ``make`` is done, now or wait."""

    label: str
    note: str
    make: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One card."""

    meta: str
    title: str
    href: str
    lamp: Lamp
    due: str
    provisional: bool
    waits_for: str
    """The co-units that have not spoken."""
    back_note: str
    steps: tuple[Step, ...]
    acts: tuple[Act, ...]

    @property
    def now(self) -> Step | None:
        """The step at hand."""
        return next((step for step in self.steps if step.make == "now"), None)


def owed(connection: Connection, visit: Visit, unit: UnitId) -> tuple[Item, ...]:
    """The open matters a unit leads, those sent back first, then by limit."""
    asked = visit.asked(state="open", units=frozenset({unit}), limit=200)
    items = [item for item in lists.matters(connection, asked, visit.calendar).items if item.running]
    far = visit.day.replace(year=9999)
    return tuple(
        sorted(items, key=lambda item: (not item.returned_reason, item.due_on or far, item.number_key))
    )


def helping(connection: Connection, visit: Visit, unit: UnitId) -> tuple[Row, ...]:
    """The open matters a unit helps with."""
    asked = visit.asked(state="open", limit=50)
    items = lists.helped(connection, asked, visit.calendar, unit).items
    return tuple(_helping(visit, item, unit) for item in items)


def _helping(visit: Visit, item: Item, unit: UnitId) -> Row:
    if unit in item.opinions or item.stage not in HELPABLE:
        return row(visit, item, "配合", "提过意见" if unit in item.opinions else "")
    act = None if visit.asking.past else act_on(item, "give-opinion", "提意见")
    lamp = own_lamp(item.opinions_due_on, visit.day, visit.calendar) if item.opinions_due_on else None
    return row(visit, item, "配合，等本单位意见", lamp=lamp, act=act)


def reported(connection: Connection, visit: Visit, unit: UnitId) -> tuple[Row, ...]:
    """The matters that lie with the office."""
    stages = frozenset({Stage.COMPLETION_REPORTED, Stage.VERIFYING, Stage.WRITE_OFF_REVIEW, Stage.SUSPENDED})
    asked = visit.asked(stages=stages, units=frozenset({unit}), limit=50)
    items = lists.matters(connection, asked, visit.calendar).items
    return tuple(row(visit, item, item.stage.label_for(visit.wording(item.kind))) for item in items)


def cards(visit: Visit, items: Iterable[Item], for_whom: str = "") -> tuple[Owed, ...]:
    """The cards of some matters; ``for_whom`` says whose they are where one stands in."""
    return tuple(_card(visit, item, for_whom) for item in items)


def _card(visit: Visit, item: Item, for_whom: str) -> Owed:
    matter: Matter = visit.runtime.handling.load(f"matter-{item.id}", up_to=visit.asking.position).state
    procedure = visit.runtime.settings.procedures.get(item.kind)
    lacking = missing(visit, matter)
    steps = tuple(_steps(visit, matter, procedure, lacking))
    back = ""
    if matter.returned_reason:
        when = f"{day_and_hour(matter.returned_at, visit.day)}：" if matter.returned_at else ""
        back = f"{when}{matter.returned_reason}"
    return Owed(
        meta=joined(for_whom, visit.number(item.number), visit.kind_label(item.kind), item.source),
        title=item.title,
        href=address(item.id, visit.as_of),
        lamp=lamp_of(visit, item),
        due=f"期限 {full_day(item.due_on, visit.day)}" if item.due_on else "",
        provisional=item.provisional,
        waits_for="、".join(visit.unit_name(part.unit) for part in matter.helping if part.waited_for_on),
        back_note=back,
        steps=steps,
        acts=_acts(visit, matter, steps, lacking),
    )


def _acts(visit: Visit, matter: Matter, steps: Iterable[Step], lacking: str) -> tuple[Act, ...]:
    """The act of the step at hand first; without its papers a report would be refused, and is not offered."""
    names = [name for name in acts.allowed(visit, matter) if name in CARD_ACTS]
    if lacking:
        names = [name for name in names if name != "report-completion"]
    now = next((ACT_OF_STEP[step.label] for step in steps if step.make == "now"), "")
    names.sort(key=lambda name: name != now)
    wording = visit.wording(matter.kind)
    return tuple(
        Act(
            text=PERMITTED[name].label_for(wording),
            href=f"/matters/{matter.id}/{name}",
            make="primary" if name == now else "line",
            about=matter.title,
        )
        for name in names[:ACTS_SHOWN]
    )


def _steps(visit: Visit, matter: Matter, procedure: Procedure | None, lacking: str) -> Iterable[Step]:
    day, stage = visit.day, matter.stage
    signed = (
        short_day(matter.first_acknowledged_on, day)
        if matter.acknowledged_at and matter.first_acknowledged_on
        else ""
    )
    working = stage is Stage.RECTIFYING
    unsigned = stage in (Stage.ASSIGNED, Stage.OBJECTED)
    yield _step(
        "签收",
        signed or ("异议待裁定" if stage is Stage.OBJECTED else "还没签收"),
        now=unsigned,
        done=not unsigned,
    )
    if procedure is not None and procedure.needs_plan:
        approved = matter.plan.approved_on if matter.plan else None
        note = (
            f"{short_day(approved, day)}批准" if approved else "待审" if stage is Stage.PLANNING else "要报"
        )
        planning = stage in (Stage.ACKNOWLEDGED, Stage.PLANNING)
        yield _step("方案", "" if unsigned else note, now=planning, done=working)
    filed = matter.last_progress_at is not None
    progress = f"{matter.percent}%" if matter.percent is not None else "报过" if filed else "还没报"
    yield _step("进展", progress if working else "", now=working and not filed, done=working and filed)
    wanted = len(procedure.evidence) if procedure else 0
    have = wanted - (len(checklist.missing(procedure.evidence, _kinds(matter))) if procedure else 0)
    papers = f"缺{lacking}" if lacking else f"{have}/{wanted}"
    yield _step(
        "佐证",
        papers if working else "",
        now=working and filed and bool(lacking),
        done=working and not lacking,
    )
    ready = working and filed and not lacking
    yield _step("报结", "可以报了" if ready else "", now=ready, done=False)


def _kinds(matter: Matter) -> list[str]:
    return [one.kind for one in matter.counted_evidence]


def _step(label: str, note: str, *, now: bool, done: bool) -> Step:
    return Step(label=label, note=note, make="now" if now else "done" if done else "wait")
