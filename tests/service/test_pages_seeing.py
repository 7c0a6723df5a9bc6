"""What pages show: to whom, as of when, and that every figure equals the list it opens."""

import re

import pytest

from tests.service.given import STAFF, Office
from tests.service.pages import Visitor, visitor

RAIL = re.compile(r'<nav class="rail".*?</nav>', re.DOTALL)


@pytest.mark.parametrize("account", [*STAFF, "admin"])
def test_every_link_offered_opens(office: Office, account: str) -> None:
    """左栏、底栏和工作台上给的每个链接，点开都是 200，没有人看得到会被拒的链接。"""
    office.at("2008-03-03")
    office.rectifying()
    office.reviewed(kind="leader_instruction", urgency="ordinary")
    office.register()
    somebody = visitor(office, account)
    for page in ("/", "/matters", "/units"):
        somebody.get(page)
        for href in sorted(set(somebody.links(r'<a [^>]*href="(/[^"#]*)"'))):
            somebody.get(href)
            somebody.get(page)


def test_every_list_answers_on_both_engines(office_on_both: Office) -> None:
    """两种数据库上，工作台、台账、看板、各清单、事项、单位、消息都打得开，过去也看得到。"""
    office = office_on_both
    office.at("2008-03-03")
    matter = office.rectifying(time_limit="5日内")
    office.tick("2008-03-12")
    clerk = visitor(office, "clerk")
    lists = (
        "overdue due-soon unsigned extensions support awaiting-verification look-backs provisional".split()
    )
    pages = [
        "",
        "matters",
        "matters?q=河道&overdue=1",
        "board",
        "board?by=unit",
        "units",
        "letters/sent",
        *lists,
    ]
    for page in (*pages, f"matters/{matter}", f"units/{office.units['town']}", "matters?as_of=2008-03-04"):
        clerk.get(f"/{page}")
    for page in ("board", "overdue", f"matters/{matter}"):
        clerk.get(f"/{page}?as_of=2008-03-04")
    visitor(office, "liaison").get("/")


class TestFigures:
    @pytest.fixture
    def busy(self, office: Office) -> Office:
        office.at("2008-03-03")
        for _ in range(3):
            office.register()
        office.assigned(time_limit="3日内")
        office.planning(time_limit="5日内")
        office.rectifying(time_limit="60日内")
        office.do("request-support", {"text": "请调车"}, by="liaison")
        office.reported()
        office.reviewed()
        office.at("2008-03-20")
        office.tick()
        return office

    def test_equal_their_lists(self, busy: Office) -> None:
        """工作台上每个数，都等于点开后列出来的件数。"""
        head = visitor(busy, "head")
        head.get("/")
        figures = re.findall(r'<a href="([^"]+)"[^>]*><b>(\d+)</b><span>([^<]+)</span>', head.main())
        assert len(figures) >= 8
        for href, number, label in figures:
            if href.startswith("/"):
                head.get(href.replace("&amp;", "&"))
                assert head.main().count("data-row") == int(number), label
                head.get("/")

    def test_of_the_board_equal_their_lists(self, busy: Office) -> None:
        """看板每一列的数，等于台账里那些阶段的件数。"""
        clerk = visitor(busy, "clerk")
        clerk.get("/board")
        columns = re.findall(
            r'class="col-h"><span>[^<]+</span><b><a class="plain" href="([^"]+)">(\d+)</a>', clerk.page
        )
        assert len(columns) == 6
        for href, number in columns:
            clerk.get(href.replace("&amp;", "&"))
            assert clerk.main().count("data-row") == int(number)

    def test_of_a_unit_see_only_its_own(self, busy: Office) -> None:
        """别的单位看不到这些事项：台账是空的，事项页是 404，材料也是 404。"""
        matter = busy.matter
        busy.at("2008-03-20 10:00")
        other = visitor(busy, "water")
        other.get("/matters?state=all")
        assert other.main().count("data-row") == 0
        other.get(f"/matters/{matter}", status=404)
        assert "不归您看" in other.text()


