"""``python -m tests.record.appending URL SEED``: appends until it is killed, says what it was told is durable.

Eight threads write at once; one follower in twenty breaks, so that batches are rolled back and tried again one by one.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from itertools import count

import structlog

from events.record.sql import Driver
from events.record.writer import Batch
from tests.record.making import opened, said

THREADS = 8
BROKEN = 0.05
PAUSE = 0.02
"""Seconds a thread rests after each: in an hour a few million facts come together, not tens of millions."""


class Broke(Exception):
    """A follower that fails for no reason."""


def main(url: str, seed: str) -> None:
    """Each text is a line of its own on standard output once it is durable."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    rng, telling = random.Random(seed), threading.Lock()

    def breaking(_: Driver, __: Batch) -> None:
        if rng.random() < BROKEN:
            raise Broke

    with opened(url, breaking, fresh=False) as record:

        def write(thread: int) -> None:
            for n in count():
                text = f"{seed}.{thread}.{n}"
                try:
                    record.writer.append(said(f"said-{text}", text))
                except Broke:
                    continue
                with telling:
                    sys.stdout.write(f"{text}\n")
                    sys.stdout.flush()
                time.sleep(PAUSE)

        for thread in range(THREADS):
            threading.Thread(target=write, args=(thread,), daemon=True).start()
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
