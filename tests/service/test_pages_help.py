"""The user guide in the pages: one's own page first, every word of art explained where it stands."""

from __future__ import annotations

import re

import pytest

from events.vocabulary import Role
from service.guide import FOLDER, guide_page, terms
from service.pages.explaining import explained
from service.pages.helping import OF_ROLE
from tests.service.given import Office
from tests.service.pages import visitor

OWN = {
    "clerk": "督查室",
    "head": "督查室",
    "liaison": "责任单位",
    "chief": "责任单位",
    "verifier": "核查人员",
    "leader": "领导",
    "auditor": "审计",
    "admin": "系统管理员",
}


class TestPages:
    @pytest.mark.parametrize("account", OWN)
    def test_begin_with_ones_own(self, office: Office, account: str) -> None:
        """点“使用说明”，先看到自己这一类人的那一页；别人的也看得到。"""
        reader = visitor(office, account)
        reader.get("/")
        assert 'href="/help"' in reader.page
        reader.get("/help")
        assert f"<h1>{OWN[account]}</h1>" in reader.page
        for link in reader.links(r'href="(/help/[a-z]+)"'):
            reader.get(link)
        for source in re.findall(r'src="(/help/pictures/[^"]+)"', reader.page):
            assert reader.client.get(source).headers["content-type"] == "image/webp"

    def test_there_is_one_for_every_role(self) -> None:
        """每个角色都有一页说明。"""
        assert frozenset().union(*(roles for roles, _ in OF_ROLE)) == set(Role)
        assert all(guide_page(name) is not None for _, name in OF_ROLE)
        assert {file.stem for file in FOLDER.glob("*.md")} == {*(name for _, name in OF_ROLE), "terms"}

    def test_are_not_found_by_a_wrong_name(self, office: Office) -> None:
        """没有的一页、没有的词、没有的图，说没有。"""
        reader = visitor(office, "clerk")
        for path in ("/help/none", "/help/..%2Fapi", "/help/terms/没有这个词", "/help/pictures/none.webp"):
            reader.get(path, status=404)


class TestWords:
    def test_are_explained_where_they_stand(self, office: Office) -> None:
        """表单上的名词连到解释；每个词只连一次，放在句子里最长的那个词。"""
        office.at("2008-03-03")
        matter = office.rectifying()
        liaison = visitor(office, "liaison")
        liaison.get(f"/matters/{matter}/report-completion")
        assert 'data-term="停表"' in liaison.page
        liaison.get("/help/terms/停表")
        assert "不再计天数" in liaison.text()
        liaison.get("/help/terms")
        assert all(f'<h2 id="{term}">' in liaison.page for term in terms())

    def test_are_linked_once_and_never_as_tags(self) -> None:
        """词只在第一次出现时连；句子里的尖括号还是字。"""
        said = str(explained("销号以后再销号<b>"))
        assert said.count("data-term") == 1
        assert said.endswith("再销号&lt;b&gt;")
        assert 'data-term="整改方案"' in str(explained("报整改方案"))