class TestThePast:
    def test_shows_what_was_known_then(self, office: Office) -> None:
        """看过去：阶段、期限、经过都是那一天的，页面写明在看过去，没有一个能办的按钮。"""
        office.at("2008-03-03")
        matter = office.assigned()
        office.at("2008-03-05")
        office.do("acknowledge", by="liaison")
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}?as_of=2008-03-04")
        assert "正在看过去" in clerk.text()
        assert "待签收" in clerk.text()
        assert f"/matters/{matter}/urge" not in clerk.page
        clerk.get("/matters?as_of=2008-03-04")
        assert "待签收" in clerk.main()
        assert "登记立项" not in clerk.main()
        clerk.get("/board?as_of=2008-03-02")
        assert "看板上还没有事项" in clerk.text()

    def test_refuses_the_future(self, office: Office) -> None:
        """还没到的日子看不了，说清楚。"""
        office.at("2008-03-03")
        office.register()
        visitor(office, "clerk").get("/matters?as_of=2030-01-01", status=422)

    def test_does_not_tell_a_unit_of_a_look_back(self, office: Office) -> None:
        """回头看不打招呼：抽中以后，责任单位的页面上看不出来。"""
        office.at("2008-03-03")
        matter = office.closed()
        office.do("select-look-back", {"due_on": "2008-03-20"}, by="clerk")
        liaison = visitor(office, "liaison")
        liaison.get(f"/matters/{matter}")
        assert "抽取回头看" not in liaison.page
        assert "前回头看" not in liaison.page
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}")
        assert "抽取回头看" in clerk.page


class TestTheRegister:
    def test_is_walked_to_its_end(self, office: Office) -> None:
        """台账一页一页翻到底，每件正好出现一次。"""
        office.at("2008-03-03")
        for number in range(60):
            office.register(title=f"第{number}件待办事项")
        clerk = visitor(office, "clerk")
        clerk.get("/matters")
        seen: list[str] = []
        while True:
            seen += re.findall(r"第\d+件待办事项", clerk.main())
            onward = clerk.links(r'href="(/matters\?[^"]*cursor=[^"]*)" rel="next"')
            if not onward:
                break
            clerk.get(onward[0])
        assert len(seen) == len(set(seen)) == 60

    def test_is_filtered_by_its_address(self, office: Office) -> None:
        """筛选写在网址里：阶段、单位、逾期、查找都管用，筛掉的条件能一个个去掉。"""
        office.at("2008-03-03")
        office.register(title="待交办的")
        office.assigned(title="青石镇逾期的", time_limit="3日内")
        office.tick("2008-03-12")
        clerk = visitor(office, "clerk")
        clerk.get("/matters?stage=assigned&overdue=1")
        assert "青石镇逾期的" in clerk.main()
        assert "待交办的" not in clerk.main()
        chips = clerk.links(r'class="chip" href="([^"]+)"')
        assert len(chips) == 2
        clerk.get(f"/matters?unit={office.units['water']}")
        assert "一件也没有" in clerk.text()
        clerk.get("/matters?q=青石镇")
        assert "青石镇逾期的" in clerk.main()
        clerk.get("/matters?stage=nonsense", status=400)

    def test_finds_a_number_as_people_write_it(self, office: Office) -> None:
        """按〔2008〕1号查得到。"""
        office.at("2008-03-03")
        office.register(title="第一件")
        clerk = visitor(office, "clerk")
        clerk.get("/matters?q=督〔2008〕1号")
        assert "第一件" in clerk.main()


