"""duban whatif: a past period under another calendar or other procedures, beside what the record says."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from events.rules.calendar import CalendarYear, shipped_years
from events.vocabulary import BEIJING
from notifications.outbox.tables import letters
from service.runtime import Runtime
from service.whatif.comparing import Difference, difference
from service.whatif.supposition import Supposition
from service.whatif.telling import as_json
from tests.service.given import Office
from tests.service.programs import CONFIG, Ran, duban, said_no


def supposing(runtime: Runtime, end: str, years: tuple[CalendarYear, ...] = ()) -> Difference:
    settings = runtime.settings
    supposition = Supposition(
        first=datetime(2008, 1, 1, tzinfo=BEIJING),
        end=datetime.combine(date.fromisoformat(end), time.min, tzinfo=BEIJING),
        years=years,
        procedures=settings.procedures,
        rules=settings.rules,
    )
    return difference(runtime, supposition, lambda done, whole: None)


def ran(folder: Path, *more: str) -> Ran:
    period = ("--from", "2008-03-01", "--to", "2008-03-31")
    found = duban(folder, "whatif", *period, *more)
    assert found.returncode == 0, found.stderr
    return found


def asked(folder: Path, *more: str) -> Any:
    return json.loads(ran(folder, *more, "--json").stdout)


@pytest.fixture
def busy(office: Office, tmp_path: Path) -> Path:
    """Two matters of working days, one of a date, one handed to a leader's ordinary 15 days."""
    office.at("2008-03-03").rectifying(title="五个工作日的一件", time_limit="5个工作日内")
    office.at("2008-03-04").assigned(title="定死日子的一件", due_on="2008-03-20")
    office.at("2008-03-05").assigned(title="批示件", kind="leader_instruction", urgency="ordinary")
    office.at("2008-03-31").tick()
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


class TestSameRules:
    def test_nothing_differs(self, office: Office) -> None:
        """换成本来的那张日历，什么都不会不同，每一种办理都走过。"""
        for day, life in enumerate(
            "confirmed relapsed cancelled transferred merged suspended objected reviewed".split()
        ):
            getattr(office.at(f"2008-03-{day + 3:02d}"), life)(time_limit="10个工作日内")
        office.at("2008-03-12").rectifying(time_limit="10个工作日内", starts="acknowledged")
        office.at("2008-03-18").report()
        office.at("2008-03-20").do("return-completion", {"reason": "不实"}, by="clerk")
        office.do("suspend", {"reason": "防汛"}, by="head")
        office.at("2008-03-27").do("resume", by="head")
        office.do("request-extension", {"until": "2008-05-01", "reason": "汛期"}, by="liaison")
        office.do("grant-extension", {"until": "2008-04-28"}, by="head")
        office.at("2008-06-01").tick()
        assert office.runtime is not None
        years = tuple(year for year in shipped_years() if year.year == 2008)
        found = as_json(supposing(office.runtime, "2009-01-01", years))
        assert found["matters"] == 11
        assert found["letters"]["now"] == found["letters"]["then"] > 40
        assert (found["letters"]["more"], found["letters"]["fewer"]) == (0, 0)
        assert found["limits"] == found["not_admitted"] == []
        assert set(map(len, found["overdue"].values())) == {0}

    def test_letters_are_those_the_clock_wrote(self, office: Office) -> None:
        """天天走钟的记录，照现行规定再走一遍，信件就是当时写下的那些。"""
        office.at("2008-03-03").rectifying(time_limit="5个工作日内")
        office.assigned(due_on="2008-03-14")
        day = datetime(2008, 3, 4, tzinfo=BEIJING)
        while day < datetime(2008, 4, 2, tzinfo=BEIJING):
            office.tick(day.isoformat())
            day += timedelta(days=1)
        runtime = office.runtime
        assert runtime is not None
        with runtime.database.reading.connect() as connection:
            written = connection.scalar(select(func.count()).select_from(letters))
        found = supposing(runtime, "2008-04-02")
        assert found.letters_now.total() == found.letters_then.total() == written


