"""What pages and the API ask of the letter box."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from events.matter import pressing
from events.refusals import Invalid, Malformed
from events.vocabulary import PersonId
from notifications.outbox import LetterState, letters, one
from notifications.outbox.asking import UNREACHED, Asked, counted
from notifications.policy import Channel
from projections.asking import Visibility
from tests.notifications.making import County, changed_person, county
from tests.spec.given import CLERK, LIAISON, TOWN, VERIFIER, WATER, person

DAY = timedelta(days=1)


@pytest.fixture
def yunxi(database_url: str) -> Iterator[County]:
    with county(database_url) as made:
        yield made


def asked(yunxi: County, **conditions: object) -> list[str]:
    """Rules and posts of the e-mail letters on the first page."""
    with yunxi.database.reading.connect() as connection:
        page = letters(connection, **conditions)  # type: ignore[arg-type]
    return sorted({f"{x.rule} {x.post.key}" for x in page.items})


class TestLetters:
    def test_are_found_by_matter_unit_and_state(self, yunxi: County) -> None:
        """信件可按事项、单位、状态查。"""
        yunxi.assigned(co_units=(WATER,))
        first = yunxi.current
        yunxi.registered().assigned(lead_unit=WATER)
        assert asked(yunxi, matter=first) == [
            "assigned 青石镇/unit_head",
            "assigned 青石镇/unit_liaison",
            "co-assigned 水务局/unit_liaison",
        ]
        assert asked(yunxi, unit=TOWN) == ["assigned 青石镇/unit_head", "assigned 青石镇/unit_liaison"]
        assert asked(yunxi, unit=WATER) == ["assigned 水务局/unit_liaison", "co-assigned 水务局/unit_liaison"]
        assert len(asked(yunxi, state="waiting")) == 4
        assert asked(yunxi, state="kept") == []
        yunxi.deliver()
        assert asked(yunxi, state="waiting") == []

    def test_are_told_as_they_stood(self, yunxi: County) -> None:
        """看过去某一刻的信件：那时没送到的是待发，那时没打开的是已送达。"""
        yunxi.assigned()
        written = yunxi.now
        yunxi.on(yunxi.today + DAY)
        yunxi.deliver()
        delivered = yunxi.now
        position = yunxi.store.head().position

        def stood(at: datetime, **conditions: object) -> set[str]:
            with yunxi.database.reading.connect() as connection:
                page = letters(connection, position=position, at=at, **conditions)  # type: ignore[arg-type]
            return {row.state.value for row in page.items if row.channel is Channel.EMAIL}

        assert stood(written) == {"waiting"} == stood(written, state="waiting")
        assert stood(delivered, state="waiting") == set()
        now = stood(delivered)
        assert "waiting" not in now
        assert stood(written, state=min(now)) == set()
        assert stood(delivered, state=min(now)) == {min(now)}

    def test_are_newest_first_and_walked_by_cursor(self, yunxi: County) -> None:
        """信件新的在前，翻页不重不漏。"""
        for _ in range(5):
            yunxi.registered().assigned()
        seen: list[str] = []
        positions: list[int] = []
        cursor = None
        with yunxi.database.reading.connect() as connection:
            while True:
                page = letters(connection, cursor=cursor, limit=3)
                seen += [x.id for x in page.items]
                positions += [x.position for x in page.items]
                cursor = page.next
                if cursor is None:
                    break
            assert counted(connection, Asked()) == 20
        assert len(seen) == len(set(seen)) == 20
        assert positions == sorted(positions, reverse=True)

    @pytest.mark.parametrize(
        "cursor", ["x", "%%%", "MTIz", "LTEvYQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5L2E", "é"]
    )
    def test_refuse_a_cursor_of_another_list(self, yunxi: County, cursor: str) -> None:
        """不是信件清单给的翻页标记，说清楚后拒绝。"""
        with yunxi.database.reading.connect() as connection, pytest.raises(Malformed, match="第一页"):
            letters(connection, cursor=cursor)

    def test_refuse_a_state_there_is_none_of(self, yunxi: County) -> None:
        """没有的信件状态，列出可用的。"""
        with yunxi.database.reading.connect() as connection, pytest.raises(Invalid, match="no_address"):
            letters(connection, state="lost")

    def test_are_seen_by_whom_they_went_to(self, yunxi: County) -> None:
        """单位只看见发给本单位的信，核查人只看见发给本人的，督查室全看见。"""
        yunxi.verifying()
        unit = Visibility(units=frozenset({TOWN}), person=person(LIAISON))
        verifier = Visibility(person=person(VERIFIER))
        assert all("青石镇" in x for x in asked(yunxi, visibility=unit))
        assert asked(yunxi, visibility=verifier) == [f"verification-assigned @{person(VERIFIER)}"]
        assert asked(yunxi, visibility=Visibility(person=PersonId("nobody"))) == []
        assert len(asked(yunxi)) > len(asked(yunxi, visibility=unit))

    def test_say_what_they_are_and_where_they_went(self, yunxi: County) -> None:
        """每封信说得出名称、岗位、渠道和去向。"""
        yunxi.assigned().deliver()
        with yunxi.database.reading.connect() as connection:
            page = letters(connection, unit=TOWN)
            letter = next(x for x in page.items if x.channel is Channel.EMAIL)
            assert (letter.title, letter.unit, letter.person) == ("督办通知", TOWN, None)
            assert letter.state.label == "已送达"
            assert letter.role is not None
            assert one(connection, letter.id) == letter
            assert one(connection, "none") is None

    def test_that_reached_nobody_are_listed_for_the_office(self, yunxi: County) -> None:
        """没送到的信，督查室一眼看得到。"""
        changed_person(yunxi.directory, person(LIAISON), email=None)
        yunxi.assigned().deliver()
        lost = yunxi.letters(states=UNREACHED)
        assert [(x.post.key, x.state) for x in lost] == [("青石镇/unit_liaison", LetterState.NO_ADDRESS)]
        assert lost[0].holder == person(LIAISON)

    def test_of_one_fact_come_with_it_or_not_at_all(self, yunxi: County) -> None:
        """事实没记成，信也没有；事实记成了，信一定在。"""
        yunxi.assigned()
        before = len(yunxi.letters())

        def breaking(*_: object) -> None:
            raise OSError("磁盘坏了")

        yunxi.writer.followers.append(breaking)
        with pytest.raises(OSError):
            yunxi.do("urge", pressing.UrgeMatter(), CLERK)
        yunxi.writer.followers.pop()
        assert len(yunxi.letters()) == before
        yunxi.do("urge", pressing.UrgeMatter(), CLERK)
        assert len(yunxi.letters()) == before + 4