class TestAMatter:
    def test_escapes_what_people_typed(self, office: Office) -> None:
        """标题里写了标记，原样显示，不当标记。"""
        office.at("2008-03-03")
        matter = office.register(title="<script>alert(1)</script>𠮷", problem="<b>粗</b>")
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}")
        assert "<script>alert" not in clerk.page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;𠮷" in clerk.page

    def test_marks_a_provisional_limit(self, office: Office) -> None:
        """跨到没公布工作日的年份，期限标暂定：事项页、台账、逾期都标。"""
        office.at("2026-12-20")
        matter = office.assigned(time_limit="20个工作日内")
        clerk = visitor(office, "clerk")
        for page in (f"/matters/{matter}", "/matters", "/provisional", "/board"):
            clerk.get(page)
            assert "暂定</span>" in clerk.main(), page

    def test_reckons_its_light(self, office: Office) -> None:
        """为什么是红灯：用了几天、限几天、停过几天，和期限对得上。"""
        office.at("2008-03-03")
        matter = office.rectifying(time_limit="10个工作日内")
        office.at("2008-03-05")
        office.do("suspend", {"reason": "防汛"}, by="head")
        office.at("2008-03-10")
        office.do("resume", by="head")
        office.tick("2008-03-25")
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}")
        assert "责任单位用了 13 个工作日，限 10 个工作日；期限 3月20日，已过 5 天。" in clerk.text()
        assert "3月6日至3月10日中止" in clerk.text()

    def test_folds_runs_of_reminders(self, office: Office) -> None:
        """同一规则连着说了几次，经过里折成一条。"""
        office.at("2008-03-03")
        matter = office.rectifying(time_limit="10日内")
        for day in ("06", "10", "12", "13"):
            office.tick(f"2008-03-{day}")
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}")
        assert "到期提醒 4 次" in clerk.text()

    def test_shows_a_file_used_twice_on_both(self, office: Office) -> None:
        """同一个文件传在两件上，两件的材料里都写明。"""
        office.at("2008-03-03")
        first, second = office.rectifying(), office.rectifying()
        for matter in (first, second):
            office.attach(matter=matter)
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{first}")
        assert "同一文件也用在督〔2008〕2号" in clerk.text()
        clerk.get(f"/matters/{second}")
        assert "同一文件也用在督〔2008〕1号" in clerk.text()

    def test_is_printed_with_its_place_in_the_record(self, office: Office) -> None:
        """打印的页脚写明记录第几位、摘要、谁、何时；内容不会越出样式表。"""
        office.at("2008-03-03")
        matter = office.register()
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}")
        [foot] = clerk.links(r'href="(/matters/[^"]*foot\.css[^"]*)"')
        clerk.get(foot)
        assert clerk.page.startswith('@page{@bottom-left{content:"')
        assert clerk.page.count('"') == 2


class TestRehearsing:
    def test_moves_the_clock_from_the_banner(self, office: Office) -> None:
        """演练横幅：拨到那一刻，页面按那一刻判断；管理员走到那一刻并跑规则。"""
        office.at("2008-03-03")
        office.rectifying(time_limit="10日内")
        admin = visitor(office, "admin")
        admin.get("/overdue")
        assert "没有逾期的事项" in admin.text()
        admin.send("/rehearsal/moment", {"moment": "2008-03-20T09:00", "back": "/overdue"})
        assert "逾期 7 天" in admin.text()
        assert "2008年3月20日 周四 09:00" in admin.text()
        admin.send("/rehearsal/tick", {"moment": "2008-03-20T09:00", "back": "/"})
        assert "overdue-reminded" in [
            fact["type"] for fact in office.history(now="2008-03-20T09:00:00+08:00")
        ]

    def test_an_earlier_moment_is_looked_back_at(self, office: Office) -> None:
        """往前拨就是看那时：页面写明在看过去；别人把时钟走到前面，不会把我留在过去。"""
        office.at("2008-03-03")
        office.assigned()
        clerk = visitor(office, "clerk")
        clerk.get("/matters")
        clerk.send("/rehearsal/moment", {"moment": "2008-03-02T09:00", "back": "/matters?state=all"})
        assert "正在看过去" in clerk.text()
        assert "state=all" in clerk.address
        clerk.get("/matters")
        assert "正在看过去" not in clerk.text()
        clerk.send("/rehearsal/moment", {"moment": "2008-03-05T09:00", "back": "/"})
        office.at("2008-03-07")
        office.do("acknowledge", by="liaison")
        clerk.get("/")
        assert "2008年3月7日 周五 09:00" in clerk.text()
        assert "正在看过去" not in clerk.text()

    def test_only_an_administrator_ticks(self, office: Office) -> None:
        """跑规则只有管理员能点。"""
        clerk = visitor(office, "clerk")
        clerk.get("/")
        assert "跑规则" not in clerk.page
        clerk.send("/rehearsal/tick", {"moment": "2008-03-20T09:00"}, status=403)


