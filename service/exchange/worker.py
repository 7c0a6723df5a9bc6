"""The exporting process: reads a job, writes its workbook, until nobody asks any more.

Started by ``service.exchange.exporting``; its one argument is the number of an open socket. It reads the database by
itself and takes its turn after the server, so that nobody waits for it.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from events.record.connections import Database, open_database
from projections import lists
from projections.rows import Item
from service.exchange.columns import chosen_columns
from service.exchange.jobs import Job, Made, TooMany
from service.exchange.workbook import Sheet, SheetFull, write

AT_ONCE = 1_000
"""Rows read by one question."""
IDLE_SECONDS = 600.0
GENTLER = 2
"""By how much the process is nicer than the server."""


def main() -> None:
    """Serves one parent; ends when it does, or when it has been silent for long."""
    pipe: Connection[Any, Any] = Connection(int(sys.argv[1]))
    url: str = pipe.recv()
    os.nice(GENTLER)
    gc.freeze()
    database = open_database(url)
    try:
        while pipe.poll(IDLE_SECONDS):
            try:
                job = pipe.recv()
            except EOFError:
                return
            pipe.send(answer(database, job))
    finally:
        database.close()


def answer(database: Database, job: Job) -> Made | TooMany:
    """One job done."""
    columns = chosen_columns(job.columns)
    sheet = Sheet(title=job.title, columns=columns, about=job.about, foot=job.foot)
    rows = ([c.says(item, job.names) for c in columns] for item in _items(database, job))
    try:
        return Made(rows=write(Path(job.file), sheet, rows))
    except SheetFull:
        return TooMany()


def _items(database: Database, job: Job) -> Iterator[Item]:
    asked = replace(job.asked, limit=AT_ONCE)
    with database.reading.connect() as connection:
        while True:
            page = lists.matters(connection, asked, job.names.calendar, job.order)
            yield from page.items
            if page.next is None:
                return
            asked = replace(asked, cursor=page.next)


if __name__ == "__main__":
    main()
