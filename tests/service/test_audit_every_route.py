"""As of, on every address: what a page, a list, a count, a rate or an export said at a position it says for ever."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.routing import APIRoute

from service.delivery import deliver
from service.pages import router as pages
from tests.service.circulating import Circulation
from tests.service.given import Office
from tests.service.opened import Furnished
from tests.service.pages import Visitor, visitor

NOW_ONLY = {
    "/login": "门，没有登录就没有时刻",
    "/me": "各人自己的设置",
    "/me/password": "各人自己的密码",
    "/access": "谁看过：是看的人现在做的事，自己按日子筛选",
    "/limit-words": "把时限的写法翻成日期，不看记录",
    "/foot.css": "印在页脚的时刻，随页面",
    "/matters/{matter_id}/foot.css": "印在页脚的时刻，随页面",
    "/rates": "搬到了 /statistics",
    "/bulk": "办事的表：办事总在现在",
    "/bulk/{command}": "办事的表：办事总在现在",
    "/matters/register": "办事的表：办事总在现在",
    "/matters/{matter_id}/{command}": "办事的表：办事总在现在",
    "/bulletins/draft": "办事的表：办事总在现在",
    "/bulletins/{bulletin_id}/{command}": "办事的表：办事总在现在",
    "/units/import": "办事的表：办事总在现在",
    "/units/register": "办事的表：办事总在现在",
    "/units/{unit_id}/{verb}": "办事的表：办事总在现在",
    "/people/register": "办事的表：办事总在现在",
    "/people/{person_id}/{verb}": "办事的表：办事总在现在",
    "/people/{person_id}/hand-over": "办事的表：办事总在现在",
    "/users/register": "办事的表：办事总在现在",
    "/users/{name}/{verb}": "办事的表：办事总在现在",
    "/calendars/{year}/publish": "办事的表：办事总在现在",
    "/board/{matter_id}": "办事的表：办事总在现在",
    "/meetings/record": "办事的表：办事总在现在",
    "/meetings/{meeting_id}/register": "办事的表：办事总在现在",
    "/meetings/{meeting_id}/{command}": "办事的表：办事总在现在",
    "/matters/{matter_id}/visit": "现场核查的表：办事总在现在",
    "/bulletins/{bulletin_id}/files/{sha256}": "一份扫描件，从附上起不变；通报那时没有它就没有",
    "/help": "使用说明，不是记录",
    "/help/{name}": "使用说明，不是记录",
    "/help/pictures/{name}": "使用说明，不是记录",
    "/help/terms/{term}": "使用说明，不是记录",
    "/live": "页面自己问这一会儿有没有动静",
    "/views": "各人自己存的视图",
    "/views/new": "各人自己存的视图",
    "/matters/similar": "立项以前提醒像哪几件",
    "/matters/{matter_id}/likes": "提醒现在像哪几件",
    "/letters/paper": "现在要印送的信",
    "/letters/paper/{batch}": "现在印出的一批",
    "/api/v1/bulletins/{bulletin_id}/files/{sha256}": "一份扫描件，从附上起不变；通报那时没有它就没有",
    "/api/v1/me": "问的人自己",
    "/api/v1/matters/similar": "立项以前提醒像哪几件",
    "/api/v1/mentions": "问的人自己现在该回的话",
    "/api/v1/openapi.json": "接口说明，不是记录",
}
"""Addresses that show no facts of the record as of a moment, each with the reason."""


@dataclass(kw_only=True)
class Lived:
    """An office with something for every address to show, and the ids that stand in addresses."""

    office: Office
    ids: dict[str, str] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)


@pytest.fixture
def lived(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Lived]:
    with an_opened_office.copy(tmp_path) as office:
        yield begun(office)


def begun(office: Office) -> Lived:
    """What happens before the position."""
    office.at("2008-03-03").assigned(due_on="2008-03-20", title="四号河道")
    office.at("2008-03-11").closed(title="五号河道", time_limit="30日内")
    office.tick("2008-03-22")
    desk = Circulation(office=office)
    office.at("2008-04-06")
    desk.drafted().issued()
    matter = office.at("2008-04-07").reported(title="三号河道", time_limit="5日内")
    office.do("note", {"text": "内部看法一"}, by="clerk")
    said = {"text": "附一张图"}
    files = {"file": ("图.pdf", b"%PDF-1.4 drawing", "application/pdf")}
    assert (
        office.send("POST", f"/matters/{matter}/note", by="clerk", data=said, files=files).status_code == 200
    )
    office.do("note-petitioner", {"name": "邵长庚", "phone": "13800001234"}, by="clerk")
    held = {"kind": "scheduling", "title": "河道整治调度会", "held_on": "2008-04-07", "chair": "沈如松"}
    meeting = office.made("/meetings", {**held, "decisions": ["清运见底"]}, by="clerk")["id"]
    files = {"file": ("纪要.pdf", b"%PDF-1.4 minutes", "application/pdf")}
    minutes = office.send("POST", f"/meetings/{meeting}/attach-minutes", by="clerk", files=files)
    assert minutes.status_code == 200, minutes.text
    office.tick("2008-04-08")
    assert office.runtime is not None
    asyncio.run(deliver(office.runtime, datetime.fromisoformat("2008-04-08T09:30:00+08:00")))
    notes = office.ask(f"/matters/{matter}/notes", by="clerk")["items"]
    ids = {
        "matter_id": matter,
        "bulletin_id": desk.id,
        "meeting_id": meeting,
        "unit_id": office.units["town"],
        "person_id": office.people["liaison"],
        "evidence_id": office.look(matter)["evidence"][0]["id"],
        "file_id": next(note["file"]["id"] for note in notes if note["file"]),
        "letter_id": next(
            letter["id"]
            for letter in office.ask("/letters", by="clerk")["items"]
            if letter["channel"] == "inbox" and letter["role"] == "office_clerk"
        ),
        "year": "2008",
        "rule": "closing_rate",
        "form": "assignment-slip",
    }
    return Lived(office=office, ids=ids)


def gone_on(lived: Lived) -> None:
    """What happens after it: something to everything that can be asked for."""
    office, matter = lived.office, lived.ids["matter_id"]
    office.at("2008-04-20")
    office.made(f"/units/{office.units['town']}/rename", {"name": "青石街道"})
    office.made("/units", {"name": "新设局", "parent": office.units["office"]})
    office.made(f"/people/{office.people['liaison']}/move", {"unit": office.units["water"]})
    person = office.made("/people", {"name": "新来的", "unit": office.units["office"], "roles": []})["id"]
    office.made("/users", {"name": "newcomer", "person": person, "roles": ["office_clerk"]})
    office.made("/users/water/disable")
    days = [{"date": "2008-05-05", "working": False, "name": "补休"}]
    office.made("/calendars/2008", {"days": days, "source": "又一份通知"})
    office.do("note", {"text": "内部看法二"}, by="clerk", matter=matter)
    office.do("note-petitioner", {"name": "后来的人"}, by="clerk", matter=matter)
    office.matter = matter
    office.schedule()
    office.do("fail-verification", {"kind": "incomplete", "findings": "没清完"}, by="verifier")
    office.do("request-extension", {"until": "2008-08-01", "reason": "汛期"}, by="chief")
    office.do("request-support", {"text": "缺车"}, by="chief")
    office.attach(by="chief")
    meeting = f"/meetings/{lived.ids['meeting_id']}"
    office.made(f"{meeting}/add-decision", {"decision": "月底回头看"}, by="clerk")
    files = {"file": ("纪要二.pdf", b"%PDF-1.4 minutes again", "application/pdf")}
    assert office.send("POST", f"{meeting}/attach-minutes", by="clerk", files=files).status_code == 200
    office.register(title="后来报拟办的一件")
    proposal = {"lead_unit": office.units["water"], "text": "请水务局办", "time_limit": "15日内"}
    office.do("submit-handling-proposal", proposal, by="clerk")
    for title in ("后来的一件", "后来的又一件", "后来的一件"):
        office.assigned(title=title, due_on="2008-04-22")
    office.made(f"/bulletins/{lived.ids['bulletin_id']}/acknowledge", {}, by="chief")
    Circulation(office=office).drafted("daily", **{"from": "2008-04-15", "to": "2008-04-15"})
    office.tick("2008-04-25")
    office.tick("2008-05-30")
    assert office.runtime is not None
    asyncio.run(deliver(office.runtime, datetime.fromisoformat("2008-05-30T09:30:00+08:00")))
    reader = visitor(office, "chief")
    reader.get("/letters")
    reader.send("/letters/read-all")


def routes_of(router: Any) -> Iterator[APIRoute]:
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner)
        elif isinstance(route, APIRoute) and "GET" in route.methods:
            yield route


def every_page() -> list[str]:
    """Every address of a page."""
    return sorted({route.path for route in routes_of(pages)})


def every_question(office: Office) -> list[str]:
    """Every address of the API that can be asked."""
    paths = office.client.get("/api/v1/openapi.json").json()["paths"]
    return sorted(path for path, operations in paths.items() if "get" in operations)


def filled(path: str, lived: Lived) -> str:
    """An address with what stands in its braces."""
    ids = dict(lived.ids)
    if "documents" in path:
        ids["name"] = ids["form"]
    elif path.startswith("/users"):
        ids["name"] = "water"
    elif path.startswith("/seals"):
        ids["name"] = lived.ids.get("seal", "")
    return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], path)


MORE = {
    "/statistics/matters": "counted=open",
    "/compare": "from=2008-03-03&to=2008-04-07",
    "/matters/{matter_id}/compare": "from=2008-04-06&to=2008-04-07",
    "/matters": "state=all",
    "/matters.xlsx": "state=all",
}
"""What some pages are asked with."""

NOISE = (
    r'name="(csrf|command_id)" value="[^"]*"',
    r' max="[^"]*"',
    r"&amp;to=\d+",
    r"(?s)^.*(?=<span class=\"today\">)",
    r'(?s)<ul class="small"><li>[^<]* <span class="quiet">[^<]*看.*?</ul>',
)
"""What a page carries of now or of the one who asks: his session, the latest moment and position there are, the rehearsal's banner,
and who looked last.
"""


ASKED_BY = {"/letters/{letter_id}": "clerk", "/users": "admin", "/users/{name}": "admin"}
"""Who asks for what an auditor is not shown."""


def page_at(path: str, lived: Lived, position: int, status: int = 200) -> object:
    """What a page says at a position."""
    auditor = lived.visitors.setdefault(
        ASKED_BY.get(path, "auditor"), visitor(lived.office, ASKED_BY.get(path, "auditor"))
    )
    more = MORE.get(path, "")
    address = f"{filled(path, lived)}?{more}{'&' if more else ''}as_of={position}"
    answer = auditor.client.get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.text[:300])
    return said(answer)


def said(answer: Any) -> object:
    kind = answer.headers["content-type"].partition(";")[0]
    if kind.startswith("text/"):
        text = answer.text
        for pattern in NOISE:
            text = re.sub(pattern, "", text)
        return text
    if kind.endswith("spreadsheetml.sheet"):
        return list(openpyxl.load_workbook(io.BytesIO(answer.content))["台账"].iter_rows(values_only=True))
    if kind.endswith("wordprocessingml.document"):
        return zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml")
    return answer.content


def answer_at(path: str, lived: Lived, position: int, status: int = 200) -> object:
    """What the API says at a position, without what may be done now and where a walk goes on."""
    asked = filled(path, lived).removeprefix("/api/v1")
    response = lived.office.get(asked, by="auditor", as_of=position)
    assert response.status_code == status, (asked, response.status_code, response.text[:300])
    if response.headers["content-type"].startswith("application/json"):
        return {name: value for name, value in response.json().items() if name not in ("next", "permitted")}
    return said(response)


LATER = ("河道", "何远舟", "邵长庚", "内部看法", "云督〔2008〕")
EVER = {"/calendars/{year}": "带来的放假安排，开账时就有", "/api/v1/rates/{rule}/matters": "口径不是记录"}
"""What stood before the first matter."""


class TestEveryAddress:
    def test_says_of_a_past_position_what_it_said_then(self, lived: Lived) -> None:
        """每一页、每个接口：按一个位次看，之后不管又发生什么，看到的一字不变；不看时刻的，都列在表上、写明理由。"""
        office = lived.office
        assert office.runtime is not None
        position = office.runtime.store.head().position
        lived.ids["seal"] = office.ask("/seals")["items"][0]["file"]
        shown: dict[str, Callable[[], object]] = {}
        for path in every_page():
            if path not in NOW_ONLY:
                shown[path] = lambda path=path: page_at(path, lived, position)
        for path in every_question(office):
            if path not in NOW_ONLY:
                shown[path] = lambda path=path: answer_at(path, lived, position)
        before = {path: ask() for path, ask in shown.items()}
        gone_on(lived)
        changed = [path for path, ask in shown.items() if ask() != before[path]]
        assert changed == []

    def test_tells_nothing_that_came_later(self, lived: Lived) -> None:
        """按开账时的位次看，每一页、每个接口要么说没有，要么是空的：以后的事项、单位、人、通报、来信人一个字也没有。"""
        lived.ids["seal"] = lived.office.ask("/seals")["items"][0]["file"]
        told = {}
        for path in [*every_page(), *every_question(lived.office)]:
            if path not in NOW_ONLY and "from=" not in MORE.get(path, ""):
                ask = answer_at if path.startswith("/api/") else page_at
                told[path] = str(ask(path, lived, 1, 404 if "{" in path and path not in EVER else 200))
        told = {path: [word for word in LATER if word in text] for path, text in told.items()}
        assert {path: words for path, words in told.items() if words} == {}

    def test_not_on_the_list_is_none_that_is_gone(self, lived: Lived) -> None:
        """表上列的地址都还在。"""
        there = {*every_page(), *every_question(lived.office), "/api/v1/openapi.json"}
        assert set(NOW_ONLY) - there == set()

    def test_says_otherwise_now(self, lived: Lived) -> None:
        """之后发生的事，各页、各接口现在都看得出来：上面比的不是一成不变的东西。"""
        office = lived.office
        assert office.runtime is not None
        lived.ids["seal"] = office.ask("/seals")["items"][0]["file"]
        position = office.runtime.store.head().position
        asked = [p for p in every_page() if p not in NOW_ONLY and p not in IMMUTABLE]
        questions = [p for p in every_question(office) if p not in NOW_ONLY and p not in IMMUTABLE]
        before = {p: page_at(p, lived, position) for p in asked}
        before |= {p: answer_at(p, lived, position) for p in questions}
        gone_on(lived)
        latest = office.runtime.store.head().position
        same = [p for p in asked if page_at(p, lived, latest) == before[p]]
        same += [p for p in questions if answer_at(p, lived, latest) == before[p]]
        assert same == []


IMMUTABLE = {
    "/evidence/{evidence_id}": "一份材料，从附上起不变",
    "/api/v1/evidence/{evidence_id}": "一份材料，从附上起不变",
    "/matters/{matter_id}/notes/{file_id}": "一份材料，从附上起不变",
    "/api/v1/matters/{matter_id}/notes/{file_id}": "一份材料，从附上起不变",
    "/seals/{name}": "一份封存，从封上起不变",
    "/bulletins/{bulletin_id}/document": "印发的文件，从印发起不变",
    "/api/v1/bulletins/{bulletin_id}/document": "印发的文件，从印发起不变",
}