class TestKeepingHouse:
    def test_units_and_people(self, office: Office) -> None:
        """管理员设单位、更名、撤销、登记人员、调动，页面都办得了；重名说清楚。"""
        office.at("2008-03-03")
        admin = visitor(office, "admin")
        admin.get("/units/register")
        admin.send("/units/register", {"name": "松岭镇", "parent": office.units["office"], "kind": "乡镇"})
        unit = admin.address.partition("?")[0].rpartition("/")[2]
        admin.get("/units/register")
        admin.send("/units/register", {"name": "松岭镇", "parent": office.units["office"]}, status=409)
        admin.get("/people/register")
        admin.send(
            "/people/register", {"name": "柯望山", "unit": unit, "roles": ["unit_head", "unit_liaison"]}
        )
        assert "责任单位负责人" in admin.text()
        person = admin.address.partition("?")[0].rpartition("/")[2]
        admin.get(f"/people/{person}/move")
        admin.send(f"/people/{person}/move", {"unit": office.units["water"], "roles": ["unit_liaison"]})
        assert "水务局" in admin.text()
        admin.get(f"/units/{unit}/rename")
        admin.send(f"/units/{unit}/rename", {"name": "松岭乡"})
        assert "松岭乡" in admin.text()
        admin.get(f"/units/{unit}/close")
        admin.send(f"/units/{unit}/close", {})
        assert "撤销" in admin.text()
        visitor(office, "clerk").get("/units/register", status=403)

    def test_publishing_a_year_shows_what_moves_first(self, office: Office) -> None:
        """公布一年的工作日：先看会改动哪些期限，再公布；写错的表说清哪一行。"""
        office.at("2026-12-20")
        office.assigned(time_limit="20个工作日内")
        admin = visitor(office, "admin")
        admin.get("/calendars/2027/publish")
        days = "date,working,name\n2027-01-01,false,元旦\n2027-01-04,false,元旦调休"
        admin.send(
            "/calendars/2027/publish", {"source": "放假通知", "days": "乱写", "step": "look"}, status=422
        )
        admin.send("/calendars/2027/publish", {"source": "放假通知", "days": days, "step": "look"})
        assert "会改动的期限 1" in admin.text()
        assert "还没有公布" in visitor_text(office, "/calendars/2027")
        admin.send("/calendars/2027/publish", {"source": "放假通知", "days": days, "step": "publish"})
        assert "2027 年已公布" in admin.text()
        assert "第 1 版 · 放假通知" in visitor_text(office, "/calendars/2027")

    def test_opening_a_letter_says_it_was_read(self, office: Office) -> None:
        """打开站内信，就记为已阅；别人的信打不开。"""
        office.at("2008-03-03")
        office.assigned()
        liaison = visitor(office, "liaison")
        liaison.get("/letters")
        [letter] = [link for link in liaison.links() if re.fullmatch(r"/letters/\w{20,}", link)]
        assert "未读 1 封" in liaison.text()
        liaison.get(letter)
        assert "三号河道垃圾堆放" in liaison.text()
        liaison.get("/letters")
        assert "没有未读的" in liaison.text()
        visitor(office, "water").get(letter, status=404)


def visitor_text(office: Office, path: str) -> str:
    somebody: Visitor = visitor(office, "clerk")
    somebody.get(path)
    return somebody.text()
