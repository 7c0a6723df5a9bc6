"""自己更新: an open list is told what stirred on it, of what its reader may see, and costs nothing while nothing did."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from events.vocabulary import UserName
from service.identity import COOKIE
from service.storage.tables import sessions
from tests.service.given import SENTENCE, Office
from tests.service.pages import Visitor, visitor


def asked(somebody: Visitor, of: str, at: int, mark: str = "") -> Any:
    headers = {"If-None-Match": mark} if mark else {}
    return somebody.client.get("/live", params={"of": of, "at": at}, headers=headers)


def stirred(somebody: Visitor, of: str, at: int) -> int:
    answer = asked(somebody, of, at)
    assert answer.status_code == 200, answer.text
    found: int = answer.json()["stirred"]
    return found


def head(office: Office) -> int:
    assert office.runtime is not None
    return office.runtime.store.head().position


class TestNews:
    def test_are_the_matters_that_changed_came_or_went(self, office_on_both: Office) -> None:
        """在看的清单里，进来一件、出去一件、变了一件，都算；不在这张清单里的不算。"""
        office = office_on_both.at("2008-03-03")
        changed = office.rectifying(title="要报进展的", time_limit="5日内")
        gone = office.reported(title="要退回的")
        office.tick("2008-03-04 08:30")
        clerk, at = visitor(office, "clerk"), head(office)
        assert stirred(clerk, "/matters?stage=rectifying", at) == 0
        office.do("report-progress", {"text": "已清一半", "percent": 50}, by="liaison", matter=changed)
        assert stirred(clerk, "/matters?stage=rectifying", at) == 1
        office.do("return-completion", {"reason": "没有清到底"}, by="clerk", matter=gone)
        assert stirred(clerk, "/matters?stage=rectifying", at) == 2
        assert stirred(clerk, "/awaiting-verification", at) == 1
        assert stirred(clerk, "/matters?stage=assigned", at) == 0
        assert stirred(clerk, "/board", at) == stirred(clerk, "/", at) == 2
        assert stirred(clerk, "/matters?stage=rectifying", head(office)) == 0

    def test_are_of_what_one_may_see(self, office: Office) -> None:
        """别的单位的动静，不算也不透露。"""
        office.at("2008-03-03")
        at = head(office)
        office.rectifying()
        assert stirred(visitor(office, "liaison"), "/matters", at) == 1
        water = visitor(office, "water")
        assert stirred(water, "/matters", at) == 0
        assert asked(water, "/matters", at).json()["counts"] == {"/matters": "0", "/overdue": "0"}

    def test_come_with_counts_and_unread_letters(self, office: Office) -> None:
        """左栏的在办、逾期数和未读消息数一并给出，与页面上的一样。"""
        office.at("2008-03-03")
        at = head(office)
        office.rectifying(time_limit="5日内")
        office.tick("2008-03-20")
        liaison = visitor(office, "liaison")
        said = asked(liaison, "/", at).json()
        liaison.get("/")
        assert said["counts"] == {"/matters": "1", "/overdue": "1"}
        assert int(said["unread"]) > 0
        assert f"<b>{said['unread']}</b>" in liaison.page

    def test_a_flood_is_said_as_such(self, office: Office) -> None:
        """一下子动了太多件，不一件一件数。"""
        from projections import stirring

        office.at("2008-03-03")
        at = head(office)
        most = stirring.MOST
        stirring.MOST = 2  # type: ignore[misc]
        try:
            for _ in range(3):
                office.register()
            assert asked(visitor(office, "clerk"), "/matters", at).json()["stirred"] is None
        finally:
            stirring.MOST = most  # type: ignore[misc]

    @pytest.mark.parametrize("of", ["", "/users", "/look-backs", "http://evil.example/", "/matters?stage=no"])
    def test_only_of_lists(self, office: Office, of: str) -> None:
        """不是清单的地址、读不懂的筛选，说清楚退回。"""
        assert asked(visitor(office, "clerk"), of, 1).status_code == 400
        assert visitor(office, "clerk").client.get("/live?of=/&at=x").status_code == 400


class TestQuiet:
    def test_nothing_new_is_an_empty_answer(self, office: Office) -> None:
        """一条新的记录也没有，答 304，没有正文；过了一天，灯会变，就重新答。"""
        office.at("2008-03-03").register()
        clerk = visitor(office, "clerk")
        mark = asked(clerk, "/matters", head(office)).headers["etag"]
        again = asked(clerk, "/matters", head(office), mark)
        assert (again.status_code, again.content) == (304, b"")
        office.tick("2008-03-04")
        assert asked(clerk, "/matters", head(office), mark).status_code == 200

    def test_is_no_sign_of_life(self, office: Office) -> None:
        """页面自己问，不算有人在用：闲置时间照样计。"""
        assert office.runtime is not None
        clerk = visitor(office, "clerk")
        past = int((datetime.now(UTC) - timedelta(minutes=10)).timestamp() * 1e6)
        with office.runtime.database.writing.connect() as connection, connection.begin():
            connection.execute(
                update(sessions).where(sessions.c.user_name == UserName("clerk")).values(seen_at=past)
            )

        def seen_at() -> int:
            with office.runtime.database.reading.connect() as connection:  # type: ignore[union-attr]
                rows = connection.execute(sessions.select().where(sessions.c.user_name == "clerk"))
                return int(rows.one().seen_at)

        asked(clerk, "/", 1)
        assert seen_at() == past
        clerk.get("/")
        assert seen_at() > past

    def test_pages_ask_only_about_now(self, office: Office) -> None:
        """看现在的第一页才问；看过去、翻到后面、回头看安排都不问；没登录问不到。"""
        office.at("2008-03-03")
        for n in range(51):
            office.register(title=f"第{n}件")
        clerk = visitor(office, "clerk")
        for path in ("/", "/matters", "/board", "/overdue"):
            clerk.get(path)
            assert f'data-live="{head(office)}"' in clerk.page, path
        for path in ("/matters?as_of=2008-03-03", "/look-backs", "/units"):
            clerk.get(path)
            assert "data-live" not in clerk.page, path
        clerk.get("/matters")
        clerk.get(next(href for href in clerk.links() if "cursor=" in href))
        assert "data-live" not in clerk.page
        clerk.client.cookies.delete(COOKIE)
        answer = clerk.client.get("/live?of=/&at=1", follow_redirects=False)
        assert answer.status_code in (302, 303, 401)


def test_a_unit_hears_of_what_is_given_to_it(office: Office) -> None:
    """刚交办给自己的，马上算进来。"""
    office.at("2008-03-03")
    matter = office.register()
    at = head(office)
    body = {"lead_unit": office.units["town"], "quality_requirement": SENTENCE, "time_limit": "5日内"}
    office.do("assign", body, by="clerk", matter=matter)
    assert stirred(visitor(office, "liaison"), "/", at) == 1
