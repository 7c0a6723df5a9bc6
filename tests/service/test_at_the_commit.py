"""写入的那一刻: what a decision took for granted is looked at once more inside the transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from events.record.envelope import Actor, Decision
from events.record.handling import Folded
from events.refusals import Invalid
from events.vocabulary import MatterId, PersonId, Role, UserName
from service.commands.performing import Request, prepare
from service.storage.leases import Lease, LeaseLost, Leases
from service.ticking import tick
from tests.service.given import Office, moment


def test_no_child_slips_in_while_its_parent_is_struck_off(office: Office) -> None:
    """正在销号时别人又挂上一件下级事项：销号被退，下级事项还在。"""
    office.at("2008-03-03")
    parent = office.reviewed()
    assert office.runtime is not None
    at = datetime.fromisoformat(moment("2008-03-03"))
    actor = Actor(
        name="负责人", user=UserName("head"), person=PersonId("x"), roles=frozenset({Role.OFFICE_HEAD})
    )
    request = Request(
        actor=actor, name="approve-write-off", matter=MatterId(parent), fields={}, at=at, received_at=at
    )
    prepared = prepare(office.runtime, request)
    children: list[str] = []

    def decide(loaded: Mapping[str, Folded]) -> Decision:
        decision = prepared.decide(loaded)
        children.append(office.register(parent=parent))
        return decision

    with pytest.raises(Invalid, match="下级事项"):
        office.runtime.handling.handle(prepared.envelope, prepared.streams, decide, guard=prepared.guard)
    assert len(children) == 1
    assert office.look(parent)["stage"] == "write_off_review"
    assert office.look(children[0])["stage"] == "registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver(Leases):
    """Leases that another process takes over as soon as one is had."""

    def take(self, name: str, at: datetime, lasts: timedelta, *, owner: str = "") -> Lease | None:
        lease = Leases.take(self, name, at, lasts, owner=owner)
        Leases.take(self, name, at + 2 * lasts, -2 * lasts, owner="another")
        return lease


def test_a_tick_that_was_paused_writes_nothing_more(office: Office) -> None:
    """走钟停顿太久、已被别的进程接手的，醒来一条也不写；接手的照常说一次。"""
    office.at("2008-03-03")
    office.rectifying(due_on="2008-03-10")
    assert office.runtime is not None
    at = datetime.fromisoformat(moment("2008-03-03"))
    paused = replace(office.runtime, leases=TakenOver(database=office.runtime.database))
    before = office.runtime.store.head().position
    with pytest.raises(LeaseLost, match="接手"):
        asyncio.run(tick(paused, at))
    assert office.runtime.store.head().position == before
    assert office.tick()["reminders"] == 1
