"""名录的过去: as of any position the directory says what it said then, and its tree never closes on itself."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from events.directory.commands import (
    CloseUnit,
    MovePerson,
    MoveUnit,
    RegisterPerson,
    RegisterUnit,
    RenameUnit,
)
from events.directory.folding import apply
from events.directory.state import Directory, Since, in_force
from events.refusals import Refusal
from events.vocabulary import PersonId, Role, UnitId
from tests.spec_directory.given import TODAY, County

UNITS = st.sampled_from([UnitId(name) for name in "甲乙丙丁"])
PARENTS = st.none() | UNITS
NAMES = st.sampled_from(["一局", "二局", "三局"])
DAYS = st.none() | st.integers(-60, 60).map(lambda days: TODAY + timedelta(days=days))
ACTS = st.one_of(
    st.tuples(UNITS, st.builds(RegisterUnit, name=NAMES, parent=PARENTS)),
    st.tuples(UNITS, st.builds(RenameUnit, name=NAMES, from_=DAYS)),
    st.tuples(UNITS, st.builds(MoveUnit, parent=PARENTS, from_=DAYS)),
    st.tuples(UNITS, st.builds(CloseUnit, successor=PARENTS, from_=DAYS)),
)
ALL_DAYS = [TODAY + timedelta(days=days) for days in range(-62, 63, 2)]


class TestTree:
    @settings(max_examples=150)
    @given(acts=st.lists(ACTS, max_size=25))
    def test_has_neither_circles_nor_twins_on_any_day(
        self, acts: list[tuple[UnitId, RegisterUnit | RenameUnit | MoveUnit | CloseUnit]]
    ) -> None:
        """无论怎样更名、划转、撤销，从今天起没有哪天绕成圈，也没有哪天同一上级之下有两个同名单位。"""
        county = County()
        for unit, command in acts:
            try:
                county.do(f"unit-{unit}", command)
            except Refusal:
                continue
        for day in (day for day in ALL_DAYS if day >= TODAY):
            standing = [u for u in county.directory.units.values() if not u.closed(day)]
            for unit in standing:
                assert unit.id not in county.directory.ancestors(unit.id, day)
            named = [(u.parent(day), u.name(day)) for u in standing]
            assert len(named) == len(set(named))

    @given(acts=st.lists(ACTS, max_size=15))
    def test_says_as_of_a_position_what_it_said_then(
        self, acts: list[tuple[UnitId, RegisterUnit | RenameUnit | MoveUnit | CloseUnit]]
    ) -> None:
        """按过去某一刻查，名称和上级与当时所见一样，后来的更名看不见。"""
        county = County()
        for unit, command in acts:
            try:
                county.do(f"unit-{unit}", command)
            except Refusal:
                continue
        then = Directory()
        for recorded in county.facts:
            apply(then, recorded)
            for unit in then.units.values():
                now = county.directory.units[unit.id]
                for day in ALL_DAYS[::6]:
                    assert unit.name(day) == now.name(day, recorded.position)
                    assert unit.parent(day) == now.parent(day, recorded.position)
        assert then == county.directory


class TestHistory:
    def test_holds_the_first_value_before_its_day(self) -> None:
        """登记之前的日子，按登记时的名称显示；登记之前的记录位次，还没有名称。"""
        history = (
            Since(on=TODAY, position=5, value="甲"),
            Since(on=date(2020, 1, 1), position=9, value="乙"),
        )
        assert in_force(history, date(2019, 1, 1)) == "甲"
        assert in_force(history, TODAY) == "乙"
        assert in_force(history, TODAY, 8) == "甲"
        assert in_force(history, TODAY, 4) is None
        assert in_force((), TODAY) is None

    def test_names_who_is_known_and_gives_the_id_of_others(self) -> None:
        """显示人员和账号的姓名；名录里没有的，显示其编号；没有的留空。"""
        county = County()
        county.unit("甲")
        county.person("王五", "甲")
        county.user("wang", "王五", Role.UNIT_HEAD)
        known = county.directory
        assert [known.person_name(who) for who in ("王五", "x9", None)] == ["王五", "x9", ""]
        assert [known.user_label(user) for user in ("wang", "clock")] == ["王五", "clock"]
        assert [known.unit_name(unit, TODAY) for unit in ("甲", "u9", None)] == ["甲", "u9", ""]

    def test_keeps_what_was_taken_out_before(self) -> None:
        """先前取出的条目，不因后来的事实而变。"""
        county = County()
        for unit in ("甲", "乙"):
            county.do(f"unit-{unit}", RegisterUnit(name=unit))
        county.do("person-p", RegisterPerson(name="王五", unit=UnitId("甲")))
        before = county.directory.people[PersonId("p")]
        county.do("person-p", MovePerson(unit=UnitId("乙")))
        assert before.unit(TODAY) == "甲"
        assert county.directory.people[PersonId("p")].unit(TODAY) == "乙"
