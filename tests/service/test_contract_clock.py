"""走钟与信件: every rung said once, silences broken once, letters written with their facts and kept in rehearsal."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from service.delivery import deliver
from tests.service.given import Office, moment, problem

MONDAY = "2008-03-03"
ANSWER = "reminders overdue unsigned extensions verification look_backs bulletins calendar seals".split()
FACTS = {"due-reminded", "overdue-reminded", "unsigned-reminded", "extension-reminded"}
FACTS |= {"verification-reminded", "look-back-reminded"}


def days(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


def said(office: Office, first: str, last: str, *kinds: str) -> dict[str, dict[str, int]]:
    """What a tick each morning says, on the days it says something."""
    found: dict[str, dict[str, int]] = {}
    for day in days(first, last):
        answer = office.tick(day)
        assert office.tick(day) == {}, f"a second tick on {day} spoke"
        told = {kind: count for kind, count in answer.items() if not kinds or kind in kinds}
        if told:
            found[day] = told
    return found


def letters(office: Office, **query: Any) -> list[Any]:
    """Every letter, newest first."""
    found: list[Any] = []
    cursor = None
    while True:
        page = office.ask("/letters", limit=200, cursor=cursor, **query)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def delivered(office: Office, when: str) -> dict[str, int]:
    assert office.runtime is not None
    office.at(when)
    return asyncio.run(deliver(office.runtime, datetime.fromisoformat(moment(when))))


class TestATick:
    def test_answers_with_all_its_kinds(self, office_on_both: Office) -> None:
        """走钟的答复九项都在，第二次全是 0。"""
        office = office_on_both
        office.at(MONDAY).assigned(due_on="2008-03-04")
        first = office.at("2008-03-05").made("/tick")
        assert sorted(first) == sorted(ANSWER)
        assert (first["overdue"], first["unsigned"]) == (1, 1)
        assert set(office.made("/tick").values()) == {0}

    def test_says_each_rung_on_its_day(self, office: Office) -> None:
        """到期前 7、3、1、0 日提醒，逾期 1、3、7、15 日催办，以后每 15 日一次。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        assert said(office, "2008-03-03", "2008-05-25") == {
            "2008-03-13": {"reminders": 1},
            "2008-03-17": {"reminders": 1},
            "2008-03-19": {"reminders": 1},
            "2008-03-20": {"reminders": 1},
            "2008-03-21": {"overdue": 1},
            "2008-03-23": {"overdue": 1},
            "2008-03-27": {"overdue": 1},
            "2008-04-04": {"overdue": 1},
            "2008-04-19": {"overdue": 1},
            "2008-05-04": {"overdue": 1},
            "2008-05-19": {"overdue": 1},
        }

    def test_after_a_silence_says_the_newest_once(self, office_on_both: Office) -> None:
        """停了多日再走，只说最新的一档，并写明略过的各档和日期；其后照常。"""
        office = office_on_both
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        assert office.tick("2008-03-30") == {"overdue": 1}
        fact = office.history()[-1]
        assert (fact["type"], fact["body"]["slot"], fact["body"]["offset"]) == (
            "overdue-reminded",
            "2008-03-27",
            7,
        )
        passed = [(rung["slot"], rung["offset"]) for rung in fact["body"]["passed_over"]]
        assert passed == [
            ("2008-03-13", -7), ("2008-03-17", -3), ("2008-03-19", -1), ("2008-03-20", 0),
            ("2008-03-21", 1), ("2008-03-23", 3),
        ]  # fmt: skip
        assert office.tick("2008-03-30") == {}
        assert said(office, "2008-03-31", "2008-04-10") == {"2008-04-04": {"overdue": 1}}

    def test_of_ten_silent_days_forgets_nothing(self, office: Office) -> None:
        """每日走与十日一走，说过的加上略过的，档次一样多。"""
        daily = office.at(MONDAY).rectifying(due_on="2008-03-20")
        said(office, "2008-03-04", "2008-05-30")
        whole = {
            (f["body"]["slot"], f["body"]["offset"]) for f in office.history(daily) if f["type"] in FACTS
        }
        office.at("2008-05-30")
        rare = office.at("2008-06-01").rectifying(due_on="2008-06-18")
        for day in days("2008-06-02", "2008-08-29")[::10]:
            office.tick(day)
        told, passed = [], []
        for fact in office.history(rare):
            if fact["type"] in FACTS:
                told.append(fact["body"]["offset"])
                passed += [rung["offset"] for rung in fact["body"]["passed_over"]]
        assert len(told) + len(passed) == len(set(told) | set(passed))
        assert {offset for _, offset in whole} <= set(told) | set(passed) | {60}

    def test_says_no_rung_from_before_the_assignment(self, office: Office) -> None:
        """交办以前的档次不存在，也不算略过。"""
        office.at("2008-03-18").rectifying(due_on="2008-03-20")
        assert office.tick("2008-03-19") == {"reminders": 1}
        assert office.history()[-1]["body"]["passed_over"] == []
        office.at("2008-03-24").rectifying(due_on="2008-03-24")
        assert office.tick("2008-03-24") in ({"reminders": 1}, {"reminders": 1, "overdue": 1})

    def test_presses_for_the_signature(self, office: Office) -> None:
        """交办次一工作日还没签收就催，以后每三个工作日催一次，签收即止。"""
        office.at("2008-03-07").assigned(due_on="2008-05-30")
        found = said(office, "2008-03-07", "2008-03-20", "unsigned")
        assert list(found) == ["2008-03-10", "2008-03-13", "2008-03-18"]
        office.do("acknowledge", by="liaison")
        assert said(office, "2008-03-20", "2008-04-10", "unsigned") == {}

    def test_reminds_the_office_of_its_own_delay(self, office: Office) -> None:
        """报结十个工作日还没核查，提醒督查室；单位的钟停着。"""
        office.at("2008-03-20").reported(due_on="2008-03-25")
        found = said(office, "2008-03-20", "2008-04-20")
        assert next(iter(found)) == "2008-04-04"
        assert all(set(told) == {"verification"} for told in found.values())

    def test_reminds_before_an_extension_ends(self, office: Office) -> None:
        """延期将满，另有提醒。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.do("request-extension", {"until": "2008-04-10", "reason": "汛期"}, by="liaison")
        office.do("grant-extension", {"until": "2008-04-10"}, by="head")
        found = said(office, "2008-03-04", "2008-04-10", "extensions")
        assert found
        assert all("2008-04-01" <= day <= "2008-04-10" for day in found)

    def test_starts_afresh_with_another_limit(self, office: Office) -> None:
        """期限改了，按新期限重新数档。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.tick("2008-03-19")
        office.do("request-extension", {"until": "2008-04-20", "reason": "汛期"}, by="liaison")
        office.do("grant-extension", {"until": "2008-04-20"}, by="head")
        found = said(office, "2008-03-20", "2008-04-22", "reminders", "overdue")
        assert list(found) == ["2008-04-13", "2008-04-17", "2008-04-19", "2008-04-20", "2008-04-21"]

    def test_reminds_of_a_look_back(self, office: Office) -> None:
        """回头看到期提醒；看过即止。"""
        office.at(MONDAY).closed()
        office.do("select-look-back", {"due_on": "2008-05-10"}, by="clerk")
        found = said(office, "2008-05-01", "2008-05-12")
        assert "2008-05-10" in found
        assert all(told == {"look_backs": 1} for told in found.values())
        office.do("pass-look-back", {"findings": "保持"}, by="verifier")
        assert said(office, "2008-05-13", "2008-06-13") == {}

    def test_says_nothing_of_what_has_ended(self, office: Office) -> None:
        """已结的不再说。"""
        office.at(MONDAY)
        for way in ("closed", "cancelled", "transferred", "confirmed", "registered"):
            getattr(office, way)()
        relapsed = office.relapsed()
        assert office.tick("2008-06-01") == {}
        assert office.look(relapsed)["stage"] == "relapsed"

    def test_speaks_through_the_clock(self, office: Office) -> None:
        """走钟写下的事实，历史里看得出不是人写的。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.tick("2008-03-21")
        fact = office.history()[-1]
        assert fact["actor"] not in office.tokens
        assert (fact["unit"], fact["recorded_at"]) == (None, "2008-03-21T09:00:00+08:00")

    def test_of_an_earlier_moment_is_refused(self, office: Office) -> None:
        """走钟也不能倒着走。"""
        office.tick("2008-03-21")
        problem(office.at("2008-03-20").post("/tick"), 409, "moment-passed")
        problem(office.post("/tick", {"at": "2008-03-20"}), 422, "unknown-field")


class TestLetters:
    def test_are_written_with_their_facts(self, office_on_both: Office) -> None:
        """每条该告知的事实都有信，没有事实的没有信。"""
        office = office_on_both
        office.at(MONDAY).closed()
        positions = {fact["position"] for fact in office.history()}
        found = letters(office, matter=office.matter)
        assert {letter["position"] for letter in found} <= positions
        assert {"assigned", "write-off-approved"} <= {letter["rule"] for letter in found}
        to_town = [one for one in found if one["unit"] == office.units["town"] and one["rule"] == "assigned"]
        assert {one["channel"] for one in to_town} >= {"email", "inbox"} or len(to_town) >= 2

    def test_wait_until_delivered_and_are_kept(self, office_on_both: Office) -> None:
        """演练时信件自己不走；递送后存成 .eml，再递送一次什么也没有。"""
        office = office_on_both
        office.at(MONDAY).assigned()
        assert office.settings is not None
        folder = office.settings.var / "letters"
        mails = [one for one in letters(office) if one["state"] == "waiting"]
        assert mails
        assert list(folder.rglob("*.eml")) == []
        delivered(office, "2008-03-03 12:00")
        states = Counter(one["state"] for one in letters(office))
        assert states["waiting"] == 0
        assert states["kept"] >= 1
        kept = list(folder.rglob("*.eml"))
        assert kept
        told = [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in kept]
        assert any("liaison@yunxi.example" in str(one["To"]) for one in told)
        assert len({one["Message-ID"] for one in told}) == len(told)
        assert all(one["Date"] for one in told)
        delivered(office, "2008-03-03 12:00")
        assert len(list(folder.rglob("*.eml"))) == len(kept)

    def test_to_a_unit_without_people_have_no_address(self, office: Office) -> None:
        """交办给没有人员的单位照收，信件记为 no_address。"""
        office.at(MONDAY).register()
        body = {"lead_unit": office.units["schools"], "time_limit": "7日内", "quality_requirement": "清完"}
        empty = office.made("/units", {"name": "空编办"})["id"]
        office.do("assign", {**body, "lead_unit": empty}, by="clerk")
        delivered(office, "2008-03-03 12:00")
        found = letters(office, unit=empty)
        assert found
        assert {one["state"] for one in found if one["channel"] == "email"} == {"no_address"}
        assert letters(office, state="no_address")

    def test_overtaken_are_dropped(self, office: Office) -> None:
        """还没送出事情就过去了的信不再送。"""
        office.at(MONDAY).assigned(kind="immediate")
        office.tick("2008-03-04")
        office.do("acknowledge", by="liaison")
        delivered(office, "2008-03-04 12:00")
        states = {one["state"] for one in letters(office, matter=office.matter) if one["rule"] in ("assigned", "unsigned")
                  and one["channel"] == "email"}  # fmt: skip
        assert states == {"overtaken"}

    def test_are_not_doubled_by_a_second_tick(self, office: Office) -> None:
        """同一档的信只有一套。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        for _ in range(3):
            office.tick("2008-03-21")
        found = [
            (one["rule"], one["slot"], one["unit"], one["role"], one["person"], one["channel"])
            for one in letters(office)
        ]
        assert len(found) == len(set(found))

    def test_are_seen_by_whom_they_concern(self, office: Office) -> None:
        """别的单位看不到不是给自己的信。"""
        office.at(MONDAY).assigned()
        assert letters(office, by="water") == []
        assert letters(office, by="liaison")
        assert letters(office, unit=office.units["water"]) == []
        problem(office.get("/letters", state="lost"), office.get("/letters", state="lost").status_code)

    def test_go_to_the_post_not_the_person(self, office: Office) -> None:
        """人调走以后，信送给接任的。"""
        office.at(MONDAY).assigned()
        office.made(f"/people/{office.people['liaison']}/leave")
        new = {
            "name": "接任者",
            "unit": office.units["town"],
            "roles": ["unit_liaison"],
            "email": "next@yunxi.example",
        }
        office.made("/people", new)
        delivered(office, "2008-03-03 12:00")
        assert office.settings is not None
        kept = [one.read_text(errors="replace") for one in (office.settings.var / "letters").rglob("*.eml")]
        assert any("next@yunxi.example" in one for one in kept)
        assert not any("liaison@yunxi.example" in one for one in kept)


def test_letters_folder_stays_under_var(office: Office, tmp_path: Path) -> None:
    """演练写下的东西都在数据目录里。"""
    assert office.settings is not None
    assert office.settings.var.is_relative_to(tmp_path)
