"""The columns of the register, for its page and its workbook alike: what each is called and what it says of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from events.rules.calendar import WorkingDays
from events.vocabulary import Stage
from projections.rows import Item
from service import lights
from service.documents.numbering import official

Value = str | int | date | None
"""What a cell says; None: nothing."""


class Names(Protocol):
    """What a row needs to be read by people: names, wordings and the day it is judged on."""

    @property
    def day(self) -> date:
        """The day lateness is judged on."""
        ...

    @property
    def calendar(self) -> WorkingDays:
        """Working days."""
        ...

    def unit_name(self, unit: str | None) -> str:
        """A unit's name; empty for none."""
        ...

    def person_name(self, person: str | None) -> str:
        """A person's name; empty for none."""
        ...

    def wording(self, kind: str) -> str:
        """How a kind words its work."""
        ...

    def kind_label(self, kind: str) -> str:
        """A kind's Chinese name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNames:
    """Names taken along to another process."""

    day: date
    calendar: WorkingDays
    units: Mapping[str, str]
    people: Mapping[str, str]
    wordings: Mapping[str, str]
    kinds: Mapping[str, str]

    def unit_name(self, unit: str | None) -> str:
        """A unit's name; the id itself for an unknown one."""
        return self.units.get(unit, unit) if unit is not None else ""

    def person_name(self, person: str | None) -> str:
        """A person's name; the id itself for an unknown one."""
        return self.people.get(person, person) if person is not None else ""

    def wording(self, kind: str) -> str:
        """How a kind words its work."""
        return self.wordings.get(kind, "")

    def kind_label(self, kind: str) -> str:
        """A kind's Chinese name."""
        return self.kinds.get(kind, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. ``width`` is in characters of the workbook."""

    name: str
    """As in the address."""
    label: str
    says: Callable[[Item, Names], Value]
    width: int = 12
    always: bool = False
    """Whether it cannot be left out."""


def lamp_of(item: Item, names: Names, href: str | None = None) -> lights.Lamp:
    """The light of a matter in a list; ``href`` opens its reckoning. A split one shows its worst part's."""
    if item.open and item.branches is not None:
        return lights.of_parts(item.light, item.branches, item.days_late or 0)
    return lights.lamp(
        stage=item.stage,
        light=item.light,
        due_on=item.due_on,
        days_late=item.days_late,
        today=names.day,
        calendar=names.calendar,
        wording=names.wording(item.kind),
        href=href,
    )


def units_of(item: Item, names: Names) -> str:
    """The unit that leads; of a split matter how many do; empty before it is assigned."""
    if item.branches is not None:
        return f"分办 {item.branches[1]} 份"
    return names.unit_name(item.lead_unit)


def _light(item: Item, names: Names) -> str:
    words = lamp_of(item, names).words
    return f"{words}（期限暂定）" if item.provisional else words


def last_said(item: Item, names: Names) -> str:
    """What happened last, in a few words: “6月23日 报结”; reminders are no happening."""
    ended = item.stage.label_for(names.wording(item.kind))
    happened: tuple[tuple[date | None, str], ...] = (
        (item.registered_on, "立项"),
        (item.assigned_on, "交办"),
        (item.objected_on, "提异议"),
        (item.acknowledged_on, "签收"),
        (item.suspended_on, "中止"),
        (item.last_completion_on, "报结"),
        (item.returned_on, "退回"),
        (item.ended_on, ended),
    )
    dated = [(on, index, what) for index, (on, what) in enumerate(happened) if on is not None]
    if not dated:
        return ""
    on, _, what = max(dated)
    progress = (
        f"，进展 {item.percent}%" if item.stage is Stage.RECTIFYING and item.percent is not None else ""
    )
    asked = f"，申请延到 {lights.short_day(item.extension_until, names.day)}" if item.extension_until else ""
    return f"{lights.short_day(on, names.day)} {what}{asked or progress}"


def _stage(item: Item, names: Names) -> str:
    return item.stage.label_for(names.wording(item.kind))


def _co_units(item: Item, names: Names) -> str:
    return "、".join(names.unit_name(unit) for unit in item.co_units)


COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column(name="number", label="编号", says=lambda i, _: official(i.number, ""), width=14, always=True),
        Column(name="title", label="事项", says=lambda i, _: i.title, width=48, always=True),
        Column(name="unit", label="责任单位", says=units_of, width=20),
        Column(name="stage", label="阶段", says=_stage, width=13),
        Column(name="due", label="期限", says=lambda i, _: i.due_on),
        Column(name="light", label="灯", says=_light, width=20),
        Column(name="last", label="最近动态", says=last_said, width=24),
        Column(name="kind", label="类别", says=lambda i, n: n.kind_label(i.kind)),
        Column(name="source", label="来源", says=lambda i, _: i.source, width=14),
        Column(name="source_no", label="来源文号", says=lambda i, _: i.source_no, width=18),
        Column(name="urgency", label="缓急", says=lambda i, _: i.urgency and i.urgency.label, width=8),
        Column(name="co", label="配合单位", says=_co_units, width=28),
        Column(name="person", label="责任人", says=lambda i, _: i.person, width=16),
        Column(name="problem", label="问题", says=lambda i, _: i.problem, width=48),
        Column(name="place", label="地点", says=lambda i, _: i.place, width=18),
        Column(name="object", label="涉及对象", says=lambda i, _: i.object, width=18),
        Column(name="quality", label="质量要求", says=lambda i, _: i.quality_requirement, width=36),
        Column(name="registered", label="立项日期", says=lambda i, _: i.registered_on),
        Column(name="assigned", label="交办日期", says=lambda i, _: i.first_assigned_on),
        Column(name="acknowledged", label="签收日期", says=lambda i, _: i.first_acknowledged_on),
        Column(name="first_due", label="原定期限", says=lambda i, _: i.first_due_on),
        Column(name="extensions", label="延期次数", says=lambda i, _: i.extensions, width=9),
        Column(name="percent", label="进展（%）", says=lambda i, _: i.percent, width=9),
        Column(name="late", label="逾期天数", says=lambda i, _: i.days_late, width=9),
        Column(name="urged", label="催办次数", says=lambda i, _: i.urged, width=9),
        Column(name="reported", label="报结日期", says=lambda i, _: i.last_completion_on),
        Column(name="verifier", label="核查人员", says=lambda i, n: n.person_name(i.verifier)),
        Column(name="handler", label="经办", says=lambda i, n: n.person_name(i.handler)),
        Column(name="ended", label="了结日期", says=lambda i, _: i.ended_on),
    )
}
"""Every column that can be shown, in the order they stand."""

USUAL = ("number", "title", "unit", "stage", "due", "light", "last")
"""What is shown where nothing was chosen."""


def chosen_columns(names: Iterable[str]) -> tuple[Column, ...]:
    """The columns named, those that are always there included; the usual ones where none is known."""
    known = {name for name in names if name in COLUMNS}
    shown = known or set(USUAL)
    return tuple(c for c in COLUMNS.values() if c.always or c.name in shown)
