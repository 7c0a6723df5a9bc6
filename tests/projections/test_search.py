"""查找: what is found is exactly what holds the words, from one character up, on both databases."""

from __future__ import annotations

import pytest

from projections import lists, search
from projections.asking import Asked
from projections.words import folded_text
from tests.projections.office import Office
from tests.projections.test_lists import ids

TITLES = (
    "老旧小区改造进度滞后",
    "臺灣路舊區排水管網破損",
    "𠮷祥里12号楼外墙脱落",
    "ＡＢＣ厂区废水 COD 超标",
    "陈𪜎家门前道路积水",
    "100%整改率弄虚作假_复核",
)


WORDS = (
    *("老", "旧", "舊", "旧区", "台湾路", "臺灣", "𠮷祥", "𪜎", "abc", "AB", "cod 超", "12号", "2", "0%整"),
    *("_", "%", "改 造", "没有"),
)


def test_finds_what_plain_text_would(office: Office) -> None:
    """查到的正是文字里有这几个字的：繁简、全半角、大小写不分，罕用字、数字、符号也行。"""
    for title in TITLES:
        office.register(title=title, problem="见附件")
    states = sorted(office.states(), key=lambda m: m.number)
    for words in WORDS:
        held = [m.id for m in states if _holds(m.title, words, m.number)]
        assert ids(office.ask(lists.matters, q=words)) == held, words
        assert counted(office, words) == len(held), words
    assert office.projections.compare(["search", "particulars"]) == []


def counted(office: Office, words: str) -> int:
    with office.reading() as connection:
        return lists.count(connection, Asked(day=office.today, q=words))


def _holds(title: str, words: str, number: str) -> bool:
    return any(folded_text(words) in folded_text(text) for text in (title, "见附件", number))


def test_finds_common_words_by_walking_the_list(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """太常见的字不逐件取：沿着台账走，结果一样，翻页不重不漏。"""
    matters = [office.register(title=f"道路破损第{n}处") for n in range(7)]
    office.register(title="水管破裂")
    monkeypatch.setattr(search, "FEW", 3)
    first = office.ask(lists.matters, q="道路", limit=4)
    second = office.ask(lists.matters, q="道路", limit=4, cursor=first.next)
    assert ids(first) + ids(second) == matters
    assert counted(office, "道路") == 7
