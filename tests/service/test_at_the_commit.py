"""写入的那一刻: what a decision took for granted is looked at once more inside the transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from events.record.envelope import Actor, Decision
from events.record.handling import Folded
from events.refusals import Invalid, WrongStage
from events.vocabulary import MatterId, PersonId, Role, UserName
from service.commands.performing import Request, prepare
from service.identity import actor_of
from service.storage.leases import Lease, LeaseLost, Leases
from service.ticking import tick
from tests.service.given import Office, moment
from tests.service.opened import Furnished


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


def at_once(
    office: Office,
    name: str,
    fields: Mapping[str, Any],
    *,
    by: str,
    meanwhile: str,
    act: str | None = None,
) -> None:
    """Does an act while, between its decision and its commit, somebody else does the same one, or ``act``."""
    assert office.runtime is not None
    assert office.now is not None
    at = datetime.fromisoformat(office.now)
    actor = actor_of(office.runtime.directory.now(), UserName(by), at.date())
    request = Request(
        actor=actor, name=name, matter=MatterId(office.matter), fields=fields, at=at, received_at=at
    )
    prepared = prepare(office.runtime, request)
    others = [meanwhile]

    def decide(loaded: Mapping[str, Folded]) -> Decision:
        decision = prepared.decide(loaded)
        if others:
            office.do(act or name, {} if act else fields, by=others.pop())
        return decision

    office.runtime.handling.handle(prepared.envelope, prepared.streams, decide, guard=prepared.guard)


class TestTwoAtOnce:
    """Two colleagues do the same thing in the same moment: it happens once, the second is told what is so."""

    def test_strike_off_once(self, office_on_both: Office) -> None:
        """两位负责人同时批同一件销号：只批一次，后到的得到一句话，说已销号、现在能办什么。"""
        office = office_on_both.at("2008-03-03")
        office.reviewed()
        with pytest.raises(WrongStage, match="已销号"):
            at_once(office, "approve-write-off", {}, by="head", meanwhile="deputy")
        approved = [fact for fact in office.history() if fact["type"] == "write-off-approved"]
        assert [fact["actor"] for fact in approved] == ["deputy"]

    def test_approve_a_registration_once(self, an_opened_office: Furnished, tmp_path: Path) -> None:
        """负责人和领导同时批准立项：只批一次，后到的知道已批准。"""
        careful = {"rectification": {"registration_approval": True}}
        with an_opened_office.copy(tmp_path, procedures=careful) as office:
            office.at("2008-03-03").register()
            with pytest.raises(WrongStage, match="没有要批的"):
                at_once(office, "approve-registration", {}, by="head", meanwhile="leader")
            approved = [fact for fact in office.history() if fact["type"] == "registration-approved"]
            assert [fact["actor"] for fact in approved] == ["leader"]

    def test_answer_support_once(self, office_on_both: Office) -> None:
        """两个人同时答复同一个求助：只答一次，后到的知道没有待答复的了。"""
        office = office_on_both.at("2008-03-03")
        office.rectifying(kind="immediate")
        office.do("request-support", {"text": "缺车"}, by="liaison")
        with pytest.raises(WrongStage, match="没有待答复的求助"):
            at_once(office, "answer-support", {"text": "已调"}, by="clerk", meanwhile="head")
        assert [one["answered_by"] for one in office.look()["supports"]] == ["head"]

    def test_split_into_a_unit_once(self, office_on_both: Office) -> None:
        """两个人同时把一件分给同一个单位：只分一份，后到的知道那个单位已有一份。"""
        office = office_on_both.at("2008-03-03")
        office.register()
        fields = {
            "parts": [{"lead_unit": office.units["town"]}],
            "quality_requirement": "清完",
            "time_limit": "9日内",
        }
        with pytest.raises(Invalid, match="已有一份在办"):
            at_once(office, "split", fields, by="clerk", meanwhile="head")
        assert len(office.look()["parts"]) == 1

    def test_withdraw_a_file_once(self, office_on_both: Office) -> None:
        """单位和督查室同时撤回同一份材料：只撤一次。"""
        office = office_on_both.at("2008-03-03")
        office.rectifying(kind="immediate")
        office.attach()
        fields = {"evidence": office.look()["evidence"][0]["id"], "reason": "传错了"}
        with pytest.raises(WrongStage, match="已撤回"):
            at_once(office, "withdraw-evidence", fields, by="clerk", meanwhile="liaison")
        assert office.look()["evidence"][0]["withdrawn_by"] == "liaison"

    def test_recall_once(self, office_on_both: Office) -> None:
        """督查室收回交办的同时单位签了收：收回照办，两条都在，收回的是刚签收的那次交办。"""
        office = office_on_both.at("2008-03-03")
        office.assigned()
        reason = {"reason": "误交"}
        at_once(office, "recall-assignment", reason, by="clerk", meanwhile="liaison", act="acknowledge")
        assert [fact["type"] for fact in office.history()][-2:] == [
            "assignment-acknowledged",
            "assignment-recalled",
        ]
        assert office.look()["stage"] == "registered"


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
