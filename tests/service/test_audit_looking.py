"""看过去: a moment kept while walking, what is odd about it, and answers equal to a record that ended there."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from service.scratch import scratch
from tests.service.given import Office
from tests.service.opened import app_client
from tests.service.pages import Visitor, visitor

LATE = "三日内应交的一件"


@pytest.fixture
def walked(office: Office) -> Office:
    """An office in which something happened on every one of ten days."""
    office.at("2008-03-03")
    office.assigned(title=LATE, time_limit="3日内")
    office.at("2008-03-10").tick()
    office.at("2008-03-11").reported(title="报结的一件")
    office.at("2008-03-12 10:00").closed(title="销号的一件", time_limit="30日内")
    return office


def look(auditor: Visitor, *, moment: str = "", position: str = "", status: int = 200) -> str:
    auditor.get("/")
    return auditor.send("/past", {"moment": moment, "position": position, "back": "/overdue"}, status=status)


class TestLooking:
    def test_stays_while_one_walks(self, walked: Office) -> None:
        """审计在页眉写一个时刻，走到哪一页都是那一刻的样子，横幅写明，直到回到现在。"""
        auditor = visitor(walked, "auditor")
        look(auditor, moment="2008-03-07T09:00")
        for page in ("/overdue", "/matters?state=all", "/board", "/units", "/letters/sent", "/"):
            auditor.get(page)
            assert "正在看过去" in auditor.text(), page
            assert "2008年3月7日 周五 09:00" in auditor.text(), page
            assert "报结的一件" not in auditor.text(), page
        auditor.get("/overdue")
        assert LATE in auditor.main()
        auditor.get(f"/matters/{walked.matter}", 404)
        auditor.get("/overdue")
        auditor.send("/past/leave", {"back": "/matters?state=all&as_of=2008-03-07"})
        assert "正在看过去" not in auditor.text()
        assert "销号的一件" in auditor.text()

    def test_a_minute_means_to_its_end(self, walked: Office) -> None:
        """写 10:00，看得到 10:00 这一分钟里记下的；早一分钟就看不到。"""
        auditor = visitor(walked, "auditor")
        look(auditor, moment="2008-03-12T10:00")
        auditor.get("/matters?state=all")
        assert "销号的一件" in auditor.main()
        look(auditor, moment="2008-03-12T09:59")
        auditor.get("/matters?state=all")
        assert "销号的一件" not in auditor.main()

    def test_every_link_keeps_the_moment(self, walked: Office) -> None:
        """网址里带着时刻打开的页，页上的链接也都带着它。"""
        clerk = visitor(walked, "clerk")
        for page in ("/", "/board", "/matters", "/units", "/overdue"):
            clerk.get(f"{page}?as_of=2008-03-07")
            links = [
                h
                for h in clerk.links(r'<a [^>]*href="(/[^"#]*)"')
                if not h.startswith(("/me", "/letters", "/help"))
            ]
            lost = [h for h in links if "as_of=" not in h and h not in ("/", page) and "register" not in h]
            assert lost == [], page

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"moment": "2099-01-01T00:00"}, "那时还没有到"),
            ({"position": "999999"}, "记录现在到第"),
            ({"position": "二十"}, "不是数"),
            ({"moment": "2008-02-30T08:00"}, "没有 2008-02-30T08:00 这个时刻"),
            ({}, "没有写要看哪一刻"),
        ],
    )
    def test_refuses_what_is_no_moment(self, walked: Office, typed: dict[str, str], sentence: str) -> None:
        """将来的、不存在的、写不成时刻的，都说清楚为什么，原来看的时刻不变。"""
        auditor = visitor(walked, "auditor")
        auditor.get("/")
        auditor.send("/past", {**typed, "back": "/"}, status=422 if "9" in str(typed) else 400)
        assert sentence in auditor.text()
        auditor.get("/")
        assert "正在看过去" not in auditor.text()

    def test_says_what_is_odd_about_a_moment(self, walked: Office) -> None:
        """第一条记录以前、一次办理的中间，照样回答，并说明那是什么样的时刻。"""
        auditor = visitor(walked, "auditor")
        look(auditor, position="0")
        assert "那时一条也没有" in auditor.text()
        assert walked.ask("/matters", as_of="1990-01-01")["items"] == []
        walked.at("2008-03-20").do("find-relapse", {"findings": "又堆上了"}, by="verifier")
        last = walked.ask("/board")["position"]
        look(auditor, position=str(last - 1))
        assert f"第 {last - 1} 至 {last} 位是一次办理里一起写下的" in auditor.text()
        look(auditor, position=str(last))
        assert "一起写下的" not in auditor.text()

    def test_rights_are_those_of_now(self, walked: Office) -> None:
        """看过去用的是现在的权限：当时没有这个单位的人，现在管着就看得到；现在看不到的，过去也看不到。"""
        auditor, liaison = visitor(walked, "auditor"), visitor(walked, "water")
        auditor.get("/matters?as_of=2008-03-07")
        assert LATE in auditor.main()
        liaison.get("/matters?state=all&as_of=2008-03-07")
        assert LATE not in liaison.main()
        assert "看的时刻" not in liaison.text()


QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/matters", {"limit": 200}),
    ("/matters", {"state": "open", "q": "一件"}),
    ("/matters", {"overdue": "true"}),
    ("/overdue", {}),
    ("/awaiting-verification", {}),
    ("/board", {}),
    ("/rates", {}),
    ("/units", {}),
    ("/people", {}),
)


@contextmanager
def ended_at(office: Office, folder: Path, position: int) -> Iterator[Office]:
    """An office whose record ended at a position."""
    assert office.runtime is not None
    assert office.settings is not None
    with (
        scratch(office.runtime.store, office.settings, folder, position) as runtime,
        app_client(runtime) as client,
    ):
        for account, token in office.tokens.items():
            copy_token(office, runtime, account, token)
        yield Office(client=client, tokens=office.tokens)


def copy_token(office: Office, runtime: Any, account: str, token: str) -> None:
    from sqlalchemy import insert, select

    from service.storage.tables import tokens

    assert office.runtime is not None
    with office.runtime.database.reading.connect() as connection:
        row = connection.execute(select(tokens).where(tokens.c.user_name == account)).mappings().first()
    with runtime.database.writing.connect() as connection, connection.begin():
        connection.execute(insert(tokens).values(**dict(row or {})))


def test_the_past_is_what_a_record_that_ended_there_says(office: Office, tmp_path: Path) -> None:
    """任取几个位次：台账、逾期、待核查、看板、比率、单位、人员按那一位回答，与只有那一位以前的记录的新库逐字相同。"""
    furnished = office.at("2008-03-03").ask("/board")["position"]
    office.assigned(title=LATE, time_limit="3日内")
    office.at("2008-03-10").tick()
    office.made(f"/units/{office.units['town']}/rename", {"name": "青石街道"})
    closed = office.at("2008-03-11").closed(title="办完的一件")
    office.at("2008-03-12").objected(title="有异议的一件")
    office.at("2008-03-13").suspended(title="停下的一件")
    assigned = next(f["position"] for f in office.history(closed) if f["type"] == "matter-assigned")
    fields = {"quality_requirement": "清运见底，恢复原貌"}
    office.do("correct", {"position": assigned, "reason": "写漏", "fields": fields}, by="head", matter=closed)
    office.at("2008-03-20").do("find-relapse", {"findings": "又堆上了"}, by="verifier", matter=closed)
    head = office.ask("/board")["position"]
    asked = [*random.Random(20080312).sample(range(furnished, head), 4), head - 1, head]
    for position in asked:
        with ended_at(office, tmp_path / str(position), position) as ended:
            for path, query in QUESTIONS:
                then = office.ask(path, as_of=str(position), **query)
                anew = ended.ask(path, **query)
                assert _plain(then) == _plain(anew), (position, path, query)


def _plain(answer: dict[str, Any]) -> Any:
    return re.sub(r"'next': '[^']*'", "", str(answer))
