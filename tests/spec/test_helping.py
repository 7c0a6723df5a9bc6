"""配合: co-units sign, give opinions by their own limit, and are waited for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from events.matter.assigning import AcknowledgeAssignment
from events.matter.helping import AcknowledgeHelping, AskOpinion, CoSign, GiveOpinion
from events.matter.pressing import OpinionReminded
from events.matter.reporting import ReportCompletion, ReturnCompletion
from events.refusals import Conflict, Invalid, NotYours, WrongStage
from events.rules.procedures import PRESETS
from events.vocabulary import EvidenceKind, Stage
from tests.spec.given import CLERK, LIAISON, SCHOOLS, WATER, WATER_LIAISON, World, a_file, refused

ASKED = {"co_time_limit": "5个工作日内"}
GIVE = GiveOpinion(text="管网由我局疏通")


def helped(**fields: object) -> World:
    """A matter being worked on, with 水务局 asked to help within the usual days."""
    return World().rectifying(co_units=(WATER,), **ASKED, **fields)


def report(w: World, **fields: str) -> None:
    w.attach(EvidenceKind.PHOTO)
    w.do("report-completion", ReportCompletion(text="已清运完毕", **fields), LIAISON)


class TestCoUnits:
    def test_sign_for_their_part_once(self) -> None:
        """配合单位自己签收一次；不改变阶段，牵头单位照样要签收。"""
        w = World().assigned(co_units=(WATER,))
        w.do("acknowledge-helping", AcknowledgeHelping(), WATER_LIAISON)
        assert w.stage is Stage.ASSIGNED
        with refused(Conflict, "already-so"):
            w.do("acknowledge-helping", AcknowledgeHelping(), WATER_LIAISON)
        with refused(NotYours) as caught:
            w.do("acknowledge", AcknowledgeAssignment(), WATER_LIAISON)
        assert "配合签收" in caught.value.sentence

    def test_have_a_limit_of_their_own(self) -> None:
        """配合意见的期限照交办写的；没写就是没有征求意见，牵头单位报结不用等。"""
        asked = World().assigned(co_units=(WATER,), **ASKED)
        assert asked.matter.helping[0].due_on == date(2026, 3, 9)
        report(World().rectifying(co_units=(WATER,)))
        given = World().assigned(co_units=(WATER,), co_time_limit="8日内")
        assert given.matter.helping[0].due_on == date(2026, 3, 10)
        assert World().assigned().facts[-1].co_due_on is None

    def test_are_the_only_ones_to_give_opinions(self) -> None:
        """提意见的只能是配合单位的人。"""
        w = helped()
        for by in (LIAISON, CLERK):
            with refused(NotYours):
                w.do("give-opinion", GIVE, by)
        w.do("give-opinion", GIVE, WATER_LIAISON)
        assert w.matter.helping[0].opinion == "管网由我局疏通"
        assert WATER_LIAISON.user in w.matter.handlers

    def test_may_speak_on_paper(self) -> None:
        """配合单位交来纸质意见，督查室可以代录；代的必须是配合单位。"""
        w = helped()
        paper = a_file("意见.pdf", at=w.now)
        with refused(Invalid, "not-co-unit"):
            w.do("give-opinion", GIVE, CLERK, on_behalf_of=SCHOOLS, paper=paper)
        w.do("give-opinion", GIVE, CLERK, on_behalf_of=WATER, paper=paper)
        assert w.matter.helping[0].opinion_at == w.now

    def test_say_how_late_they_were(self) -> None:
        """过了自己的期限才提的，记下逾期几日。"""
        w = helped().on(date(2026, 3, 12))
        w.do("give-opinion", GIVE, WATER_LIAISON)
        assert w.last().fact.days_late == 3

    def test_are_too_late_after_completion(self) -> None:
        """报结以后不再收配合意见。"""
        w = helped()
        w.do("give-opinion", GIVE, WATER_LIAISON)
        report(w)
        with refused(WrongStage):
            w.do("give-opinion", GIVE, WATER_LIAISON)


class TestTheLeadUnit:
    def test_waits_for_co_units_or_says_why_not(self) -> None:
        """配合单位没提意见，牵头单位不能报结；确实等不了，写明理由可以报。"""
        w = helped()
        with refused(Invalid, "missing-opinions") as caught:
            report(w)
        assert caught.value.extra["missing"] == [WATER]
        assert "水务局" in caught.value.sentence
        w.do(
            "report-completion",
            ReportCompletion(text="已清运完毕", without_opinions="两次催告未复"),
            LIAISON,
        )
        assert w.facts[-1].without_opinions == "两次催告未复"

    def test_does_not_wait_where_the_kind_says_so(self) -> None:
        """类别规定不必等的，可以直接报结。"""
        procedures = {**PRESETS, "rectification": replace(PRESETS["rectification"], opinions_needed=False)}
        report(World(procedures=procedures).rectifying(co_units=(WATER,), **ASKED))

    def test_may_ask_again(self) -> None:
        """牵头单位或督查室可以再征求一次意见，另定日子；先前的意见作废，但留在经过里。"""
        w = helped()
        w.do("give-opinion", GIVE, WATER_LIAISON)
        w.do("ask-opinion", AskOpinion(time_limit="10日内"), LIAISON)
        assert (w.matter.helping[0].opinion, w.matter.helping[0].due_on) == (None, date(2026, 3, 12))
        with refused(Invalid, "not-co-unit"):
            w.do("ask-opinion", AskOpinion(units=(SCHOOLS,)), CLERK)
        with refused(WrongStage):
            World().rectifying().do("ask-opinion", AskOpinion(), CLERK)

    def test_needs_co_signing_where_the_kind_says_so(self) -> None:
        """要求会签的类别：配合单位每一轮都签了，才能报结；不要求的不用签。"""
        procedures = {**PRESETS, "rectification": replace(PRESETS["rectification"], co_sign=True)}
        w = World(procedures=procedures).rectifying(co_units=(WATER,), **ASKED)
        w.do("give-opinion", GIVE, WATER_LIAISON)
        with refused(Invalid, "missing-opinions"):
            report(w)
        w.do("co-sign", CoSign(), WATER_LIAISON)
        with refused(Conflict, "already-so"):
            w.do("co-sign", CoSign(), WATER_LIAISON)
        report(w)
        w.later(days=1).do("return-completion", ReturnCompletion(reason="不实"), CLERK)
        with refused(Invalid, "missing-opinions"):
            report(w)
        with refused(WrongStage):
            helped().do("co-sign", CoSign(), WATER_LIAISON)


class TestReminding:
    @pytest.mark.parametrize(("day", "offset"), [(8, -1), (9, 0), (10, 1), (12, 3)])
    def test_speaks_to_those_who_have_not_spoken(self, day: int, offset: int) -> None:
        """配合意见到期前一天、当天、逾期各台阶提醒；提过意见就不再提醒。"""
        w = World().rectifying(co_units=(WATER,), due_on=date(2026, 6, 30), **ASKED).on(date(2026, 3, day))
        said = [fact for fact in w.tick() if isinstance(fact, OpinionReminded)]
        assert [(fact.offset, fact.units, fact.due_on) for fact in said] == [
            (offset, (WATER,), date(2026, 3, 9))
        ]
        assert not [fact for fact in w.tick() if isinstance(fact, OpinionReminded)]
        w.do("give-opinion", GIVE, WATER_LIAISON)
        w.later(days=30)
        assert not [fact for fact in w.tick() if isinstance(fact, OpinionReminded)]