class TestOtherRules:
    def test_another_calendar(self, busy: Path) -> None:
        """三月上旬改成放假：五个工作日的期限推后，期间不再逾期的列出来，少了的信数得出；定死日子的不动；记录一字不改。"""
        before = (busy / "var/duban.sqlite3").read_bytes()
        days = (f"2008-03-{day:02d},0,防汛停工" for day in range(4, 15))
        (busy / "stopped.csv").write_text("date,working,name\n" + "\n".join(days), encoding="utf-8")
        told = asked(busy, "--calendar", "stopped.csv")
        (moved,) = told["limits"]
        assert (moved["title"], moved["now"], moved["then"]) == (
            "五个工作日的一件",
            "2008-03-10",
            "2008-03-21",
        )
        (fewer,) = told["overdue"]["other_days"]
        assert (fewer["now"], fewer["then"]) == (21, 10)
        assert told["letters"]["fewer"] > 0
        assert told["letters"]["now"] - told["letters"]["then"] == (
            told["letters"]["fewer"] - told["letters"]["more"]
        )
        shown = ran(busy, "--calendar", "stopped.csv")
        assert "2008-03-10 → 2008-03-21" in shown.stdout
        assert shown.stderr.splitlines()[-1] == "3/3 件"
        assert (busy / "var/duban.sqlite3").read_bytes() == before

    def test_another_procedure(self, busy: Path) -> None:
        """批示件一般件由 15 日改 30 日：期限推后、不再逾期；只提前一天提醒：提醒信少；须有视频：报结会不获准的写明。"""
        (busy / "other.toml").write_text(
            """
            [procedures.leader_instruction]
            urgency_days = { ordinary = 30 }
            [reminders]
            rungs_before = [1]
            """,
            encoding="utf-8",
        )
        told = asked(busy, "--procedure", "other.toml")
        (moved,) = told["limits"]
        assert (moved["title"], moved["now"], moved["then"]) == ("批示件", "2008-03-20", "2008-04-04")
        (ceased,) = told["overdue"]["ceased"]
        assert (ceased["title"], ceased["now"], ceased["then"]) == ("批示件", 11, 0)
        assert told["overdue"]["turned"] == []
        due = next(one for one in told["letters"]["rules"] if one["rule"] == "due")
        assert due["then"] < due["now"]

    def test_what_would_not_have_been_admitted(self, office: Office, tmp_path: Path) -> None:
        """报结要有视频、延期不许超过五天：当时办了的，列为会不获准，附理由。"""
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        office.at("2008-03-10").do(
            "request-extension", {"until": "2008-03-30", "reason": "汛期"}, by="liaison"
        )
        office.do("grant-extension", {"until": "2008-03-24"}, by="head")
        office.report()
        (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
        (tmp_path / "other.toml").write_text(
            '[procedures.rectification]\nevidence = ["video"]\nextension_max_days = 5\n', encoding="utf-8"
        )
        why = [one["why"] for one in asked(tmp_path, "--procedure", "other.toml")["not_admitted"]]
        assert len(why) == 2
        assert "至多5日" in why[0]
        assert "视频" in why[1]


BAD = {
    "nothing supposed": ((), "--calendar"),
    "no such day": (("--from", "三月", "--calendar", "good.csv"), "不是日期"),
    "the wrong way round": (("--from", "2009-01-01", "--calendar", "good.csv"), "对调"),
    "still to come": (("--from", "2030-01-01", "--to", "2030-02-01", "--calendar", "good.csv"), "还没有到"),
    "too long": (("--from", "1990-01-01", "--calendar", "good.csv"), "分几段"),
    "no file": (("--calendar", "none.csv"), "none.csv"),
    "an empty calendar": (("--calendar", "empty.csv"), "一天也没有"),
    "no calendar": (("--calendar", "bad.csv"), "不是日子"),
    "no procedure": (("--procedure", "bad.csv"), "TOML"),
    "another section": (("--procedure", "mail.toml"), "不认识 [mail]"),
    "an unknown kind": (("--procedure", "kind.toml"), "没有 petition 这一类"),
}


class TestRefusing:
    def test_what_cannot_be_supposed(self, busy: Path) -> None:
        """没说假设什么、日期不对、文件不对，各有一句话，退出码 2。"""
        (busy / "good.csv").write_text("date,working,name\n2008-03-04,0,停工\n", encoding="utf-8")
        (busy / "empty.csv").write_text("date,working,name\n", encoding="utf-8")
        (busy / "bad.csv").write_text("date,working,name\n下周一,0,停工\n", encoding="utf-8")
        (busy / "mail.toml").write_text('[mail]\nhost = "x"\n', encoding="utf-8")
        (busy / "kind.toml").write_text('[procedures.petition]\nlabel = "信访件"\n', encoding="utf-8")
        for name, (arguments, sentence) in BAD.items():
            period = ("--from", "2008-03-01", "--to", "2008-03-31")
            assert sentence in said_no(duban(busy, "whatif", *period, *arguments)), name
