"""A matter's page: its course looked at kind by kind, its papers proved, who was told and who has read it."""

import hashlib
import re

import pytest

from tests.service.given import PHOTO, Office
from tests.service.pages import Visitor, visitor


@pytest.fixture
def told(office: Office) -> str:
    """A matter of many kinds of acts: people's, the clock's, a paper, an extension, a correction."""
    office.at("2008-03-03")
    matter = office.rectifying(due_on="2008-03-20")
    office.attach(form={"taken_at": "2008-03-02T10:44:00+08:00", "place": "沟口"})
    office.do("report-progress", {"text": "清运 300 吨", "percent": 60}, by="liaison")
    office.do("request-extension", {"until": "2008-04-20", "reason": "连日降雨"}, by="liaison")
    office.at("2008-03-05").do("grant-extension", {"until": "2008-04-10"}, by="head")
    progress = next(f["position"] for f in office.history() if f["type"] == "progress-reported")
    fix = {"position": progress, "reason": "误将二期计入", "fields": {"percent": 45}}
    office.do("correct", fix, by="head")
    office.tick("2008-04-15 08:30")
    return matter


def course(page: Visitor) -> str:
    return page.main().partition('id="timeline"')[2].partition("</section>")[0]


def kinds(page: Visitor) -> dict[str, tuple[str, int]]:
    """Label → address and count, of the links above the course."""
    found = re.findall(r'<a href="([^"]*)"[^>]*>(\S+?) <span class="n">(\d+)</span>', course(page))
    return {label: (href.replace("&amp;", "&"), int(count)) for href, label, count in found}


class TestTheCourse:
    def test_is_looked_at_kind_by_kind(self, office: Office, told: str) -> None:
        """经过可以只看一类，写着各有几条，点开正好那么多条；没有的一类不列。"""
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{told}")
        offered = kinds(clerk)
        assert list(offered) == ["全部", "人办的", "规则办的", "材料", "期限", "更正"]
        assert offered["全部"][1] == len(office.history()) == offered["人办的"][1] + offered["规则办的"][1]
        for label, (href, count) in offered.items():
            clerk.get(href)
            assert len(re.findall(r'id="f\d+"', course(clerk))) == count, label
        clerk.get(offered["更正"][0])
        assert "误将二期计入" in course(clerk)
        assert "签收" not in course(clerk)

    def test_keeps_kind_and_order_together(self, office: Office, told: str) -> None:
        """选了一类再换先后，类还在；看过去的时候也一样。"""
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{told}?line=people&order=oldest")
        positions = [int(one) for one in re.findall(r'<li id="f(\d+)"', course(clerk))]
        assert positions == sorted(positions)
        assert 'href="/matters/' + told + '?line=people#timeline"' in course(clerk)
        clerk.get(f"/matters/{told}?as_of=2008-03-04&line=people")
        assert "as_of=2008-03-04&amp;line=people" in course(clerk)

    def test_shows_all_for_a_kind_there_is_not(self, office: Office, told: str) -> None:
        """网址里写了没有的一类，就看全部。"""
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{told}?line=none")
        assert len(re.findall(r'id="f\d+"', course(clerk))) == len(office.history())

    def test_every_entry_has_an_address(self, office: Office, told: str) -> None:
        """经过里每一条都有自己的网址；时钟办的写明是哪条规则、哪一级。"""
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{told}")
        for fact in office.history():
            assert f'id="f{fact["position"]}"' in clerk.page
        assert "规则 第 3 天" in clerk.text()


class TestPapers:
    def test_tell_time_place_and_digest(self, office: Office, told: str) -> None:
        """材料写明何时何地拍、谁传的，校验值看得到，图能预览。"""
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{told}")
        words = clerk.text()
        assert "摄于 3月2日 10:44 · 沟口" in words
        assert hashlib.sha256(PHOTO).hexdigest() in clerk.page
        assert 'alt="现场.jpg"' in clerk.page

    def test_say_what_a_name_promises_in_vain(self, office: Office) -> None:
        """名字像图片、内容不是的，照实写明；名实相符的不写。"""
        office.at("2008-03-03")
        matter = office.rectifying()
        office.attach(content=b"MZ not a picture")
        office.attach(content=PHOTO)
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}")
        assert clerk.page.count("内容不是图片") == 1


class TestWhoWasTold:
    def test_is_summed_up(self, office: Office, told: str) -> None:
        """通知到谁：总数、已读几封、未读几封，和通知记录对得上；读了就变。"""
        clerk, liaison = visitor(office, "clerk"), visitor(office, "liaison")
        clerk.get(f"/matters/{told}")
        assert "送到未读" in clerk.text()
        liaison.get("/letters")
        letter = next(link for link in liaison.links() if re.fullmatch(r"/letters/[0-9a-f]{32}", link))
        liaison.get(letter)
        clerk.get(f"/matters/{told}")
        assert "已读 1 封" in clerk.text()
