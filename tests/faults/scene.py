"""An office with its processes, people at work and a mail server; and what must hold when all is over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.office import SQLITE, Office, furnish
from events.delivery.facts import LetterHandedOver, Outcome
from events.record.connections import open_database
from events.record.envelope import Recorded
from events.record.store import Store
from service.runtime import CODEC
from service.settings import read_settings
from tests.faults.sending import Senders
from tests.faults.serving import Ahead, Service, run
from tests.notifications.smtp import Postmaster, serving

SLOW = 0.03
"""Seconds the mail server takes over each mail: whatever breaks is likely to fall into one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything a fault is tried on."""

    office: Office
    services: list[Service]
    senders: Senders
    clock: Ahead
    server: Postmaster

    @property
    def folder(self) -> Path:
        """Where configuration and data lie."""
        return self.office.folder

    def another(self, role: str) -> Service:
        """A further process, not started yet."""
        made = Service(folder=self.folder, clock=self.clock, role=role)
        self.services.append(made)
        return made

    def run(self, *words: str) -> str:
        """One command to its good end."""
        return run(self.folder, self.clock, *words)

    def facts(self) -> tuple[Recorded, ...]:
        """The whole record."""
        database = open_database(read_settings(self.office.config, environment={}).database_url)
        try:
            return tuple(r for page in Store(database, CODEC).pages() for r in page)
        finally:
            database.close()

    def over(self, *, in_flight: int) -> tuple[Recorded, ...]:
        """Stops everything, delivers the rest, and holds the record against what people and mailboxes saw.

        ``in_flight``: how many messages may have come in a second time, one for each delivery that was broken off.
        """
        for service in self.services:
            service.stop()
        told = msgspec.json.decode(self.run("settle"))
        assert told["delivered"][-1]["waiting"] == 0, told
        assert told["again"]["sent"] == 0, told
        assert not any(told["ticked"][1].values()), told
        facts = self.facts()
        assert not self.senders.wrong, self.senders.wrong[:3]
        _nothing_lost(facts, self.senders)
        _letters_once(facts, self.server, in_flight)
        _clock_once(facts)
        assert f"{len(facts)} 条事实" in told["verify"]
        assert "与记录一致" in told["compare"]
        return facts


@contextmanager
def scene(folder: Path, *, url: str = SQLITE, roles: Sequence[str] = ("all",)) -> Iterator[Scene]:
    """An office under ``folder`` whose processes run until the end."""
    with serving(data=slowly) as started:
        office = furnish(folder / "office", url=url, smtp=("127.0.0.1", started.port))
        clock = Ahead(office.folder / "ahead")
        clock.forward()
        services = [Service(folder=office.folder, clock=clock, role=role) for role in roles]
        ports = [service.port for service in services if service.role != "worker"]
        made = Scene(
            office=office,
            services=services,
            senders=Senders(office=office, ports=ports),
            clock=clock,
            server=started,
        )
        try:
            for service in services:
                service.launch()
            for service in services:
                service.wait()
            yield made
        finally:
            for service in services:
                service.stop()


def slowly() -> str:
    """A mail server's yes, after a while."""
    time.sleep(SLOW)
    return "250 taken"


def _nothing_lost(facts: Sequence[Recorded], senders: Senders) -> None:
    """What was answered is in the record, once, as it was answered; and nothing nobody was told of."""
    by_command: dict[str, list[Recorded]] = {}
    for recorded in facts:
        by_command.setdefault(recorded.command_id, []).append(recorded)
    assert senders.told
    for key, answer in senders.told.items():
        assert [r.type for r in by_command[key]] == answer["facts"]
        assert by_command[key][-1].position == answer["position"]
    assert {key for key in by_command if ":" in key} == set(senders.told)


def _letters_once(facts: Sequence[Recorded], server: Postmaster, in_flight: int) -> None:
    """Every letter came in; none twice but those in flight, under the same Message-ID; each settled once."""
    handed = [(r.stream, r.fact) for r in facts if isinstance(r.fact, LetterHandedOver)]
    assert len({stream for stream, _ in handed}) == len(handed) > 0
    came = Counter(str(mail["Message-ID"]).strip() for mail in server.taken)
    assert sum(came.values()) - len(came) <= in_flight, came.most_common(5)
    assert {fact.message_id for _, fact in handed if fact.outcome is Outcome.SENT} == set(came)


def _clock_once(facts: Sequence[Recorded]) -> None:
    """Whatever the clock said of a matter, it said once for each rule and day."""
    said = Counter(
        (r.stream, r.type, getattr(r.fact, "slot", None), getattr(r.fact, "rule", None))
        for r in facts
        if r.type.endswith("-reminded")
    )
    assert not [key for key, times in said.items() if times > 1]
