"""Whether any change to the record is found, and where."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.record.chain import Frontier, sha256
from events.record.sql import plain_text
from events.record.tables import events
from events.record.verifying import verify
from tests.record.making import Record, opened, said

NUMBERS = {"version", "schema", "occurred_at", "recorded_at", "position"}
BYTES = {"body", "body_digest", "hash"}


def fill(record: Record, count: int = 12) -> None:
    for n in range(count):
        record.writer.append(said(f"said-{n % 4}", f"事{n}", version=n // 4))


def change(record: Record, sql: str, *parameters: object) -> None:
    with record.database.transaction() as driver:
        assert driver.change(plain_text(sql), tuple(parameters)) > 0


class TestProving:
    @pytest.mark.parametrize("column", [c.name for c in events.columns])
    def test_finds_a_change_in_any_column(self, database_url: str, column: str) -> None:
        """改动任何一行的任何一列，核对时报出那一位。"""
        with opened(database_url) as record:
            fill(record)
            if column in BYTES:
                with record.database.reader() as driver:
                    value = bytearray(
                        driver.rows(plain_text(f"SELECT {column} FROM events WHERE position = 7"))[0][0]
                    )
                value[len(value) // 2] ^= 1
                change(record, f"UPDATE events SET {column} = ? WHERE position = 7", bytes(value))
            elif column == "position":
                change(record, "UPDATE events SET position = 70 WHERE position = 7")
            elif column in NUMBERS:
                change(record, f"UPDATE events SET {column} = {column} + 100 WHERE position = 7")
            else:
                change(record, f"UPDATE events SET {column} = ? WHERE position = 7", "别的")
            broken = verify(record.store).broken
            assert broken is not None
            assert broken.position == 7

    def test_finds_a_deleted_row(self, database_url: str) -> None:
        """删去中间一行，核对时报出缺口处。"""
        with opened(database_url) as record:
            fill(record)
            change(record, "DELETE FROM events WHERE position = 5")
            broken = verify(record.store).broken
            assert broken is not None
            assert broken.position == 5

    def test_finds_a_cut_tail(self, database_url: str) -> None:
        """删去末尾几行，核对时报出末行不符。"""
        with opened(database_url) as record:
            fill(record)
            change(record, "DELETE FROM events WHERE position > 9")
            broken = verify(record.store).broken
            assert broken is not None
            assert broken.position == 10

    def test_finds_two_rows_exchanged(self, database_url: str) -> None:
        """调换两行的内容和摘要，核对时报出前一行。"""
        with opened(database_url) as record:
            fill(record)
            with record.database.reader() as driver:
                rows = dict(
                    driver.rows(plain_text("SELECT position, body FROM events WHERE position IN (3, 8)"))
                )
            for here, there in ((3, 8), (8, 3)):
                digest = hashlib.sha256(rows[there]).digest()
                change(
                    record,
                    "UPDATE events SET body = ?, body_digest = ? WHERE position = ?",
                    rows[there],
                    digest,
                    here,
                )
            broken = verify(record.store).broken
            assert broken is not None
            assert broken.position == 3

    def test_finds_a_moved_head(self, database_url: str) -> None:
        """改动记录末行，核对时报出。"""
        with opened(database_url) as record:
            fill(record)
            change(record, "UPDATE log_head SET position = 11")
            assert verify(record.store).broken is not None

    def test_finds_any_flipped_bit(self, database_url: str) -> None:
        """随机翻转正文的一位，总能在那一位发现，并指出流。"""
        rng = random.Random(11)
        with opened(database_url) as record:
            fill(record)
            for _ in range(6):
                place = rng.randint(1, 12)
                with record.database.reader() as driver:
                    body = driver.rows(plain_text("SELECT body FROM events WHERE position = ?"), (place,))[0][
                        0
                    ]
                flipped = bytearray(body)
                flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
                change(record, "UPDATE events SET body = ? WHERE position = ?", bytes(flipped), place)
                broken = verify(record.store).broken
                assert broken is not None
                assert (broken.position, broken.stream) == (place, f"said-{(place - 1) % 4}")
                change(record, "UPDATE events SET body = ? WHERE position = ?", body, place)
            assert verify(record.store).broken is None

    def test_chains_with_sm3_where_asked(self, database_url: str) -> None:
        """国密要求下可用 SM3 成链，一样核得出改动。"""
        with opened(database_url, algorithm="sm3") as record:
            fill(record, 4)
            assert verify(record.store).broken is None
            change(record, "UPDATE events SET actor = ? WHERE position = 2", "李四")
            broken = verify(record.store).broken
            assert broken is not None
            assert broken.position == 2


SPOILINGS = {
    "原样": (),
    "改在前一段": ("UPDATE events SET actor = '别的' WHERE position = 3",),
    "改在段末": ("UPDATE events SET unit = '别的' WHERE position = 20",),
    "删在后一段": ("DELETE FROM events WHERE position = 31",),
    "删去段首以后": ("DELETE FROM events WHERE position > 20",),
    "末行移回": ("UPDATE log_head SET position = 17",),
    "末行移走": ("UPDATE log_head SET position = 900",),
    "两处都改": (
        "UPDATE events SET actor = '别的' WHERE position = 35",
        "UPDATE events SET actor = '别的' WHERE position = 9",
    ),
    "登记了没有的流": ("INSERT INTO streams (stream, version, last_position) VALUES ('said-x', 1, 9)",),
}


class TestProvingInSeveralProcesses:
    @pytest.mark.parametrize("statements", SPOILINGS.values(), ids=SPOILINGS)
    def test_comes_to_the_same(self, database_url: str, statements: tuple[str, ...]) -> None:
        """整部记录分几段、由几个进程同时核，说的与一个进程从头核到尾一样：条数、根、各次封存处的根、第一处改动。"""
        sizes = (1, 5, 8, 13, 20, 21, 40, 41)
        with opened(database_url) as record:
            fill(record, 43)
            for statement in statements:
                change(record, statement)
            alone = verify(record.store, sizes, processes=1)
            apart = verify(record.store, sizes, processes=2, page=4)
            assert apart == alone
            assert (alone.broken is None) is (not statements)

    def test_does_alone_what_a_process_could_not(
        self, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """旁的进程起不来，照样核得完。"""
        with opened(database_url) as record:
            fill(record, 20)
            monkeypatch.setattr("sys.executable", "/bin/false")
            found = verify(record.store, processes=2, page=4)
            assert (found.facts, found.broken) == (20, None)


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1 as it is written."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + naive_root(leaves[:half]) + naive_root(leaves[half:]))


class TestFrontier:
    @given(st.lists(st.binary(min_size=1, max_size=40), max_size=70), st.integers(0, 70))
    def test_is_the_merkle_root_of_rfc_6962(self, leaves: list[bytes], stop: int) -> None:
        """增量算出的默克尔根与 RFC 6962 的定义一致，存取一次后继续也一致。"""
        frontier = Frontier(sha256)
        frontier.extend(leaves[:stop])
        frontier = Frontier(sha256, frontier.size, frontier.packed())
        frontier.extend(leaves[stop:])
        assert frontier.root() == naive_root(leaves)

    @given(st.lists(st.binary(min_size=1, max_size=8), max_size=70), st.sampled_from((1, 2, 8, 16)))
    def test_joins_trees_over_pages(self, leaves: list[bytes], page: int) -> None:
        """一页一页分开算的树，接起来就是整棵树；接不上的位置不接。"""
        frontier = Frontier(sha256)
        for at in range(0, len(leaves), page):
            part = Frontier(sha256)
            part.extend(leaves[at : at + page])
            frontier.join(part.size, part.packed())
        assert (frontier.size, frontier.root()) == (len(leaves), naive_root(leaves))
        odd = Frontier(sha256)
        odd.add(b"x")
        whole = Frontier(sha256)
        whole.extend([b"a", b"b"])
        with pytest.raises(ValueError, match="joins only"):
            odd.join(whole.size, whole.packed())
