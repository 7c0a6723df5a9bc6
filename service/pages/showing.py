"""How a matter of the register is shown in a list: its row, its light, what happened last."""

from __future__ import annotations

from datetime import date

from events.vocabulary import Stage
from projections.rows import Item
from service.pages import lights
from service.pages.views import Act, Lamp, LedgerRow, Row
from service.pages.visiting import Visit
from service.pages.words import beijing, joined, short_day


def address(matter: str, as_of: str = "") -> str:
    """Where a matter's page is."""
    return f"/matters/{matter}?as_of={as_of}" if as_of else f"/matters/{matter}"


def lamp_of(visit: Visit, item: Item, *, linked: bool = False) -> Lamp:
    """The light of a matter in a list; ``linked`` opens its reckoning."""
    return lights.lamp(
        stage=item.stage,
        light=item.light,
        due_on=item.due_on,
        days_late=item.days_late,
        today=visit.day,
        calendar=visit.calendar,
        wording=visit.wording(item.kind),
        href=f"{address(item.id, visit.as_of)}#why" if linked and item.due_on else None,
    )


def ledger_row(visit: Visit, item: Item) -> LedgerRow:
    """A matter in the register's table."""
    return LedgerRow(
        number=item.number,
        title=item.title,
        href=address(item.id, visit.as_of),
        unit=visit.unit_name(item.lead_unit) or "—",
        stage=lights.stage_mark(item.stage, visit.wording(item.kind)),
        due=short_day(item.due_on, visit.day) if item.due_on else "—",
        provisional=item.provisional,
        lamp=lamp_of(visit, item, linked=True),
        last=last_said(item, visit),
    )


def row(visit: Visit, item: Item, *meta: str | None, act: Act | None = None, lamp: Lamp | None = None) -> Row:
    """A matter as one line of a list."""
    return Row(
        title=item.title,
        href=address(item.id, visit.as_of),
        meta=joined(visit.unit_name(item.lead_unit) or item.source, *meta),
        lamp=lamp or lamp_of(visit, item),
        act=act,
    )


def act_on(item: Item, command: str, text: str, make: str = "line") -> Act:
    """The button of a row: opens a command's form."""
    return Act(text=text, href=f"/matters/{item.id}/{command}", make=make, about=item.title)


def last_said(item: Item, visit: Visit) -> str:
    """What happened last, in a few words: “6月23日 进展 70%”."""
    ended = item.stage.label_for(visit.wording(item.kind))
    when: date | None = beijing(item.last_at).date()
    if not item.open:
        when, what = item.ended_on or when, ended
    elif item.extension_until is not None:
        what = f"申请延期至 {short_day(item.extension_until, visit.day)}"
    elif item.support_pending:
        what = "请求支持"
    elif item.returned_on is not None and item.stage is Stage.RECTIFYING:
        when, what = item.returned_on, "退回"
    elif item.stage is Stage.RECTIFYING and item.percent is not None:
        what = f"进展 {item.percent}%"
    else:
        what = item.stage.label_for(visit.wording(item.kind))
    return f"{short_day(when, visit.day)} {what}" if when else what
