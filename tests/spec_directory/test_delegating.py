"""代办: who stands in while a person is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from events.directory.commands import DelegateDuty, EndDelegation, LeavePerson
from events.directory.delegating import stood_for
from events.record.envelope import Actor
from events.refusals import Conflict, Invalid, NotYours
from events.vocabulary import PersonId, Role, UserName
from tests.spec_directory.given import TODAY, County

TUESDAY, FRIDAY, NEXT_FRIDAY = date(2026, 3, 3), date(2026, 3, 6), date(2026, 3, 13)


@pytest.fixture
def county() -> County:
    """Three colleagues with accounts."""
    made = County()
    made.unit("督查室")
    for name in ("甲", "乙", "丙"):
        made.person(name, "督查室", Role.OFFICE_CLERK)
        made.user(f"u{name}", name, Role.OFFICE_CLERK)
    return made


def away(county: County, who: str, to: str, since: date = TUESDAY, until: date = FRIDAY, *acts: str) -> None:
    county.do(f"person-{who}", DelegateDuty(to=PersonId(to), from_=since, until=until, acts=acts))


def standing(county: County, who: str, on: date) -> list[str]:
    """For whom somebody stands in on a day."""
    return [stood.person.name for stood in stood_for(county.directory, PersonId(who), on)]


class TestDelegating:
    def test_holds_from_day_to_day(self, county: County) -> None:
        """代办从起日到止日，两头都算；之前之后都不算。"""
        away(county, "甲", "乙", TUESDAY, FRIDAY, "urge")
        assert [standing(county, "乙", day) for day in (TODAY, TUESDAY, FRIDAY, date(2026, 3, 7))] == [
            [], ["甲"], ["甲"], [],
        ]  # fmt: skip
        assert stood_for(county.directory, PersonId("乙"), FRIDAY)[0].acts == ("urge",)
        assert standing(county, "丙", FRIDAY) == []

    def test_ends_when_the_person_is_back(self, county: County) -> None:
        """提前回来，从那天起不再代办；没有在代办的不能结束。"""
        away(county, "甲", "乙")
        county.on(date(2026, 3, 5)).do("person-甲", EndDelegation())
        assert standing(county, "乙", date(2026, 3, 4)) == ["甲"]
        assert standing(county, "乙", date(2026, 3, 5)) == []
        with pytest.raises(Conflict):
            county.do("person-甲", EndDelegation())
        away(county, "甲", "丙", date(2026, 3, 5))
        assert standing(county, "丙", date(2026, 3, 5)) == ["甲"]

    def test_is_arranged_by_oneself_or_a_head(self, county: County) -> None:
        """本人、督查室负责人、系统管理员可以安排，别人不行。"""
        roles = frozenset({Role.OFFICE_CLERK})
        county.actor = Actor(user=UserName("u丙"), name="丙", person=PersonId("丙"), roles=roles)
        with pytest.raises(NotYours):
            away(county, "甲", "乙")
        county.actor = replace(county.actor, person=PersonId("甲"))
        away(county, "甲", "乙")
        county.actor = replace(county.actor, person=None, roles=frozenset({Role.OFFICE_HEAD}))
        away(county, "丙", "乙")
        assert standing(county, "乙", TUESDAY) == ["丙", "甲"]

    def test_does_not_go_in_a_circle(self, county: County) -> None:
        """代办不能转成圈，隔着人的圈也不行；日子错开的可以。"""
        away(county, "甲", "乙")
        away(county, "乙", "丙")
        for back in ("乙", "甲"):
            with pytest.raises(Invalid) as caught:
                away(county, "丙", back)
            assert caught.value.code == "delegation-circle"
        away(county, "丙", "甲", date(2026, 3, 9), NEXT_FRIDAY)

    @pytest.mark.parametrize(
        ("to", "since", "until", "code"),
        [
            ("甲", TUESDAY, FRIDAY, "same-person"),
            ("没有", TUESDAY, FRIDAY, "unknown-person"),
            ("丁", TUESDAY, FRIDAY, "no-account"),
            ("丙", TUESDAY, NEXT_FRIDAY, "person-left"),
            ("乙", FRIDAY, TUESDAY, "wrong-period"),
            ("乙", date(2026, 2, 2), date(2026, 2, 6), "date-passed"),
            ("乙", TUESDAY, date(2028, 3, 3), "too-long"),
        ],
    )
    def test_refuses_who_or_when_cannot_be(
        self, county: County, to: str, since: date, until: date, code: str
    ) -> None:
        """自己、没有的人、没有账号的、要离任的，和不合情理的日子，都不收。"""
        county.person("丁", "督查室", Role.OFFICE_CLERK)
        county.do("person-丙", LeavePerson(from_=date(2026, 3, 10)))
        with pytest.raises(Invalid) as caught:
            away(county, "甲", to, since, until)
        assert caught.value.code == code

    def test_does_not_overlap(self, county: County) -> None:
        """同一段时间只能由一个人代办。"""
        away(county, "甲", "乙")
        with pytest.raises(Invalid) as caught:
            away(county, "甲", "丙", FRIDAY, NEXT_FRIDAY)
        assert caught.value.code == "delegation-overlaps"
