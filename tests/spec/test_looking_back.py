"""回头看、反弹."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from events.matter.looking_back import FindRelapse, PassLookBack, SelectLookBack
from events.matter.registering import MatterRegistered
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import MatterId, Role, Stage
from tests.spec.given import (
    CLERK,
    HEAD,
    LIAISON,
    MONDAY,
    OTHER_VERIFIER,
    TOWN,
    VERIFIER,
    World,
    a_file,
    actor,
    refused,
)

SELECT = SelectLookBack(due_on=date(2026, 4, 15))
PASS = PassLookBack(findings="没有再堆")
RELAPSE = FindRelapse(findings="又堆上了")


class TestSelecting:
    def test_chooses_a_closed_matter(self) -> None:
        """已销号的可抽取回头看，仍为已销号。"""
        w = World().closed()
        w.do("select-look-back", SELECT, CLERK)
        assert (w.stage, w.matter.look_back_on) == (Stage.CLOSED, date(2026, 4, 15))

    def test_may_move_the_day(self) -> None:
        """重新抽取即改期。"""
        w = World().closed()
        w.do("select-look-back", SELECT, CLERK)
        w.do("select-look-back", SelectLookBack(due_on=date(2026, 4, 20)), HEAD)
        assert w.matter.look_back_on == date(2026, 4, 20)

    def test_looks_ahead(self) -> None:
        """回头看日期不得早于当日。"""
        with refused(Invalid, "date-passed"):
            World().closed().do("select-look-back", SelectLookBack(due_on=MONDAY - timedelta(days=1)), CLERK)

    def test_is_the_offices(self) -> None:
        """抽取由督查室办理，仅限已销号。"""
        for by in (LIAISON, VERIFIER):
            with refused(NotYours):
                World().closed().do("select-look-back", SELECT, by)
        for way in ("reviewed", "cancelled", "relapsed"):
            with refused(WrongStage):
                getattr(World(), way)().do("select-look-back", SELECT, CLERK)


class TestPassing:
    def test_confirms_the_matter(self) -> None:
        """回头看通过后即告确认。"""
        w = World().closed()
        w.do("select-look-back", SELECT, CLERK)
        w.later(days=30).do("pass-look-back", PASS, OTHER_VERIFIER)
        assert (w.stage, w.matter.look_back_passed_at) == (Stage.CONFIRMED, w.now)

    def test_needs_to_be_selected(self) -> None:
        """没有抽取的不能认定通过。"""
        w = World().closed()
        assert "pass-look-back" not in w.permitted(VERIFIER)
        with refused(WrongStage):
            w.do("pass-look-back", PASS, VERIFIER)

    def test_is_for_verifiers_who_did_not_handle_it(self) -> None:
        """回头看由核查人员作结论，承办单位的人不行。"""
        w = World().closed()
        w.do("select-look-back", SELECT, CLERK)
        for by in (CLERK, HEAD, LIAISON, actor("内部", TOWN, Role.VERIFIER)):
            with refused(NotYours):
                w.do("pass-look-back", PASS, by)
        with refused(Invalid, "blank-field"):
            w.do("pass-look-back", PassLookBack(findings=""), VERIFIER)


class TestFindingARelapse:
    @pytest.mark.parametrize("by", [VERIFIER, CLERK, HEAD])
    def test_opens_a_linked_new_matter(self, by: object) -> None:
        """反弹的另立关联新事项待交办，原件成为已反弹，原销号记录不变。"""
        w = World().closed(person="程立川")
        old = w.current
        closed_at = w.matter.closed_at
        decision = w.do("find-relapse", RELAPSE, by)
        new = MatterId(decision.answer["relapse_matter"])
        m, fresh = w.matters[old], w.matters[new]
        assert (m.stage, m.relapse_matter, m.closed_at) == (Stage.RELAPSED, new, closed_at)
        assert (fresh.stage, fresh.relapse_of, fresh.problem) == (Stage.REGISTERED, old, "又堆上了")
        assert (fresh.kind, fresh.title, fresh.source_no) == (m.kind, m.title, m.number)
        assert (fresh.source, fresh.number) == ("回头看反弹", "2026-00002")
        assert fresh.lead_unit is None

    def test_may_follow_a_passed_look_back(self) -> None:
        """回头看通过以后再反弹的同样认定。"""
        w = World().closed()
        w.do("select-look-back", SELECT, CLERK)
        w.do("pass-look-back", PASS, VERIFIER)
        w.do("find-relapse", RELAPSE, VERIFIER)
        assert w.stage is Stage.RELAPSED

    def test_numbers_the_new_matter_even_with_a_paper(self) -> None:
        """附有文件时，文件留在原件，新件照样编号。"""
        w = World().closed()
        decision = w.do("find-relapse", RELAPSE, CLERK, paper=a_file("反弹.pdf", at=w.now))
        fresh = w.matters[MatterId(decision.answer["relapse_matter"])]
        assert fresh.number == "2026-00002"
        assert isinstance(w.record[-1].fact, MatterRegistered)
        assert len(w.matter.evidence) == 2

    def test_is_found_once_by_who_did_not_handle_it(self) -> None:
        """反弹须写情况，由核查人员或督查室认定，承办单位的人不行，不重复认定。"""
        w = World().closed()
        with refused(Invalid, "blank-field"):
            w.do("find-relapse", FindRelapse(findings=""), VERIFIER)
        for by in (LIAISON, actor("内部", TOWN, Role.VERIFIER)):
            with refused(NotYours):
                w.do("find-relapse", RELAPSE, by)
        with refused(WrongStage):
            World().relapsed().do("find-relapse", RELAPSE, VERIFIER)
        with refused(WrongStage):
            World().reviewed().do("find-relapse", RELAPSE, VERIFIER)
