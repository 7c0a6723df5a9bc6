"""台账怎么看: orders, columns, saved views; what is exported and printed is what is shown."""

import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest

from tests.service.given import Office
from tests.service.pages import Visitor, visitor
from tests.service.programs import CONFIG, did, duban

HEADS = re.compile(r'<th role="columnheader"(.*?)</th>', re.DOTALL)


@pytest.fixture
def three(office: Office) -> Office:
    """Three open matters whose order by due day is not that by number, and one without a due day."""
    office.at("2008-03-03")
    office.register(title="甲，还没交办")
    office.rectifying(title="乙，期限远", time_limit="60日内")
    office.rectifying(title="丙，期限近", time_limit="5日内")
    office.closed(title="丁，已销号")
    office.at("2008-03-04")
    return office


def titles(somebody: Visitor) -> list[str]:
    return re.findall(r'<td role="cell" class="c-t"><a[^>]*>([^，<]+)', somebody.main())


def heads(somebody: Visitor) -> list[str]:
    found = (
        re.sub(r"<[^>]+>|，点一下.*", "", head.partition(">")[2]) for head in HEADS.findall(somebody.main())
    )
    return [head.strip() for head in found if "勾选" not in head]


def workbook(somebody: Visitor) -> list[tuple[Any, ...]]:
    href = next(href for href in somebody.links() if href.startswith("/matters.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(somebody.client.get(href).content))
    return list(book["台账"].iter_rows(values_only=True))


class TestOrder:
    def test_follows_the_heads(self, three: Office) -> None:
        """点“期限”近的在前，再点远的在前；点“编号”倒过来新的在前；表头说明是哪一种。"""
        clerk = visitor(three, "clerk")
        clerk.get("/matters")
        assert titles(clerk) == ["甲", "乙", "丙"]
        clerk.get("/matters?sort=due")
        assert titles(clerk) == ["丙", "乙", "甲"]
        assert clerk.main().count('aria-sort="ascending"') == 1
        assert "按期限，近的在前" in clerk.text()
        turned = next(h for h in clerk.links() if "sort=-due" in h)
        clerk.get(turned)
        assert titles(clerk) == ["甲", "乙", "丙"]
        assert 'aria-sort="descending"' in clerk.main()
        clerk.get("/matters?sort=-number&state=all")
        assert titles(clerk) == ["丁", "丙", "乙", "甲"]

    def test_by_due_day_is_for_open_matters(self, three: Office) -> None:
        """期限只排在办的：看已了结的、全部的，表头上没有这个排法，写在网址里也按编号列。"""
        clerk = visitor(three, "clerk")
        clerk.get("/matters?state=all&sort=due")
        assert titles(clerk) == ["甲", "乙", "丙", "丁"]
        assert "sort=due" not in "".join(clerk.links(r'<th [^>]*><a href="([^"]*)"'))
        clerk.get("/matters?stage=rectifying&sort=due")
        assert titles(clerk) == ["丙", "乙"]

    def test_another_order_or_column_is_refused(self, office: Office) -> None:
        """没有的排法、没有的列，说清楚退回。"""
        clerk = visitor(office, "clerk")
        clerk.get("/matters?sort=colour", 400)
        assert "没有“colour”这种排法" in clerk.text()
        clerk.get("/matters.xlsx?col=secret", 400)
        assert "没有“secret”这一列" in clerk.text()

    def test_api_takes_the_same(self, three: Office) -> None:
        """接口上 sort=due 也按期限列，只用于在办的；写错了说清楚。"""
        due = three.ask("/matters", state="open", sort="due", limit=2)
        numbers = [item["number"] for item in due["items"]]
        rest = three.ask("/matters", state="open", sort="due", limit=2, cursor=due["next"])
        assert [*numbers, *(item["number"] for item in rest["items"])] == [
            "2008-00003",
            "2008-00002",
            "2008-00001",
        ]
        three.refused(422, "wrong-value", three.get("/matters", sort="due"))
        three.refused(422, "wrong-value", three.get("/matters", sort="colour"))


class TestColumns:
    def test_are_those_chosen_on_page_and_workbook_alike(self, three: Office) -> None:
        """选了哪些列，页面、导出的表就是哪些列，次序也一样；编号和事项总在；筛选、排序都带着。"""
        clerk = visitor(three, "clerk")
        clerk.get("/matters?sort=due&state=open&col=unit&col=due&col=source&col=place&col=percent")
        assert heads(clerk) == ["编号", "事项", "责任单位", "期限", "来源", "地点", "进展（%）"]
        shown = titles(clerk)
        first, *rows = workbook(clerk)
        assert list(first) == heads(clerk)
        assert [row[1].partition("，")[0] for row in rows] == shown == ["丙", "乙", "甲"]
        clerk.get("/matters")
        assert heads(clerk) == ["编号", "事项", "责任单位", "阶段", "期限", "灯", "最近动态"]
        assert list(workbook(clerk)[0]) == heads(clerk)

    def test_stay_while_one_filters(self, three: Office) -> None:
        """换一个筛选，列和排序不变；“恢复常用的列”去掉选过的列。"""
        clerk = visitor(three, "clerk")
        clerk.get("/matters?sort=due&col=source")
        panel = clerk.main().partition('class="filters"')[2].partition("</form>")[0]
        assert '<input type="hidden" name="col" value="source">' in panel
        assert '<option value="due" selected>按期限，近的在前</option>' in panel
        assert "/matters?sort=due" in clerk.links()

    def test_foot_names_position_and_digest(self, three: Office) -> None:
        """打印的页脚写明这一页照的是记录的哪一位和那一位的摘要，看过去也是那时的位置。"""
        assert three.runtime is not None
        clerk = visitor(three, "clerk")
        before = three.runtime.store.head().position
        clerk.get("/matters")
        foot = next(h for h in re.findall(r'href="([^"]+)" media="print"', clerk.page))
        assert foot == f"/foot.css?at={before}"
        said = clerk.get(foot)
        known = three.runtime.store.hash_at(before)
        assert known is not None
        assert known.hex()[:8] in said
        assert f"{before:,}".replace(",", "\\2c ") in said
        clerk.get("/overdue?as_of=3")
        assert "/foot.css?at=3" in clerk.page


class TestSavedViews:
    def save(self, somebody: Visitor, name: str, query: str, reach: str = "own", status: int = 200) -> None:
        somebody.get(f"/views/new?{query}")
        somebody.send("/views/new", {"name": name, "reach": reach, "query": query}, status=status)

    def named(self, somebody: Visitor) -> dict[str, str]:
        somebody.get("/matters")
        found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)<span class="visually-hidden">：', somebody.main())
        return {name: href.replace("&amp;", "&") for href, name in found}

    def test_are_links_to_what_was_looked_at(self, three: Office) -> None:
        """筛好、排好、选好列，存个名字；以后一点就是同样的筛选、排序和列，本人的别人看不到。"""
        clerk = visitor(three, "clerk")
        query = "stage=rectifying&sort=due&col=unit&col=due"
        self.save(clerk, "整改按期限", query)
        assert titles(clerk) == ["丙", "乙"]
        assert 'aria-current="page">整改按期限' in clerk.main()
        assert self.named(clerk) == {"整改按期限": f"/matters?{query}"}
        assert self.named(visitor(three, "head")) == {}

    def test_reach_their_unit_or_everybody(self, three: Office) -> None:
        """给本单位的，同单位的人看得到；给全体的，谁都看得到，只有督查室能存；看到的仍只是各自看得到的事项。"""
        self.save(visitor(three, "clerk"), "全县逾期", "overdue=1", "public")
        self.save(visitor(three, "liaison"), "我镇在办", "state=open", "unit")
        assert list(self.named(visitor(three, "chief"))) == ["我镇在办", "全县逾期"]
        assert list(self.named(visitor(three, "water"))) == ["全县逾期"]
        liaison = visitor(three, "liaison")
        self.save(liaison, "大家都看", "state=open", "public", status=403)
        assert "给全体用的视图由督查室来存" in liaison.text()
        assert 'value="大家都看"' in liaison.page

    def test_are_renamed_and_removed_by_their_makers(self, three: Office) -> None:
        """本人可以改名、删去；别人存的改不了，督查室负责人可以清理共用的；看不见的等于没有。"""
        clerk, chief = visitor(three, "clerk"), visitor(three, "chief")
        self.save(clerk, "全县逾期", "overdue=1", "public")
        self.save(clerk, "我的", "handler=me")
        clerk.get("/views")
        public = re.search(r"/views/(\w+)/rename", clerk.page)
        assert public is not None
        own, shared = re.findall(r"/views/(\w+)/rename", clerk.page)
        clerk.send(f"/views/{own}/rename", {"name": "我经办的"})
        assert list(self.named(clerk)) == ["我经办的", "全县逾期"]
        chief.get("/views")
        assert "/rename" not in chief.page
        chief.send(f"/views/{shared}/remove", status=403)
        chief.send(f"/views/{own}/remove", status=404)
        head = visitor(three, "head")
        head.get("/views")
        head.send(f"/views/{shared}/remove")
        assert self.named(chief) == {}

    @pytest.mark.parametrize(
        ("name", "query", "said", "status"),
        [
            ("", "state=open", "给视图起个名字", 422),
            ("很" * 21, "state=open", "最多 20 个字，现在有 21 个", 422),
            ("坏的", "stage=nothing", "没有“nothing”这个阶段", 400),
            ("已有", "overdue=1", "您已经有叫“已有”的视图", 409),
        ],
    )
    def test_bad_ones_are_refused(self, three: Office, name: str, query: str, said: str, status: int) -> None:
        """没有名字、名字太长、筛选读不懂、名字重了，都说清楚，写的还在。"""
        clerk = visitor(three, "clerk")
        self.save(clerk, "已有", "state=open")
        clerk.get("/views/new?state=open")
        clerk.send("/views/new", {"name": name, "reach": "own", "query": query}, status=status)
        assert said in clerk.text()

    def test_names_are_only_text(self, three: Office) -> None:
        """名字里写 HTML、生僻字，照字显示。"""
        clerk = visitor(three, "clerk")
        self.save(clerk, "<b>𠮷</b>视图", "state=open")
        clerk.get("/views")
        assert "<b>𠮷</b>视图" in clerk.text()
        assert "<b>𠮷</b>" not in clerk.page

    def test_no_more_than_thirty(self, three: Office) -> None:
        """一个人最多存三十个。"""
        clerk = visitor(three, "clerk")
        for n in range(30):
            self.save(clerk, f"第{n}个", f"q={quote('河')}{n}")
        self.save(clerk, "再来一个", "state=open", status=422)
        assert "先到“管理视图”里删几个" in clerk.text()

    def test_survive_backup_and_restore(self, opened: Path, tmp_path: Path) -> None:
        """备份、恢复之后，存下的视图还在。"""
        from service.runtime import open_runtime
        from service.storage.views import Reach
        from tests.service.opened import settings_at

        runtime = open_runtime(settings_at(opened))
        at = runtime.clock.now()
        runtime.views.add("clerk", None, reach=Reach.OWN, name="逾期", query="overdue=1", at=at)  # type: ignore[arg-type]
        runtime.close()
        did(duban(opened, "backup", str(tmp_path / "kept")))
        other = tmp_path / "elsewhere"
        other.mkdir()
        (other / "config.toml").write_text(CONFIG, encoding="utf-8")
        did(duban(other, "restore", str(tmp_path / "kept")))
        restored = open_runtime(settings_at(other))
        names = [view.name for view in restored.views.seen_by("clerk", None)]  # type: ignore[arg-type]
        restored.close()
        assert names == ["逾期"]


def test_views_on_both_engines(office_on_both: Office) -> None:
    """两种数据库上，排序、存视图、喜好都一样。"""
    office = office_on_both
    office.at("2008-03-03")
    office.rectifying(title="乙", time_limit="60日内")
    office.rectifying(title="丙", time_limit="5日内")
    office.tick("2008-03-04")
    clerk = visitor(office, "clerk")
    clerk.get("/matters?sort=due")
    assert titles(clerk) == ["丙", "乙"]
    clerk.get("/matters?sort=-due&as_of=2008-03-03")
    assert titles(clerk) == ["乙", "丙"]
    clerk.get("/views/new?sort=due")
    clerk.send("/views/new", {"name": "按期限", "reach": "public", "query": "sort=due"})
    assert "按期限" in clerk.main()


def test_how_the_pages_look_follows_the_account(office: Office) -> None:
    """字号、对比、快捷键存下后跟着账号走：退出再登录、换一台电脑都一样；别人的不变。"""
    first = visitor(office, "clerk")
    first.get("/me")
    first.send("/me/look", {"size": "large", "contrast": "high", "keys": "off"})
    again = visitor(office, "clerk")
    again.get("/matters")
    assert 'data-size="large"' in again.page
    assert "data-keys" not in again.page
    assert 'id="keys"' not in again.page
    other = visitor(office, "head")
    other.get("/matters")
    assert 'data-size="large"' not in other.page
    assert "<body" in other.page
    assert "data-keys" in other.page
    again.get("/me")
    again.send("/me/look", {"size": "standard", "contrast": "standard", "keys": "on"})
    again.get("/matters")
    assert "data-keys" in again.page


def test_an_empty_register_says_what_to_do_first(office: Office) -> None:
    """一件也没有的时候：督查室看到先登记立项，点得开；责任单位看到等交办；看板也一样。"""
    office.at("2008-03-03")
    for path in ("/matters", "/board"):
        clerk, liaison = visitor(office, "clerk"), visitor(office, "liaison")
        clerk.get(path)
        assert "先登记立项：什么问题、从哪里来的" in clerk.text()
        assert "/matters/register" in clerk.links()
        liaison.get(path)
        assert "督查室交办以后列在这里" in liaison.text()
        assert "/matters/register" not in liaison.links()
