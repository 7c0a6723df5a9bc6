"""通报的数字: equal to counting by hand, and to the lists behind them."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from events.bulletin.series import AsOf, Every, Period, period_of
from events.matter import assigning as a
from events.rules.rates import Counted, at_version
from projections.asking import Asked
from projections.rates import by_unit, matters_counted
from service.circulating.checking import recheck, recheck_all
from service.circulating.gathering import question
from service.circulating.plan import plan_again
from tests.circulating.counting_by_hand import counted, noted
from tests.circulating.reading import Reading, content_of, series
from tests.projections.office import Office
from tests.projections.staff import CLERK, TOWNS


def periods(office: Office) -> list[Period]:
    """Every month that is over, and the one that is not."""
    first, found = date(2008, 3, 3), []
    while first <= office.today:
        period = period_of(Every.MONTH, first)
        found.append(Period(first=period.first, last=min(period.last, office.today)))
        first = period.last + timedelta(days=1)
    return found


class TestFigures:
    def test_agree_with_a_plain_loop_over_the_facts(self, lived: Office) -> None:
        """通报里的每个数，与照着记录一条一条数出来的相同：合计、各单位、上期、逾期台账。"""
        facts = [r for m in lived.matters for r in lived.store.stream(f"matter-{m}")]
        seen: set[Counted] = set()
        for period in periods(lived):
            content = content_of(lived, series(ranking_basis="会议纪要"), period)
            at = content.frozen.as_of
            sheets = noted(sorted((f for f in facts if f.position <= at), key=lambda f: f.position))
            days = {"since": content.frozen.counted_from, "first": period.first, "last": period.last}
            whole = counted(sheets.values(), lived.calendar, day=content.frozen.judged_on, **days)
            seen |= {part for part, n in whole.items() if n}
            for figure in content.figures:
                rule = at_version(figure.rule, figure.rule_version)
                of = whole[rule.denominator] if rule.denominator else None
                assert (figure.numerator, figure.denominator) == (whole[rule.numerator], of), rule.id
            for group in content.table.groups:
                for row in group.rows:
                    mine = [s for s in sheets.values() if (s.unit or "") == row.unit]
                    part = counted(mine, lived.calendar, day=content.frozen.judged_on, **days)
                    for column, cell in zip(content.table.columns, row.cells, strict=True):
                        rule = at_version(column.rule, column.rule_version)
                        of = part[rule.denominator] if rule.denominator else None
                        assert cell == (part[rule.numerator], of), (row.name, rule.id)
            for line in content.overdue.rows:
                sheet = sheets[line.matter]
                assert (line.first_due_on, line.due_on) == (sheet.first_due, sheet.due)
                assert line.days_late == (content.frozen.judged_on - line.due_on).days > 0
                assert line.extensions == sheet.extended
            assert len(content.overdue.rows) == whole[Counted.OVERDUE]
        assert {Counted.RELAPSED, Counted.EXTENDED, Counted.CLOSED_IN_PERIOD, Counted.OVERDUE} <= seen

    def test_show_the_period_before_as_it_was_printed(self, lived: Office) -> None:
        """上期数就是上期通报印出来的数，不按后来的记录改。"""
        wanted = series()
        contents = [content_of(lived, wanted, period) for period in periods(lived)[:-1]]
        assert contents[0].previous is None
        for before, after in pairwise(contents):
            for old, new in zip(before.figures, after.figures, strict=True):
                assert new.previous == (old.numerator, old.denominator), new.id
                assert new.previous_shown == old.shown

    def test_equal_the_lists_they_open(self, lived: Office) -> None:
        """每个数点开的清单，正好那么多件。"""
        content = content_of(lived, series(), periods(lived)[-2])
        asked, measure = question(content.period, content.frozen)
        asked = Asked(day=asked.day, position=asked.position, limit=200)
        whole = {}
        for figure in content.figures:
            rule = at_version(figure.rule, figure.rule_version)
            whole |= {rule.numerator: figure.numerator}
            if rule.denominator is not None:
                whole |= {rule.denominator: figure.denominator}
        with lived.reading() as connection:
            for part, n in whole.items():
                page = matters_counted(connection, asked, lived.calendar, part, measure)
                assert len(page.items) == n, part

    def test_of_units_and_of_no_unit_equal_their_lists(self, lived: Office) -> None:
        """各单位的、还没有单位的、几个单位合起来的，清单件数都对得上。"""
        content = content_of(lived, series(), periods(lived)[-2])
        asked, measure = question(content.period, content.frozen)
        with lived.reading() as connection:
            counted = by_unit(connection, lived.calendar, measure, asked, Counted)
            assert counted[None][Counted.RECEIVED]
            led = [unit for unit in counted if unit is not None]
            for units, unled in [([], True), (led[:1], False), (led[:1], True), (led[1:], True)]:
                mine = replace(asked, units=frozenset(units), unled=unled, limit=200)
                tallies = [counted[unit] for unit in (*units, *([None] if unled else []))]
                for part in Counted:
                    page = matters_counted(connection, mine, lived.calendar, part, measure)
                    assert len(page.items) == sum(tally.get(part, 0) for tally in tallies), (units, part)

    def test_of_every_series_are_the_same_when_recomputed(self, lived: Office) -> None:
        """周、季、半年、年和一督查一通报都能拟成，数字自相符合，重算也相同。"""
        for every in ("weekly", "quarterly", "half_year", "yearly", "ad_hoc"):
            wanted = series(every)
            period = Period(first=date(2008, 3, 3), last=lived.today)
            if wanted.every is not Every.AD_HOC:
                period = period_of(wanted.every, date(2008, 4, 7))
            assert recheck(Reading(lived), content_of(lived, wanted, period)) == ()


class TestRechecking:
    def test_finds_the_figure_that_differs(self, office: Office) -> None:
        """后来怎样，旧通报重算都不变；库里被改过，核对就指出是哪个数。"""
        office.live(60)
        office.later(days=60)
        content = content_of(office, series(), Period(first=date(2008, 3, 1), last=date(2008, 4, 30)))
        office.live(40)
        assert recheck(Reading(office), content) == ()
        assert plan_again(content).frozen == content.frozen
        for table in ("register", "register_past"):
            office.spoil(f"UPDATE {table} SET running = 0 WHERE running = 1")
        found = {one.figure for one in recheck(Reading(office), content)}
        assert {"逾期", "逾期率", "合计的逾期"} <= found
        assert not {"在办", "办结率"} & found


class TestAfterwards:
    def test_what_is_entered_later_shows_in_the_next_and_leaves_the_old_as_they_are(
        self, office: Office
    ) -> None:
        """印发以后才补录的，旧通报照样核得上；重新取数的那份写补录以后的数。"""
        march = Period(first=date(2008, 3, 1), last=date(2008, 3, 31))
        matter = office.assigned()
        assigned_at = office.now
        office.later(days=29)
        old = content_of(office, series(), march)
        paper = {"on_behalf_of": TOWNS[0], "paper": office.a_file(), "basis": "签收单"}
        signed_at = assigned_at + timedelta(days=1)
        acknowledged = a.AcknowledgeAssignment(text="3月4日纸质签收")
        office.do(matter, "acknowledge", acknowledged, CLERK, effective_at=signed_at, **paper)
        here = AsOf(position=office.store.head().position, at=office.now)
        new = content_of(office, series(), march, as_of=here)
        receipt = [next(f for f in one.figures if f.id == "receipt_rate") for one in (old, new)]
        assert [(f.numerator, f.denominator) for f in receipt] == [(0, 1), (1, 1)]
        assert recheck(Reading(office), old) == recheck(Reading(office), new) == ()
        checked = list(recheck_all(Reading(office), [old, new, replace(old, figures=new.figures)]))
        assert [bool(found) for _, found in checked] == [False, False, True]
        assert "签收率：通报写 100.0%（1/1），按记录重算是 0.0%（0/1）" in {str(d) for d in checked[2][1]}

    def test_months_in_a_row_are_counted_once(self, lived: Office) -> None:
        """一期接一期地核对，与一期一期单独核对，结果相同；改动一个上期数就看得出来。"""
        contents = [content_of(lived, series(), period) for period in periods(lived)[:-1]]
        figure = contents[-1].figures[0]
        spoilt = replace(figure, previous=(figure.numerator + 1_000, None))
        contents[-1] = replace(contents[-1], figures=(spoilt, *contents[-1].figures[1:]))
        found = [differences for _, differences in recheck_all(Reading(lived), contents)]
        assert found == [recheck(Reading(lived), content) for content in contents]
        assert [len(differences) for differences in found] == [0] * (len(contents) - 1) + [1]
