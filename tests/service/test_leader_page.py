"""领导一页: what is late, whose, why and since when; the trend and the order of units; a word that becomes a fact."""

import re

import pytest

from tests.service.given import SENTENCE, Office
from tests.service.pages import Visitor, visitor


@pytest.fixture
def late(office: Office) -> Office:
    """A year in which one unit closes late and another in time, and two matters are late now."""
    made: dict[str, list[str]] = {"water": [], "town": []}
    by = {"water": "water", "town": "liaison"}
    office.at("2008-01-07")
    for unit, matters in made.items():
        for n in range(5):
            matters.append(office.register(title=f"{unit} 第{n}件", kind="immediate"))
            body = {"lead_unit": office.units[unit], "quality_requirement": SENTENCE, "time_limit": "7日内"}
            office.do("assign", body, by="clerk")
            office.do("acknowledge", by=by[unit])
    for unit, closing in (("water", "2008-01-10"), ("town", "2008-01-25")):
        office.at(closing)
        for matter in made[unit]:
            office.matter = matter
            office.attach(by=by[unit])
            office.do("report-completion", {"text": "已办"}, by=by[unit])
            sent = {"verifier": office.people["verifier"], "on": closing}
            office.do("schedule-verification", sent, by="clerk")
            office.do("pass-verification", {"findings": "属实"}, by="verifier")
            office.do("approve-write-off", by="head")
    office.at("2008-02-18")
    office.rectifying(title="渗滤液直排", time_limit="5日内")
    office.do("report-progress", {"text": "清了一半", "percent": 50}, by="liaison")
    office.rectifying(title="砂石堆场未清退", time_limit="10日内")
    office.tick("2008-03-10 08:30")
    return office


def page(somebody: Visitor) -> str:
    somebody.get("/")
    return somebody.main()


def test_says_what_whose_why_and_since_when(late: Office) -> None:
    """逾期的每一件：什么事、哪个单位谁负责、自哪天起、最近怎样，最久的在前，一点就能批示。"""
    leader = visitor(late, "leader")
    rows = re.findall(r"<li data-row>(.*?)</li>", page(leader), re.DOTALL)
    first = " ".join(re.sub(r"<[^>]+>", " ", rows[0]).split())
    assert "渗滤液直排" in first
    assert "青石镇 · 程立川 · 自 2月24日起 · 整改中" in first
    assert "最近：2月18日 签收，进展 50%" in first
    assert "逾期 16 天" in first
    assert "批示…" in first
    assert "砂石堆场未清退" in rows[1]


def test_one_word_becomes_a_fact(late: Office) -> None:
    """点“批示”写一句话交上去：记入经过，责任单位和督查室收到信，期限不变；别的人没有这个按钮。"""
    leader = visitor(late, "leader")
    href = next(href for href in re.findall(r'href="(/matters/\w+/instruct)"', page(leader)))
    matter = href.split("/")[2]
    due = late.look(matter)["due_on"]
    leader.get(href)
    leader.send(href, {"text": "说清楚为什么拖，月底前见到彻底清运。"})
    assert "已办：批示" in leader.text()
    history = late.ask(f"/matters/{matter}/history")["items"]
    assert history[-1]["type"] == "leader-instructed"
    assert history[-1]["body"]["text"] == "说清楚为什么拖，月底前见到彻底清运。"
    assert late.look(matter)["due_on"] == due
    letters = [
        one for one in late.ask("/letters", matter=matter)["items"] if one["rule"] == "leader-instructed"
    ]
    assert {(one["unit"], one["role"]) for one in letters} == {
        (late.units["town"], "unit_liaison"),
        (late.units["town"], "unit_head"),
        (None, "office_clerk"),
    }
    leader.get(href)
    leader.send(href, {"text": ""}, status=422)
    for account in ("clerk", "liaison", "auditor"):
        other = visitor(late, account)
        assert "/instruct" not in page(other)
        other.get(f"/matters/{matter}")
        assert f"/matters/{matter}/instruct" not in other.links()


def test_trend_counts_what_was_late_then(late: Office) -> None:
    """近十二周每周末的逾期件数画成线，后面有表；表里每个数点开，就是那一天逾期的那几件。"""
    leader = visitor(late, "leader")
    table = re.findall(r'<td>([^<]+)</td><td><a href="([^"]+)">(\d+) 件', page(leader))
    points = {label: (href.replace("&amp;", "&"), int(count)) for label, href, count in table}
    assert len(points) == 12
    assert points["3月10日"][1] == 2
    assert points["2月25日"][1] == 1
    assert points["1月21日"][1] == 5
    assert points["2月4日"][1] == 0
    for href, count in points.values():
        leader.get(href)
        assert leader.main().count("data-row") == count, href


def test_ranking_begins_with_the_lowest(late: Office) -> None:
    """今年按期办结率由低到高，带分数；点开就是按期办结的那几件；不到五件的不排。"""
    leader = visitor(late, "leader")
    places = re.findall(r'<td>([^<]+)</td><td><a href="([^"]+)">([\d.]+)% (\d+)/(\d+)', page(leader))
    assert [(unit, share, n, of) for unit, _, share, n, of in places] == [
        ("青石镇", "0.0", "0", "5"),
        ("水务局", "100.0", "5", "5"),
    ]
    leader.get(places[1][1].replace("&amp;", "&"))
    assert leader.main().count("data-row") == 5


def test_nothing_late_draws_nothing(office: Office) -> None:
    """没有逾期过、没有可排的，不画空图。"""
    office.at("2008-03-03").register()
    leader = visitor(office, "leader")
    assert "<svg" not in page(leader)


def test_a_chief_leader_finds_his_own(office_on_both: Office) -> None:
    """报我分管的，列在“我名下的”，点开就是那几件；两种数据库一样。"""
    office = office_on_both.at("2008-03-03")
    office.register(title="分管的", chief_leader=office.people["leader"])
    office.register(title="别的")
    office.rectifying(time_limit="5日内")
    office.tick("2008-03-20")
    leader = visitor(office, "leader")
    assert "我名下的 1 分管的" in " ".join(re.sub(r"<[^>]+>", " ", page(leader)).split())
    assert "逾期件数" in leader.main()
    leader.get(f"/matters?state=open&leader={office.people['leader']}")
    assert leader.main().count("data-row") == 1
