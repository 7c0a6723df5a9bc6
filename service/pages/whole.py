"""总件: the parts a matter was split into, with how many have ended and the worst light."""

from __future__ import annotations

from dataclasses import dataclass, replace

from events.matter.state import Matter
from events.vocabulary import OPEN, Light
from projections.rows import Item
from service import lights
from service.lights import Lamp
from service.pages.showing import row
from service.pages.views import Row
from service.pages.visiting import Visit
from service.pages.words import joined, short_day
from service.trees import Node, tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a split matter."""

    ended: int
    of: int
    percent: int
    lamp: Lamp
    rows: tuple[Row, ...]
    tree: tuple[Twig, ...]
    """Project by project, where parts were broken down further; ``rows`` is empty then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twig:
    """A project, plan or item of a plan."""

    row: Row
    progress: str
    """“12/68 项了结”; empty for an item."""
    ended: int
    of: int
    parts: tuple[Twig, ...]


def parts(visit: Visit, matter: Matter) -> Parts | None:
    """None for a matter that was not split."""
    if not matter.branches:
        return None
    with visit.connect() as connection:
        found = tree(connection, visit.asked(), visit.calendar, matter.id)
    if found is None:
        return None
    own, items = found.item, [part.item for part in found.parts]
    ended, of = (found.ended, found.of) if found.deep else own.branches or (0, len(matter.branches))
    lamp = lights.of_parts(own.light, (ended, of), own.days_late or 0) if own.open else _done(ended, of)
    return Parts(
        ended=ended,
        of=of,
        percent=round(100 * ended / of),
        lamp=lamp,
        rows=()
        if found.deep
        else tuple(
            _line(visit, matter, item) for item in sorted(items, key=lambda item: item.stage not in OPEN)
        ),
        tree=tuple(_twig(visit, matter, part) for part in found.parts) if found.deep else (),
    )


def _twig(visit: Visit, whole: Matter, node: Node) -> Twig:
    shown = _line(visit, whole, node.item)
    if node.parts:
        progress = f"{node.ended}/{node.of} 项了结"
        shown = replace(shown, meta=visit.number(node.item.number), lamp=_worst(node.item))
    else:
        percent = f"报进展 {node.item.percent}%" if node.item.percent is not None and node.item.open else ""
        progress, shown = "", replace(shown, meta=joined(shown.meta, percent))
    parts = tuple(_twig(visit, whole, part) for part in node.parts)
    return Twig(row=shown, progress=progress, ended=node.ended, of=node.of, parts=parts)


def _worst(item: Item) -> Lamp:
    """The light of a branch: that of its worst item, with what is wrong there."""
    if not item.open:
        return Lamp(kind="done", words="已了结")
    said = {
        Light.RED: f"最迟 {item.days_late or 0} 天",
        Light.YELLOW: "有将到期的",
        Light.GREEN: "都在期限内",
        Light.NONE: "没有在走的期限",
    }
    return Lamp(kind=item.light.value, words=said[item.light])


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
