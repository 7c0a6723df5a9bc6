"""Delivery when something goes wrong: later, never, unclear, and a crash in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from events.delivery.facts import LetterHandedOver
from events.rules.procedures import PRESETS
from notifications.channels import Fate, Handed
from notifications.delivering import BACK_OFF, hand_over_due
from notifications.messages import Message
from notifications.outbox import LetterState
from notifications.outbox.claiming import Released, claim, release, waiting
from tests.notifications.making import HOUSE, County, county
from tests.spec.given import MONDAY, WATER


@pytest.fixture
def yunxi(database_url: str) -> Iterator[County]:
    with county(database_url) as made:
        yield made


def answering(fate: Fate, reason: str = "") -> Callable[[Message], Handed]:
    return lambda _: Handed(fate=fate, reason=reason)


class TestRetrying:
    def test_waits_longer_each_time_and_gives_up_after_three_days(self, yunxi: County) -> None:
        """对方一直说稍后再试：间隔越来越长，约三天后作罢，标为多次未送达。"""
        yunxi.assigned()
        yunxi.server.answer = answering(Fate.LATER, "452 稍后再试")
        for pause in BACK_OFF:
            tried = len(yunxi.server.handed)
            assert yunxi.deliver() == {"waiting": 2}
            assert len(yunxi.server.handed) == tried + 2
            assert yunxi.deliver() == {"waiting": 2}
            assert len(yunxi.server.handed) == tried + 2
            yunxi.later(seconds=pause.total_seconds())
        assert yunxi.deliver() == {"gave_up": 2}
        assert timedelta(days=2) < yunxi.now - yunxi.letters()[0].written_at < timedelta(days=4)
        letter = yunxi.letters(states=[LetterState.GAVE_UP])[0]
        assert (letter.attempts, letter.last_error) == (len(BACK_OFF) + 1, "452 稍后再试")

    def test_refused_for_good_is_not_tried_again(self, yunxi: County) -> None:
        """对方拒收的不再重发，写明拒收的话。"""
        yunxi.assigned()
        yunxi.server.answer = answering(Fate.REFUSED, "550 无此人")
        assert yunxi.deliver() == {"refused": 2}
        assert yunxi.later(days=1).deliver() == {}
        assert {x.last_error for x in yunxi.letters(states=[LetterState.REFUSED])} == {"550 无此人"}

    def test_a_server_that_is_down_costs_no_letter_its_tries(self, yunxi: County) -> None:
        """服务器连不上不怪信：等多久都不作罢，通了就发。"""
        yunxi.assigned(due_on=MONDAY + timedelta(days=60))
        yunxi.server.down = "连不上"
        for _ in range(40):
            assert yunxi.later(hours=12).deliver() == {"waiting": 2}
        assert {x.attempts for x in yunxi.letters()} == {0}
        yunxi.server.down = None
        assert yunxi.later(hours=1).deliver() == {"sent": 2}

    def test_a_message_perhaps_taken_goes_again_as_the_same(self, yunxi: County) -> None:
        """对方可能已收下却没答复：重发的是同一封信、同一个信号，不另写一封。"""
        for _ in range(2):
            yunxi.registered().assigned()
        yunxi.server.answer = answering(Fate.UNCLEAR, "连接中断")
        yunxi.deliver()
        first = {m.id for m in yunxi.server.handed}
        yunxi.registered().assigned()
        yunxi.server.handed.clear()
        yunxi.server.answer = answering(Fate.ACCEPTED)
        yunxi.later(minutes=2).deliver()
        assert first < {m.id for m in yunxi.server.handed}
        assert len(yunxi.server.handed) == 4

    def test_one_letter_that_cannot_be_written_holds_up_no_other(self, yunxi: County) -> None:
        """一封信生成不出，别的信照发，它自己留着等修好再发。"""
        unreadable: Any = object()
        yunxi.house = replace(HOUSE, procedures={**PRESETS, "immediate": unreadable})
        yunxi.assigned(kind="immediate", lead_unit=WATER)
        yunxi.registered().assigned()
        assert yunxi.deliver() == {"sent": 2, "waiting": 1}
        yunxi.house = HOUSE
        assert yunxi.later(minutes=2).deliver() == {"sent": 1}


class TestCrashing:
    def test_before_the_outcome_is_written_sends_only_the_one_in_flight_again(self, yunxi: County) -> None:
        """发出后未及记账就断电：只有在途的那一封再发，信号不变，之前的不再发。"""
        yunxi.assigned()
        sent: list[str] = []

        def crashing(message: Message) -> Handed:
            sent.append(message.id)
            if len(sent) == 2:
                raise KeyboardInterrupt
            return Handed(fate=Fate.ACCEPTED)

        yunxi.server.answer = crashing
        with pytest.raises(KeyboardInterrupt):
            yunxi.deliver()
        yunxi.machine += timedelta(minutes=1)
        yunxi.server.answer = answering(Fate.ACCEPTED)
        yunxi.server.handed.clear()
        assert yunxi.deliver() == {"waiting": 1}
        yunxi.machine += timedelta(hours=1)
        assert yunxi.deliver() == {"sent": 1}
        assert [m.id for m in yunxi.server.handed] == [sent[1]]

    def test_being_stopped_ends_the_message_in_hand_and_gives_back_the_others(self, yunxi: County) -> None:
        """正送着信时服务被正常停下：手里这封送完、记上，不会再来；没轮到的马上可以接着送。"""
        yunxi.assigned()

        async def stopped() -> None:
            delivering = asyncio.ensure_future(
                hand_over_due(yunxi.office, at=yunxi.now, machine=lambda: yunxi.machine)
            )

            def taken(_: Message) -> Handed:
                delivering.cancel()
                return Handed(fate=Fate.ACCEPTED)

            yunxi.server.answer = taken
            with pytest.raises(asyncio.CancelledError):
                await delivering

        asyncio.run(stopped())
        assert len(yunxi.server.handed) == 1
        yunxi.server.answer = answering(Fate.ACCEPTED)
        assert yunxi.deliver() == {"sent": 1}
        assert len({message.id for message in yunxi.server.handed}) == len(yunxi.server.handed) == 2

    def test_leaves_what_another_worker_settled(self, yunxi: County) -> None:
        """卡住的投递醒来时，别人已发过的信不再改记。"""
        yunxi.assigned()
        late = yunxi.server.handed

        def overtaken_by_another(message: Message) -> Handed:
            if len(late) == 1:
                yunxi.server.answer = answering(Fate.ACCEPTED)
                yunxi.machine += timedelta(hours=1)
                with yunxi.database.transaction() as driver:
                    driver.say("UPDATE letters SET claim_until = NULL")
            return Handed(fate=Fate.ACCEPTED)

        yunxi.server.answer = overtaken_by_another
        yunxi.deliver()
        yunxi.deliver()
        facts = [r for page in yunxi.store.pages() for r in page if isinstance(r.fact, LetterHandedOver)]
        assert len(facts) == len({r.stream for r in facts}) == 2

    def test_sends_nothing_that_another_worker_took_over(self, yunxi: County) -> None:
        """送到一半停住、醒来时别的进程已接手余下的：不再送，哪怕自己的钟没有走过租约。"""
        yunxi.assigned()
        second: list[str] = []

        def paused(message: Message) -> Handed:
            if not second:
                theirs = claim(yunxi.database, at=10**16, machine=10**16 - 1, until=10**16)
                second.extend(one.id for one in theirs)
            return Handed(fate=Fate.ACCEPTED)

        yunxi.server.answer = paused
        yunxi.deliver()
        assert len(second) == 2
        assert len(yunxi.server.handed) == 1

    def test_a_claim_taken_over_cannot_be_given_back_by_the_first(self, yunxi: County) -> None:
        """租约已被别人接手，原来那位再放回也不作数。"""
        yunxi.assigned()
        far = 10**16
        mine = claim(yunxi.database, at=far, machine=1, until=2)
        theirs = claim(yunxi.database, at=far, machine=3, until=far)
        assert {x.id for x in mine} == {x.id for x in theirs}
        release(yunxi.database, [Released(letter=x, next_try_at=far, attempts=9, error="x") for x in mine])
        assert {x.attempts for x in yunxi.letters()} == {0}
        assert claim(yunxi.database, at=far, machine=4, until=far) == ()

    def test_two_workers_do_not_take_the_same_letters(self, yunxi: County) -> None:
        """两个投递进程同时干，一封信只归一个。"""
        yunxi.assigned()
        first = claim(yunxi.database, at=10**16, machine=1, until=10)
        assert len(first) == 2
        assert claim(yunxi.database, at=10**16, machine=1, until=10) == ()
        assert waiting(yunxi.database) == 2
