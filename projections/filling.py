"""Filling empty projection tables from the whole record, stream by stream, shared among processes where it is long."""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from events.matter.noting import STREAM as NOTES
from events.record.codec import Codec, Stored
from events.record.collecting import without_collecting
from events.record.connections import open_database
from events.record.envelope import Recorded
from events.record.sql import Driver, Row, Statement, plain_text
from events.record.store import COLUMNS, PAGE, Store
from events.rules.calendar import WorkingDays
from events.rules.procedures import MatterRules
from projections.bulletins import BULLETINS
from projections.changes import MATTERS, changes_of
from projections.directory import STREAMS as DIRECTORY
from projections.following import Following
from projections.meetings import MEETINGS
from projections.projection import Projection

LONG = 40_000
"""From so many facts on, a further process is worth its start."""
MOST_PROCESSES = 4
LOOKED_AT = (MATTERS, NOTES, BULLETINS.prefix, MEETINGS.prefix, *DIRECTORY)
"""Streams some projection looks at. Calendars are not handed on: the working days asked for hold their years."""

Told = Callable[[float], None]
"""Hears which part of a long work is done, 0 to 1."""

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
    turns: Path
    """Locked while writing: processes that share an SQLite file take turns instead of asking again and again."""


def fill(
    following: Following,
    side: Sequence[Projection],
    suffix: str,
    position: int,
    processes: int = 0,
    told: Told | None = None,
) -> None:
    """Folds every stream up to a position into empty tables whose names end in ``suffix``.

    One matter's state is in memory at a time. ``processes`` 0: as many as the length of the record is worth.
    ``told`` hears now and then which part of the facts is done; of several processes this one speaks for all.
    """
    parts = shares(
        following.store, processes or min(MOST_PROCESSES, os.cpu_count() or 1, 1 + position // LONG)
    )
    heard = None if told is None else _part_of(told, max(1, position // max(1, len(parts))))
    with without_collecting():
        if len(parts) < 2:
            for share in parts:
                _fill_share(following, side, share, position, None, heard)
            return
        with TemporaryDirectory(prefix="duban-rebuild-") as folder:
            turns = Path(folder) / "turns"
            turns.touch()
            job = Job(
                url=following.store.database.url.render_as_string(hide_password=False),
                facts=following.store.codec.stored,
                calendar=following.calendar(),
                rules=following.rules,
                names=tuple(projection.name for projection in side),
                suffix=suffix,
                position=position,
                turns=turns,
            )
            with _filling_elsewhere(job, parts[1:]):
                _fill_share(following, side, parts[0], position, turns, heard)


def _part_of(told: Told, expected: int) -> Callable[[int], None]:
    """Facts just folded as the part done so far of about so many."""
    done = 0

    def heard(more: int) -> None:
        nonlocal done
        done += more
        told(min(1.0, done / expected))

    return heard


@contextmanager
def _filling_elsewhere(job: Job, parts: Sequence[Share]) -> Iterator[None]:
    """Fills shares in processes of their own meanwhile; they are done at the end. Raises where one broke."""
    command = [sys.executable, "-P", "-m", "projections.filling_apart"]
    children = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in parts]  # noqa: S603 - this very program
    try:
        for child, share in zip(children, parts, strict=True):
            assert child.stdin is not None
            with child.stdin as told:
                pickle.dump((job, share), told)
        yield
        broken = [child.args for child in children if child.wait()]
        if broken:
            raise RuntimeError("a process that filled a share of the projections broke; it said why")
    finally:
        for child in children:
            child.kill()
            child.wait()


def shares(store: Store, most: int) -> list[Share]:
    """The streams in so many shares with about as many matters each; fewer where there are few."""
    with store.database.reader() as driver:
        matters, last = driver.rows(_COUNT)[0]
        if last is None:
            return []
        ends = sorted({matters * n // most - 1 for n in range(1, most)} - {-1})
        names = [str(driver.rows(_NTH, (end,))[0][0]) for end in ends]
    return [Share(after=after, upto=upto) for after, upto in zip(["", *names], [*names, last], strict=True)]


def fill_apart(job: Job, share: Share) -> None:
    """Fills a share on connections of this process's own."""
    gc.disable()  # the process ends soon
    database = open_database(job.url)
    try:
        store = Store(database, Codec(job.facts))
        following = Following(store, lambda: job.calendar, job.rules)
        _fill_share(following, following.made_on(job.suffix, job.names), share, job.position, job.turns)
    finally:
        database.close()


class _Noting(Driver):
    """Takes down what is to be written, so that no other process waits while rows are still worked out."""

    __slots__ = ("noted",)

    def __init__(self) -> None:
        self.engine = "sqlite"
        self.noted: list[tuple[Statement, Sequence[Row]]] = []

    def run(self, statement: Statement, rows: Sequence[Row]) -> None:
        if rows:
            self.noted.append((statement, rows))


def _fill_share(
    following: Following,
    side: Sequence[Projection],
    share: Share,
    position: int,
    turns: Path | None,
    heard: Callable[[int], None] | None = None,
) -> None:
    database = following.store.database
    for facts in _whole_streams(following.store, share, position):
        streams = (list(stream) for _, stream in groupby(facts, key=lambda r: r.stream))
        found = [list(changes_of(stream)) for stream in streams if stream[0].stream.startswith(MATTERS)]
        followed = following.followed(facts, found)
        if heard is not None:
            heard(len(facts))
        if database.kind != "sqlite" or turns is None:
            with database.transaction() as driver:
                following.write(driver, side, followed)
            continue
        noting = _Noting()
        following.write(noting, side, followed)
        with _turn(turns), database.transaction() as driver:
            for statement, rows in noting.noted:
                driver.run(statement, rows)


@contextmanager
def _turn(turns: Path) -> Iterator[None]:
    """Given back by the system itself where a process dies."""
    with turns.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


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
