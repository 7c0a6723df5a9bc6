"""许可表: one table refuses, draws the buttons and prints the docs."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from events.matter.acting import Command
from events.matter.assigning import AcknowledgeAssignment
from events.matter.authority import ROLES, Who
from events.matter.deciding import decide, permitted_on_behalf
from events.matter.permitted import BY_STAGE, MACHINE, PERMITTED, REGISTER, printed
from events.refusals import NotYours, Refusal, WrongStage
from events.vocabulary import Role, Stage
from tests.spec.contract_table import CONTRACT, WITHIN
from tests.spec.given import (
    ADMIN,
    AUDITOR,
    CLERK,
    HEAD,
    LEADER,
    LIAISON,
    OTHER_VERIFIER,
    STAFF,
    TOWN,
    TOWN_HEAD,
    VERIFIER,
    WATER_LIAISON,
    World,
    actor,
    refused,
)

ASKED_FOR_ON_THE_FORM = {"assessment_rule", "co_due_on", "co_time_limit", "without_opinions"}
TABLE = {**CONTRACT, **WITHIN}

WAYS = [
    "registered", "assigned", "acknowledged", "planning", "rectifying", "suspended", "objected", "reported",
    "verifying", "reviewed", "leading", "closed", "cancelled", "relapsed",
]  # fmt: skip


class TestTheTable:
    def test_covers_exactly_the_commands_of_the_contract(self) -> None:
        """许可表与约定的命令一一对应，次序一致。"""
        assert list(PERMITTED) == list(TABLE)

    @pytest.mark.parametrize("name", list(TABLE))
    def test_says_what_the_contract_says(self, name: str) -> None:
        """每条命令的起始阶段、办理人、字段与约定一致。"""
        stages, who, fields = TABLE[name]
        row = PERMITTED[name]
        assert row.stages == stages
        assert row.who is who
        own = set(row.command.__dataclass_fields__) - {"text"} - ASKED_FOR_ON_THE_FORM
        assert own == fields - {"text"}

    def test_labels_every_act(self) -> None:
        """每个动作都有两到六字的中文名，办理类另有叫法。"""
        for row in (*PERMITTED.values(), REGISTER):
            for label in (row.label_for("rectification"), row.label_for("handling")):
                assert re.fullmatch(r"[\u4e00-\u9fff]{2,6}", label), label
        assert PERMITTED["approve-write-off"].label_for("rectification") == "销号"
        assert PERMITTED["approve-write-off"].label_for("handling") == "办结"

    def test_prints_itself(self) -> None:
        """许可表可以打印成说明。"""
        rows = {row.command: row for row in printed()}
        assert set(rows) == set(PERMITTED)
        assert rows["merge"].stages == ("registered", "assigned")
        assert rows["approve-write-off"].label == "销号／办结"

    def test_gives_every_command_its_decision(self) -> None:
        """每条命令对应一个裁定，参数类型相符。"""
        for row in (*PERMITTED.values(), REGISTER, *MACHINE.values()):
            assert issubclass(row.command, Command)
            first = next(iter(inspect.signature(row.decide).parameters.values()))
            assert first.annotation == row.command.__name__

    def test_knows_everybody(self) -> None:
        """每种办理人都有对应角色，系统管理员和审计都不办事项。"""
        assert set(ROLES) == set(Who)
        assert not {Role.ADMIN, Role.AUDITOR} & set().union(*ROLES.values())


class TestTheButtons:
    @pytest.mark.parametrize(
        ("way", "by", "names"),
        [
            ("registered", CLERK, "assign attach-evidence merge urge amend"),
            ("registered", HEAD, "assign attach-evidence cancel transfer merge urge amend correct"),
            ("assigned", LIAISON, "acknowledge object attach-evidence"),
            ("assigned", WATER_LIAISON, ""),
            ("acknowledged", TOWN_HEAD, "object submit-plan request-extension attach-evidence"),
            ("planning", CLERK, "reassign return-plan approve-plan attach-evidence urge"),
            ("rectifying", LIAISON,
             "object report-progress request-support request-extension attach-evidence report-completion"),
            ("suspended", HEAD,
             "reassign resume attach-evidence cancel transfer urge correct"),
            ("objected", HEAD,
             "decide-objection attach-evidence cancel transfer urge correct"),
            ("reported", CLERK, "attach-evidence return-completion schedule-verification urge"),
            ("verifying", VERIFIER, "attach-evidence pass-verification fail-verification"),
            ("verifying", OTHER_VERIFIER, "attach-evidence"),
            ("reviewed", HEAD,
             "attach-evidence approve-write-off reject-write-off cancel transfer urge correct"),
            ("reviewed", LEADER, ""),
            ("leading", LEADER, "leader-acknowledge instruct-again"),
            ("leading", CLERK, "attach-evidence submit-to-leader urge"),
            ("closed", HEAD, "reopen select-look-back find-relapse correct"),
            ("closed", VERIFIER, "find-relapse"),
            ("cancelled", HEAD, "reopen correct"),
            ("relapsed", HEAD, "correct"),
            ("rectifying", AUDITOR, ""),
            ("rectifying", ADMIN, ""),
            ("rectifying", LEADER, ""),
        ],
    )  # fmt: skip
    def test_are_those_of_person_and_stage(self, way: str, by: Any, names: str) -> None:
        """每人在每个阶段只看到现在能办的动作。"""
        found = getattr(World(), way)().permitted(by)
        assert tuple(name for name in found if name in CONTRACT) == tuple(names.split())

    def test_are_none_for_the_unit_on_its_own_matter_as_office(self) -> None:
        """承办单位的人兼任负责人，也看不到裁定和销号的按钮。"""
        own = actor("兼职", TOWN, Role.OFFICE_HEAD)
        assert "approve-write-off" not in World().reviewed().permitted(own)
        assert "cancel" not in World().rectifying().permitted(own)

    def test_for_papers_are_the_units(self) -> None:
        """督查室可代录的是责任单位此时能办的事。"""
        w = World().assigned()
        seen = w.seen(CLERK)
        assert permitted_on_behalf(w.matter, seen) == ("acknowledge", "object", "attach-evidence")
        assert permitted_on_behalf(w.matter, w.seen(LIAISON)) == ()
        fresh = World().registered()
        assert permitted_on_behalf(fresh.matter, fresh.seen(CLERK)) == ()

    @pytest.mark.parametrize("way", WAYS)
    @pytest.mark.parametrize("by", STAFF, ids=lambda who: next(iter(who.roles)))
    def test_agree_with_the_refusals(self, way: str, by: Any) -> None:
        """没有按钮的动作一律被拒；有按钮的动作不会因人或阶段被拒。"""
        w = getattr(World(), way)()
        shown = set(w.permitted(by))
        for name, row in PERMITTED.items():
            refusal = refusal_of(w, name, row.command, by)
            if name not in shown:
                assert refusal is not None, (name, by.name)
            else:
                assert not isinstance(refusal, NotYours | WrongStage), (name, refusal)


def refusal_of(w: World, name: str, command: type[Command], by: Any) -> Refusal | None:
    """How a command with dummy fields is refused; None where it is not."""
    blank = object.__new__(command)
    for field in command.__dataclass_fields__:
        object.__setattr__(blank, field, None)
    try:
        decide(name, blank, w.matter, w.seen(by))
    except Refusal as refusal:
        return refusal
    except (AttributeError, TypeError):  # admitted, and then stumbled over the dummy fields
        return None
    return None


class TestTheOrderOfRefusals:
    def test_puts_the_person_before_the_stage(self) -> None:
        """既不该他办、又不在此阶段的，先说不该他办。"""
        with refused(NotYours, "not-yours"):
            World().closed().do("acknowledge", AcknowledgeAssignment(), CLERK)

    def test_says_what_can_be_done_instead(self) -> None:
        """阶段不对时，说明现在的阶段、该在什么阶段、现在能办什么。"""
        with refused(WrongStage, "wrong-stage") as caught:
            World().rectifying().do("acknowledge", AcknowledgeAssignment(), LIAISON)
        assert caught.value.sentence == (
            "本件现为“整改中”，“签收”只能在“待签收”时办理；"
            "您现在可以：提出异议、报进展、请示求助、申请延期、上传佐证、报结。"
        )

    def test_speaks_in_the_words_of_the_kind(self) -> None:
        """领导批示件说“办理中”“办结”，不说“整改中”“销号”。"""
        w = World().rectifying(kind="leader_instruction")
        with refused(WrongStage) as caught:
            w.do("acknowledge", AcknowledgeAssignment(), LIAISON)
        assert "办理中" in caught.value.sentence

    def test_names_the_unit_whose_act_it_is(self) -> None:
        """不该他办的，说明该由哪个单位办。"""
        with refused(NotYours) as caught:
            World().assigned().do("acknowledge", AcknowledgeAssignment(), WATER_LIAISON)
        assert "青石镇" in caught.value.sentence

    def test_has_a_row_for_every_stage(self) -> None:
        """每个阶段都至少有一个动作。"""
        assert all(BY_STAGE[stage] for stage in Stage)
