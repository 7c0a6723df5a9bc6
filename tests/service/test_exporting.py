"""导出: the workbook says what the page says, text stays text, and who took it is written down."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from service.storage.access import Asked, Kind
from tests.service.given import Office
from tests.service.pages import Visitor, visitor

FORMULA = '=HYPERLINK("http://evil.example")，+86 和 @SUM(1)'


def workbook(somebody: Visitor, path: str) -> Any:
    answer = somebody.client.get(path)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''")
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def rows(book: Any) -> list[tuple[Any, ...]]:
    return list(book["台账"].iter_rows(values_only=True))


def about(book: Any) -> dict[str, str]:
    return dict(book["说明"].iter_rows(values_only=True))


def test_a_workbook_is_the_view(office_on_both: Office) -> None:
    """导出的就是当前所见：筛选、列、过去的时刻都一样；字就是字，日期是日期；谁导出的记进查阅日志。"""
    office = office_on_both
    office.at("2008-03-03")
    office.register(title=FORMULA)
    late = office.rectifying(title="三号河道垃圾堆放", time_limit="5日内")
    office.tick("2008-03-20")
    clerk = visitor(office, "clerk")

    book = workbook(clerk, "/matters.xlsx?state=open")
    head, *said = rows(book)
    assert head == ("编号", "事项", "责任单位", "阶段", "期限", "灯", "最近动态")
    assert [row[1] for row in said] == [FORMULA, "三号河道垃圾堆放"]
    assert book["台账"]["B2"].data_type == "s"
    assert book["台账"]["B2"].hyperlink is None
    assert [str(value) for value in said[1][3:6]] == ["整改中", "2008-03-08 00:00:00", "逾期 12 天"]
    assert about(book)["件数"] == "2 件"
    assert "状态 在办" in about(book)["筛选"]

    clerk.get("/matters?overdue=1")
    filtered = rows(workbook(clerk, next(h for h in clerk.links() if h.startswith("/matters.xlsx"))))
    assert [row[1] for row in filtered[1:]] == ["三号河道垃圾堆放"]
    then = workbook(clerk, "/matters.xlsx?as_of=2008-03-02")
    assert rows(then)[1:] == []
    assert "2008年3月2日" in about(then)["数据截至"]

    other = rows(workbook(visitor(office, "water"), "/matters.xlsx?state=all"))
    assert other[1:] == []
    assert office.look(late)["stage"] == "rectifying"

    assert office.runtime is not None
    taken = office.runtime.access.found(Asked(kind=Kind.EXPORT))
    assert [(look.user, look.address) for look in taken][-1] == ("clerk", "/matters.xlsx?state=open")
    assert {look.user for look in taken} == {"clerk", "water"}


def test_refuses_what_the_page_refuses(office: Office) -> None:
    """没登录、筛选写错，都不导出，说清楚哪里不对。"""
    clerk = visitor(office, "clerk")
    clerk.get("/matters.xlsx?stage=nothing", 400)
    assert "没有“nothing”这个阶段" in clerk.text()
    assert office.runtime is not None
    assert office.runtime.access.found(Asked(kind=Kind.EXPORT)) == ()
