"""As of any position the service answers as a fresh database would that was fed only the facts up to there."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from events.record.sql import insert_rows, plain_text
from events.record.tables import events
from events.record.writer import Batch
from events.vocabulary import UserName
from notifications.outbox import asking as box
from projections.units import unit_counts
from service.app import make_app
from service.runtime import Runtime
from service.scratch import scratch
from tests.service.given import Office
from tests.service.inside import client_of

FULL = os.environ.get("DUBAN_SOAK") == "full"
POSITIONS = 100_000 if FULL else 24
ASKED_AT_EACH = 12 if FULL else 5
LIVES = (
    "confirmed relapsed cancelled transferred merged suspended objected reviewed registered "
    "assigned acknowledged rectifying reported verifying closed"
).split()
QUESTIONS = (
    "/matters?limit=200",
    "/matters?state=open&limit=200&overdue=true",
    "/matters?unit={town}&co=true&subtree=true&limit=200",
    "/matters?stage=closed&stage=assigned&limit=200",
    "/matters?due_before=2008-03-14&limit=200",
    "/matters?q=河道&limit=200",
    "/overdue",
    "/overdue?unit={town}",
    "/awaiting-verification",
    "/board",
    "/rates",
    "/rates?unit={town}&from=2008-03-04&to=2008-03-12",
)

_PUT = insert_rows(events)
_STREAM = plain_text("INSERT OR REPLACE INTO streams (stream, version, last_position) VALUES (?, ?, ?)")
_HEAD = plain_text("UPDATE log_head SET position = ?, hash = ?, moment = ? WHERE id = 1")


def feed(fresh: Runtime, source: Runtime, upto: int) -> None:
    """The facts up to a position, as if they had just been appended."""
    after = fresh.store.head().position
    rows = source.store.rows(after, upto - after)
    if not rows:
        return
    with fresh.database.transaction() as driver:
        driver.run(_PUT, rows)
        driver.run(_STREAM, [(row[1], row[2], row[0]) for row in rows])
        driver.run(_HEAD, [(rows[-1][0], rows[-1][16], rows[-1][11])])
        batch = Batch(recorded=tuple(fresh.store.recorded(rows)), states={}, epoch=1)
        for follow in fresh.writer.followers:
            follow(driver, batch)


@pytest.fixture
def lived(office: Office) -> tuple[Office, int]:
    """A month with a matter of every life, the clock speaking in between; and the position before the first of them."""
    assert office.runtime is not None
    begun = office.runtime.store.head().position
    for day, life in enumerate(LIVES, start=3):
        limit = {} if life == "registered" else {"time_limit": "5个工作日内"}
        getattr(office.at(f"2008-03-{day:02d}"), life)(**limit)
        if day % 4 == 0:
            office.tick(f"2008-03-{day:02d} 18:00")
    office.at("2008-03-18").do("reopen", {"reason": "材料不实"}, by="head")
    office.made(f"/units/{office.units['water']}/rename", {"name": "水利局"})
    office.tick("2008-04-20")
    return office, begun


@pytest.mark.soak
class TestAsOf:
    def test_equals_a_fresh_database(self, lived: tuple[Office, int], tmp_path: Path) -> None:
        """随机取位次：台账、逾期、待核查、看板、指标、单位、信件，按那一位答的，与只喂到那一位的新库答的一字不差。"""
        office, begun = lived
        source = office.runtime
        assert source is not None
        head = source.store.head().position
        few = min(POSITIONS, head - begun)
        chance = random.Random()
        chosen = sorted(chance.sample(range(begun + 1, head + 1), few))
        with scratch(source.store, source.settings, tmp_path / "fresh", begun) as fresh:
            client = client_of(make_app(fresh, pages=False), raises=True)
            token = fresh.accounts.make_token(UserName("auditor"), datetime.now(UTC))
            for position in chosen:
                feed(fresh, source, position)
                for path in (*chance.sample(QUESTIONS, ASKED_AT_EACH), *some_matters(source, position)):
                    asked = path.format(**office.units)
                    joint = "&" if "?" in asked else "?"
                    then = office.send("GET", f"{asked}{joint}as_of={position}").json()
                    now = client.get("/api/v1" + asked, headers={"Authorization": f"Bearer {token}"}).json()
                    assert plain(then) == plain(now), (position, asked)
                assert counted(source, position) == counted(fresh, None), position
                assert written(source, position) == written(fresh, None), position


def some_matters(source: Runtime, position: int) -> Iterator[str]:
    """The matter of the fact at a position."""
    fact = source.store.at(position)
    if fact is not None and fact.stream.startswith("matter-"):
        yield f"/matters/{fact.stream.removeprefix('matter-')}"
        yield f"/matters/{fact.stream.removeprefix('matter-')}/history"


def plain(answer: Any) -> Any:
    """An answer without the place to go on from."""
    return {name: value for name, value in answer.items() if name not in ("next", "permitted")}


def counted(runtime: Runtime, position: int | None) -> Any:
    moment = runtime.store.moment_of(position or runtime.store.head().position)
    assert moment is not None
    with runtime.database.reading.connect() as connection:
        return unit_counts(connection, day=moment.date(), soon=moment.date(), position=position)


def written(runtime: Runtime, position: int | None) -> list[str]:
    with runtime.database.reading.connect() as connection:
        return [one.id for one in box.found(connection, box.Asked(position=position, limit=5_000))]
