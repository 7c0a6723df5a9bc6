"""清单: each list against plain Python over the folded matters, now and as of any position."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from events.matter.state import Matter
from events.rules.deadlines import days_late
from events.vocabulary import BEIJING, OPEN, Light, Stage, UnitId
from projections import lists
from projections.asking import Asked, Visibility
from tests.projections.office import REPORTED, VERIFIED, Office
from tests.projections.staff import CLERK, HEAD, LIAISON, TOWNS, VERIFIERS

RUNNING = {Stage.ASSIGNED, Stage.ACKNOWLEDGED, Stage.PLANNING, Stage.RECTIFYING, Stage.OBJECTED}


def ids(found: Any) -> list[str]:
    return [item.id for item in found.items]


def by_number(states: list[Matter], keep: Callable[[Matter], bool]) -> list[str]:
    return [m.id for m in sorted(states, key=lambda m: m.number) if keep(m)]


class TestRegister:
    def test_holds_what_the_matters_say(self, office: Office) -> None:
        """台账的每一行，与事项本身一致。"""
        office.live(80)
        items = office.ask(lists.matters, limit=200).items
        states = {m.id: m for m in office.states()}
        assert {i.id for i in items} == set(states)
        for item in items:
            matter = states[item.id]
            assert (item.number, item.title, item.stage, item.version) == (
                matter.number,
                matter.title,
                matter.stage,
                matter.version,
            )
            assert (item.lead_unit, item.co_units, item.due_on) == (
                matter.lead_unit,
                matter.co_units,
                matter.due_on,
            )
            assert item.last_at == matter.last_at
            assert item.open is (matter.stage in OPEN)

    def test_is_filtered(self, office: Office) -> None:
        """按阶段、状态、单位、类别、来源、期限筛选，与逐件核对的结果相同。"""
        office.live(90)
        states, day = office.states(), office.today
        town = TOWNS[0]

        def same(keep: Callable[[Matter], bool], **asked: Any) -> None:
            assert ids(office.ask(lists.matters, limit=200, **asked)) == by_number(states, keep), asked

        same(lambda m: m.stage in OPEN, state="open")
        same(lambda m: m.stage not in OPEN, state="ended")
        same(
            lambda m: m.stage in (Stage.ASSIGNED, Stage.CLOSED),
            stages=frozenset((Stage.ASSIGNED, Stage.CLOSED)),
        )
        same(lambda m: m.lead_unit == town, units=frozenset((town,)))
        same(lambda m: town in (m.lead_unit, *m.co_units), units=frozenset((town,)), co=True)
        same(lambda m: m.lead_unit in TOWNS[:2], units=frozenset(TOWNS[:2]))
        same(lambda m: False, units=frozenset())
        same(lambda m: m.kind == "immediate", kind="immediate")
        same(lambda m: m.source == "群众来信", source="群众来信")
        same(lambda m: bool(m.due_on and m.due_on <= day), due_before=day)
        same(lambda m: bool(m.due_on and m.due_on >= day), due_after=day)
        same(lambda m: m.stage in RUNNING and bool(m.due_on and m.due_on < day), overdue=True)
        same(
            lambda m: m.stage in OPEN and m.kind == "immediate" and m.lead_unit == town,
            state="open",
            kind="immediate",
            units=frozenset((town,)),
        )

    def test_is_searched(self, office: Office) -> None:
        """全角半角、大小写不分；百分号和下划线只当字找；单位名也找得到。"""
        wide = office.register(title="ＡＢＣ厂排污")
        sign = office.register(title="完成50%_率", place="青石镇")
        led = office.assigned()

        def found(q: str, **asked: Any) -> list[str]:
            return ids(office.ask(lists.matters, q=q, **asked))

        assert found("abc厂") == [wide]
        assert found("%") == found("_") == found(" 50％ ") == [sign]
        assert found("青石镇") == [sign]
        assert found("青石", units_named=frozenset((TOWNS[0],))) == [sign, led]
        assert found("2008-00003") == [led]
        assert found("没有这样的词") == []
        assert len(found("  ")) == 3

    def test_finds_only_the_wording_of_the_day(self, office: Office) -> None:
        """更正前后的标题，各在各的时候找得到。"""
        matter = office.register(title="旧题")
        before = office.store.head().position
        office.step(matter, "correct", HEAD, position=before, fields={"title": "新题"})
        assert ids(office.ask(lists.matters, q="旧题")) == []
        assert ids(office.ask(lists.matters, q="旧题", position=before)) == [matter]
        assert office.ask(lists.matters, position=before).items[0].title == "旧题"
        assert office.ask(lists.matters).items[0].title == "新题"

    def test_is_shown_to_those_who_may_see(self, office: Office) -> None:
        """单位只看见本单位牵头、协办的，核查人员看见派给自己的。"""
        office.live(80)
        states = office.states()
        town, verifier = TOWNS[1], VERIFIERS[0].person
        seen = Visibility(units=frozenset((town,)))
        mine = by_number(states, lambda m: town in (m.lead_unit, *m.co_units))
        assert ids(office.ask(lists.matters, visibility=seen, limit=200)) == mine
        sent = Visibility(person=verifier)
        given = by_number(states, lambda m: m.verifier == verifier)
        assert ids(office.ask(lists.matters, visibility=sent, limit=200)) == given
        assert ids(office.ask(lists.matters, visibility=Visibility())) == []
        with office.reading() as connection:
            for matter in states:
                assert lists.may_see(connection, matter.id, seen) is (matter.id in mine)
                assert lists.may_see(connection, matter.id, Visibility(all=True))
            assert not lists.may_see(connection, UnitId("nobody"), Visibility(all=True))

    def test_counts_what_it_lists(self, office: Office) -> None:
        """件数与清单相等。"""
        office.live(60)
        for filters in ({}, {"state": "open", "kind": "immediate"}):
            listed = office.ask(lists.matters, limit=200, **filters)
            with office.reading() as connection:
                assert lists.count(connection, Asked(day=office.today, **filters)) == len(listed.items)


class TestOverdue:
    def test_begins_the_day_after(self, office: Office) -> None:
        """到期当天不算逾期，次日起逾期一天。"""
        matter = office.assigned()
        due_on = office.today + timedelta(days=20)
        office.later(days=20)
        assert ids(office.ask(lists.overdue)) == []
        assert ids(office.ask(lists.due_soon, due_on)) == [matter]
        (item,) = office.ask(lists.matters).items
        assert (item.days_late, item.light) == (0, Light.YELLOW)
        office.later(days=1)
        (item,) = office.ask(lists.overdue).items
        assert (item.id, item.days_late, item.light) == (matter, 1, Light.RED)
        assert item.working_days_late == office.calendar.working_days_between(due_on, office.today)
        assert ids(office.ask(lists.due_soon, due_on)) == []

    def test_is_worst_first(self, office: Office) -> None:
        """逾期最久的排最前，同日的按编号。"""
        office.live(80)
        office.later(days=90)
        items = office.ask(lists.overdue, limit=200).items
        day = office.today
        late = [m for m in office.states() if m.stage in RUNNING and m.due_on and m.due_on < day]
        assert late
        assert [i.id for i in items] == [m.id for m in sorted(late, key=lambda m: (m.due_on, m.number))]
        assert [i.days_late for i in items] == [days_late(i.due_on, day) for i in items]

    def test_stops_with_the_report(self, office: Office) -> None:
        """报结之后不再增长，销号后仍记得逾期。"""
        matter = office.assigned()
        office.steps(matter, ("acknowledge", LIAISON))
        office.later(days=23)
        office.steps(matter, *REPORTED)
        office.later(days=30)
        assert ids(office.ask(lists.overdue)) == []
        (waiting,) = office.ask(lists.awaiting_verification).items
        assert (waiting.days_late, waiting.light) == (3, Light.RED)
        office.steps(matter, *VERIFIED, ("approve-write-off", HEAD))
        office.later(days=100)
        (closed,) = office.ask(lists.matters).items
        assert (closed.days_late, closed.closed_late, closed.light) == (3, True, Light.NONE)

    def test_does_not_grow_while_suspended(self, office: Office) -> None:
        """中止期间不再增长，不亮灯，不在逾期清单；中止中撤销的也停在中止那天。"""
        matter = office.assigned(kind="rectification")
        office.steps(matter, ("acknowledge", LIAISON))
        office.later(days=22)
        office.step(matter, "suspend", HEAD)
        office.later(days=40)
        assert ids(office.ask(lists.overdue)) == []
        (item,) = office.ask(lists.matters).items
        assert (item.days_late, item.light) == (2, Light.NONE)
        office.step(matter, "cancel", HEAD)
        office.later(days=40)
        assert office.ask(lists.matters).items[0].days_late == 2

    def test_is_unknown_without_a_due_day(self, office: Office) -> None:
        """还没有期限的，逾期天数为空。"""
        office.register()
        (item,) = office.ask(lists.matters).items
        assert (item.days_late, item.working_days_late, item.due_on) == (None, None, None)

    def test_is_judged_on_the_day_asked(self, office: Office) -> None:
        """问哪一天，就按哪一天判。"""
        office.assigned()
        day = office.today + timedelta(days=27)
        assert [i.days_late for i in office.ask(lists.overdue, day=day).items] == [7]


class TestOtherLists:
    def test_unsigned_and_awaiting(self, office: Office) -> None:
        """待签收按交办先后，待核查按报结先后。"""
        office.live(80)
        states = office.states()
        unsigned = [m for m in states if m.stage is Stage.ASSIGNED]
        assert ids(office.ask(lists.unsigned, limit=200)) == [
            m.id for m in sorted(unsigned, key=lambda m: (m.assigned_at.astimezone(BEIJING).date(), m.number))
        ]
        waiting = [m for m in states if m.stage in (Stage.COMPLETION_REPORTED, Stage.VERIFYING)]
        assert ids(office.ask(lists.awaiting_verification, limit=200)) == [
            m.id
            for m in sorted(
                waiting, key=lambda m: (m.completion_reported_at.astimezone(BEIJING).date(), m.number)
            )
        ]

    def test_children(self, office: Office) -> None:
        """子事项随父事项列出；未办结的子事项拦住销号。"""
        parent = office.register()
        office.children_of(parent, 2)
        children = ids(office.ask(lists.children, parent))
        assert len(children) == 2
        with office.database.reader() as driver:
            assert lists.open_children(driver, parent) == ("2008-00002", "2008-00003")
        office.step(children[0], "cancel", HEAD)
        with office.database.reader() as driver:
            assert lists.open_children(driver, parent) == ("2008-00003",)
        with office.reading() as connection:
            assert lists.matter_of_number(connection, "2008-00003") == children[1]
            assert lists.matter_of_number(connection, "2008-99999") is None

    def test_provisional_and_working_days(self, office: Office) -> None:
        """暂定的、按工作日数的未办结事项，公布新年份时要重看。"""
        far = office.assigned(time_limit="600个工作日内")
        near = office.assigned(time_limit="5个工作日内")
        office.assigned()
        assert ids(office.ask(lists.provisional)) == [far]
        with office.reading() as connection:
            assert lists.counted_in_working_days(connection) == [far, near]
        office.step(far, "cancel", HEAD)
        assert ids(office.ask(lists.provisional)) == []

    def test_chosen_are_those_named(self, office: Office) -> None:
        """点名的几件，按编号列出，看不见的不列。"""
        found = [office.assigned() for _ in range(3)]
        assert ids(office.ask(lists.chosen, found[1:])) == found[1:]
        assert ids(office.ask(lists.chosen, found, visibility=Visibility())) == []

    def test_look_backs(self, office: Office) -> None:
        """抽取回头看的，到期前列出，看过就不列。"""
        matter = office.reviewed()
        due_on = office.today + timedelta(days=9)
        office.steps(matter, ("approve-write-off", HEAD))
        office.step(matter, "select-look-back", CLERK, due_on=due_on)
        assert ids(office.ask(lists.look_backs_due, due_on - timedelta(days=1))) == []
        assert ids(office.ask(lists.look_backs_due, due_on)) == [matter]
        office.step(matter, "pass-look-back", VERIFIERS[1])
        assert ids(office.ask(lists.look_backs_due, date.max)) == []
