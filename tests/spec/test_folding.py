"""Folding: any row of facts folds, and in pieces as in one."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from events.matter.folding import EFFECTS, begin, evolve, fold
from events.matter.state import Matter
from tests.spec.given import World
from tests.spec.walks import everything

WALKS = tuple(everything())


class TestFolding:
    def test_is_the_same_in_pieces_and_in_one(self) -> None:
        """一条一条折叠与一次折叠，结果相同。"""
        for w in WALKS:
            for stream in {r.stream for r in w.record}:
                facts = [r for r in w.record if r.stream == stream]
                matter = begin(stream)
                for recorded in facts:
                    matter = evolve(matter, recorded)
                assert fold(begin(stream), facts) == matter

    def test_changes_only_what_a_matter_has(self) -> None:
        """每条事实改变的，都是事项本有的栏目。"""
        known = set(Matter.__dataclass_fields__)
        for w in WALKS:
            for recorded in w.record:
                matter = fold(begin(recorded.stream), ())
                assert set(EFFECTS[type(recorded.fact)](matter, recorded)) <= known

    def test_leaves_the_state_before_alone(self) -> None:
        """折叠不改动先前的状态。"""
        w = World().rectifying()
        before = replace(w.matter)
        w.attach().report()
        assert before == replace(before)
        assert before.evidence == ()

    @given(seed=st.integers(), keep=st.floats(0.2, 1))
    def test_never_refuses(self, seed: int, keep: float) -> None:
        """缺漏、乱序的记录也能折叠，不会中断。"""
        facts = list(chain.from_iterable(w.record for w in WALKS))
        chance = random.Random(seed)
        chance.shuffle(facts)
        matter = fold(begin("matter-1"), facts[: int(len(facts) * keep)])
        assert isinstance(matter, Matter)

    def test_always_knows_version_and_moment(self) -> None:
        """每条事实都更新版本和最后时刻。"""
        for w in WALKS:
            recorded = w.record[-1]
            matter = evolve(Matter(id=begin(recorded.stream).id), recorded)
            assert (matter.version, matter.last_at) == (recorded.version, recorded.recorded_at)
            assert matter.last_occurred_at == recorded.occurred_at
