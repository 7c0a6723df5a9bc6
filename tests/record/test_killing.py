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

from events.delivery.facts import LetterHandedOver, Outcome
from events.record.connections import open_database
from events.record.envelope import Recorded
from events.record.store import Store
from service.runtime import CODEC
from tests.conftest import free_port
from tests.notifications.smtp import Postmaster, serving
from tests.record.killing import Office, opened_office

FULL = os.environ.get("DUBAN_SOAK") == "full"
KILLS = 100 if FULL else 3
SENDERS = 4
SHORTEST, LONGEST = 0.2, 5.0
"""Seconds a service lives after it first answers; its first delivery begins two seconds after the start."""


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """What is left when all is over."""

    office: Office
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
    with serving() as server:
        office = opened_office(tmp_path_factory.mktemp("killed"), free_port(), server.port)
        _kill_again_and_again(office)
        _deliver_the_rest(office, server)
        service = office.service
        verified, compared = service.run("verify"), service.run("rebuild", "--check")
        database = open_database(f"sqlite:///{service.folder}/var/duban.sqlite3")
        facts = tuple(r for page in Store(database, CODEC).pages() for r in page)
        database.close()
    mails = Counter(str(mail["Message-ID"]).strip("<>") for mail in server.taken)
    return Aftermath(office=office, facts=facts, mails=mails, verified=verified, compared=compared)


def _kill_again_and_again(office: Office) -> None:
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    office.service.start()
    senders = [threading.Thread(target=office.work, args=(rng.getrandbits(64),)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    try:
        for _ in range(KILLS):
            time.sleep(rng.uniform(SHORTEST, LONGEST))
            office.service.kill()
            office.service.start()
        time.sleep(1)
    finally:
        office.ended.set()
        for sender in senders:
            sender.join()
        office.service.stop()


def _deliver_the_rest(office: Office, server: Postmaster) -> None:
    """One more round by the command line, past the leases the killed ones left, and another that finds nothing."""
    office.service.forward()
    counts = msgspec.json.decode(office.service.run("deliver"))
    assert counts["waiting"] == 0, counts
    before = len(server.taken)
    office.service.forward()
    assert msgspec.json.decode(office.service.run("deliver"))["sent"] == 0
    assert len(server.taken) == before


@pytest.mark.soak
class TestKilling:
    def test_refuses_nobody(self, aftermath: Aftermath) -> None:
        """服务被反复杀掉重开，发命令的人只需原样重发，没有一条被错误拒绝。"""
        assert not aftermath.office.wrong
        assert aftermath.office.told

    def test_loses_and_doubles_no_command(self, aftermath: Aftermath) -> None:
        """答复过的命令都在记录里，各只一次，位次和事实与答复相同；没有谁没发过的命令。"""
        by_command = aftermath.by_command
        for key, answer in aftermath.office.told.items():
            facts = by_command[key]
            assert [r.type for r in facts] == answer["facts"]
            assert facts[-1].position == answer["position"]
        sent = {key for key in by_command if key.startswith(("clerk:", "liaison:"))}
        assert sent == set(aftermath.office.told)

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
        assert aftermath.office.repeated > 0
        assert len(aftermath.mails) > 0
