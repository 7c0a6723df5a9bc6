"""What a dossier can be about: one matter, a unit's year, or a bulletin that went out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

from events.bulletin.state import Bulletin
from events.matter.state import Matter
from events.record.envelope import Recorded
from events.refusals import Conflict, Invalid, NotFound
from events.vocabulary import BEIJING, BulletinId, MatterId, UnitId
from projections import bulletin_lists
from projections.lists import ever_led, matter_of_number
from service.circulating import bulletins as seen_of
from service.documents.numbering import official
from service.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a dossier is about: matters, or a bulletin."""

    title: str
    label: str
    """As manifests and file names call it."""
    target: str
    """The id of the matter, unit or bulletin, as the access log has it."""
    matters: tuple[MatterId, ...] = ()
    bulletin: BulletinId | None = None


def of_matter(runtime: Runtime, matter: str) -> Subject:
    """The dossier of a matter by number or id. Raises NotFound."""
    with runtime.database.reading.connect() as connection:
        found = matter_of_number(connection, matter) or MatterId(matter)
    state: Matter = runtime.handling.load(f"matter-{found}").state
    if not state.number:
        raise NotFound(f"没有编号为 {matter} 的事项；用台账里的编号（如 2026-00007）或事项的 id。")
    number = official(state.number, runtime.settings.organization.code)
    return Subject(title=f"{number} {state.title}", label=state.number, target=found, matters=(found,))


def of_unit(runtime: Runtime, unit: str, year: int) -> Subject:
    """The dossier of a unit's year: every matter it led at some moment of that year.

    Raises NotFound for an unknown unit, Invalid for what is no year, ``empty-dossier`` where it led none.
    """
    if not MINYEAR <= year <= MAXYEAR:
        raise Invalid(f"没有 {year} 这一年；写成 2026 这样。", code="wrong-value", field="year")
    directory = runtime.directory.now()
    last = date(year, 12, 31)
    known = [u for u in directory.units.values() if unit in (u.id, u.name(last))]
    if len(known) != 1:
        raise NotFound(f"没有（或不止一个）单位叫 {unit}；改写单位的 id，在单位页的网址里。")
    matters = tuple(_led(runtime, known[0].id, year))
    if not matters:
        raise Invalid(f"{known[0].name(last)}在 {year} 年没有牵头过事项；核对年份。", code="empty-dossier")
    title = f"{known[0].name(last)} {year} 年督办事项"
    return Subject(title=title, label=f"{known[0].id}-{year}", target=known[0].id, matters=matters)


def of_bulletin(runtime: Runtime, bulletin: str) -> Subject:
    """The dossier of a bulletin by 发文字号 or id.

    Raises NotFound for an unknown one, Conflict ``not-issued`` before it has gone out.
    """
    with runtime.database.reading.connect() as connection:
        found = bulletin_lists.by_number(connection, bulletin)
    if found is None:
        raise NotFound(f"没有发文字号为 {bulletin} 的通报；用通报列表里的发文字号，或通报的 id。")
    state: Bulletin = seen_of.load(runtime, found)
    if state.stage not in seen_of.OUT:
        raise Conflict(f"这份通报还在{state.stage.label}，没有印发；印发以后再出案卷。", code="not-issued")
    title = f"{state.document_no} {''.join(state.title.split())}"
    return Subject(title=title, label=state.document_no, target=found, bulletin=found)


def states_after(runtime: Runtime, history: Sequence[Recorded]) -> dict[int, Any]:
    """The matter or bulletin right after each of its facts, by position."""
    folder = runtime.handling.folder(history[0].stream)
    state = folder.begin(history[0].stream)
    found: dict[int, Any] = {}
    for recorded in history:
        state = found[recorded.position] = folder.evolve(state, recorded)
    return found


def _led(runtime: Runtime, unit: UnitId, year: int) -> Iterator[MatterId]:
    with runtime.database.reading.connect() as connection:
        candidates = ever_led(connection, unit)
    for matter in candidates:
        history = runtime.store.stream(f"matter-{matter}")
        states = states_after(runtime, history)
        before: UnitId | None = None
        for recorded in history:
            lead = states[recorded.position].lead_unit
            if recorded.recorded_at.astimezone(BEIJING).year == year and unit in (before, lead):
                yield matter
                break
            before = lead
