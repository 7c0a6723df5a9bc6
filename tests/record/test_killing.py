"""kill -9 at random moments under load: what was acknowledged is there once, and no letter goes out twice."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from benchmarks.office import furnish
from events.delivery.facts import LetterHandedOver, Outcome
from events.record.connections import open_database
from events.record.envelope import Recorded
from events.record.store import Store
from service.runtime import CODEC
from tests.conftest import free_port
from tests.notifications.smtp import Postmaster, serving
from tests.record.killing import Senders, Service

SOAK = os.environ.get("DUBAN_SOAK", "")
KILLS = 100 if SOAK == "full" else int(SOAK) if SOAK.isdigit() else 3
SENDERS = 4
SHORTEST, LONGEST = 0.2, 5.0 if SOAK else 3.0
"""Seconds a service lives after it first answers; its first delivery begins two seconds after the start."""


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """What is left when all is over."""

    senders: Senders
    facts: tuple[Recorded, ...]
    mails: Counter[str]
    """Message-ID → how often it came in at the SMTP side."""
    verified: str
    compared: str

    @property
    def by_command(self) -> dict[str, list[Recorded]]:
        """Facts by the command that made them."""
        found: dict[str, list[Recorded]] = {}
        for recorded in self.facts:
            found.setdefault(recorded.command_id, []).append(recorded)
        return found

    @property
    def handed(self) -> list[LetterHandedOver]:
        """Every outcome of a letter that was put down."""
        return [r.fact for r in self.facts if isinstance(r.fact, LetterHandedOver)]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    with serving(data=slowly) as server:
        office = furnish(tmp_path_factory.mktemp("killed") / "office", smtp=("127.0.0.1", server.port))
        service = Service(folder=office.folder, port=free_port())
        senders = Senders(service=service, office=office)
        _kill_again_and_again(senders)
        _deliver_the_rest(service, server)
        verified, compared = service.run("verify"), service.run("rebuild", "--check")
        database = open_database(f"sqlite:///{service.folder}/var/duban.sqlite3")
        facts = tuple(r for page in Store(database, CODEC).pages() for r in page)
        database.close()
    mails = Counter(str(mail["Message-ID"]).strip() for mail in server.taken)
    return Aftermath(senders=senders, facts=facts, mails=mails, verified=verified, compared=compared)


def slowly() -> str:
    """A server that takes its time over each mail: a kill is likely to fall into one."""
    time.sleep(0.03)
    return "250 taken"


def _kill_again_and_again(senders: Senders) -> None:
    chance = random.SystemRandom()
    senders.service.start()
    threads = [threading.Thread(target=senders.work, args=(chance.getrandbits(64),)) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(SHORTEST, LONGEST))
            senders.service.kill()
            senders.service.start()
        time.sleep(1)
    finally:
        senders.ended.set()
        for thread in threads:
            thread.join()
        senders.service.stop()


def _deliver_the_rest(service: Service, server: Postmaster) -> None:
    """One more round by the command line, past the leases the killed ones left, and another that finds nothing."""
    service.forward()
    counts = msgspec.json.decode(service.run("deliver"))
    assert counts["waiting"] == 0, counts
    before = len(server.taken)
    service.forward()
    assert msgspec.json.decode(service.run("deliver"))["sent"] == 0
    assert len(server.taken) == before


@pytest.mark.soak
class TestKilling:
    def test_refuses_nobody(self, aftermath: Aftermath) -> None:
        """服务被反复杀掉重开，发命令的人只需原样重发，没有一条被错误拒绝。"""
        assert not aftermath.senders.wrong
        assert aftermath.senders.told

    def test_loses_and_doubles_no_command(self, aftermath: Aftermath) -> None:
        """答复过的命令都在记录里，各只一次，位次和事实与答复相同；没有谁没发过的命令。"""
        by_command = aftermath.by_command
        for key, answer in aftermath.senders.told.items():
            facts = by_command[key]
            assert [r.type for r in facts] == answer["facts"]
            assert facts[-1].position == answer["position"]
        sent = {key for key in by_command if ":" in key}
        assert sent == set(aftermath.senders.told)

    def test_keeps_the_record_whole(self, aftermath: Aftermath) -> None:
        """核对整部记录完好，各投影与记录一致。"""
        assert f"{len(aftermath.facts)} 条事实" in aftermath.verified
        assert "与记录一致" in aftermath.compared

    def test_doubles_no_letter_but_the_one_in_flight(self, aftermath: Aftermath) -> None:
        """收信一侧至多见到被杀那一刻在途的一封重来，且 Message-ID 相同；每封信只归入一个邮件。"""
        doubled = {message: n - 1 for message, n in aftermath.mails.items() if n > 1}
        assert sum(doubled.values()) <= KILLS
        recorded = {letter.message_id for letter in aftermath.handed if letter.outcome is Outcome.SENT}
        assert recorded == set(aftermath.mails)

    def test_settles_every_letter_once(self, aftermath: Aftermath) -> None:
        """每封信的结果只记一次。"""
        streams: list[Any] = [r.stream for r in aftermath.facts if isinstance(r.fact, LetterHandedOver)]
        assert len(streams) == len(set(streams)) > 0

    def test_was_hard_enough(self, aftermath: Aftermath) -> None:
        """确有命令跨过了重开，也确有信件在其间送出。"""
        assert aftermath.senders.repeated > 0
        assert len(aftermath.mails) > 0
