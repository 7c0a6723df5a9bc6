"""The ``eventsourcing`` library at the same work. Runs in its own environment: ``saving.py WHAT ENGINE PLACE …``.

``save SECONDS THREADS`` saves one event a call, durably, with no read model behind it; ``select FACTS`` reads and
decodes every notification of a record filled with so many. ENGINE is ``sqlite`` (PLACE a file) or ``postgres`` (PLACE
a database). Every answer is one line of JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

STREAM = 100
"""Events of one matter, where a record is filled."""


class Matter(Aggregate):
    """A matter with as much to say as one of ours."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.percent = 0

    @event("ProgressReported")
    def report(self, text: str, percent: int, unit: str, actor: dict[str, str], basis: str) -> None:
        """报送进展."""
        self.percent = percent


class Matters(Application):
    """Matters as its guide keeps them."""


def said(n: int) -> dict[str, Any]:
    """The fields of one event: about 400 bytes once stored."""
    return {
        "text": f"已完成{n % 20}处清理，正在推进其余部分，群众反映强烈的两处已先行整改到位",
        "percent": n % 100,
        "unit": f"u{n % 30:08d}",
        "actor": {"user": "liaison7", "name": "联络员七", "role": "unit_liaison"},
        "basis": "县政府第12次常务会议纪要第3条",
    }


def opened(engine: str, place: str) -> Matters:
    """The application on an engine."""
    if engine == "sqlite":
        return Matters(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": place,
                "SQLITE_LOCK_TIMEOUT": "30",
            }
        )
    return Matters(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": place,
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": "5432",
            "POSTGRES_USER": "postgres",
            "POSTGRES_PASSWORD": "-",
            "POSTGRES_POOL_SIZE": "20",
        }
    )


def save(matters: Matters, seconds: float, threads: int) -> dict[str, float]:
    """Saves per second, each of one event, by so many threads that each have a matter of their own."""
    kept = [Matter(f"2026-{n:05d}") for n in range(threads)]
    for one in kept:
        matters.save(one)
    done, ends = [0] * threads, time.perf_counter() + seconds
    broken: list[BaseException] = []

    def work(n: int) -> None:
        try:
            while time.perf_counter() < ends:
                kept[n].report(**said(done[n]))
                matters.save(kept[n])
                done[n] += 1
        except Exception as error:  # noqa: BLE001 - told below
            broken.append(error)

    started = time.perf_counter()
    running = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if broken:
        raise broken[0]
    return {"saves": sum(done) / (time.perf_counter() - started)}


def select(matters: Matters, facts: int) -> dict[str, float]:
    """Notifications per second, read in pages and decoded; the record is filled first."""
    for n in range(facts // STREAM):
        one = Matter(f"2026-{n:05d}")
        for k in range(STREAM - 1):
            one.report(**said(k))
        matters.save(one)
    last = read = 0
    started = time.perf_counter()
    while page := matters.recorder.select_notifications(start=last, limit=1_000, inclusive_of_start=False):
        for one in page:
            matters.mapper.to_domain_event(one)
        read, last = read + len(page), page[-1].id
    return {"selected": read / (time.perf_counter() - started)}


if __name__ == "__main__":
    what, engine, place, *words = sys.argv[1:]
    application = opened(engine, place)
    doing: dict[str, Callable[[], dict[str, float]]] = {
        "save": lambda: save(application, float(words[0]), int(words[1])),
        "select": lambda: select(application, int(words[0])),
    }
    try:
        print(json.dumps(doing[what]()))
    finally:
        application.close()
