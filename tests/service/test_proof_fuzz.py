"""Whether any way of spoiling a real record is found: dozens at random here, thousands in a soak."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from events.record.store import COLUMNS, Store
from events.refusals import Unavailable
from service.proof.checking import Checked, check, open_to_check
from service.runtime import CODEC
from service.settings import WrongSetting
from tests.service.opened import settings_at
from tests.service.spoiling import by_sql, in_a_page, rebuilt

FULL = os.environ.get("DUBAN_SOAK") == "full"
TIMES = 3_000 if FULL else 48
SEED = random.SystemRandom().randrange(10**9)


@pytest.fixture
def office(sealed: Path, tmp_path: Path) -> Path:
    """A copy of a sealed record to be spoilt, again and again."""
    return Path(shutil.copytree(sealed, tmp_path / "office"))


def runs(office: Path, sealed: Path) -> Iterator[tuple[random.Random, Path]]:
    """A fresh copy of the database and a random source for each run, named so that a failure can be had again."""
    file = office / "var/duban.sqlite3"
    for run in range(TIMES):
        for left in file.parent.glob("duban.sqlite3-*"):
            left.unlink()
        shutil.copyfile(sealed / "var/duban.sqlite3", file)
        yield random.Random(f"{SEED}/{run}"), file


def look(office: Path) -> Checked | None:
    """What a check finds; None where the database cannot even be opened."""
    settings = settings_at(office)
    try:
        database = open_to_check(settings)
    except (Unavailable, WrongSetting):
        return None
    try:
        return check(Store(database, CODEC), settings)
    finally:
        database.close()


def answers(file: Path) -> list[Any]:
    """Everything the record can be asked for: every row by position, and by stream."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY position").fetchall()
        streams = connection.execute(
            "SELECT stream, version, last_position FROM streams ORDER BY stream"
        ).fetchall()
        told = [
            connection.execute(
                f"SELECT {COLUMNS} FROM events WHERE stream = ? ORDER BY version", (name,)
            ).fetchall()
            for name, _, _ in streams
        ]
        head = connection.execute("SELECT position, hash, frontier FROM log_head").fetchall()
    return [rows, streams, told, head]


@pytest.mark.soak
class TestSpoiling:
    def test_through_sql_is_found_at_its_first_position(self, office: Path, sealed: Path) -> None:
        """改一个值、删行、调换、插入、截尾、张冠李戴：每一次都查得出，报出的就是第一处。"""
        for rng, file in runs(office, sealed):
            place = by_sql(file, rng)
            found = look(office)
            assert found is not None, (SEED, place)
            assert found.broken is not None, (SEED, place)
            assert found.broken.position == place, (SEED, place, found.broken)

    def test_and_linking_all_anew_is_found_against_the_seals(self, office: Path, sealed: Path) -> None:
        """改了封存过的事实、整条链重算，或截尾并伪造末行：对着封存都查得出。"""
        sealed_to = int(max((sealed / "var/seals").glob("*.seal")).name[11:21])
        for rng, file in runs(office, sealed):
            place = rebuilt(file, rng, sealed_to)
            found = look(office)
            assert found is not None, (SEED, place)
            assert found.broken is not None, (SEED, place)
            assert found.broken.position <= place, (SEED, place, found.broken)

    def test_a_bit_in_a_page_is_found_or_changes_no_answer(self, office: Path, sealed: Path) -> None:
        """数据库文件里翻转任意一位：要么查得出，要么什么答复也没有变。"""
        right = answers(sealed / "var/duban.sqlite3")
        for rng, file in runs(office, sealed):
            in_a_page(file, rng)
            found = look(office)
            if found is not None and found.broken is None:
                assert answers(file) == right, SEED
