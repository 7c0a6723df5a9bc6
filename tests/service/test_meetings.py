"""会议: recorded, corrected, and its decisions made matters in one go, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.service.given import Office, problem
from tests.service.opened import Furnished
from tests.service.pages import visitor

DECISIONS = [
    "清运三号河道垃圾，恢复原貌",
    "各乡镇排查河道堆放点",
    "水务局制定管护办法",
]


@pytest.fixture
def careful(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Office]:
    """An office where rectifications are approved before they are assigned."""
    with an_opened_office.copy(
        tmp_path, procedures={"rectification": {"registration_approval": True}}
    ) as made:
        made.tick("2008-03-03")
        yield made


def meeting(office: Office, **fields: Any) -> str:
    """A meeting put down by the clerk; its id."""
    said = {
        "kind": "scheduling",
        "title": "河道整治调度会",
        "held_on": "2008-03-03",
        "chair": "沈如松",
        "place": "县政府二楼会议室",
        "attendees": [
            {"unit": office.units["water"], "person": office.people["water"], "post": "科长"},
            {"body": "云溪纸业有限公司", "name": "常青山", "post": "厂长"},
        ],
        "topics": ["河道垃圾"],
        "decisions": DECISIONS,
    }
    made: str = office.made("/meetings", {**said, **fields}, by="clerk")["id"]
    return made


def taking(office: Office, n: int, *units: str, **fields: Any) -> dict[str, Any]:
    """How decision ``n`` is followed up."""
    return {
        "n": n,
        "kind": "immediate",
        "lead_units": [office.units[unit] for unit in units],
        "quality_requirement": "真改实改",
        "time_limit": "10日内",
        **fields,
    }


def take(office: Office, id_: str, *takings: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """What became of the decisions."""
    preview = more.pop("preview", False)
    body = {"decisions": list(takings), "preview": preview}
    items: list[dict[str, Any]] = office.made(f"/meetings/{id_}/register", body, by="clerk", **more)["items"]
    return items


class TestRecording:
    def test_shows_who_was_there_and_what_was_decided(self, office_on_both: Office) -> None:
        """会议记下时间、地点、主持人、参会的和议定事项，列在会议清单里，按内容查得到。"""
        office = office_on_both.at("2008-03-04")
        id_ = meeting(office)
        found = office.ask(f"/meetings/{id_}")
        assert [one["text"] for one in found["decisions"]] == DECISIONS
        assert [one["n"] for one in found["decisions"]] == [1, 2, 3]
        assert found["attendees"][1]["body"] == "云溪纸业有限公司"
        (item,) = office.ask("/meetings", q="管护办法")["items"]
        assert item["decisions"] == {"of": 3, "registered": 0, "done": 0}
        assert office.ask("/meetings", q="常青山")["items"][0]["id"] == id_
        assert office.ask("/meetings", q="春耕")["items"] == []
        assert office.ask("/meetings", kind="joint")["items"] == []

    def test_walks_the_list_by_day(self, office_on_both: Office) -> None:
        """会议清单新开的在前，一页一页翻不重不漏。"""
        office = office_on_both.at("2008-03-20")
        days = ["2008-03-03", "2008-03-10", "2008-03-10", "2008-02-01"]
        made = [meeting(office, held_on=day) for day in days]
        page = office.ask("/meetings", limit=2)
        rest = office.ask("/meetings", limit=2, cursor=page["next"])
        assert [one["held_on"] for one in (*page["items"], *rest["items"])] == sorted(days, reverse=True)
        assert {one["id"] for one in (*page["items"], *rest["items"])} == set(made)
        assert rest["next"] is None
        problem(office.get("/meetings", cursor="x"), 400, "unreadable-cursor")

    def test_keeps_what_was_corrected(self, office_on_both: Office) -> None:
        """会议记错了由负责人更正，写明理由；更正以前那一刻看到的还是原来写的。"""
        office = office_on_both.at("2008-03-04")
        id_ = meeting(office)
        before = office.ask(f"/meetings/{id_}/history")["items"][-1]["position"]
        fix = {
            "reason": "日期和第2项写错",
            "held_on": "2008-03-02",
            "decisions": [{"n": 2, "text": "各乡镇排查并上图"}],
        }
        problem(office.post(f"/meetings/{id_}/correct", fix, by="clerk"), 403, "not-yours")
        office.made(f"/meetings/{id_}/correct", fix, by="head")
        now, then = office.ask(f"/meetings/{id_}"), office.ask(f"/meetings/{id_}", as_of=before)
        assert (now["held_on"], now["decisions"][1]["text"]) == ("2008-03-02", "各乡镇排查并上图")
        assert (then["held_on"], then["decisions"][1]["text"]) == ("2008-03-03", DECISIONS[1])
        assert office.ask("/meetings", as_of=before)["items"][0]["held_on"] == "2008-03-03"
        assert office.ask("/meetings", q="上图")["items"][0]["held_on"] == "2008-03-02"
        problem(office.post(f"/meetings/{id_}/correct", fix, by="head"), 422, "nothing-to-correct")

    def test_keeps_the_minutes(self, office: Office) -> None:
        """会议纪要作为文件存下，可以换新的，打开的是最新那份；同一份不存两次。"""
        office.at("2008-03-04")
        id_ = meeting(office)
        problem(office.get(f"/meetings/{id_}/minutes"), 404)
        problem(office.post(f"/meetings/{id_}/attach-minutes", by="clerk"), 422, "no-file")
        for content in (b"%PDF-1.4 first", b"%PDF-1.4 second"):
            files = {"file": ("会议纪要.pdf", content, "application/pdf")}
            sent = office.send("POST", f"/meetings/{id_}/attach-minutes", by="clerk", files=files)
            assert sent.status_code == 200, sent.text
        assert office.get(f"/meetings/{id_}/minutes").content == b"%PDF-1.4 second"
        assert len(office.ask(f"/meetings/{id_}")["minutes"]) == 2
        again = office.send("POST", f"/meetings/{id_}/attach-minutes", by="clerk", files=files)
        problem(again, 422, "same-file")

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"held_on": "2008-03-05"}, "not-held-yet"),
            ({"held_on": "1900-03-05"}, "implausible-date"),
            ({"chair": " "}, "blank-field"),
            ({"title": "　"}, "blank-field"),
            ({"title": "会" * 201}, "too-long"),
            ({"kind": "secret"}, "wrong-value"),
            ({"organizers": ["nobody"]}, "unknown-unit"),
            ({"attendees": [{}]}, "blank-attendee"),
            ({"attendees": [{"person": "nobody"}]}, "unknown-person"),
            ({"attendees": [{"phone": "1"}]}, "unknown-field"),
            ({"decisions": ["清淤", "清淤"]}, "decision-twice"),
            ({"decisions": ["绝密的事"]}, "secret"),
            ({"decisions": [f"第{n}事" for n in range(101)]}, "too-many-decisions"),
        ],
    )
    def test_refuses_what_cannot_be(self, office: Office, wrong: dict[str, Any], code: str) -> None:
        """没开过的会、没有主持人、名录里没有的单位、写了两遍的议定事项，一句话退回。"""
        office.at("2008-03-04")
        said = {"kind": "joint", "title": "联席会议", "held_on": "2008-03-03", "chair": "沈如松"}
        problem(office.post("/meetings", {**said, **wrong}, by="clerk"), 422, code)
        assert office.ask("/meetings")["items"] == []

    def test_names_no_unit_that_was_closed_by_then(self, office: Office) -> None:
        """开会那天已经撤销的单位不能记成参会单位；撤销以前开的会可以。"""
        office.at("2008-03-10")
        office.made(f"/units/{office.units['schools']}/close", {"from": "2008-03-05"}, by="admin")
        there = [{"unit": office.units["schools"]}]
        said = {"kind": "joint", "title": "联席会议", "chair": "沈如松", "attendees": there}
        late = office.post("/meetings", {**said, "held_on": "2008-03-06"}, by="clerk")
        problem(late, 422, "unit-closed")
        office.made("/meetings", {**said, "held_on": "2008-03-04"}, by="clerk")

    def test_is_kept_from_the_units(self, office: Office) -> None:
        """会议记录由督查室记，领导和审计看得到；责任单位看不到，也不能记。"""
        office.at("2008-03-04")
        id_ = meeting(office)
        assert office.ask(f"/meetings/{id_}", by="leader")["permitted"] == []
        assert "withdraw" in office.ask(f"/meetings/{id_}", by="head")["permitted"]
        assert office.ask("/meetings", by="water")["items"] == []
        problem(office.get(f"/meetings/{id_}", by="water"), 404)
        problem(office.post(f"/meetings/{id_}/add-decision", {"decision": "甲"}, by="water"), 404)
        said = {"kind": "joint", "title": "会", "held_on": "2008-03-03", "chair": "沈"}
        problem(office.post("/meetings", said, by="water"), 403, "not-yours")
        problem(office.post(f"/meetings/{id_}/fly", {}, by="clerk"), 404)


class TestBecomingMatters:
    def test_makes_matters_in_one_go(self, office_on_both: Office) -> None:
        """议定事项一次立项：一家的交办，几家的分办；事项写明出自哪次会议第几项，会议列出办到哪里。"""
        office = office_on_both.at("2008-03-04")
        id_ = meeting(office)
        first, second, third = take(
            office,
            id_,
            taking(office, 1, "town"),
            taking(office, 2, "town", "schools", "environment", title="排查河道堆放点"),
            taking(office, 3, "water", due_on="2008-03-31", time_limit=None, co_units=[office.units["town"]]),
        )
        assert [first["stage"], second["stage"], third["stage"]] == ["assigned", "rectifying", "assigned"]
        assert [first["title"], second["title"]] == ["清运三号河道垃圾", "排查河道堆放点"]
        assert [part["number"] for part in second["parts"]] == [f"2008-00002-{n}" for n in (1, 2, 3)]
        assert third["due_on"] == "2008-03-31"
        seen = office.look(first["id"])
        assert seen["basis"] == "2008年3月3日河道整治调度会议定事项第1项"
        assert (seen["meeting"]["meeting"], seen["meeting"]["n"]) == (id_, 1)
        assert seen["source"] == "会议议定"
        assert office.look(second["parts"][1]["id"])["meeting"]["n"] == 2
        of_first = {one["correlation_id"] for one in office.ask(f"/meetings/{id_}/history")["items"][1:]}
        assert len(of_first) == 1
        found = office.ask(f"/meetings/{id_}")
        assert [one["matter"]["number"] for one in found["decisions"]] == [f"2008-{n:05}" for n in (1, 2, 3)]
        for matter in (first["id"], third["id"]):
            office.do("cancel", {"reason": "另有安排"}, by="head", matter=matter)
        assert office.ask("/meetings")["items"][0]["decisions"] == {"of": 3, "registered": 3, "done": 0}

    def test_counts_what_is_done(self, office_on_both: Office) -> None:
        """会议上写着几项办成了几项；看过去某一刻，是那时的数。"""
        office = office_on_both.at("2008-03-04")
        id_ = meeting(office)
        (first,) = take(office, id_, taking(office, 1, "town"))
        before = office.ask(f"/meetings/{id_}/history")["items"][-1]["position"]
        office.matter = first["id"]
        office.do("acknowledge", by="liaison")
        office.report()
        office.schedule()
        office.do("pass-verification", {"findings": "已无垃圾"}, by="verifier")
        office.do("approve-write-off", {"grade": "good"}, by="head")
        assert office.ask(f"/meetings/{id_}")["done"] == 1
        assert office.ask("/meetings")["items"][0]["decisions"]["done"] == 1
        assert office.ask("/meetings", as_of=before)["items"][0]["decisions"]["done"] == 0
        assert office.ask(f"/meetings/{id_}", as_of=before - 1)["decisions"][0]["matter"] is None

    def test_looks_first_and_writes_nothing(self, office_on_both: Office) -> None:
        """先看一遍：每项会怎样、哪项办不了为什么；看的时候什么也不写。"""
        office = office_on_both.at("2008-03-04")
        id_ = meeting(office)
        head = office.ask(f"/meetings/{id_}/history")["items"][-1]["position"]
        takings = (
            taking(office, 1, "town"),
            taking(office, 2, "town", "town"),
            taking(office, 3),
            taking(office, 4, "town"),
        )
        would = take(office, id_, *takings, preview=True)
        assert (would[0]["stage"], would[0]["due_on"], would[0]["id"]) == ("assigned", "2008-03-14", None)
        codes = [one["refused"]["code"] for one in would[1:]]
        assert codes == ["unit-twice", "no-lead-unit", "unknown-decision"]
        assert office.ask("/matters")["items"] == []
        done = take(office, id_, *takings)
        assert [one.get("refused", {}).get("code") for one in done] == [None, *codes]
        assert len(office.ask("/matters")["items"]) == 1
        assert head < office.ask(f"/meetings/{id_}/history")["items"][-1]["position"]

    def test_takes_a_decision_up_once(self, office_on_both: Office) -> None:
        """同一项不能立两次，两个人同时立也只成一件；同一个提交重来一遍，还是第一次的结果。"""
        office = office_on_both.at("2008-03-04")
        id_ = meeting(office)
        first = take(office, id_, taking(office, 1, "town"), key="monday")
        assert take(office, id_, taking(office, 1, "town"), key="monday")[0]["id"] == first[0]["id"]
        (again,) = take(office, id_, taking(office, 1, "water"))
        assert again["refused"]["code"] == "decision-registered"
        assert "2008-00001" in again["refused"]["detail"]
        with ThreadPoolExecutor(4) as several:
            both = list(several.map(lambda _: take(office, id_, taking(office, 2, "town")), range(4)))
        assert sum("refused" not in one[0] for one in both) == 1
        assert len(office.ask("/matters")["items"]) == 2
        body = {"decisions": [taking(office, 3, "town"), taking(office, 3, "water")]}
        problem(office.post(f"/meetings/{id_}/register", body, by="clerk"), 422, "decision-twice")
        problem(office.post(f"/meetings/{id_}/register", {"decisions": []}, by="clerk"), 422, "none-chosen")
        one = {"decisions": [taking(office, 3, "town")]}
        problem(office.post(f"/meetings/{id_}/register", one, by="leader"), 403, "not-yours")

    def test_does_all_of_one_or_nothing_of_it(self, office: Office) -> None:
        """时限看不懂、单位已撤销、没写质量要求的那一项不立项，不留半件。"""
        office.at("2008-03-04")
        id_ = meeting(office)
        office.made(f"/units/{office.units['schools']}/close", {"from": "2008-03-04"}, by="admin")
        done = take(
            office,
            id_,
            taking(office, 1, "town", time_limit="尽快"),
            taking(office, 2, "schools"),
            taking(office, 3, "town", quality_requirement=" "),
        )
        assert [one["refused"]["code"] for one in done] == ["unreadable-limit", "unit-closed", "blank-field"]
        assert office.ask("/matters")["items"] == []
        assert [one["matter"] for one in office.ask(f"/meetings/{id_}")["decisions"]] == [None] * 3

    def test_is_not_withdrawn_over_running_matters(self, office_on_both: Office) -> None:
        """议定事项立的件还没了结，会议记录不能撤销；了结以后可以，撤销了就不能再立项。"""
        office = office_on_both.at("2008-03-04")
        id_ = meeting(office)
        (first,) = take(office, id_, taking(office, 1, "town"))
        refused = office.post(f"/meetings/{id_}/withdraw", {"reason": "记重了"}, by="head")
        assert "2008-00001" in problem(refused, 422, "matters-running")["detail"]
        office.do("cancel", {"reason": "记重了"}, by="head", matter=first["id"])
        office.made(f"/meetings/{id_}/withdraw", {"reason": "记重了"}, by="head")
        body = {"decisions": [taking(office, 2, "town")]}
        problem(office.post(f"/meetings/{id_}/register", body, by="clerk"), 409, "wrong-stage")
        problem(
            office.post(f"/meetings/{id_}/add-decision", {"decision": "甲"}, by="clerk"), 409, "wrong-stage"
        )
        assert office.ask("/meetings")["items"] == []
        (kept,) = office.ask("/meetings", withdrawn=True)["items"]
        assert kept["withdrawn"]

    def test_adds_what_was_left_out(self, office: Office) -> None:
        """漏记的议定事项补记在后面，接着编号，也能立项。"""
        office.at("2008-03-04")
        id_ = meeting(office)
        assert office.made(f"/meetings/{id_}/add-decision", {"decision": "月底通报"}, by="clerk")["n"] == 4
        (fourth,) = take(office, id_, taking(office, 4, "water"))
        assert fourth["title"] == "月底通报"

    def test_waits_where_the_kind_is_approved_first(self, careful: Office) -> None:
        """立项要先批准的类别：只立项、报拟办意见，不交办；批准以后才能交办。拟办不成的照样退回。"""
        office = careful.at("2008-03-04")
        id_ = meeting(office)
        first, second = take(
            office,
            id_,
            taking(office, 1, "water", kind="rectification"),
            taking(office, 2, "town", kind="rectification", time_limit="尽快"),
        )
        assert (first["stage"], first["awaits_approval"]) == ("registered", True)
        assert second["refused"]["code"] == "unreadable-limit"
        seen = office.look(first["id"])
        assert seen["proposal"]["lead_unit"] == office.units["water"]
        assert seen["proposal"]["text"].startswith("按会议议定，拟交水务局办理，10日内；")
        body = {"lead_unit": office.units["water"], "quality_requirement": "清", "time_limit": "10日内"}
        problem(office.try_("assign", body, by="clerk", matter=first["id"]), 409, "wrong-stage")
        office.do("approve-registration", by="leader", matter=first["id"])
        office.do("assign", body, by="clerk", matter=first["id"])


class TestPages:
    def test_records_a_meeting(self, office: Office) -> None:
        """页面上记会议：参会一行一位，名录里的认出来；议定事项一行一项；纪要一起存。缺什么说什么，写的还在。"""
        office.tick("2008-03-04")
        clerk = visitor(office, "clerk")
        assert "还没有记过会议" in clerk.get("/meetings")
        clerk.get("/meetings/record")
        said = {
            "kind": "joint",
            "title": "河道整治联席会议",
            "held_on": "2008-03-03",
            "attendees": "水务局，苏念平，科长\n云溪纸业有限公司，常青山，厂长",
            "topics": "河道垃圾",
            "decisions": "\n".join(DECISIONS),
            "organizers": [office.units["water"], office.units["environment"]],
        }
        clerk.send("/meetings/record", said, status=422)
        assert "填写主持人" in clerk.text()
        assert DECISIONS[1] in clerk.page
        paper = {"file": ("会议纪要.pdf", b"%PDF-1.4 minutes", "application/pdf")}
        clerk.send("/meetings/record", {**said, "chair": "沈如松"}, files=paper)
        shown = clerk.text()
        assert all(
            words in shown for words in ("已记下", "水务局 科长苏念平", "召集 水务局、环保局", "会议纪要.pdf")
        )
        (found,) = office.ask("/meetings")["items"]
        there = office.ask(f"/meetings/{found['id']}")["attendees"]
        assert (there[0]["unit"], there[0]["person"]) == (office.units["water"], office.people["water"])
        assert there[1]["body"] == "云溪纸业有限公司"
        assert b"%PDF" in clerk.client.get(f"/meetings/{found['id']}/minutes?copy=1").content
        clerk.get(f"/meetings/{found['id']}/minutes?copy=9", status=404)
        assert "议定 3 项，立项 0，办结 0" in visitor(office, "leader").get("/meetings?q=管护")

    def test_makes_matters_of_ticked_decisions(self, office: Office) -> None:
        """逐项填牵头单位，先看一遍再立项；有一项办不了，别的照立，办不了的说为什么、留着再填。"""
        office.tick("2008-03-04")
        id_ = meeting(office)
        clerk = visitor(office, "clerk")
        form = f"/meetings/{id_}/register"
        clerk.get(f"/meetings/{id_}")
        assert "议定事项立项…" in clerk.text()
        clerk.get(form)
        fields = {
            "take": ["1", "2", "3"],
            "kind": "immediate",
            "time_limit": "10日内",
            "quality_requirement": "真改实改",
            "unit_1": office.units["town"],
            "units_2": [office.units["town"], office.units["schools"]],
            "limit_3": "尽快",
            "unit_3": office.units["water"],
        }
        clerk.send(form, {**fields, "step": "look"})
        shown = clerk.text()
        assert "会立项，交办给青石镇，期限 3月14日（周五）" in shown
        assert "会立项，分办给 2 个单位，期限 3月14日（周五）" in shown
        assert "不能立项：" in shown
        assert "立项 2 项" in shown
        assert office.ask("/matters")["items"] == []
        clerk.send(form, {**fields, "step": "enter"}, status=422)
        assert "有的没有立成" in clerk.text()
        assert [item["number"] for item in office.ask("/matters")["items"]] == [
            "2008-00001",
            "2008-00002",
            "2008-00002-1",
            "2008-00002-2",
        ]
        clerk.send(form, {**fields, "take": ["3"], "limit_3": "2008-3-31", "step": "enter"})
        assert "议定 3 项，立项 3，办结 0" in clerk.text()
        assert "分办 2 份" in clerk.text()
        (third,) = (one for one in office.ask("/matters")["items"] if one["number"] == "2008-00003")
        assert third["due_on"] == "2008-03-31"
        assert "河道整治调度会第 3 项" in clerk.get(f"/matters/{third['id']}")
        assert "/meetings/" not in visitor(office, "water").get(f"/matters/{third['id']}")

    def test_corrects_and_withdraws(self, office: Office) -> None:
        """更正表里填着现在记的，只记改了的；行数变了退回；撤销以后列表里没有，打开写着为什么。"""
        office.tick("2008-03-04")
        id_ = meeting(office)
        head = visitor(office, "head")
        form = f"/meetings/{id_}/correct"
        head.get(form)
        assert "水务局，苏念平，科长" in head.page
        said = {
            "reason": "主持人写错",
            "kind": "scheduling",
            "title": "河道整治调度会",
            "held_on": "2008-03-03",
            "chair": "程立川",
            "place": "县政府二楼会议室",
            "attendees": "水务局，苏念平，科长\n云溪纸业有限公司，常青山，厂长",
            "topics": "河道垃圾",
            "decisions": "\n".join(DECISIONS[:2]),
        }
        head.send(form, said, status=422)
        assert "漏记的请办“补记议定事项”" in head.text()
        head.send(form, {**said, "decisions": "\n".join(DECISIONS)})
        body = office.ask(f"/meetings/{id_}/history")["items"][-1]["body"]
        assert {name for name, value in body.items() if value} == {"reason", "chair"}
        head.get(f"/meetings/{id_}/withdraw")
        head.send(f"/meetings/{id_}/withdraw", {"reason": "记重了"})
        assert "已撤销 记重了" in head.text()
        assert "还没有记过会议" in head.get("/meetings")
        visitor(office, "clerk").get(f"/meetings/{id_}/correct", status=403)
        visitor(office, "water").get(f"/meetings/{id_}", status=404)
        visitor(office, "water").get("/meetings", status=404)
