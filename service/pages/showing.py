"""How a matter of the register is shown in a list: its row, its light, what happened last."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from events.vocabulary import Stage
from projections.rows import Item
from service.documents.numbering import official
from service.pages import lights
from service.pages.views import Act, Lamp, LedgerRow, Row
from service.pages.visiting import Visit
from service.pages.words import joined, short_day


def address(matter: str, as_of: str = "") -> str:
    """Where a matter's page is."""
    return f"/matters/{matter}?{urlencode({'as_of': as_of})}" if as_of else f"/matters/{matter}"


def why_address(matter: str, as_of: str = "") -> str:
    """Where the reckoning of its light stands open."""
    joint = "&" if as_of else "?"
    return f"{address(matter, as_of)}{joint}why=1#why"


def lamp_of(visit: Visit, item: Item, *, linked: bool = False) -> Lamp:
    """The light of a matter in a list; ``linked`` opens its reckoning."""
    if item.open and item.branches is not None:
        return lights.of_parts(item.light, item.branches, item.days_late or 0)
    return lights.lamp(
        stage=item.stage,
        light=item.light,
        due_on=item.due_on,
        days_late=item.days_late,
        today=visit.day,
        calendar=visit.calendar,
        wording=visit.wording(item.kind),
        href=why_address(item.id, visit.as_of) if linked and item.due_on else None,
    )


def ledger_row(visit: Visit, item: Item) -> LedgerRow:
    """A matter in the register's table."""
    return LedgerRow(
        number=official(item.number, ""),
        title=item.title,
        href=address(item.id, visit.as_of),
        unit=_units(visit, item),
        stage=lights.stage_mark(item.stage, visit.wording(item.kind)),
        due=short_day(item.due_on, visit.day) if item.due_on else "—",
        provisional=item.provisional,
        lamp=lamp_of(visit, item, linked=True),
        last=last_said(item, visit),
    )


def _units(visit: Visit, item: Item) -> str:
    if item.branches is not None:
        return f"分办 {item.branches[1]} 个单位"
    return visit.unit_name(item.lead_unit) or "—"


def row(visit: Visit, item: Item, *meta: str | None, act: Act | None = None, lamp: Lamp | None = None) -> Row:
    """A matter as one line of a list."""
    return Row(
        title=item.title,
        href=address(item.id, visit.as_of),
        meta=joined(_units(visit, item) if item.lead_unit or item.branches else item.source, *meta),
        lamp=lamp or lamp_of(visit, item, linked=True),
        act=act,
    )


def act_on(item: Item, command: str, text: str, make: str = "line") -> Act:
    """The button of a row: opens a command's form."""
    return Act(text=text, href=f"/matters/{item.id}/{command}", make=make, about=item.title)


def last_said(item: Item, visit: Visit) -> str:
    """What happened last, in a few words: “6月23日 报结”; reminders are no happening."""
    ended = item.stage.label_for(visit.wording(item.kind))
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
    asked = f"，申请延到 {short_day(item.extension_until, visit.day)}" if item.extension_until else ""
    return f"{short_day(on, visit.day)} {what}{asked or progress}"
