"""Letters in words: every rule has its template, and each says what, by when, and what next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

import notifications
from events.matter.facts import FACTS
from notifications.messages import Message, Recipient, as_mail, message_id, usable
from notifications.pages import DigestPage, LetterPage
from notifications.policy import TELLINGS
from notifications.rendering import day, in_order, item_of, render, render_digest, short
from notifications.rules import BULLETIN_TITLES, RULES
from notifications.untold import UNTOLD
from tests.notifications.lives import pages, world
from tests.notifications.making import HOUSE, SENDER
from tests.spec.given import MONDAY

PAGES = list({(page.rule, page.post.key): page for page in pages()}.values())
TEMPLATES = Path(notifications.__file__).parent / "templates"


def first(rule: str, *, to_unit: bool = True) -> LetterPage:
    """The first letter of a rule in the lives."""
    return next(page for page in PAGES if page.rule == rule and page.to_unit is to_unit)


def digest(*chosen: LetterPage) -> DigestPage:
    """These letters in one."""
    items = tuple(item_of(page) for page in in_order(chosen))
    return DigestPage(
        post=chosen[0].post, items=items, at=chosen[0].at, house=HOUSE, directory=chosen[0].directory
    )


class TestEveryLetter:
    def test_is_told_or_knowingly_not(self) -> None:
        """每一种事实要么有人收信，要么明确写明不发信。"""
        assert {stored.type for stored in FACTS} == TELLINGS.keys() | UNTOLD
        assert not TELLINGS.keys() & UNTOLD

    def test_is_written_in_some_life(self) -> None:
        """每一种信都有实际会发出的情形。"""
        assert {page.rule for page in PAGES} == RULES.keys()

    def test_has_its_own_words_and_no_others_lie_about(self) -> None:
        """每一种信有自己的标题和正文，没有多余的模板。"""
        folders = {folder.name for folder in TEMPLATES.iterdir() if folder.is_dir()}
        assert folders == RULES.keys() | BULLETIN_TITLES.keys() | {"digest"}

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.rule}-{page.post.key}")
    def test_says_what_which_and_what_next(self, page: LetterPage) -> None:
        """每封信写明称呼、事项名称和编号、下一步怎么做、在哪里办理、谁发的。"""
        words = render(page)
        assert page.matter.number in words.subject
        assert words.subject.startswith("【")
        for said in (page.salutation, page.matter.title, page.matter.number, page.link, HOUSE.organization):
            assert said in words.text
            assert said in words.html
        assert len(item_of(page).said) >= 1
        assert "None" not in words.text + words.html + words.subject
        assert "{" not in words.text

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.rule}-{page.post.key}")
    def test_keeps_its_lines_in_order(self, page: LetterPage) -> None:
        """信的正文没有成堆的空行，每段只占一行。"""
        words = render(page)
        assert "\n\n\n" not in words.text
        assert all(line == line.rstrip() for line in words.text.splitlines())


class TestWords:
    def test_give_limit_requirement_and_link(self) -> None:
        """交办信写明时限、质量要求和办理入口。"""
        text = render(first("reassigned")).text
        assert "办理时限：2026年3月9日" in text
        assert "质量要求：清运干净" in text
        assert "https://duban.yunxi.example/matters/" in text

    def test_mark_a_provisional_limit(self) -> None:
        """暂定的时限在信里也写“暂定”。"""
        page = first("reassigned")
        assert page.matter.limit is not None
        matter = replace(page.matter, limit=replace(page.matter.limit, provisional=True))
        words = render(replace(page, matter=matter))
        assert "2026年3月9日（暂定）" in words.text
        assert "（暂定）" in words.html

    def test_speak_of_handling_where_the_kind_does(self) -> None:
        """领导批示件的信说“办理”“办结”，不说“整改”“销号”。"""
        w = world().leading(due_on=MONDAY)
        assert w.matter.kind == "leader_instruction"
        page = replace(first("write-off-approved"), matter=w.matter)
        words = render(page)
        assert "办结通知" in words.subject
        assert "销号" not in words.text
        assert "整改" not in words.text

    def test_tell_a_copy_from_the_letter(self) -> None:
        """抄送件写明是抄送。"""
        copies = [page for page in PAGES if page.copy]
        assert copies
        assert all("抄送" in render(page).text for page in copies)

    def test_do_not_tell_the_unit_to_be_back_before_a_day_gone_by(self) -> None:
        """退回时时限已过的，信里说已逾期，不说请在此之前报结。"""
        page = first("completion-returned")
        assert page.matter.limit is not None
        late = replace(page.matter, limit=replace(page.matter.limit, due_on=date(2026, 3, 2)))
        assert "现已逾期" in render(replace(page, matter=late)).text
        assert "现已逾期" not in render(page).text

    def test_cannot_be_used_to_write_html_into_a_letter(self) -> None:
        """标题里的尖括号在信里只是文字。"""
        page = first("assigned")
        words = render(replace(page, matter=replace(page.matter, title="<b>一号</b>&<script>")))
        assert "<script>" not in words.html
        assert "&lt;script&gt;" in words.html
        assert "<script>" in words.text

    def test_of_a_title_never_break_the_subject(self) -> None:
        """标题里的换行不会变成另一个信头。"""
        page = first("assigned")
        words = render(replace(page, matter=replace(page.matter, title="甲\r\nBcc: x@y.example")))
        message = Message(
            id="m", to=(Recipient(name="甲\n乙", address="a@b.example"),), at=page.at, **_parts(words)
        )
        mail = as_mail(message, SENDER)
        assert mail["Bcc"] is None
        assert "\n" not in mail["Subject"]

    def test_missing_in_a_template_are_an_error(self) -> None:
        """模板里写错的名字是错误，不会悄悄留空。"""
        page = replace(first("urged"), fact=object())
        with pytest.raises(jinja2.UndefinedError):
            render(page)

    def test_are_well_formed_html(self) -> None:
        """信的网页格式标签成对。"""
        for page in PAGES:
            _Pairs().feed(render(page).html)
        _Pairs().feed(render_digest(digest(first("due"), first("urged"))).html)

    def test_of_dates_and_titles_read_as_people_write(self) -> None:
        """日期写成某年某月某日，过长的标题在主题里截短。"""
        assert day(MONDAY) == "2026年3月2日"
        assert short("一" * 40) == "一" * 29 + "…"


class TestDigest:
    def test_lists_every_cause_the_pressing_first(self) -> None:
        """汇总信逐件列出，逾期的排在最前。"""
        words = render_digest(digest(first("plan-approved"), first("due"), first("overdue")))
        assert "3件" in words.subject
        places = [words.text.index(title) for title in ("逾期催办", "到期提醒", "整改方案批准通知")]
        assert places == sorted(places)
        assert words.html.count("<h2>") == 3
        assert "https://duban.yunxi.example/letters" in words.text


class TestMail:
    def test_is_one_message_with_text_and_html(self) -> None:
        """信以纯文本和网页两种格式写成，标明由机器发出，编号即信号。"""
        page = first("assigned")
        to = Recipient(name="何远舟", address="he@yunxi.example")
        mail = as_mail(Message(id="abc", to=(to,), at=page.at, **_parts(render(page))), SENDER)
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert mail["Message-ID"] == message_id("abc", SENDER) == "<abc@yunxi.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["To"] == "何远舟 <he@yunxi.example>"
        assert mail["From"] == "云溪县督查室 <duban@yunxi.example>"
        assert mail["Subject"] == render(page).subject

    def test_is_the_same_bytes_each_time(self) -> None:
        """同一封信写两次，字节相同。"""
        page = first("assigned")
        message = Message(
            id="abc", to=(Recipient(name="甲", address="a@b.example"),), at=page.at, **_parts(render(page))
        )
        assert as_mail(message, SENDER).as_bytes() == as_mail(message, SENDER).as_bytes()

    @pytest.mark.parametrize(
        "address", [None, "", "甲", "a", "@b", "a@", "a b@c.example", "a@b@c", "张@b.example", "<a@b>"]
    )
    def test_goes_to_no_address_that_is_none(self, address: str | None) -> None:
        """不成样子的邮箱当作没有邮箱。"""
        assert not usable(address)
        assert usable("zhang.san+1@yunxi.example")


def _parts(words: object) -> dict[str, str]:
    return {name: getattr(words, name) for name in ("subject", "text", "html")}


class _Pairs(HTMLParser):
    """Raises where tags do not pair."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
