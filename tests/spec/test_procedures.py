"""程序: presets, and what configuration may change."""

from __future__ import annotations

from typing import Any

import pytest

from events.rules.procedures import PRESETS, MatterRules, Procedure, matter_rules_from, procedures_from
from events.vocabulary import Stage, Urgency
from tests.spec.given import World


class TestThePresets:
    def test_are_the_four_kinds(self) -> None:
        """预设四类：问题整改、立行立改、领导批示件、上级交办件。"""
        assert {kind: p.label for kind, p in PRESETS.items()} == {
            "rectification": "问题整改",
            "immediate": "立行立改",
            "leader_instruction": "领导批示件",
            "superior_transfer": "上级交办件",
        }
        assert [kind for kind, p in PRESETS.items() if p.needs_plan] == ["rectification"]
        assert [kind for kind, p in PRESETS.items() if p.leader_round] == ["leader_instruction"]
        assert not any(p.acknowledgement for p in PRESETS.values())

    def test_ask_for_evidence(self) -> None:
        """整改类要照片，办理类要报告。"""
        assert [p.evidence for p in PRESETS.values()] == [("photo",), ("photo",), ("report",), ("report",)]

    def test_leave_plain_what_they_do_not_preset(self) -> None:
        """没有配置的类别没有预设时限。"""
        assert Procedure(kind="x", label="x").preset_limit(Urgency.URGENT) is None
        assert PRESETS["leader_instruction"].preset_limit(None) is None
        assert PRESETS["leader_instruction"].preset_limit(Urgency.HARD) == "30日内"


class TestConfiguration:
    def test_changes_a_preset(self) -> None:
        """可以改动预设类别的某一项，其余不变。"""
        changed = procedures_from(
            {"leader_instruction": {"acknowledgement": True, "urgency_days": {"urgent": 3}}}
        )
        procedure = changed["leader_instruction"]
        assert procedure.acknowledgement
        assert procedure.preset_limit(Urgency.URGENT) == "3日内"
        assert procedure.label == "领导批示件"
        assert changed["rectification"] == PRESETS["rectification"]

    def test_adds_a_kind_without_code(self) -> None:
        """新类别只靠配置，即可走完全程。"""
        table = {
            "label": "信访件",
            "wording": "handling",
            "evidence": ["photo|report"],
            "time_limit": "15个工作日内",
        }
        w = World(procedures=procedures_from({"petition": table}))
        w.closed(kind="petition")
        assert (w.matter.kind, w.stage) == ("petition", Stage.CLOSED)

    @pytest.mark.parametrize(
        ("table", "key"),
        [
            ({"lable": "信访件"}, "lable"),
            ({"label": " "}, "label"),
            ({"label": 5}, "label"),
            ({"wording": "closing"}, "wording"),
            ({"needs_plan": "yes"}, "needs_plan"),
            ({"version": 0}, "version"),
            ({"version": True}, "version"),
            ({"time_limit": "尽快"}, "time_limit"),
            ({"urgency_days": {"soon": 1}}, "urgency_days"),
            ({"urgency_days": 5}, "urgency_days"),
            ({"urgency_days": {"urgent": 0}}, "urgency_days"),
            ({"evidence": ["foto"]}, "evidence"),
            ({"evidence": "photo"}, "evidence"),
            ({"extension_max_times": -1}, "extension_max_times"),
            ({"extension_max_days": 5000}, "extension_max_days"),
            ({"look_back_after_days": "90"}, "look_back_after_days"),
        ],
    )
    def test_refuses_what_it_does_not_know(self, table: dict[str, Any], key: str) -> None:
        """写错的键或值，报出类别、键、值和应有的写法。"""
        with pytest.raises(ValueError, match=r"应是|可用的有") as caught:
            procedures_from({"rectification": table})
        assert "[procedures.rectification]" in str(caught.value)
        assert key in str(caught.value)

    def test_wants_a_label_for_a_new_kind_and_a_table(self) -> None:
        """新类别须有中文名，须是一张表。"""
        with pytest.raises(ValueError, match=r"\[procedures\.petition\] 缺 label"):
            procedures_from({"petition": {}})
        with pytest.raises(ValueError, match="应是一节"):
            procedures_from({"petition": 5})

    def test_of_reminders(self) -> None:
        """提醒台阶等全局数字可以配置，写错即报。"""
        rules = matter_rules_from({"rungs_before": [5, 0], "verify_within_working_days": 7})
        assert (rules.rungs_before, rules.verify_within_working_days) == ((5, 0), 7)
        assert matter_rules_from({}) == MatterRules()
        for table in ({"rungs_before": [0, 5]}, {"rungs_after": [0]}, {"rungs_after": []}, {"rungs": [1]}):
            with pytest.raises(ValueError, match=r"\[reminders\]"):
                matter_rules_from(table)
