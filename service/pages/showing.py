"""How a matter of the register is shown in a list: its row, its light, what happened last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlencode

from events.record.envelope import Recorded
from events.vocabulary import MatterId
from projections.rows import Item
from service import lights
from service.documents.numbering import official
from service.exchange import columns
from service.exchange.columns import last_said, units_of
from service.lights import Lamp
from service.pages.views import Act, LedgerRow, Row
from service.pages.visiting import Visit
from service.pages.words import beijing, full_day, hour, joined, short_day


def with_now(visit: Visit, matter: MatterId) -> str:
    """Where a matter as it is looked at is compared with now; empty where now is looked at."""
    if visit.asking.position is None or not visit.asking.past:
        return ""
    between = urlencode(
        {"from": visit.as_of or visit.asking.position, "to": visit.runtime.store.head().position}
    )
    return visit.then(f"/matters/{matter}/compare?{between}")


def address(matter: str, as_of: str = "") -> str:
    """Where a matter's page is."""
    return f"/matters/{matter}?{urlencode({'as_of': as_of})}" if as_of else f"/matters/{matter}"


def why_address(matter: str, as_of: str = "") -> str:
    """Where the reckoning of its light stands open."""
    joint = "&" if as_of else "?"
    return f"{address(matter, as_of)}{joint}why=1#why"


def lamp_of(visit: Visit, item: Item, *, linked: bool = False) -> Lamp:
    """The light of a matter in a list; ``linked`` opens its reckoning."""
    href = why_address(item.id, visit.as_of) if linked and item.due_on else None
    return columns.lamp_of(item, visit, href)


def ledger_row(visit: Visit, item: Item, names: Iterable[str] = ()) -> LedgerRow:
    """A matter in the register's table; ``names`` are the columns beside the usual ones."""
    return LedgerRow(
        id=item.id,
        number=official(item.number, ""),
        title=item.title,
        href=address(item.id, visit.as_of),
        unit=units_of(item, visit) or "—",
        stage=lights.stage_mark(item.stage, visit.wording(item.kind)),
        due=short_day(item.due_on, visit.day) if item.due_on else "—",
        provisional=item.provisional,
        lamp=lamp_of(visit, item, linked=True),
        last=last_said(item, visit),
        more={name: _said(visit, columns.COLUMNS[name].says(item, visit)) for name in names},
    )


def _said(visit: Visit, value: columns.Value) -> str:
    if isinstance(value, date):
        return short_day(value, visit.day)
    return "—" if value is None or value == "" else str(value)


def row(visit: Visit, item: Item, *meta: str | None, act: Act | None = None, lamp: Lamp | None = None) -> Row:
    """A matter as one line of a list."""
    return Row(
        title=item.title,
        href=address(item.id, visit.as_of),
        meta=joined(units_of(item, visit) or item.source, *meta),
        lamp=lamp or lamp_of(visit, item, linked=True),
        act=act,
    )


def act_on(item: Item, command: str, text: str, make: str = "line") -> Act:
    """The button of a row: opens a command's form."""
    return Act(text=text, href=f"/matters/{item.id}/{command}", make=make, about=item.title)


def late_words(visit: Visit, recorded: Recorded) -> str:
    """What is said of a fact recorded later after it happened than allowed; empty for any other."""
    occurred = beijing(getattr(recorded.fact, "effective_at", None) or recorded.occurred_at)
    allowed = timedelta(hours=visit.runtime.settings.audit.late_entry_hours)
    if recorded.recorded_at - occurred < allowed:
        return ""
    return f"迟录：所述发生时间 {full_day(occurred.date(), visit.day)} {hour(occurred)}"
