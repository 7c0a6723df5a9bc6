"""每个数点得开: every number of a bulletin's page leads to a list of exactly as many matters, at the frozen place."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.bulletin.content import BulletinContent, Fraction
from service.circulating import bulletins as seen_of
from service.circulating.figuring import shown
from tests.service.circulating import Circulation
from tests.service.opened import Furnished
from tests.service.pages import numbers, visitor

RANKED = {"enabled": True, "monthly": {"ranking_basis": "县政府第3次常务会议纪要"}}


@pytest.fixture
def desk(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Circulation]:
    """April after March: towns and bureaus ranked apart, a matter that no unit leads, one split, some late."""
    with an_opened_office.copy(tmp_path, bulletins=RANKED) as office:
        office.at("2008-03-04")
        office.units["streets"] = office.made("/units", {"name": "城管局", "kind": "县直部门"})["id"]
        office.closed(due_on="2008-03-20", title="一号桥")
        office.closed(due_on="2008-03-20", title="二号桥")
        office.at("2008-03-11").assigned(due_on="2008-03-20", title="三号桥")
        office.register(title="四号桥")
        body = {"lead_unit": office.units["streets"], "quality_requirement": "修好", "due_on": "2008-04-09"}
        office.at("2008-04-02").do("assign", body, by="clerk")
        office.closed(due_on="2008-04-28", title="五号桥")
        office.relapsed(due_on="2008-04-28", title="六号桥")
        objected = office.assigned(due_on="2008-04-28", title="七号桥")
        office.do("object", {"reason": "不在辖区"}, by="liaison", matter=objected)
        office.do("decide-objection", {"upheld": True}, by="head", matter=objected)
        office.at("2008-05-05")
        yield Circulation(office=office).drafted()


def fractions(content: BulletinContent) -> Iterator[Fraction]:
    """Every figure the page of a bulletin shows."""
    for figure in content.figures:
        yield figure.numerator, figure.denominator
        if figure.previous is not None:
            yield figure.previous
    yield from content.table.total
    for group in content.table.groups:
        yield from group.total
        for row in group.rows:
            yield from row.cells


class TestOpening:
    def test_leads_from_every_number_to_as_many_matters(self, desk: Circulation) -> None:
        """通报页上每个数（分子、分母、上期数、各单位的格子、小计、合计）点开，正好那么多件，一件不差。"""
        clerk = visitor(desk.office, "clerk")
        clerk.get(desk.path)
        found = numbers(clerk)
        assert desk.office.runtime is not None
        content = seen_of.load(desk.office.runtime, desk.id).standing_content  # type: ignore[arg-type]
        least = sum(1 if of is None else 2 for _, of in fractions(content))
        assert len(found) > least
        assert {row.name for group in content.table.groups for row in group.rows} >= {"待重新交办", "青石镇"}
        assert {group.label for group in content.table.groups} == {"县直部门", "其他单位"}
        for href, number in dict.fromkeys(found):
            clerk.get(href)
            assert f"{number:,} 件 · " in clerk.text(), href
            assert clerk.main().count("data-row") == number, href
            assert "正在看过去" in clerk.text()

    def test_leaves_the_words_as_they_are(self, desk: Circulation) -> None:
        """点得开的正文和印出来的一个字不差。"""
        clerk = visitor(desk.office, "clerk")
        clerk.get(desk.path)
        page = re.sub(r"\s+", "", clerk.text())
        assert desk.office.runtime is not None
        content = seen_of.load(desk.office.runtime, desk.id).standing_content  # type: ignore[arg-type]
        for value in fractions(content):
            assert shown(value) in page
        for section in desk.look()["sections"]:
            for said in (*section["shown"], *(item["text"] for item in section["items"])):
                assert re.sub(r"\s+", "", said) in page, said

    def test_opens_a_named_matter_as_it_was(self, desk: Circulation) -> None:
        """点名的编号打开那件事项当时的样子；比上期的话指到旁边的数。"""
        clerk = visitor(desk.office, "clerk")
        clerk.get(desk.path)
        frozen = f"as_of={desk.look()['as_of']}@2008-04-30"
        matters = [link for link in clerk.links() if link.startswith("/matters/") and link.endswith(frozen)]
        assert len(set(matters)) == 2
        assert len(matters) == 4
        clerk.get(matters[0])
        assert "正在看过去" in clerk.text()
        clerk.get(desk.path)
        for n in re.findall(r'href="#figure-(\d+)"', clerk.page):
            assert f'id="figure-{n}"' in clerk.page

    def test_opens_to_a_unit_what_is_its_own(self, desk: Circulation) -> None:
        """单位只点得开自己那一行和自己的事项；别的单位的、全县的数照登，不给点。"""
        desk.issued()
        liaison = visitor(desk.office, "liaison")
        liaison.get(desk.path)
        found = numbers(liaison)
        assert {re.search(r"unit=(\w+)", href)[1] for href, _ in found} == {desk.office.units["town"]}  # type: ignore[index]
        for href, number in dict.fromkeys(found):
            liaison.get(href)
            assert liaison.main().count("data-row") == number, href
        liaison.get(desk.path)
        for href in set(liaison.links(r'href="(/matters/[^"]*as_of[^"]*)"')):
            liaison.get(href)
        water = visitor(desk.office, "water")
        water.get(desk.path)
        assert "三号桥" in water.text()
        assert [link for link in water.links() if link.startswith("/matters/") and "as_of" in link] == []
