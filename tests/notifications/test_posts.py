"""Who is at which post, and under which key a post is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from events.directory.state import Directory, Person, Since, Unit
from events.vocabulary import PersonId, Role, UnitId
from notifications.posts import (
    Post,
    head_of,
    keys_of_person,
    keys_of_unit,
    liaison_of,
    post_of,
    posts_on,
)
from tests.notifications.making import changed_person, staffed
from tests.spec.given import LIAISON, MONDAY, TOWN, TOWN_HEAD, WATER, person

LIAISON_POST, HEAD_POST, WATER_POST = "青石镇/unit_liaison", "青石镇/unit_head", "水务局/unit_liaison"


class TestPosts:
    def test_vacant_head_is_not_written_to_beside_a_liaison(self) -> None:
        """负责人空缺时，交办信只发联络员；反之亦然。"""
        posts = posts_on(staffed(Role.UNIT_HEAD), MONDAY)
        assert posts.unit(TOWN) == (liaison_of(TOWN),)
        posts = posts_on(staffed(Role.UNIT_LIAISON), MONDAY)
        assert posts.unit(TOWN) == (head_of(TOWN),)
        assert posts.liaison(TOWN) == head_of(TOWN)

    def test_empty_unit_is_written_to_all_the_same(self) -> None:
        """单位没有人，信照写，写给空着的联络员岗。"""
        posts = posts_on(Directory(), MONDAY)
        assert posts.unit(TOWN) == (liaison_of(TOWN),)
        assert posts.liaison_and_head(TOWN) == (liaison_of(TOWN), head_of(TOWN))

    def test_escalation_names_the_head_even_when_vacant(self) -> None:
        """升级催办时负责人空缺，仍写给负责人岗，好让督查室看到没人。"""
        posts = posts_on(staffed(Role.UNIT_HEAD), MONDAY)
        assert posts.liaison_and_head(TOWN) == (liaison_of(TOWN), head_of(TOWN))

    def test_one_person_at_both_posts_is_written_to_once(self) -> None:
        """一人兼联络员和负责人，只写一封。"""
        made = staffed()
        both = (Since(on=date(2000, 1, 1), position=1, value=frozenset({Role.UNIT_HEAD, Role.UNIT_LIAISON})),)
        changed_person(made, person(TOWN_HEAD), posts=both)
        changed_person(made, person(LIAISON), left_on=MONDAY)
        posts = posts_on(made, MONDAY)
        assert posts.unit(TOWN) == (liaison_of(TOWN),)
        assert posts.liaison_and_head(TOWN) == (liaison_of(TOWN),)

    def test_closed_unit_is_followed_by_its_successor(self) -> None:
        """单位已撤，信写给承接它的单位。"""
        made = staffed()
        made.units[TOWN] = replace(made.units[TOWN], closed_on=MONDAY, successor=WATER)
        assert posts_on(made, MONDAY).unit(TOWN) == (liaison_of(WATER),)
        assert posts_on(made, MONDAY - timedelta(days=1)).liaison(TOWN) == liaison_of(TOWN)
        assert posts_on(made, MONDAY).held_by(liaison_of(TOWN)) == posts_on(made, MONDAY).held_by(
            liaison_of(WATER)
        )

    def test_successors_in_a_circle_end_somewhere(self) -> None:
        """承接关系写成了圈，也不会绕不出来。"""
        made = staffed()
        made.units[TOWN] = replace(made.units[TOWN], closed_on=MONDAY, successor=WATER)
        made.units[WATER] = replace(made.units[WATER], closed_on=MONDAY, successor=TOWN)
        assert posts_on(made, MONDAY).standing(TOWN) in (TOWN, WATER)

    def test_move_with_their_holders_by_date(self) -> None:
        """人换单位、卸任都按日期算，岗位不跟人走。"""
        made = Directory()
        made.units[TOWN] = Unit(id=TOWN)
        head = (Since(on=MONDAY, position=1, value=frozenset({Role.UNIT_HEAD})),)
        made.people[PersonId("a")] = Person(
            id=PersonId("a"),
            name="甲",
            units=(
                Since(on=MONDAY, position=1, value=TOWN),
                Since(on=date(2026, 4, 1), position=2, value=WATER),
            ),
            posts=head,
            left_on=date(2026, 5, 1),
        )
        days = {MONDAY: ("a",), date(2026, 4, 1): ()}
        for day, held in days.items():
            assert posts_on(made, day).held_by(head_of(TOWN)) == held
        assert posts_on(made, date(2026, 4, 1)).held_by(head_of(WATER)) == ("a",)
        assert posts_on(made, date(2026, 5, 1)).held_by(head_of(WATER)) == ()
        assert posts_on(made, date(2026, 5, 1)).held_by(Post(person=PersonId("a"))) == ()
        assert posts_on(made, MONDAY).held_by(Post(person=PersonId("a"))) == ("a",)

    @pytest.mark.parametrize(
        "post",
        [
            liaison_of(TOWN),
            Post(role=Role.OFFICE_CLERK),
            Post(person=PersonId("p-1")),
            head_of(UnitId("0193/x")),
        ],
    )
    def test_are_read_back_as_written(self, post: Post) -> None:
        """岗位存成文字，再读回来是同一个岗位。"""
        assert post_of(post.key) == post

    def test_of_a_person_cover_unit_office_and_own(self) -> None:
        """一个人打开的是本人、本单位岗位、督查室岗位的信。"""
        keys = keys_of_person(PersonId("a"), TOWN, frozenset({Role.UNIT_HEAD}))
        assert keys == ("@a", "/unit_head", HEAD_POST)
        assert HEAD_POST in keys_of_unit(TOWN)
        assert keys_of_person(None, None, frozenset()) == ()
