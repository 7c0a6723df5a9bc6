"""按位次往后读: who reads on by position misses nothing and sees no hole, whatever becomes of those who write."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from events.record.store import Store
from events.record.verifying import verify
from tests.record.making import CODEC, prepare

FULL = os.environ.get("DUBAN_SOAK") == "full"
SECONDS = 3_600 / 2 if FULL else 4.0
"""On each database; in full, an hour together."""
WRITERS = 3
LIVES = (0.3, 20.0) if FULL else (0.8, 2.0)
"""Seconds a writer lives before it is killed."""
TOP = Path(__file__).parent.parent.parent


@dataclass(slots=True)
class Reader:
    """Follows the record by position, page after page, and keeps what it came by."""

    store: Store
    size: int
    """Facts in a page."""
    read: int = 0
    """The position it has come to."""
    seen: hashlib._Hash = field(default_factory=hashlib.sha256)
    """Of all that was said at positions 1, 2, 3 …, in order."""
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        """Until it is over and nothing more comes."""
        while True:
            ends = self.over.is_set()
            page = self.store.scan(self.read, self.size)
            for recorded in page:
                if recorded.position != self.read + 1:
                    self.wrong.append(f"第 {self.read} 位之后读到第 {recorded.position} 位")
                    return
                self.read += 1
                self.seen.update(recorded.fact.text.encode())
            if ends and not page:
                return


@contextmanager
def writing(url: str, seed: int, told: list[str]) -> Iterator[None]:
    """A process that writes, from its first fact on, killed at the end; what it said was durable is added to ``told``."""
    command = [sys.executable, "-m", "tests.record.appending", url, str(seed)]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told.append(child.stdout.readline().rstrip("\n"))
        listening = threading.Thread(target=_listen, args=(child.stdout, told))
        listening.start()
        try:
            yield
        finally:
            child.kill()
            listening.join()


def _listen(said: IO[str], told: list[str]) -> None:
    told.extend(line.rstrip("\n") for line in said)


@pytest.mark.soak
def test_readers_by_position_miss_nothing(database_url: str) -> None:
    """几个进程同时写，有的批次作废重来，有的进程半路被杀；按位次读的人一条不漏，读到的就是最后的记录。"""
    database = prepare(database_url)
    store, told, killed = Store(database, CODEC), list[str](), 0
    readers = [Reader(store, size) for size in (1, 7, 500)]
    following = [threading.Thread(target=reader.follow) for reader in readers]
    for thread in following:
        thread.start()
    ends = time.monotonic() + SECONDS

    def write_again_and_again(writer: int) -> None:
        nonlocal killed
        rng = random.Random(writer)
        while time.monotonic() < ends:
            with writing(database_url, writer * 1_000_000 + killed, told):
                time.sleep(rng.uniform(*LIVES))
            killed += 1

    writers = [threading.Thread(target=write_again_and_again, args=(n,)) for n in range(1, WRITERS + 1)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    for reader in readers:
        reader.over.set()
    for thread in following:
        thread.join()
    standing, acknowledged, last = hashlib.sha256(), set(told), 0
    for page in store.pages():
        for recorded in page:
            standing.update(recorded.fact.text.encode())
            acknowledged.discard(recorded.fact.text)
            last = recorded.position
    assert killed >= WRITERS
    assert told
    assert [reader.wrong for reader in readers] == [[], [], []]
    assert [reader.read for reader in readers] == [last, last, last]
    assert {reader.seen.digest() for reader in readers} == {standing.digest()}
    assert not acknowledged
    assert len(set(told)) == len(told)
    assert verify(store).broken is None
    database.close()
