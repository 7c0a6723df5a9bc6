"""许可表: every command of the contract in every stage by everybody, over the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.service.given import Office, later, plan, problem
from tests.spec.contract_table import WITHIN

MONDAY = "2008-03-03"
CLERKS = frozenset({"clerk", "head", "deputy"})
HEADS = frozenset({"head", "deputy"})
UNIT = frozenset({"liaison", "chief"})
VERIFIER = frozenset({"verifier"})
LEADER = frozenset({"leader"})
EVERYBODY = ("clerk", "head", "liaison", "water", "verifier", "leader", "auditor", "admin")
SEES_ALL = frozenset({"clerk", "head", "deputy", "leader", "auditor"})

OPEN = "registered assigned acknowledged planning rectifying suspended completion_reported verifying"
OPEN += " write_off_review objected"
ENDED = "closed confirmed relapsed transferred merged cancelled"
WORKING = "acknowledged planning rectifying"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the contract's table."""

    stages: frozenset[str]
    who: frozenset[str]
    body: Callable[[Office], dict[str, Any]] = lambda _: {}


def row(
    stages: str, who: frozenset[str], body: Callable[[Office], dict[str, Any]] | dict[str, Any] | None = None
) -> Row:
    made = body if callable(body) else (lambda _: body or {})
    return Row(stages=frozenset(stages.split()), who=who, body=made)


def assignment(office: Office) -> dict[str, Any]:
    return {"lead_unit": office.units["water"], "time_limit": "10日内", "quality_requirement": "清完"}


def ahead(field: str, **more: Any) -> Callable[[Office], dict[str, Any]]:
    return lambda office: {field: later(office.now or "", 30), **more}


def correction(office: Office) -> dict[str, Any]:
    first = office.history()[0]
    return {"position": first["position"], "reason": "地点写错", "fields": {"place": "二号桥"}}


def another(office: Office) -> dict[str, Any]:
    kept, into = office.matter, office.register(title="另一件")
    office.matter = kept
    return {"into": into}


TABLE = {
    "assign": row("registered", CLERKS, assignment),
    "acknowledge": row("assigned", UNIT),
    "object": row("assigned acknowledged rectifying", UNIT, {"reason": "不属本镇"}),
    "decide-objection": row("objected", HEADS, {"upheld": False}),
    "reassign": row("assigned acknowledged planning rectifying suspended", CLERKS, assignment),
    "submit-plan": row("acknowledged", UNIT, lambda office: plan(office.now)),
    "return-plan": row("planning", CLERKS, {"reason": "太粗"}),
    "approve-plan": row("planning", CLERKS),
    "report-progress": row("rectifying", UNIT, {"text": "过半", "percent": 50}),
    "request-support": row("rectifying", UNIT, {"text": "缺设备"}),
    "answer-support": row("rectifying", CLERKS, {"text": "已协调"}),
    "request-extension": row(WORKING, UNIT, ahead("until", reason="汛期")),
    "grant-extension": row(WORKING, HEADS, ahead("until")),
    "refuse-extension": row(WORKING, HEADS, {"reason": "理由不足"}),
    "suspend": row(WORKING, HEADS, {"reason": "防汛"}),
    "resume": row("suspended", HEADS),
    "report-completion": row("rectifying", UNIT, {"text": "已完成"}),
    "return-completion": row("completion_reported", CLERKS, {"reason": "不实"}),
    "schedule-verification": row(
        "completion_reported verifying",
        CLERKS,
        lambda office: {"verifier": office.people["verifier"], "on": later(office.now or "", 1)},
    ),
    "pass-verification": row("verifying", VERIFIER, {"findings": "属实"}),
    "fail-verification": row("verifying", VERIFIER, {"kind": "incomplete", "findings": "未完成"}),
    "approve-write-off": row("write_off_review", HEADS, {"grade": "good"}),
    "reject-write-off": row("write_off_review", HEADS, {"reason": "材料不全"}),
    "reopen": row("closed cancelled merged transferred", HEADS, {"reason": "误销"}),
    "select-look-back": row("closed", CLERKS, ahead("due_on")),
    "pass-look-back": row("closed", VERIFIER, {"findings": "保持"}),
    "find-relapse": row("closed confirmed", VERIFIER | CLERKS, {"findings": "又堆上了"}),
    "submit-to-leader": row("", CLERKS),
    "leader-acknowledge": row("", LEADER),
    "instruct-again": row("", LEADER, {"text": "要见底", "time_limit": "10日内"}),
    "cancel": row(OPEN, HEADS, {"reason": "重复"}),
    "transfer": row(OPEN, HEADS, {"kind": "handover", "to": "市局"}),
    "merge": row("registered assigned", CLERKS, another),
    "urge": row(OPEN, CLERKS, {"text": "请抓紧"}),
    "amend": row("registered", CLERKS, {"fields": {"place": "二号桥"}}),
    "correct": row(f"{OPEN} {ENDED}", HEADS, correction),
}
"""The contract's table for a 问题整改; the leader's three commands are for a leader's instruction only."""

