"""数字的写法、排名、合计与文字: how figures are shown, placed, checked against each other and put into prose."""

from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from events.bulletin.content import BulletinContent, Row
from events.bulletin.prose import check_prose, section_of, shown
from events.bulletin.series import Period
from events.refusals import Conflict, Invalid, NotFound
from events.rules.ranking import places
from events.rules.rates import RULES, Counted, CountingRule, at_version, current
from events.vocabulary import UnitId
from service.circulating import figuring
from service.circulating.charts import svg
from service.circulating.plan import FIGURES
from service.circulating.summing import check_sums
from service.circulating.tabling import finding_room
from service.circulating.wording import wording, wording_of
from tests.circulating.reading import content_of, series
from tests.projections.office import REPORTED, VERIFIED, Office
from tests.projections.staff import HEAD, LIAISON, TOWNS

MARCH = Period(first=date(2008, 3, 1), last=date(2008, 3, 31))
STANDARD = (files("service.circulating") / "templates" / "standard.toml").read_text(encoding="utf-8")


@pytest.fixture
def content(office: Office) -> BulletinContent:
    """March: one closed in time, one overdue, both of 青石镇; other units have no case."""
    closed, late = office.assigned(), office.assigned(due_on=date(2008, 3, 10))
    office.steps(closed, ("acknowledge", LIAISON), *REPORTED, *VERIFIED, ("approve-write-off", HEAD))
    office.steps(late, ("acknowledge", LIAISON))
    office.later(days=40)
    return content_of(office, series(ranking_basis="县政府会议纪要"), MARCH)


class TestRules:
    def test_are_kept_in_every_version(self) -> None:
        """口径改了是新的一版，旧的一版还在；没有的口径说清楚。"""
        later = CountingRule(
            id="closing_rate", version=2, label="办结率", statement="新", numerator=Counted.CLOSED
        )
        rules = (*RULES, later)
        assert current("closing_rate", rules) is later
        assert at_version("closing_rate", 1, rules) is current("closing_rate")
        for ask in (lambda: current("nonsense"), lambda: at_version("closing_rate", 9)):
            with pytest.raises(NotFound, match="没有"):
                ask()

    def test_have_one_statement_each(self) -> None:
        """每条口径有编号、版本和一句话的说法，不重复。"""
        assert len({(rule.id, rule.version) for rule in RULES}) == len(RULES)
        assert all(rule.statement.endswith("。") for rule in RULES)


class TestRanking:
    def test_shares_places_and_leaves_out_who_has_no_case(self) -> None:
        """比率相同名次相同，下一名顺延；没有事项的不排名，不算百分之百。"""
        found = places({"a": (6, 8), "b": (3, 4), "c": (1, 1), "d": (0, 0), "e": (0, 3)})
        assert found == {"c": 1, "a": 2, "b": 2, "e": 4, "d": None}

    def test_compares_exactly_not_as_shown(self) -> None:
        """名次按分数比，不按四舍五入后的百分数比。"""
        assert places({"a": (2001, 3000), "b": (2, 3)}) == {"a": 1, "b": 2}

    def test_ranks_classes_apart(self, content: BulletinContent) -> None:
        """没有事项的单位在表里是“—”，没有名次；排名写明规则和依据。"""
        rows = {row.unit: row for group in content.table.groups for row in group.rows}
        assert rows[TOWNS[0]].rank == 1
        by = [column.rule for column in content.table.columns].index("on_time_closing_rate")
        assert figuring.in_table(rows[TOWNS[0]].cells[by]) == "100.0%（1/1）"
        assert content.ranking is not None
        assert content.ranking.statement in content.table.notes[0]
        assert "县政府会议纪要" in content.table.notes[0]
        assert [place.unit for place in content.fast] == [TOWNS[0]]

    def test_names_no_more_than_there_is_room_for(self) -> None:
        """并列的多，快的名单不变长：先取事项多的，事项数也一样而装不下的都不列。"""
        cells = {"a": (1, 4, 4), "b": (1, 2, 2), "c": (1, 1, 1), "d": (1, 1, 1), "e": (5, 3, 4)}
        rows = [
            Row(unit=UnitId(name), name=name, rank=rank, cells=((n, of),))
            for name, (rank, n, of) in cells.items()
        ]
        assert [row.unit for row in finding_room(rows, 0, 3)] == ["a", "b"]
        assert [row.unit for row in finding_room(rows, 0, 4)] == ["a", "b", "c", "d"]
        assert finding_room(rows[2:4], 0, 1) == []

    def test_needs_a_basis(self, office: Office) -> None:
        """没有排名依据的系列不排名，也没有“做得好的”一节。"""
        office.assigned()
        content = content_of(office, series(), MARCH)
        assert (content.ranking, content.fast, content.slow, content.table.ranked) == (None, (), (), False)
        assert [section.id for section in content.sections] == ["situation", "problems", "requirements"]
        assert all(row.rank is None for group in content.table.groups for row in group.rows)


