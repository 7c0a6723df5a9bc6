"""Who is told of what: one sentence a rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.matter import (
    assigning,
    ending,
    helping,
    leading,
    looking_back,
    pressing,
    rectifying,
    reporting,
    splitting,
    verifying,
)
from events.vocabulary import MatterId, TransferKind
from notifications.outbox.filling import letter_id
from notifications.overtaking import overtaken, superseded
from notifications.policy import Channel, Letter, letters_for
from notifications.posts import (
    head_of,
    liaison_of,
    posts_on,
)
from projections.changes import changes_of
from tests.notifications.lives import lives, world
from tests.notifications.making import told
from tests.spec.given import CLERK, HEAD, LIAISON, MONDAY, TOWN, VERIFIER, WATER, WATER_LIAISON, World, person

LIAISON_POST, HEAD_POST, WATER_POST = "青石镇/unit_liaison", "青石镇/unit_head", "水务局/unit_liaison"
CLERKS, HEADS, LEADERS = "/office_clerk", "/office_head", "/leader"
TO_UNIT = {LIAISON_POST, HEAD_POST}


def to(world: World, rule: str) -> set[str]:
    """The posts the newest fact tells under a rule."""
    return {post for said, post in told(world) if said == rule}


class TestAssigning:
    def test_tells_liaison_and_head_and_lets_co_units_know(self) -> None:
        """交办信发给责任单位联络员和负责人，协办单位收协办通知。"""
        w = world().assigned(co_units=(WATER,))
        assert to(w, "assigned") == TO_UNIT
        assert to(w, "co-assigned") == {WATER_POST}

    def test_tells_the_unit_it_was_taken_from(self) -> None:
        """改派后，新单位收改派通知，原单位收收回通知。"""
        w = world().assigned()
        again = assigning.ReassignMatter(lead_unit=WATER, time_limit="7日内", quality_requirement="清运干净")
        w.do("reassign", again, CLERK)
        assert told(w) == {("reassigned", WATER_POST), *(("withdrawn", post) for post in TO_UNIT)}

    def test_tells_the_office_heads_of_an_objection(self) -> None:
        """单位提出异议，督查室负责人收信。"""
        assert told(world().objected()) == {("objected", HEADS)}

    def test_tells_both_units_of_an_objection_upheld(self) -> None:
        """异议成立改交他单位，两家都收信。"""
        w = world().objected()
        decide = assigning.DecideObjection(upheld=True, to_unit=WATER, time_limit="7日内")
        w.do("decide-objection", decide, HEAD)
        assert to(w, "objection-upheld") == TO_UNIT
        assert to(w, "assigned") == {WATER_POST}

    def test_tells_only_the_objector_where_nobody_has_it(self) -> None:
        """异议成立收回，只告知原单位。"""
        w = world().objected()
        w.do("decide-objection", assigning.DecideObjection(upheld=True), HEAD)
        assert told(w) <= {("objection-upheld", post) for post in TO_UNIT}

    def test_tells_the_unit_of_an_objection_dismissed(self) -> None:
        """异议不成立，告知单位。"""
        w = world().objected()
        w.do("decide-objection", assigning.DecideObjection(upheld=False), HEAD)
        assert told(w) == {("objection-dismissed", post) for post in TO_UNIT}

    def test_says_nothing_of_a_registration_or_a_sign_for(self) -> None:
        """立项、签收不发信。"""
        assert told(world().registered()) == set()
        assert told(world().acknowledged()) == set()


class TestWorking:
    def test_tells_the_office_of_a_plan_in_the_application_only(self) -> None:
        """整改方案报来，督查室经办收站内信，不发邮件。"""
        w = world().planning()
        posts = posts_on(w.directory, w.today)
        change = list(changes_of([r for r in w.record if r.stream == w.matter.stream]))[-1]
        assert [(x.post.key, x.channel) for x in letters_for(change, posts)] == [(CLERKS, Channel.INBOX)]

    def test_tells_the_liaison_what_became_of_the_plan(self) -> None:
        """方案退回或批准，联络员收信。"""
        w = world().planning()
        w.do("return-plan", rectifying.ReturnPlan(reason="措施不具体"), CLERK)
        assert told(w) == {("plan-returned", LIAISON_POST)}
        assert told(world().rectifying()) == {("plan-approved", LIAISON_POST)}

    def test_tells_office_and_unit_of_a_request_for_help_and_its_answer(self) -> None:
        """求助告知督查室，答复告知单位。"""
        w = world().rectifying()
        w.do("request-support", rectifying.RequestSupport(text="缺消纳场地"), LIAISON)
        assert told(w) == {("support-requested", CLERKS)}
        w.do("answer-support", rectifying.AnswerSupport(text="已协调"), CLERK)
        assert told(w) == {("support-answered", LIAISON_POST)}

    def test_tells_nobody_of_progress_and_evidence(self) -> None:
        """报送进展和佐证材料不发信。"""
        w = world().rectifying()
        w.do("report-progress", rectifying.ReportProgress(text="清运过半", percent=50), LIAISON)
        assert told(w) == set()
        assert told(w.attach()) == set()

    def test_tells_the_unit_when_a_report_comes_back(self) -> None:
        """报结退回、核查不通过、退回销号，单位都收信。"""
        w = world().reported()
        w.do("return-completion", reporting.ReturnCompletion(reason="照片看不清"), CLERK)
        assert told(w) == {("completion-returned", post) for post in TO_UNIT}

    def test_tells_the_unit_of_stopping_and_going_on(self) -> None:
        """中止告知单位。"""
        assert told(world().suspended()) == {("suspended", post) for post in TO_UNIT}


class TestVerifying:
    def test_tells_the_verifier_and_the_unit(self) -> None:
        """安排核查，核查人收任务，单位收安排。"""
        w = world().verifying()
        verifier = f"@{person(VERIFIER)}"
        assert told(w) == {("verification-assigned", verifier), ("verification-scheduled", LIAISON_POST)}

    def test_tells_the_unit_and_the_head_who_strikes_off(self) -> None:
        """核查通过，单位收信，督查室负责人收待审批。"""
        w = world().reviewed()
        assert told(w) == {("verification-passed", LIAISON_POST), ("write-off-awaited", HEADS)}

    def test_tells_the_unit_of_a_failure(self) -> None:
        """核查不通过，单位联络员和负责人都收信。"""
        w = world().verifying()
        fail = verifying.FailVerification(kind=verifying.FailureKind.FALSE, findings="未动")
        w.do("fail-verification", fail, VERIFIER)
        assert told(w) == {("verification-failed", post) for post in TO_UNIT}


class TestEnding:
    def test_tells_unit_and_co_units_of_the_closing(self) -> None:
        """销号告知责任单位，抄送协办单位。"""
        w = world().closed(co_units=(WATER,))
        assert to(w, "write-off-approved") == {*TO_UNIT, WATER_POST}

    def test_never_tells_the_unit_of_a_look_back(self) -> None:
        """抽取回头看只有督查室和核查人知道，不告知责任单位。"""
        w = world().closed()
        w.do("select-look-back", looking_back.SelectLookBack(due_on=w.today + timedelta(days=5)), CLERK)
        assert told(w) == {("look-back-selected", CLERKS), ("look-back-selected", f"@{person(VERIFIER)}")}
        w.later(days=5).tick()
        assert {post for _, post in told(w)} & TO_UNIT == set()
        assert to(w, "look-back-due") == {CLERKS, f"@{person(VERIFIER)}"}

    def test_tells_unit_and_office_of_a_relapse(self) -> None:
        """发现反弹，单位和督查室都收信。"""
        w = world().relapsed()
        facts = [r for r in w.record if r.stream == "matter-1"]
        posts = posts_on(w.directory, w.today)
        last = list(changes_of(facts))[-1]
        assert {x.post.key for x in letters_for(last, posts)} == {*TO_UNIT, CLERKS, HEADS}

    def test_tells_the_unit_it_has_nothing_more_to_do(self) -> None:
        """撤销、移交，单位收信。"""
        assert to(world().cancelled(), "cancelled") == TO_UNIT
        w = world().assigned()
        w.do("transfer", ending.TransferMatter(kind=TransferKind.HANDOVER, to="县纪委监委"), HEAD)
        assert to(w, "transferred") == TO_UNIT

    def test_asks_the_leader_and_tells_the_office_his_answer(self) -> None:
        """结果呈报领导，领导收信；再次批示，单位和督查室收信。"""
        w = world().leading(due_on=MONDAY + timedelta(days=10))
        w.do("submit-to-leader", leading.SubmitToLeader(), CLERK)
        assert told(w) == {("result-submitted", LEADERS)}
        w.instruct_again(time_limit="5日内")
        assert to(w, "instructed-again") == {*TO_UNIT, CLERKS}


class TestReminding:
    def test_speaks_to_the_liaison_before_the_day(self) -> None:
        """到期提醒发给联络员。"""
        w = world().acknowledged(due_on=MONDAY + timedelta(days=3))
        w.tick()
        assert told(w) == {("due", LIAISON_POST)}

    @pytest.mark.parametrize(
        ("days", "posts"),
        [
            (1, {LIAISON_POST}),
            (3, {LIAISON_POST, HEAD_POST}),
            (7, {LIAISON_POST, HEAD_POST, CLERKS}),
            (15, {LIAISON_POST, HEAD_POST, CLERKS}),
            (30, {LIAISON_POST, HEAD_POST, CLERKS}),
        ],
    )
    def test_rises_with_the_delay(self, days: int, posts: set[str]) -> None:
        """逾期催办逐级升高：三天起同时催负责人，七天起抄送督查室。"""
        w = world().acknowledged(due_on=MONDAY)
        w.on(MONDAY + timedelta(days=days)).tick()
        assert to(w, "overdue") == posts

    def test_reminds_the_office_of_its_own_delay(self) -> None:
        """核查超时，提醒的是督查室自己。"""
        w = world().reported()
        w.workdays_on(11).tick()
        assert told(w) == {("verification-overdue", CLERKS), ("verification-overdue", HEADS)}

    def test_has_the_rung_as_its_slot(self) -> None:
        """提醒信的自然键是那一档的日期，办事信是事项的版本。"""
        w = world().acknowledged(due_on=MONDAY + timedelta(days=3))
        posts = posts_on(w.directory, w.today)
        w.tick()
        slots = [
            {x.slot for x in letters_for(change, posts)}
            for change in changes_of([r for r in w.record if r.stream == w.matter.stream])
        ]
        assert slots == [set(), {"p2"}, set(), {MONDAY.isoformat()}]

    def test_presses_liaison_and_head_when_the_office_urges(self) -> None:
        """督查室催办，联络员和负责人都收信。"""
        w = world().assigned()
        w.do("urge", pressing.UrgeMatter(text="请签收"), CLERK)
        assert told(w) == {("urged", post) for post in TO_UNIT}

    def test_gives_way_to_the_newest_of_its_topic(self) -> None:
        """到期提醒之后又有逾期催办，只有催办还值得发；别的信不受影响。"""
        assert superseded("due", ["overdue"])
        assert superseded("overdue", ["overdue"])
        assert not superseded("due", ["urged", "plan-approved"])
        assert not superseded("plan-approved", ["plan-approved", "due"])


class TestLetters:
    def test_have_one_id_by_their_natural_key(self) -> None:
        """同一事项、规则、档次、岗位、渠道，就是同一封信。"""
        letter = Letter(
            matter=_M, rule="due", slot="2026-03-02", post=liaison_of(TOWN), channel=Channel.EMAIL
        )
        assert letter_id(letter) == letter_id(letter._replace(copy=True))
        timed = letter_id(letter._replace(matter=MatterId("0193a2b4c5d67e8f9012a2b4c5d67e8f")))
        assert timed.startswith("0193a2b4c5d6")
        assert len(timed) == len(letter_id(letter)) == 32
        others = [
            letter._replace(rule="overdue"),
            letter._replace(slot="2026-03-03"),
            letter._replace(post=head_of(TOWN)),
            letter._replace(channel=Channel.INBOX),
        ]
        assert len({letter_id(x) for x in [letter, *others]}) == 5

    def test_go_both_ways_to_each_post_once(self) -> None:
        """每个岗位每种渠道只有一封。"""
        for lived in lives():
            for stream in {r.stream for r in lived.record}:
                for change in changes_of([r for r in lived.record if r.stream == stream]):
                    found = letters_for(change, posts_on(lived.directory, lived.today))
                    assert len({letter_id(x) for x in found}) == len(found)


_M = world().assigned().current


class TestHelping:
    def test_asks_the_co_units_and_tells_the_lead_what_they_said(self) -> None:
        """征求意见、到期提醒发给没有提意见的配合单位；提了意见，站内告知牵头单位。"""
        w = world().rectifying(co_units=(WATER,))
        w.do("ask-opinion", helping.AskOpinion(time_limit="3日内"), LIAISON)
        assert told(w) == {("opinion-asked", WATER_POST)}
        w.later(days=2).tick()
        assert told(w) == {("opinion-due", WATER_POST)}
        asked = w.last()
        w.do("give-opinion", helping.GiveOpinion(text="无"), WATER_LIAISON)
        assert told(w) == {("opinion-given", LIAISON_POST)}
        assert overtaken("opinion-due", w.matter, asked.fact, w.matter, WATER)


class TestSplitting:
    def test_tells_each_unit_of_its_part(self) -> None:
        """分办的每一份各发督办通知；原牵头单位没有份的，收收回通知。"""
        w = world().assigned()
        parts = (splitting.PartGiven(lead_unit=WATER),)
        w.do("split", splitting.SplitMatter(parts=parts, time_limit="7日内"), CLERK)
        assert told(w) == {("withdrawn", post) for post in TO_UNIT}
        assert to(w.turn_to("2026-00001-1"), "assigned") == {WATER_POST}
