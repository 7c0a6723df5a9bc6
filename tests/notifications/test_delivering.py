"""Delivery on both databases: once, in time, to whoever is there, and what is no longer true stays at home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest

from events.delivery.facts import LetterHandedOver, Outcome
from events.matter import assigning, extending, pressing
from events.record.envelope import Envelope
from events.refusals import MomentPassed
from events.vocabulary import BEIJING, Role
from notifications.channels import Fate, Handed
from notifications.delivering import QuietHours
from notifications.messages import Message
from notifications.opening import opened
from notifications.outbox import LetterState, unread
from notifications.outbox.claiming import send_again
from notifications.policy import Channel
from notifications.recording import mark_read
from tests.notifications.making import ADDRESS, County, changed_person, county, staffed
from tests.spec.given import CLERK, HEAD, LIAISON, MONDAY, TOWN, TOWN_HEAD, WATER, person

LIAISON_POST, HEAD_POST = "青石镇/unit_liaison", "青石镇/unit_head"


@pytest.fixture
def yunxi(database_url: str) -> Iterator[County]:
    with county(database_url) as made:
        yield made


def answering(fate: Fate, reason: str = "") -> Callable[[Message], Handed]:
    return lambda _: Handed(fate=fate, reason=reason)


class TestDelivering:
    def test_hands_a_letter_over_and_writes_it_down(self, yunxi: County) -> None:
        """交办信送出后，何时送到谁、发往哪里、信号多少，都记在案。"""
        yunxi.assigned()
        assert yunxi.deliver() == {"sent": 2}
        letter = next(x for x in yunxi.letters() if x.channel == "email" and x.post.key == LIAISON_POST)
        assert letter.state is LetterState.SENT
        assert letter.holder == person(LIAISON)
        assert letter.address == "p***@yunxi.example"
        assert letter.message_id == f"<{letter.id}@yunxi.example>"
        assert letter.handed_at == yunxi.now
        fact = yunxi.store.stream(f"letter-{letter.id}")[0].fact
        assert isinstance(fact, LetterHandedOver)
        assert (fact.outcome, fact.matter, fact.rule) == (Outcome.SENT, yunxi.current, "assigned")

    def test_says_nothing_twice(self, yunxi: County) -> None:
        """连发两轮，第二轮一封也不发。"""
        yunxi.assigned()
        yunxi.deliver()
        assert yunxi.deliver() == {}
        assert len(yunxi.server.handed) == 2

    def test_goes_on_after_a_restart(self, database_url: str) -> None:
        """服务停了再开，没发的信照发，发过的不再发。"""
        with county(database_url) as made:
            made.assigned()
            made.deliver()
            made.do("acknowledge", assigning.AcknowledgeAssignment(), LIAISON)
            made.do("urge", pressing.UrgeMatter(), CLERK)
        with county(database_url, fresh=False) as again:
            again.on(MONDAY)
            assert again.deliver() == {"sent": 2}
            assert [m.subject[:6] for m in again.server.handed] == ["【催办通知】"] * 2

    def test_knows_who_is_there_when_it_leaves(self, yunxi: County) -> None:
        """收件人按投递那天在岗的人算，不按写信那天。"""
        yunxi.assigned()
        old, new = person(LIAISON), person(TOWN_HEAD)
        changed_person(yunxi.directory, old, left_on=MONDAY + timedelta(days=1))
        posts = yunxi.directory.people[new].posts
        both = frozenset({Role.UNIT_HEAD, Role.UNIT_LIAISON})
        since = (*posts, type(posts[0])(on=MONDAY, position=2, value=both))
        changed_person(yunxi.directory, new, posts=since)
        yunxi.on(MONDAY + timedelta(days=2)).deliver()
        assert set(yunxi.server.to) == {ADDRESS[TOWN_HEAD.name]}

    def test_tells_the_office_of_a_unit_without_people(self, yunxi: County) -> None:
        """单位没有人，交办照样成立，信标为无收件人，不算送出。"""
        yunxi.directory = staffed(Role.UNIT_LIAISON, Role.UNIT_HEAD)
        yunxi.assigned()
        assert yunxi.deliver() == {"no_address": 1}
        assert yunxi.server.handed == []
        states = {(x.channel, x.state) for x in yunxi.letters()}
        assert states == {("email", LetterState.NO_ADDRESS), ("inbox", LetterState.NO_ADDRESS)}
        assert "无人" in (yunxi.letters()[0].last_error or yunxi.letters()[1].last_error or "")

    def test_tells_the_office_of_a_person_without_mailbox(self, yunxi: County) -> None:
        """在岗的人没有登记邮箱，邮件标为无收件人，站内信照收。"""
        changed_person(yunxi.directory, person(LIAISON), email=None)
        changed_person(yunxi.directory, person(TOWN_HEAD), email="不是邮箱")
        yunxi.assigned()
        assert yunxi.deliver() == {"no_address": 2}
        assert {x.state for x in yunxi.letters(channel=Channel.INBOX)} == {LetterState.SENT}
        with yunxi.database.reading.connect() as connection:
            assert unread(connection, [LIAISON_POST]) == 1

    def test_sends_again_when_the_office_asks(self, yunxi: County) -> None:
        """补登邮箱后由督查室重发，信就送到。"""
        changed_person(yunxi.directory, person(LIAISON), email=None)
        yunxi.assigned().deliver()
        lost = yunxi.letters(states=[LetterState.NO_ADDRESS])
        changed_person(yunxi.directory, person(LIAISON), email="he@yunxi.example")
        send_again(yunxi.database, [x.id for x in lost], at=0)
        assert yunxi.deliver() == {"sent": 1}
        assert yunxi.letters(states=[LetterState.NO_ADDRESS]) == []
        assert len(yunxi.store.stream(f"letter-{lost[0].id}")) == 2

    def test_refuses_a_moment_gone_by_before_anything_is_sent(self, yunxi: County) -> None:
        """演练中给的时刻早于已记的时刻，一封也不发。"""
        yunxi.assigned()
        yunxi.now -= timedelta(hours=1)
        with pytest.raises(MomentPassed):
            yunxi.deliver()
        assert yunxi.server.handed == []

    def test_moves_the_rehearsal_clock(self, yunxi: County) -> None:
        """投递用过的时刻，演练时钟就走到那里，哪怕无信可发。"""
        yunxi.later(days=3).deliver()
        assert yunxi.writer.broken is None
        yunxi.now -= timedelta(days=1)
        with pytest.raises(MomentPassed):
            yunxi.assigned()

    def test_writes_outcomes_down_though_the_clock_moved_on(self, yunxi: County) -> None:
        """投递途中别的事记得更晚，投递结果照样记下。"""
        yunxi.assigned()

        def busy(_: Message) -> Handed:
            yunxi.later(minutes=1).do("urge", pressing.UrgeMatter(), CLERK)
            return Handed(fate=Fate.ACCEPTED)

        yunxi.server.answer = busy
        assert yunxi.deliver()["sent"] == 2


class TestDigests:
    def test_put_several_letters_to_one_post_into_one(self, yunxi: County) -> None:
        """给同一岗位攒了几封，合成一封汇总信发出。"""
        for _ in range(3):
            yunxi.registered().assigned()
        assert yunxi.deliver() == {"sent": 6}
        assert len(yunxi.server.handed) == 2
        assert "3件" in yunxi.server.handed[0].subject
        emails = [x for x in yunxi.letters() if x.channel == "email" and x.post.key == LIAISON_POST]
        assert len({x.message_id for x in emails}) == 1
        assert {x.digest for x in emails} < {m.id for m in yunxi.server.handed}

    def test_keep_posts_apart(self, yunxi: County) -> None:
        """不同单位的信不混在一封里。"""
        yunxi.assigned()
        yunxi.registered().assigned(lead_unit=WATER)
        yunxi.deliver()
        assert sorted(len(m.to) for m in yunxi.server.handed) == [1, 1, 1]
        assert all("督办通知" in m.subject for m in yunxi.server.handed)

    def test_are_another_message_the_second_time_a_day(self, yunxi: County) -> None:
        """同一天再攒几封，是另一封汇总信。"""
        for _ in range(2):
            yunxi.registered().assigned()
        yunxi.deliver()
        for _ in range(2):
            yunxi.registered().assigned()
        yunxi.deliver()
        assert len({m.id for m in yunxi.server.handed}) == 4

    def test_come_instead_of_a_storm_after_three_weeks(self, yunxi: County) -> None:
        """邮件停了三周再通：过时的不发，其余合成汇总，每个岗位只收一封。"""
        for _ in range(4):
            yunxi.registered().assigned(due_on=MONDAY + timedelta(days=4))
            yunxi.do("acknowledge", assigning.AcknowledgeAssignment(), LIAISON)
        yunxi.server.down = "连不上"
        for _ in range(21):
            yunxi.later(days=1)
            for current in list(yunxi.matters):
                yunxi.current = current
                yunxi.tick()
            assert set(yunxi.deliver()) <= {"waiting", "overtaken"}
        assert yunxi.server.handed == []
        yunxi.server.down = None
        yunxi.later(hours=1)
        counts = yunxi.deliver()
        assert set(counts) == {"sent"}
        assert len(yunxi.server.handed) == len(set(yunxi.server.to)) == 3
        assert {x.state for x in yunxi.letters()} == {LetterState.SENT, LetterState.OVERTAKEN}
        newest = [x for x in yunxi.letters(rule="overdue") if x.state is LetterState.SENT]
        assert {x.slot for x in newest if x.channel == "email"} == {(MONDAY + timedelta(days=19)).isoformat()}


class TestOvertaken:
    def test_letters_about_a_stage_left_are_dropped(self, yunxi: County) -> None:
        """单位已经签收，还没发出的交办信不再发。"""
        yunxi.acknowledged()
        assert yunxi.deliver() == {"overtaken": 2}
        assert yunxi.server.handed == []

    def test_reminders_about_another_limit_are_dropped(self, yunxi: County) -> None:
        """时限已延，写着旧时限的提醒不再发。"""
        yunxi.rectifying(due_on=MONDAY + timedelta(days=3))
        yunxi.deliver()
        yunxi.tick()
        until = MONDAY + timedelta(days=30)
        yunxi.do("request-extension", extending.RequestExtension(until=until, reason="连日降雨"), LIAISON)
        yunxi.do("grant-extension", extending.GrantExtension(until=until), HEAD)
        yunxi.deliver()
        states = {(rule, state) for rule, _, state in yunxi.states()}
        assert ("due", "overtaken") in states
        assert ("extension-requested", "overtaken") in states
        assert ("extension-granted", "sent") in states

    def test_older_rungs_give_way_to_the_newest(self, yunxi: County) -> None:
        """同一件事攒了几次提醒，只发最新的一次。"""
        yunxi.acknowledged(due_on=MONDAY + timedelta(days=7))
        yunxi.deliver()
        yunxi.until(MONDAY + timedelta(days=6))
        yunxi.deliver()
        due = [x for x in yunxi.letters(rule="due") if x.channel == "email"]
        assert [str(x.state) for x in due] == ["overtaken", "overtaken", "sent"]

    def test_letters_to_a_unit_that_has_it_no_longer_are_dropped(self, yunxi: County) -> None:
        """事项已改派，给原单位的催办不再发，只告知收回。"""
        yunxi.acknowledged()
        yunxi.deliver()
        yunxi.do("urge", pressing.UrgeMatter(), CLERK)
        again = assigning.ReassignMatter(lead_unit=WATER, time_limit="7日内", quality_requirement="清运干净")
        yunxi.do("reassign", again, CLERK)
        yunxi.deliver()
        to_town = [x for x in yunxi.states(unit=TOWN) if x[0] in ("urged", "withdrawn")]
        assert {(rule, state) for rule, _, state in to_town} == {
            ("urged", "overtaken"),
            ("withdrawn", "sent"),
        }


class TestQuietHours:
    @pytest.mark.parametrize(
        ("at", "leaves"),
        [(time(7, 59), False), (time(8), True), (time(19, 59), True), (time(20), False), (time(3), False)],
    )
    def test_hold_letters_back(self, at: time, leaves: bool) -> None:
        """信件只在早八点到晚八点之间发出。"""
        assert QuietHours().hold(datetime.combine(MONDAY, at, BEIJING)) is not leaves

    def test_letters_wait_for_the_morning(self, yunxi: County) -> None:
        """夜里写的信等到早上八点发。"""
        yunxi.quiet = QuietHours()
        yunxi.on(MONDAY, time(22)).assigned()
        assert yunxi.deliver() == {"waiting": 2}
        assert yunxi.on(MONDAY + timedelta(days=1), time(7, 59)).deliver() == {"waiting": 2}
        assert yunxi.on(MONDAY + timedelta(days=1), time(8)).deliver() == {"sent": 2}


class TestInbox:
    def test_has_the_letter_with_the_fact(self, yunxi: County) -> None:
        """站内信在事情记下的同时就在，不等投递。"""
        yunxi.assigned()
        with yunxi.database.reading.connect() as connection:
            assert unread(connection, [LIAISON_POST, HEAD_POST]) == 2
            assert unread(connection, ["水务局/unit_liaison"]) == 0
            assert unread(connection, []) == 0

    def test_remembers_who_read_it_first(self, yunxi: County) -> None:
        """谁先打开站内信、何时打开，记在案；再打开不重记。"""
        yunxi.assigned()
        mine = yunxi.letters(channel=Channel.INBOX, posts=[LIAISON_POST])
        yunxi.later(minutes=5)
        envelope = Envelope(actor=LIAISON, at=yunxi.now, command_id="read-1")
        assert mark_read(yunxi.writer, envelope, mine) == 1
        assert mark_read(yunxi.writer, envelope, mine) == 0
        (row,) = yunxi.letters(channel=Channel.INBOX, posts=[LIAISON_POST])
        assert (row.state, row.read_by, row.read_at) == (LetterState.READ, LIAISON.user, yunxi.now)
        assert mark_read(yunxi.writer, envelope, [row]) == 0

    def test_marks_no_email_as_read(self, yunxi: County) -> None:
        """邮件读没读这里不知道，不标已阅。"""
        yunxi.assigned().deliver()
        emails = [x for x in yunxi.letters() if x.channel == "email"]
        assert mark_read(yunxi.writer, Envelope(actor=LIAISON, at=yunxi.now, command_id="r"), emails) == 0

    def test_opens_with_the_words_of_its_day(self, yunxi: County) -> None:
        """打开旧信，看到的是当时的时限，不是现在的。"""
        yunxi.rectifying(due_on=MONDAY + timedelta(days=3))
        until = MONDAY + timedelta(days=30)
        yunxi.do("request-extension", extending.RequestExtension(until=until, reason="连日降雨"), LIAISON)
        yunxi.do("grant-extension", extending.GrantExtension(until=until), HEAD)
        (assigned, *_) = yunxi.letters(rule="assigned", channel=Channel.INBOX)
        assert "办理时限：2026年3月5日" in opened(yunxi.office.desk, assigned, yunxi.now).text