ASKED_FIRST = {"grant-extension", "refuse-extension", "answer-support", "pass-look-back"}
"""Commands that answer something not asked here."""

WAYS = {
    "registered": "registered", "assigned": "assigned", "acknowledged": "acknowledged", "planning": "planning",
    "rectifying": "rectifying", "suspended": "suspended", "completion_reported": "reported",
    "verifying": "verifying", "write_off_review": "reviewed", "closed": "closed", "confirmed": "confirmed",
    "relapsed": "relapsed", "objected": "objected", "transferred": "transferred", "merged": "merged",
    "cancelled": "cancelled",
}  # fmt: skip
VERIFIED = {"verifying", "write_off_review", "closed", "confirmed", "relapsed"}
HANDED_OVER = frozenset(WAYS) - {"registered"}


def sees(who: str, stage: str) -> bool:
    if who in UNIT:
        return stage in HANDED_OVER
    return who in SEES_ALL or (who == "verifier" and stage in VERIFIED)


@pytest.fixture(params=WAYS)
def stage(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


class TestInAStage:
    def test_is_refused_what_the_table_does_not_say(self, office: Office, stage: str) -> None:
        """每一阶段里，不是这个人办的答 403，不是这个阶段办的答 409，看不见的答 404，一样都不写。"""
        office.at(MONDAY)
        getattr(office, WAYS[stage])()
        assert office.look()["stage"] == stage
        before = office.look()["version"]
        wrong = []
        for command, line in TABLE.items():
            body = line.body(office)
            for who in EVERYBODY:
                if stage in line.stages and who in line.who:
                    continue
                response = office.try_(command, body, by=who)
                told = response.json() if response.status_code != 500 else {}
                if (response.status_code, told.get("code")) not in expected(command, stage, who):
                    wrong.append((command, who, response.status_code, told.get("code"), told.get("detail")))
        assert wrong == []
        assert office.look()["version"] == before

    def test_is_offered_what_the_table_says(self, office: Office, stage: str) -> None:
        """permitted 列出的正是此人此刻能发的命令。"""
        office.at(MONDAY)
        getattr(office, WAYS[stage])()
        for who in EVERYBODY:
            if not sees(who, stage):
                continue
            wanted = {
                name
                for name, line in TABLE.items()
                if stage in line.stages and who in line.who and name not in ASKED_FIRST
            }
            if stage in OPEN.split() and who in UNIT | VERIFIER | CLERKS:
                wanted.add("attach-evidence")
            offered = set(office.look(by=who)["permitted"])
            assert offered - BESIDE == wanted, who


BESIDE = set(WITHIN)
"""What later issues added, which has its own tests."""


def expected(command: str, stage: str, who: str) -> set[tuple[int, str | None]]:
    line = TABLE[command]
    if not sees(who, stage):
        return {(404, "not-found"), *({(403, "not-yours")} if who == "admin" else ())}
    if who not in line.who:
        hidden = {(404, "not-found")} if command == "merge" and who in UNIT | VERIFIER else set()
        both = {(409, "wrong-stage")} if stage not in line.stages else set()
        return {(403, "not-yours"), *both, *hidden}
    return {(409, "wrong-stage")}


MOVES: list[tuple[str, str, str, dict[str, Any] | None, str]] = [
    ("registered", "assign", "clerk", None, "assigned"),
    ("registered", "assign", "head", None, "assigned"),
    ("registered", "amend", "clerk", None, "registered"),
    ("assigned", "acknowledge", "liaison", None, "acknowledged"),
    ("assigned", "acknowledge", "chief", None, "acknowledged"),
    ("assigned", "object", "liaison", None, "objected"),
    ("acknowledged", "object", "liaison", None, "objected"),
    ("rectifying", "object", "chief", None, "objected"),
    ("objected", "decide-objection", "head", None, "assigned"),
    ("objected", "decide-objection", "deputy", {"upheld": True}, "registered"),
    ("assigned", "reassign", "clerk", None, "assigned"),
    ("acknowledged", "reassign", "clerk", None, "assigned"),
    ("planning", "reassign", "clerk", None, "assigned"),
    ("rectifying", "reassign", "head", None, "assigned"),
    ("suspended", "reassign", "clerk", None, "assigned"),
    ("acknowledged", "submit-plan", "liaison", None, "planning"),
    ("planning", "return-plan", "clerk", None, "acknowledged"),
    ("planning", "approve-plan", "head", None, "rectifying"),
    ("rectifying", "report-progress", "liaison", None, "rectifying"),
    ("rectifying", "request-support", "liaison", None, "rectifying"),
    ("acknowledged", "request-extension", "liaison", None, "acknowledged"),
    ("planning", "request-extension", "chief", None, "planning"),
    ("rectifying", "request-extension", "liaison", None, "rectifying"),
    ("acknowledged", "suspend", "head", None, "suspended"),
    ("planning", "suspend", "head", None, "suspended"),
    ("rectifying", "suspend", "deputy", None, "suspended"),
    ("suspended", "resume", "head", None, "rectifying"),
    ("completion_reported", "return-completion", "clerk", None, "rectifying"),
    ("completion_reported", "schedule-verification", "clerk", None, "verifying"),
    ("verifying", "schedule-verification", "head", None, "verifying"),
    ("verifying", "pass-verification", "verifier", None, "write_off_review"),
    ("verifying", "fail-verification", "verifier", None, "rectifying"),
    ("verifying", "fail-verification", "verifier", {"kind": "false", "findings": "造假"}, "rectifying"),
    (
        "verifying",
        "fail-verification",
        "verifier",
        {"kind": "papers_only", "findings": "只有纸"},
        "rectifying",
    ),
    ("write_off_review", "approve-write-off", "head", None, "closed"),
    ("write_off_review", "approve-write-off", "head", {}, "closed"),
    ("write_off_review", "reject-write-off", "head", None, "rectifying"),
    ("closed", "reopen", "head", None, "write_off_review"),
    ("cancelled", "reopen", "head", None, "assigned"),
    ("merged", "reopen", "head", None, "assigned"),
    ("transferred", "reopen", "deputy", None, "assigned"),
    ("closed", "select-look-back", "clerk", None, "closed"),
    ("closed", "find-relapse", "verifier", None, "relapsed"),
    ("closed", "find-relapse", "clerk", None, "relapsed"),
    ("confirmed", "find-relapse", "verifier", None, "relapsed"),
    ("registered", "merge", "clerk", None, "merged"),
    ("assigned", "merge", "clerk", None, "merged"),
    *((stage, "cancel", "head", None, "cancelled") for stage in OPEN.split()),
    *(
        (stage, "transfer", "head", {"kind": "refer_for_sanction", "to": "纪委"}, "transferred")
        for stage in OPEN.split()
    ),
    *((stage, "urge", "clerk", {}, stage) for stage in OPEN.split()),
    *((stage, "correct", "head", None, stage) for stage in WAYS),
]


class TestACommand:
    @pytest.mark.parametrize(("stage", "command", "by", "body", "to"), MOVES)
    def test_moves_as_the_table_says(
        self, office: Office, stage: str, command: str, by: str, body: dict[str, Any] | None, to: str
    ) -> None:
        """该办的人在该办的阶段办，事项走到表上说的阶段，答复报出阶段、版本、位置和写下的事实。"""
        office.at(MONDAY)
        getattr(office, WAYS[stage])()
        sent = TABLE[command].body(office) if body is None else body
        before = office.look()
        head = office.ask("/board")["position"]
        answer = office.do(command, sent, by=by)
        assert answer["stage"] == to
        after = office.look()
        assert (answer["id"], after["stage"], after["version"]) == (office.matter, to, answer["version"])
        written = office.history()[before["version"] :]
        assert [fact["type"] for fact in written] == answer["facts"][: len(written)]
        assert answer["version"] == before["version"] + len(written)
        assert answer["position"] == office.ask("/board")["position"] == head + len(answer["facts"])

    @pytest.mark.parametrize("stage", OPEN.split())
    def test_attaches_evidence_in_any_open_stage(self, office: Office, stage: str) -> None:
        """未结的每一阶段，责任单位、核查人员、督查室都可上传佐证。"""
        office.at(MONDAY)
        getattr(office, WAYS[stage])()
        for who in ("liaison", "verifier", "clerk", "head"):
            response = office.try_attach("photo", by=who)
            assert response.status_code == (200 if sees(who, stage) else 404), (who, response.text)
        for who in ("leader", "auditor"):
            problem(office.try_attach("photo", by=who), 403, "not-yours")
        assert office.look()["stage"] == stage

    @pytest.mark.parametrize("stage", ENDED.split())
    def test_attaches_no_evidence_once_ended(self, office: Office, stage: str) -> None:
        """已结的事项不再收佐证。"""
        office.at(MONDAY)
        getattr(office, WAYS[stage])()
        problem(office.try_attach("photo", by="clerk"), 409, "wrong-stage")
        assert office.try_attach("photo", by="liaison").status_code in (404, 409)
