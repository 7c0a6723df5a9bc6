"""首席责任领导名下清单: who is reported to about what, at the place where a monthly bulletin is frozen."""

from __future__ import annotations

from collections.abc import Iterator

from events.bulletin.series import Every
from events.bulletin.state import Bulletin, LeaderList, UnderLeader
from events.vocabulary import MatterId
from projections import bulletin_lists, lists
from projections.asking import Asked
from projections.rows import Item
from service.documents.numbering import official
from service.runtime import Runtime

AT_ONCE = 500


def leader_lists(runtime: Runtime, bulletin: Bulletin) -> tuple[LeaderList, ...]:
    """Every leader's open matters, the latest first; none but for a monthly bulletin."""
    series = runtime.settings.bulletins.get(bulletin.series)
    if series is None or series.every is not Every.MONTH:
        return ()
    frozen = bulletin.standing_content.frozen
    with runtime.database.reading.connect() as connection:
        under = bulletin_lists.under_leaders(connection, frozen.as_of)
    items = {
        item.id: item for item in _items(runtime, [one for ids in under.values() for one in ids], bulletin)
    }
    found = (
        LeaderList(
            leader=leader, rows=tuple(_rows(runtime, [items[one] for one in ids if one in items], bulletin))
        )
        for leader, ids in sorted(under.items())
    )
    return tuple(one for one in found if one.rows)


def _items(runtime: Runtime, ids: list[MatterId], bulletin: Bulletin) -> Iterator[Item]:
    frozen = bulletin.standing_content.frozen
    calendar = runtime.calendars.at(frozen.as_of)
    asked = Asked(day=frozen.judged_on, position=frozen.as_of, limit=AT_ONCE)
    with runtime.database.reading.connect() as connection:
        for start in range(0, len(ids), AT_ONCE):
            page = lists.chosen(connection, asked, calendar, ids[start : start + AT_ONCE])
            yield from (item for item in page.items if not item.stage.ended)


def _rows(runtime: Runtime, items: list[Item], bulletin: Bulletin) -> Iterator[UnderLeader]:
    frozen, settings = bulletin.standing_content.frozen, runtime.settings
    directory = runtime.directory.now()
    for item in sorted(items, key=lambda one: (-(one.days_late or 0), one.number)):
        procedure = settings.procedures.get(item.kind)
        yield UnderLeader(
            matter=item.id,
            number=official(item.number, settings.organization.code),
            title=item.title,
            unit=directory.unit_name(item.lead_unit, frozen.judged_on, frozen.as_of),
            stage=item.stage.label_for(procedure.wording if procedure else ""),
            due_on=item.due_on,
            days_late=item.days_late or 0,
        )
