"""另起一份: a record copied up to a position into a database of its own, to be asked and then thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from events.record.chain import ALGORITHMS, GENESIS, Frontier
from events.record.sql import Row, insert_rows, plain_text
from events.record.store import Store
from events.record.tables import events, log_head, streams
from service.runtime import Runtime, open_runtime
from service.settings import DatabaseSettings, Paths, Settings
from service.storage.migrating import migrate

_PAGE = 2_000
_HASH, _STREAM, _VERSION, _POSITION, _RECORDED_AT = 16, 1, 2, 0, 11
_PUT = insert_rows(events)
_HEAD = insert_rows(log_head)
_STREAMS = insert_rows(streams)
_EMPTY = plain_text("DELETE FROM log_head")


def scratch_settings(settings: Settings, folder: Path) -> Settings:
    """The same configuration on an SQLite file in ``folder``: nothing is mailed from there."""
    return replace(
        settings,
        database=DatabaseSettings(url=f"sqlite:///{folder}/scratch.sqlite3"),
        paths=Paths(var=str(folder)),
        mail=replace(settings.mail, host=""),
    )


@contextmanager
def scratch(source: Store, settings: Settings, folder: Path, upto: int) -> Iterator[Runtime]:
    """A runtime on a copy of the facts up to a position, its read models built from them; the source is only read."""
    own = scratch_settings(settings, folder)
    folder.mkdir(parents=True, exist_ok=True)
    empty = open_runtime(own, opened=False)
    try:
        migrate(empty.database)
        _copy(source, empty, upto)
    finally:
        empty.close()
    runtime = open_runtime(own)
    try:
        yield runtime
    finally:
        runtime.close()


def _copy(source: Store, target: Runtime, upto: int) -> None:
    algorithm = source.head().algorithm
    frontier = Frontier(ALGORITHMS[algorithm])
    ends: dict[str, Row] = {}
    after, last_hash, moment = 0, GENESIS, None
    with target.database.transaction() as driver:
        driver.run(_EMPTY, [()])
        while rows := source.rows(after, min(_PAGE, upto - after)) if after < upto else []:
            driver.run(_PUT, rows)
            for row in rows:
                frontier.add(bytes(row[_HASH]))
                ends[row[_STREAM]] = (row[_STREAM], row[_VERSION], row[_POSITION])
            after, last_hash, moment = rows[-1][_POSITION], bytes(rows[-1][_HASH]), rows[-1][_RECORDED_AT]
        driver.run(_STREAMS, list(ends.values()))
        head = (1, after, last_hash, frontier.packed(), 1, moment, algorithm)
        driver.run(_HEAD, [head])