class TestShowing:
    @pytest.mark.parametrize(
        ("value", "said"),
        [((29, 38), "76.3%（29/38）"), ((0, 0), "—（0/0）"), ((7, None), "7件"), ((1, 16), "6.3%（1/16）")],
    )
    def test_has_the_fraction_beside(self, value: tuple[int, int | None], said: str) -> None:
        """比率带分子分母，四舍五入一位小数；没有可计的写“—”。"""
        assert figuring.shown(value) == said

    @pytest.mark.parametrize(
        ("now", "then", "said"),
        [
            ((29, 38), (26, 36), "比上期提高4.1个百分点"),
            ((1, 2), (1, 2), "与上期持平"),
            ((1, 4), (1, 2), "比上期下降25.0个百分点"),
            ((3, None), (5, None), "比上期减少2件"),
            ((1, 2), (0, 0), "与上期不可比"),
            ((1, 2), None, "上期没有可比的数"),
        ],
    )
    def test_compares_with_the_period_before(self, now: tuple, then: tuple | None, said: str) -> None:
        """比上期按印出来的百分数相减。"""
        assert figuring.change(now, then) == said


class TestSumming:
    def test_refuses_what_does_not_sum(self, content: BulletinContent, office: Office) -> None:
        """合计不等于各部分之和，通报不拟，指明是哪个数。"""
        check_sums(content)
        table = content.table
        wrong = replace(table, total=(*table.total[:-1], (9, None)))
        with pytest.raises(Conflict, match=r"“逾期”9与各类单位合计1对不上") as refused:
            check_sums(replace(content, table=wrong))
        assert refused.value.code == "figures-do-not-sum"
        office.spoil("DELETE FROM particulars")
        with pytest.raises(Conflict, match="逾期事项台账0对不上"):
            content_of(office, series(), MARCH)


class TestProse:
    def test_fills_figures_in(self, content: BulletinContent) -> None:
        """正文的数字由记录填入。"""
        said = "".join(shown(content, "situation", {}))
        assert "新交办2件，办结1件，其中按期办结100.0%（1/1）" in said
        assert "办结50.0%（1/2）" in said
        assert "逾期1件，占在办的100.0%（1/1）" in said
        problem = section_of(content, "problems").items[-1]
        assert (problem.heading, problem.units) == ("青石镇", (TOWNS[0],))
        assert "期限3月10日，逾期21天" in problem.text

    def test_of_an_empty_period_says_so(self, office: Office) -> None:
        """没有情况的一期也拟，并写明没有。"""
        office.later(days=40)
        content = content_of(office, series(), MARCH)
        assert "没有新立项、新交办和办结的督办事项" in "".join(shown(content, "situation", {}))
        assert "没有逾期未报结的事项" in "".join(shown(content, "problems", {}))
        assert (content.charts, content.overdue.rows) == ((), ())

    def test_may_be_edited_but_not_its_figures(self, content: BulletinContent) -> None:
        """文字可以改，数字只能挪动，不能删、不能手写、不能写没有的。"""
        problems = section_of(content, "problems")
        check_prose(problems, "截至月底，逾期的还有{overdue}。", content)
        edited = {"problems": "截至月底，逾期的还有{overdue}。\n\n请抓紧。"}
        assert shown(content, "problems", edited) == ("截至月底，逾期的还有1件。", "请抓紧。")
        for prose, code in (
            ("截至月底，逾期的还有1件。", "figure-missing"),
            ("逾期{overdue}，约谈{interviews}。", "unknown-figure"),
            ("逾期{overdue}，{占", "stray-brace"),
            ("  \n ", "empty-prose"),
        ):
            with pytest.raises(Invalid) as refused:
                check_prose(problems, prose, content)
            assert refused.value.code == code
        with pytest.raises(NotFound, match="situation"):
            section_of(content, "annex")

    def test_takes_no_field_from_a_name(self, office: Office) -> None:
        """单位名称里的花括号不会当成数字。"""
        office.assigned(due_on=date(2008, 3, 10), quality_requirement="{received}")
        office.later(days=40)
        wanted = series(ranking_basis="{overdue}号纪要$x")
        content = content_of(office, wanted, MARCH)
        assert "依据｛overdue｝号纪要$x" in "".join(shown(content, "praise", {}))


class TestTemplates:
    def test_must_name_known_figures(self) -> None:
        """模板写了没有的数字或不认识的词，指明模板和位置。"""
        with pytest.raises(Invalid, match=r"模板 mine 的 \[situation\] prose 写了没有的数字 \{interviews\}"):
            wording_of("mine", STANDARD.replace("立项督办事项{received}", "约谈{interviews}", 1), FIGURES)
        with pytest.raises(Invalid, match="没有名为 mine 的通报模板；template 写 standard"):
            wording("mine", FIGURES)
        mine = wording_of("mine", STANDARD.replace("$span，共立项", "$nobody，共立项"), FIGURES)
        with pytest.raises(Invalid, match="不认识的词 'nobody'"):
            mine.paragraphs("situation", "prose", span="三月")


def test_charts_are_drawn_from_the_table(content: BulletinContent) -> None:
    """图是表里的数画成的，名称里的标记不起作用。"""
    chart = next(chart for chart in content.charts if chart.id == "overdue")
    assert [(bar.label, bar.value) for bar in chart.bars] == [("青石镇", 1)]
    named = replace(chart, bars=(replace(chart.bars[0], label="<script>镇"),))
    assert "<script>" not in svg(named)
    assert svg(chart) == svg(chart)
    assert UnitId("青石镇") in content.named_units
