"""How facts read on the timeline."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import get_args

import pytest

from events.matter.assigning import AcknowledgeAssignment, AssignMatter
from events.matter.correctable import CORRECTABLE
from events.matter.correcting import CorrectFact
from events.matter.facts import FACTS, NAMES, Fact
from events.matter.folding import EFFECTS
from events.matter.leading import AcknowledgeResult
from events.matter.registering import MatterRegistered
from events.matter.telling import TELLINGS, Maker, Told, told
from events.matter.words import FIELD_LABELS
from events.vocabulary import Starts
from tests.spec.given import ASSIGNMENT, CLERK, HEAD, LEADER, TOWN, WATER, World, a_file
from tests.spec.walks import everything

SEALS = set("立交收签异方进求延停复佐结核销重看反移并撤催批更补规分意会接专报准拟信毁通联")


def told_last(w: World) -> Told:
    return told(w.last(), w.directory, w.today)


class TestEveryFact:
    def test_is_stored_folded_and_told(self) -> None:
        """每种事实都有存储名、状态变化和中文叙述，一种不多一种不少。"""
        facts = set(get_args(Fact))
        assert len(facts) == len(get_args(Fact))
        assert {stored.type for stored in FACTS} == facts
        assert set(EFFECTS) == facts
        assert set(TELLINGS) == facts

    def test_has_a_kebab_name_and_a_chinese_docstring(self) -> None:
        """存储名由类名而来，说明以中文术语开头。"""
        for stored in FACTS:
            assert stored.name == re.sub(r"(?<!^)(?=[A-Z])", "-", stored.type.__name__).lower()
            assert stored.schema == 1
            assert re.match(r"[\u4e00-\u9fff、]+: ", stored.type.__doc__), stored.name
            assert NAMES[stored.type] == stored.name

    def test_has_a_seal_and_a_title(self) -> None:
        """每种事实一枚印，一个标题。"""
        for telling in TELLINGS.values():
            assert telling.seal in SEALS
            assert 1 < len(telling.title.replace("{", "").replace("}", "")) <= 8

    def test_happens_in_a_walk_and_says_whole_sentences(self) -> None:
        """把每种事实都走一遍，叙述都是完整的中文句子。"""
        happened = set()
        for w in everything():
            for recorded in w.record:
                happened.add(type(recorded.fact))
                for wording in ("rectification", "handling"):
                    words = told(recorded, w.directory, w.today, wording=wording)
                    assert "{" not in words.title
                    for sentence in words.sentences:
                        assert sentence.endswith(("。", "！", "？", "…", "；")), sentence
                        assert "None" not in sentence
        assert happened == set(get_args(Fact))

    def test_names_correctable_fields(self) -> None:
        """可更正的字段都有中文名。"""
        named = {name for correctable in CORRECTABLE.values() for name in correctable.fields}
        assert named <= set(FIELD_LABELS)


class TestTelling:
    def test_says_who_and_by_when(self) -> None:
        """交办说明牵头、配合、期限、质量要求。"""
        words = told_last(World().assigned(co_units=(WATER,), co_time_limit="5个工作日内", person="程立川"))
        assert (words.seal, words.title, words.maker) == ("交", "交办", Maker.PERSON)
        assert words.sentences == (
            "牵头青石镇，配合水务局，责任人程立川。",
            "期限2026年3月23日（15个工作日内）。",
            "配合单位2026年3月9日前提意见。",
            "质量要求：清运干净，恢复原貌。",
        )

    def test_says_when_a_limit_has_yet_to_start(self) -> None:
        """自签收起算的，说明尚未起算。"""
        words = told_last(World().assigned(time_limit="10日内", starts=Starts.ACKNOWLEDGED))
        assert "时限10日内，自签收次日起算。" in words.sentences

    def test_speaks_in_the_words_of_the_kind(self) -> None:
        """办理类说办结。"""
        w = World().closed()
        assert told_last(w).title == "销号"
        assert told(w.last(), w.directory, w.today, wording="handling").title == "办结"

    def test_shows_who_entered_it_for_whom(self) -> None:
        """代录的写明代谁录入。"""
        w = World().assigned()
        w.do("acknowledge", AcknowledgeAssignment(text="回执已到"), CLERK, on_behalf_of=TOWN)
        words = told_last(w)
        assert words.sentences == ("说明：回执已到。", "督查室代青石镇录入（代录）。")

    def test_marks_a_late_entry(self) -> None:
        """补录的盖“补”印，写明何时的事。"""
        w = World().registered().later(days=2)
        command = AssignMatter(**ASSIGNMENT, time_limit="10日内", text="已发交办单")
        happened = w.now - timedelta(days=1)
        w.do("assign", command, CLERK, paper=a_file("交办单.pdf", at=w.now), occurred_at=happened)
        words = told_last(w)
        assert (words.seal, words.maker) == ("补", Maker.LATE_ENTRY)
        assert "补录2026年3月3日 09:00的事，自当时起算。" in words.sentences

    def test_marks_rules_corrections_and_leaders(self) -> None:
        """规则、更正、领导的印各不相同。"""
        w = World().leading()
        w.do("leader-acknowledge", AcknowledgeResult(text="很好"), LEADER)
        assert told_last(w).maker is Maker.LEADER
        w.do(
            "correct",
            CorrectFact(position=w.position_of(MatterRegistered), reason="误", fields={"title": "新"}),
            HEAD,
        )
        words = told_last(w)
        assert words.maker is Maker.CORRECTION
        assert "标题：“三号河道垃圾堆放”改为“新”。" in words.sentences
        clock = World().rectifying(time_limit="3日内")
        clock.tick()
        assert told_last(clock).maker is Maker.RULE

    @pytest.mark.parametrize("ending", ["。", "！"])
    def test_does_not_double_a_closing_mark(self, ending: str) -> None:
        """原文已有句末标点的，不再重复。"""
        w = World().registered(problem=f"垃圾成堆{ending}")
        assert told_last(w).sentences[-1] == f"垃圾成堆{ending}"
