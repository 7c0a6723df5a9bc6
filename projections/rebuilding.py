"""Building projections anew from the record, in side tables, while the service goes on; then one switch.

The facts up to a position are folded stream by stream, so one matter's state is in memory at a time. What came in
meanwhile is followed as the live tables follow it, and the last of it inside the writer, which holds the head: no
fact can fall between. Nothing is decided again and no letter is written; only the tables of projections change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from events.record.admitting import Guard
from events.record.moments import to_micros
from events.record.sql import Driver, plain_text
from events.record.store import COLUMNS, PAGE, read_head
from events.record.writer import Batch, Writer
from projections import schema
from projections.changes import changes, lives
from projections.filling import Told, fill
from projections.following import Following
from projections.projection import Projection

SIDE = "__new"
CLOSE = 1_000
"""So few facts behind, the rest is followed inside the writer."""

_AFTER = plain_text(f"SELECT {COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT {PAGE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """One projection built anew."""

    name: str
    position: int
    """As of which its tables were exchanged."""

    def __str__(self) -> str:
        return f"{self.name}：已按记录重建到第 {self.position} 位"


def rebuild(
    following: Following,
    names: Sequence[str],
    writer: Writer,
    at: datetime | None,
    *,
    processes: int = 0,
    told: Told | None = None,
    guard: Guard | None = None,
) -> tuple[Rebuilt, ...]:
    """Builds projections anew (all of them where none is named) and puts them in the place of the live ones.

    ``at`` is noted with the new tables; None: the record's standing moment. ``processes`` and ``told`` as in
    ``filling.fill``. ``guard`` is asked once more inside the switch and may refuse it. Raises UnknownProjection.
    """
    wanted = tuple(names) or following.names
    side, live = following.made_on(SIDE, wanted), following.made_on("", wanted)
    database = following.store.database
    with database.transaction() as driver:
        schema.make_book(driver)
        generations = {name: made[1] + 1 for name, made in schema.made(driver).items()}
    position = build(following, side, SIDE, processes, told)
    for projection in side:
        for table in projection.tables:
            with database.transaction() as driver:
                schema.make_indexes(driver, table, generations.get(projection.name, 1))
    position = catch_up(following, side, position)

    def switch(driver: Driver) -> None:
        nonlocal position
        if guard is not None:
            guard(driver)
        position = follow_on(driver, following, side, position)
        moment = to_micros(at) if at is not None else read_head(driver).moment or 0
        for old, new in zip(live, side, strict=True):
            schema.exchange(driver, old.tables, new.tables)
            print_ = following.fingerprint(old)
            schema.note_made(driver, old.name, print_, generations.get(old.name, 1), position, moment)

    writer.do(switch)
    return tuple(Rebuilt(name=name, position=position) for name in wanted)


def build(
    following: Following,
    side: Sequence[Projection],
    suffix: str,
    processes: int = 0,
    told: Told | None = None,
) -> int:
    """Makes side tables and fills them from every stream; gives the position they stand at."""
    store = following.store
    with store.database.transaction() as driver:
        for projection in side:
            for table in projection.tables:
                schema.make_table(driver, table)
    head = store.head().position
    fill(following, side, suffix, head, processes, told)
    return head


def catch_up(following: Following, side: Sequence[Projection], position: int) -> int:
    """Follows what came in since, page by page, until little is left; gives the position reached."""
    database = following.store.database
    while following.store.head().position - position > CLOSE:
        with database.transaction() as driver:
            position = _follow_page(driver, following, side, position)
    return position


def follow_on(driver: Driver, following: Following, side: Sequence[Projection], position: int) -> int:
    """Follows everything up to the head on a connection that holds it; gives the position reached."""
    head = read_head(driver).position
    while position < head:
        position = _follow_page(driver, following, side, position)
    return position


def _follow_page(driver: Driver, following: Following, side: Sequence[Projection], position: int) -> int:
    store = following.store
    facts = store.recorded(driver.rows(_AFTER, (position,)))
    batch = Batch(recorded=tuple(facts), states={}, epoch=0)
    following.write(driver, side, following.followed(facts, lives(changes(driver, store, batch))))
    return facts[-1].position


def drop(following: Following, side: Iterable[Projection]) -> None:
    """Drops side tables."""
    with following.store.database.transaction() as driver:
        for projection in side:
            for table in projection.tables:
                schema.drop_table(driver, table)
