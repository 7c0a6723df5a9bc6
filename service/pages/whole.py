"""总件: the parts a matter was split into, with how many have ended and the worst light."""

from __future__ import annotations

from dataclasses import dataclass, replace

from events.matter.state import Matter
from events.vocabulary import OPEN
from projections import lists
from projections.rows import Item
from service import lights
from service.lights import Lamp
from service.pages.showing import row
from service.pages.views import Row
from service.pages.visiting import Visit
from service.pages.words import joined, short_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a split matter."""

    ended: int
    of: int
    percent: int
    lamp: Lamp
    rows: tuple[Row, ...]


def parts(visit: Visit, matter: Matter) -> Parts | None:
    """None for a matter that was not split."""
    if not matter.branches:
        return None
    asked = visit.asked()
    with visit.connect() as connection:
        items = lists.parts(connection, asked, visit.calendar, matter.id).items
        (own,) = lists.chosen(connection, asked, visit.calendar, (matter.id,)).items or (None,)
    ended, of = own.branches if own is not None and own.branches else (0, len(matter.branches))
    lamp = (
        lights.of_parts(own.light, (ended, of), own.days_late or 0) if own and own.open else _done(ended, of)
    )
    return Parts(
        ended=ended,
        of=of,
        percent=round(100 * ended / of),
        lamp=lamp,
        rows=tuple(
            _line(visit, matter, item) for item in sorted(items, key=lambda item: item.stage not in OPEN)
        ),
    )


def _line(visit: Visit, whole: Matter, item: Item) -> Row:
    """A part, under its unit's name where its title says nothing else."""
    due = f"期限 {short_day(item.due_on, visit.day)}" if item.due_on else ""
    stage = item.stage.label_for(visit.wording(item.kind))
    shown = row(visit, item, visit.number(item.number), stage, due)
    if item.title != whole.title or item.lead_unit is None:
        return shown
    meta = joined(visit.number(item.number), stage, due)
    return replace(shown, title=visit.unit_name(item.lead_unit), meta=meta)


def _done(ended: int, of: int) -> Lamp:
    return Lamp(kind="done", words=f"{ended}/{of} 份了结")
