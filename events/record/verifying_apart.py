"""``python -m events.record.verifying_apart``: a process that checks the stretch of the record it is handed."""

from __future__ import annotations

import gc
import pickle
import sys

from events.record.connections import open_database
from events.record.stretches import Block, Stretch, blocks


def main() -> None:
    """Takes address and stretch from standard input and puts the blocks on standard output, both pickled."""
    url: str
    stretch: Stretch
    url, stretch = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    gc.disable()  # the process ends soon
    database = open_database(url)
    try:
        with database.reader() as driver:
            found: list[Block] = list(blocks(driver, stretch))
    finally:
        database.close()
    pickle.dump(found, sys.stdout.buffer)


if __name__ == "__main__":
    main()
