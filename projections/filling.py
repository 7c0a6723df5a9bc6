"""Filling empty projection tables from the whole record, stream by stream, shared among processes where it is long."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context

from events.record.codec import Codec, Stored
from events.record.connections import open_database
from events.record.envelope import Recorded
from events.record.sql import plain_text
from events.record.store import COLUMNS, PAGE, Store
from events.rules.calendar import WorkingDays
from events.rules.procedures import MatterRules
from projections.changes import MATTERS, changes_of
from projections.directory import STREAMS as DIRECTORY
from projections.following import Following
from projections.projection import Projection

LONG = 100_000
"""From so many facts on, a further process is worth its start."""
MOST_PROCESSES = 4
LOOKED_AT = (MATTERS, *DIRECTORY)
"""Streams some projection looks at. Calendars are not handed on: the working days asked for hold their years."""

OF_MATTERS = f"substr(stream, 1, {len(MATTERS)}) = '{MATTERS}'"

_PAGE = plain_text(
    f"SELECT {COLUMNS} FROM events WHERE (stream, version) > (?, ?) AND stream <= ? AND position <= ?"
    f" ORDER BY stream, version LIMIT {PAGE}"
)
_COUNT = plain_text(f"SELECT sum(CASE WHEN {OF_MATTERS} THEN 1 ELSE 0 END), max(stream) FROM streams")
_NTH = plain_text(f"SELECT stream FROM streams WHERE {OF_MATTERS} ORDER BY stream LIMIT 1 OFFSET ?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The streams after one up to and with another."""

    after: str
    upto: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What another process needs to fill its share."""

    url: str
    facts: tuple[Stored, ...]
    calendar: WorkingDays
    rules: MatterRules
    names: tuple[str, ...]
    suffix: str
    position: int
    """Facts up to here are folded in."""


def fill(
    following: Following, side: Sequence[Projection], suffix: str, position: int, processes: int = 0
) -> None:
    """Folds every stream up to a position into empty tables whose names end in ``suffix``.

    One matter's state is in memory at a time. ``processes`` 0: as many as the length of the record is worth.
    """
    parts = shares(
        following.store, processes or min(MOST_PROCESSES, os.cpu_count() or 1, 1 + position // LONG)
    )
    if len(parts) < 2:
        for share in parts:
            _fill_share(following, side, share, position)
        return
    job = Job(
        url=following.store.database.url.render_as_string(hide_password=False),
        facts=following.store.codec.stored,
        calendar=following.calendar(),
        rules=following.rules,
        names=tuple(projection.name for projection in side),
        suffix=suffix,
        position=position,
    )
    spawn = get_context("spawn")
    with ProcessPoolExecutor(
        len(parts), mp_context=spawn, initializer=_take, initargs=(spawn.Lock(),)
    ) as pool:
        for done in [pool.submit(_fill_elsewhere, job, share) for share in parts]:
            done.result()


def shares(store: Store, most: int) -> list[Share]:
    """The streams in so many shares with about as many matters each; fewer where there are few."""
    with store.database.reader() as driver:
        matters, last = driver.rows(_COUNT)[0]
        if last is None:
            return []
        ends = sorted({matters * n // most - 1 for n in range(1, most)} - {-1})
        names = [str(driver.rows(_NTH, (end,))[0][0]) for end in ends]
    return [Share(after=after, upto=upto) for after, upto in zip(["", *names], [*names, last], strict=True)]


_turns: AbstractContextManager[object] = nullcontext()
"""Held while writing: processes that share an SQLite file take turns instead of asking again and again."""


def _take(turns: AbstractContextManager[object]) -> None:
    """Makes a process ready to take turns with the others."""
    gc.disable()  # folding makes no cycles, and the process ends soon
    global _turns  # noqa: PLW0603 - a process of its own has one job
    _turns = turns


def _fill_elsewhere(job: Job, share: Share) -> None:
    database = open_database(job.url)
    try:
        store = Store(database, Codec(job.facts))
        following = Following(store, lambda: job.calendar, job.rules)
        _fill_share(following, following.made_on(job.suffix, job.names), share, job.position)
    finally:
        database.close()


def _fill_share(following: Following, side: Sequence[Projection], share: Share, position: int) -> None:
    database = following.store.database
    for facts in _whole_streams(following.store, share, position):
        streams = (list(stream) for _, stream in groupby(facts, key=lambda r: r.stream))
        found = [list(changes_of(stream)) for stream in streams if stream[0].stream.startswith(MATTERS)]
        followed = following.followed(facts, found)
        with _turns if database.kind == "sqlite" else nullcontext(), database.transaction() as driver:
            following.write(driver, side, followed)


def _whole_streams(store: Store, share: Share, position: int) -> Iterator[list[Recorded]]:
    """The facts of a share in chunks that end where a stream ends."""
    waiting: list[Recorded] = []
    for page in _pages(store, share, position):
        last = page[-1].stream
        cut = next((n for n in range(len(page), 0, -1) if page[n - 1].stream != last), 0)
        if cut or (waiting and waiting[-1].stream != last):
            yield waiting + page[:cut]
            waiting = page[cut:]
        else:
            waiting = waiting + page
    if waiting:
        yield waiting


def _pages(store: Store, share: Share, position: int) -> Iterator[list[Recorded]]:
    after = (share.after, 2**31 - 1)
    while True:
        with store.database.reader() as driver:
            rows = driver.rows(_PAGE, (*after, share.upto, position))
        if not rows:
            return
        after = (rows[-1][1], rows[-1][2])
        if page := store.recorded([row for row in rows if row[1].startswith(LOOKED_AT)]):
            yield page
