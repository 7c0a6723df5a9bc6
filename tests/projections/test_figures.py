"""看板、单位、比率: every figure equals the list it can be opened into."""

from collections import Counter
from datetime import timedelta

import pytest

from events.matter import assigning as a
from events.rules.rates import current
from events.vocabulary import OPEN, Stage, UnitId
from projections import lists
from projections.board import board
from projections.rates import Rate, rates
from projections.units import unit_counts
from tests.projections.office import REPORTED, VERIFIED, Office
from tests.projections.staff import CLERK, HEAD, LIAISON, LIAISONS, TOWNS


class TestBoard:
    def test_equals_its_lists(self, office: Office) -> None:
        """看板上的每个数，等于点开后的件数，此刻与任何时点都是。"""
        seen = []
        for _ in range(4):
            office.live(20)
            with office.reading() as connection:
                shown = board(connection)
                seen.append(shown)
            assert shown.position == office.store.head().position
            states = office.states()
            assert shown.stages == {**dict.fromkeys(Stage, 0), **Counter(m.stage for m in states)}
            by_unit: dict[UnitId, Counter[Stage]] = {}
            for matter in states:
                if matter.lead_unit:
                    by_unit.setdefault(matter.lead_unit, Counter())[matter.stage] += 1
            assert shown.units == by_unit
            assert shown.total == len(states)
        for then in seen:
            with office.reading() as connection:
                assert board(connection, position=then.position) == then

    def test_shows_a_unit_its_own(self, office: Office) -> None:
        """单位的看板只数本单位牵头的。"""
        office.live(60)
        town = TOWNS[0]
        with office.reading() as connection:
            whole, own = board(connection), board(connection, units=frozenset((town,)))
            then = board(connection, units=frozenset((town,)), position=own.position)
        assert own.units == ({town: whole.units[town]} if town in whole.units else {})
        assert own.total == sum(whole.units.get(town, {}).values())
        assert then == own

    def test_is_empty_at_first(self, office: Office) -> None:
        """还没有事项时，各阶段都是零。"""
        with office.reading() as connection:
            shown = board(connection)
        assert set(shown.stages.values()) == {0}
        assert (shown.units, shown.position) == ({}, 0)


class TestUnits:
    def test_equal_their_lists(self, office: Office) -> None:
        """单位页上的数，等于各自的清单。"""
        office.live(90)
        office.later(days=15)
        soon = office.today + timedelta(days=5)
        with office.reading() as connection:
            counted = {c.unit: c for c in unit_counts(connection, day=office.today, soon=soon)}
        states = office.states()
        assert set(counted) == {m.lead_unit for m in states if m.lead_unit}
        for unit, counts in counted.items():
            mine = {"units": frozenset((unit,)), "limit": 200}
            assert counts.total == len(office.ask(lists.matters, **mine).items)
            assert counts.open == len(office.ask(lists.matters, state="open", **mine).items)
            assert counts.overdue == len(office.ask(lists.overdue, **mine).items)
            assert counts.due_soon == len(office.ask(lists.due_soon, soon, **mine).items)
            assert counts.unsigned == len(office.ask(lists.unsigned, **mine).items)
            assert counts.awaiting_verification == len(office.ask(lists.awaiting_verification, **mine).items)
            assert counts.suspended == sum(m.stage is Stage.SUSPENDED for m in states if m.lead_unit == unit)
            assert counts.total - counts.open == sum(
                m.stage not in OPEN for m in states if m.lead_unit == unit
            )


class TestRates:
    def test_count_what_they_say(self, office: Office) -> None:
        """各率的分子分母，逐件数得出来。"""
        closed = self.closed(office)
        late = office.assigned()
        office.steps(late, ("acknowledge", LIAISON))
        office.later(days=25)
        office.steps(late, *REPORTED, *VERIFIED, ("approve-write-off", HEAD))
        office.steps(closed, ("find-relapse", CLERK))
        office.assigned()
        office.register()
        office.steps(office.assigned(), ("cancel", HEAD))
        found = self.ask(office)
        assert found == {
            "closing_rate": (2, 3),
            "on_time_closing_rate": (1, 2),
            "receipt_rate": (2, 3),
            "rectification_rate": (2, 3),
            "write_off_rate": (2, 3),
            "handling_rate": (0, 3),
            "conclusion_rate": (2, 3),
            "relapse_rate": (1, 2),
        }

    def test_take_a_reopened_matter_as_never_ended(self, office: Office) -> None:
        """重开的按未曾办结计算；当时的数不变。"""
        matter = self.closed(office)
        then = office.store.head().position
        office.steps(matter, ("reopen", HEAD))
        assert self.ask(office)["closing_rate"] == (0, 1)
        assert self.ask(office)["relapse_rate"] == (0, 0)
        assert self.ask(office, position=then)["closing_rate"] == (1, 1)

    def test_count_a_sign_for_by_the_first_working_day(self, office: Office) -> None:
        """周五交办，周一签收算及时，周二就不算。"""
        office.now = office.now.replace(day=7)
        prompt, slow = office.assigned(), office.assigned()
        office.later(days=3)
        office.steps(prompt, ("acknowledge", LIAISON))
        office.later(days=1)
        office.steps(slow, ("acknowledge", LIAISON))
        assert self.ask(office)["receipt_rate"] == (1, 2)

    def test_judge_the_unit_by_its_own_assignment(self, office: Office) -> None:
        """改派之后，签收按现在的牵头单位算；只算在现在的牵头单位头上。"""
        matter = office.assigned()
        office.later(days=9)
        again = a.ReassignMatter(lead_unit=TOWNS[1], quality_requirement="达标", due_on=office.today)
        office.do(matter, "reassign", again, CLERK)
        office.steps(matter, ("acknowledge", LIAISONS[1]))
        assert self.ask(office, units=frozenset((TOWNS[1],)))["receipt_rate"] == (1, 1)
        assert self.ask(office, units=frozenset((TOWNS[0],)))["receipt_rate"] == (0, 0)

    def test_select_by_the_day_first_assigned(self, office: Office) -> None:
        """期间按首次交办日取，起止两天都算在内。"""
        day = office.today
        office.assigned()
        one = timedelta(days=1)
        for first, last, n in (
            (day, day, 1),
            (day + one, None, 0),
            (None, day - one, 0),
            (day - one, day + one, 1),
        ):
            assert self.ask(office, first=first, last=last)["closing_rate"] == (0, n)

    @pytest.mark.parametrize(
        ("numerator", "denominator", "percent"),
        [
            (1, 3, 33.3),
            (2, 3, 66.7),
            (1, 8, 12.5),
            (1, 16, 6.3),
            (1, 80, 1.3),
            (0, 7, 0.0),
            (7, 7, 100.0),
            (0, 0, None),
        ],
    )
    def test_round_half_up(self, numerator: int, denominator: int, percent: float | None) -> None:
        """百分率四舍五入到一位小数；分母为零时为空。"""
        rule = current("closing_rate")
        rate = Rate(rule=rule, numerator=numerator, denominator=denominator, as_of=1)
        assert rate.percent == percent

    def closed(self, office: Office) -> str:
        matter = office.assigned()
        office.steps(matter, ("acknowledge", LIAISON), *REPORTED, *VERIFIED, ("approve-write-off", HEAD))
        return matter

    def ask(self, office: Office, **asked: object) -> dict[str, tuple[int, int]]:
        with office.reading() as connection:
            found = rates(connection, office.calendar, **{"day": office.today, **asked})
        assert {r.as_of for r in found} == {asked.get("position", office.store.head().position)}
        return {r.rule.id: (r.numerator, r.denominator) for r in found}
