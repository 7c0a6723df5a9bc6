"""事项一生里的规矩: evidence, verification by others, look-back and relapse, leaders, papers, late entries, names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.given import Office, problem

MONDAY = "2008-03-03"


class TestEvidence:
    @pytest.mark.parametrize(
        "kind", ["rectification", "immediate", "leader_instruction", "superior_transfer"]
    )
    def test_missing_is_named(self, office: Office, kind: str) -> None:
        """材料不全不能报结，答复列出还缺什么。"""
        office.at(MONDAY).rectifying(kind=kind, time_limit="15日内")
        wanted = ["photo"] if kind in ("rectification", "immediate") else ["report"]
        told = problem(
            office.try_("report-completion", {"text": "完成"}, by="liaison"), 422, "missing-evidence"
        )
        assert told["missing"] == office.look()["evidence_missing"] == wanted
        office.attach("video")
        problem(office.try_("report-completion", {"text": "完成"}, by="liaison"), 422, "missing-evidence")
        office.attach(wanted[0])
        assert office.look()["evidence_missing"] == []
        office.do("report-completion", {"text": "完成"}, by="liaison")

    def test_is_given_back_as_it_came(self, office_on_both: Office) -> None:
        """佐证原样下载；看得到事项的人都能下载，别人 404。"""
        office = office_on_both
        content = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100
        office.at(MONDAY).acknowledged()
        form = {"place": "二号桥", "taken_at": "2008-03-02T10:00:00+08:00"}
        office.attach(content=content, name="现场 照片.png", form=form)
        (shown,) = office.look()["evidence"]
        assert (shown["place"], shown["taken_at"]) == ("二号桥", "2008-03-02T10:00:00+08:00")
        assert shown["size"] == len(content)
        for who in ("auditor", "clerk", "liaison", "leader"):
            assert office.get(f"/evidence/{shown['id']}", by=who).content == content
        problem(office.get(f"/evidence/{shown['id']}", by="water"), 404)

    def test_on_two_matters_is_shown_on_both(self, office_on_both: Office) -> None:
        """同一个文件作两件事项的佐证，两件都看得到、下得到。"""
        office = office_on_both
        first = office.at(MONDAY).acknowledged()
        office.attach(content=b"the same bytes", name="甲.jpg")
        second = office.acknowledged()
        office.attach(content=b"the same bytes", name="乙.jpg")
        one, two = (office.look(matter)["evidence"] for matter in (first, second))
        assert (len(one), len(two)) == (1, 1)
        assert one[0]["sha256"] == two[0]["sha256"]
        assert one[0]["id"] != two[0]["id"]
        for piece in (*one, *two):
            assert office.get(f"/evidence/{piece['id']}").content == b"the same bytes"

    def test_of_a_page_is_never_shown_as_one(self, office: Office) -> None:
        """上传网页、脚本也只当附件下载。"""
        office.at(MONDAY).acknowledged()
        office.attach(content=b"<script>alert(1)</script>", name='x".html\r\nX-Evil: 1')
        (shown,) = office.look()["evidence"]
        response = office.get(f"/evidence/{shown['id']}")
        assert "html" not in response.headers["content-type"]
        assert "X-Evil" not in response.headers
        assert response.headers["x-content-type-options"] == "nosniff"

    def test_needs_a_file_and_a_kind(self, office: Office) -> None:
        """没有文件、没有种类、空文件都不收；拍摄时间在将来、没有时区也不收。"""
        office.at(MONDAY).acknowledged()
        path = f"/matters/{office.matter}/attach-evidence"
        problem(office.send("POST", path, by="liaison", data={"kind": "photo"}), 415)
        problem(office.post(path, {"kind": "photo"}, by="liaison"), 422)
        files = {"file": ("a.jpg", b"x", "image/jpeg")}
        problem(office.send("POST", path, by="liaison", data={}, files=files), 422)
        problem(office.try_attach(content=b""), 422)
        problem(office.try_attach(form={"taken_at": "2008-03-02T10:00:00"}), 400)
        problem(office.try_attach(form={"taken_at": "2009-03-02T10:00:00+08:00"}), 422)
        problem(office.try_attach(form={"colour": "red"}), 422, "unknown-field")
        assert office.look()["evidence"] == []

    @pytest.mark.parametrize("taken_at", ["1948-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00"])
    def test_was_not_taken_before_1949(self, office: Office, taken_at: str) -> None:
        """拍摄时间早于 1949 年不收。"""
        office.at(MONDAY).acknowledged()
        assert office.try_attach(form={"taken_at": taken_at}).status_code in (400, 422)


class TestVerification:
    @pytest.mark.parametrize("who", ["town_verifier", "clerk", "liaison", "nobody"])
    def test_is_given_to_a_verifier_of_another_unit(self, office: Office, who: str) -> None:
        """核查人员不能是承办单位的人，也不能不是核查人员。"""
        office.at(MONDAY).reported()
        body = {"verifier": office.people.get(who, who), "on": "2008-03-04"}
        problem(office.try_("schedule-verification", body, by="clerk"), 422)

    def test_is_done_by_whom_it_was_given(self, office: Office) -> None:
        """只有安排的那个人能核查；改派以后原来的人不能。"""
        office.at(MONDAY).verifying()
        office.schedule("verifier2")
        response = office.try_("pass-verification", {"findings": "属实"}, by="verifier")
        assert response.status_code in (403, 404)
        office.do("pass-verification", {"findings": "属实"}, by="verifier2")

    def test_is_not_done_by_who_handled(self, office: Office) -> None:
        """一人多职也不能核查、销号自己或本单位承办的。"""
        office.at(MONDAY).made("/users/chief/roles", {"roles": ["unit_head", "verifier", "office_head"]})
        office.reported()
        body = {"verifier": office.people["chief"], "on": "2008-03-04"}
        problem(office.try_("schedule-verification", body, by="clerk"), 422)
        office.schedule()
        problem(office.try_("pass-verification", {"findings": "属实"}, by="chief"), 403)
        office.do("pass-verification", {"findings": "属实"}, by="verifier")
        problem(office.try_("approve-write-off", by="chief"), 403)
        for command in ("cancel", "reject-write-off"):
            problem(office.try_(command, {"reason": "甲"}, by="chief"), 403)
        office.do("approve-write-off", by="head")

    def test_is_not_done_by_who_handled_before_moving_away(self, office: Office) -> None:
        """承办过的人调到别的单位，还是不能核查这一件。"""
        office.at(MONDAY).reported()
        office.made("/users/liaison/roles", {"roles": ["verifier"]})
        office.made(
            f"/people/{office.people['liaison']}/move",
            {"unit": office.units["schools"], "roles": ["verifier"]},
        )
        body = {"verifier": office.people["liaison"], "on": "2008-03-04"}
        problem(office.try_("schedule-verification", body, by="clerk"), 422)

    def test_is_not_done_by_the_unit_before_a_reassignment(self, office: Office) -> None:
        """改派以前的承办单位也不能核查。"""
        office.at(MONDAY).acknowledged()
        body = {"lead_unit": office.units["water"], "quality_requirement": "清完", "time_limit": "10日内"}
        office.do("reassign", body, by="clerk")
        office.do("acknowledge", by="water")
        steps = {"measures": "清", "goal": "净", "steps": [{"title": "清", "due_on": "2008-03-05"}]}
        office.do("submit-plan", steps, by="water")
        office.do("approve-plan", by="clerk")
        office.attach(by="water")
        office.do("report-completion", {"text": "完成"}, by="water")
        body = {"verifier": office.people["town_verifier"], "on": "2008-03-04"}
        problem(office.try_("schedule-verification", body, by="clerk"), 422)


class TestPapers:
    def test_of_a_unit_are_entered_by_the_office(self, office: Office) -> None:
        """督查室代单位录入纸质来文，历史里两边都看得到。"""
        office.at(MONDAY).assigned(kind="immediate")
        body = {"on_behalf_of": office.units["town"], "text": "传真签收"}
        office.do("acknowledge", body, by="clerk")
        fact = office.history()[-1]
        assert (fact["actor"], fact["on_behalf_of"]) == ("clerk", office.units["town"])
        assert office.look()["stage"] == "rectifying"

    def test_may_come_as_a_file(self, office: Office) -> None:
        """代录可以附扫描件代替说明。"""
        office.at(MONDAY).assigned()
        response = office.paper("acknowledge", {"on_behalf_of": office.units["town"]})
        assert response.status_code == 200, response.text

    def test_without_a_word_are_not_taken(self, office: Office) -> None:
        """既无说明又无扫描件的代录、代别的单位的录入，不收。"""
        office.at(MONDAY).assigned()
        problem(office.try_("acknowledge", {"on_behalf_of": office.units["town"]}, by="clerk"), 422)
        body = {"on_behalf_of": office.units["water"], "text": "传真"}
        problem(office.try_("acknowledge", body, by="clerk"), 422)
        problem(office.try_("acknowledge", {"on_behalf_of": "nowhere", "text": "传真"}, by="clerk"), 422)

    def test_are_entered_by_the_office_only(self, office: Office) -> None:
        """别人不能代录；督查室自己的事也不能代谁录。"""
        office.at(MONDAY).assigned()
        body = {"on_behalf_of": office.units["town"], "text": "传真"}
        for who in ("leader", "auditor"):
            problem(office.try_("acknowledge", body, by=who), 403)
        problem(office.try_("urge", body, by="clerk"), 422)

    def test_do_not_let_the_office_verify(self, office: Office) -> None:
        """代录过的督查室人员没有因此成为承办人以外的特权：仍不能代核查人员核查。"""
        office.at(MONDAY).verifying()
        body = {"findings": "属实", "on_behalf_of": office.units["environment"], "text": "传真"}
        response = office.try_("pass-verification", body, by="clerk")
        assert response.status_code in (403, 422)


class TestAStatedMoment:
    def test_of_a_unit_does_not_count(self, office_on_both: Office) -> None:
        """单位倒填报结时间：写着，但迟早按录入的时刻。"""
        office = office_on_both
        office.at("2008-03-03").rectifying(due_on="2008-03-10")
        office.attach()
        office.at("2008-03-15").do(
            "report-completion", {"text": "完成", "occurred_at": "2008-03-09T10:00:00+08:00"}, by="liaison"
        )
        shown, fact = office.look(), office.history()[-1]
        assert (shown["days_late"], shown["reported_on"]) == (5, "2008-03-15")
        assert fact["occurred_at"] == "2008-03-09T10:00:00+08:00"
        assert fact["recorded_at"] == "2008-03-15T09:00:00+08:00"

    def test_of_the_office_with_paper_counts(self, office: Office) -> None:
        """督查室补录单位以前的来文，附文件和说明，按来文的时刻算。"""
        office.at("2008-03-03").rectifying(due_on="2008-03-10")
        office.attach()
        fields = {
            "text": "传真报结",
            "occurred_at": "2008-03-09T10:00:00+08:00",
            "on_behalf_of": office.units["town"],
        }
        response = office.at("2008-03-15").paper("report-completion", fields)
        assert response.status_code == 200, response.text
        shown = office.look()
        assert (shown["days_late"], shown["reported_on"]) == (0, "2008-03-09")

    def test_of_the_office_without_a_file_does_not_count(self, office: Office) -> None:
        """没有文件的，督查室写了时间也不按它算。"""
        office.at("2008-03-03").rectifying(due_on="2008-03-10")
        office.attach()
        body: dict[str, Any] = {"text": "电话报结", "occurred_at": "2008-03-09T10:00:00+08:00"}
        office.at("2008-03-15").do(
            "report-completion", {**body, "on_behalf_of": office.units["town"]}, by="clerk"
        )
        assert office.look()["days_late"] == 5

    def test_goes_back_thirty_days_at_most(self, office: Office) -> None:
        """补录至多三十日以前。"""
        office.at("2008-03-03").rectifying(due_on="2008-03-10")
        office.attach()
        fields = {"text": "传真报结", "on_behalf_of": office.units["town"]}
        office.at("2008-04-10")
        problem(
            office.paper("report-completion", {**fields, "occurred_at": "2008-03-10T10:00:00+08:00"}), 422
        )
        response = office.paper("report-completion", {**fields, "occurred_at": "2008-03-11T10:00:00+08:00"})
        assert response.status_code == 200, response.text
        assert office.look()["days_late"] == 1

    def test_is_not_before_what_it_depends_on(self, office: Office) -> None:
        """发生时间不早于所依据的上一步，也不在将来。"""
        office.at("2008-03-05").assigned()
        for told in ("2008-03-04T10:00:00+08:00", "2008-03-05T09:00:01+08:00"):
            problem(office.try_("acknowledge", {"occurred_at": told}, by="liaison"), 422)
        office.at("2008-03-06").do("acknowledge", {"occurred_at": "2008-03-05T10:00:00+08:00"}, by="liaison")


class TestCorrectingAndAmending:
    def test_amends_before_the_assignment(self, office: Office) -> None:
        """交办以前可以补充，补充的项目要认得、要合规。"""
        office.at(MONDAY).register()
        office.do("amend", {"fields": {"title": "四号河道", "place": "二号桥"}}, by="clerk")
        assert (office.look()["title"], office.look()["place"]) == ("四号河道", "二号桥")
        for fields in (
            {"stage": "closed"},
            {"number": "1"},
            {"title": ""},
            {"title": 5},
            {"kind": "none"},
            {"x\x00": "y"},
            {},
        ):
            problem(office.try_("amend", {"fields": fields}, by="clerk"), 422)
        problem(office.try_("amend", {"fields": {"title": "甲\u202e乙"}}, by="clerk"), 422)

    def test_corrects_what_was_said(self, office_on_both: Office) -> None:
        """更正替换说错的话；更正以前的位置仍见原话，两条事实都在。"""
        office = office_on_both
        office.at(MONDAY).rectifying()
        office.do("report-progress", {"text": "清运五百吨", "quantity": 500, "percent": 50}, by="liaison")
        position = office.history()[-1]["position"]
        body = {
            "position": position,
            "reason": "多写一个零",
            "fields": {"text": "清运五十吨", "quantity": 50},
        }
        problem(office.try_("correct", body, by="clerk"), 403)
        office.do("correct", body, by="head")
        types = [fact["type"] for fact in office.history()]
        assert types[-2:] == ["progress-reported", "fact-corrected"]
        title = office.history()[0]["position"]
        office.do(
            "correct", {"position": title, "reason": "写错", "fields": {"title": "四号河道"}}, by="head"
        )
        assert office.look()["title"] == "四号河道"
        assert office.look(as_of=str(position))["title"] == "三号河道垃圾堆放"
        assert office.ask("/matters", as_of=str(position))["items"][0]["title"] == "三号河道垃圾堆放"
        assert office.ask("/matters", q="四号")["items"][0]["id"] == office.matter
        assert office.ask("/matters", q="四号", as_of=str(position))["items"] == []
