"""Letters in words: templates from package data, one object each, every missing name an error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from notifications.bulletin_pages import BulletinLetterPage
from notifications.pages import DigestItem, DigestPage, LetterPage
from notifications.rules import DIGEST

_TEMPLATES = Path(__file__).parent / "templates"

SAID, THEN = "said", "then"
"""The two blocks of every letter's body: what happened, and what is to be done."""

FIRST = ("overdue", "unsigned", "due", "extension-ending", "urged")
"""What a digest lists before everything else, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A letter's subject and its two bodies."""

    subject: str
    text: str
    html: str


def render(page: LetterPage | BulletinLetterPage) -> Rendered:
    """One letter in words."""
    page = replace(page, said=paragraphs(page, SAID), then=paragraphs(page, THEN))
    return Rendered(
        subject=_subject(page),
        text=_text(f"{_frame(page)}.txt").render(page=page),
        html=_html(f"{_frame(page)}.html").render(page=page),
    )


def render_text(page: LetterPage | BulletinLetterPage) -> str:
    """A letter's plain text below its subject, for what is only read."""
    page = replace(page, said=paragraphs(page, SAID), then=paragraphs(page, THEN))
    return f"{_subject(page)}\n\n{_text(f'{_frame(page)}.txt').render(page=page)}"


def render_digest(page: DigestPage) -> Rendered:
    """Several letters in one."""
    return Rendered(
        subject=_subject(page),
        text=_text(f"{DIGEST}/body.txt").render(page=page),
        html=_html(f"{DIGEST}/body.html").render(page=page),
    )


def render_plain(name: str, page: object) -> Rendered:
    """A letter about no matter, from the templates ``name-subject.txt``, ``name.txt`` and ``name.html``."""
    return Rendered(
        subject=" ".join(_text(f"{name}-subject.txt").render(page=page).split()),
        text=_text(f"{name}.txt").render(page=page),
        html=_html(f"{name}.html").render(page=page),
    )


def item_of(page: LetterPage) -> DigestItem:
    """A letter as one entry of a digest."""
    return DigestItem(
        title=page.title,
        number=page.matter.number,
        name=page.matter.title,
        due_on=page.matter.due_on,
        link=page.link,
        said=paragraphs(page, SAID),
        copy=page.copy,
    )


def in_order(pages: tuple[LetterPage, ...]) -> tuple[LetterPage, ...]:
    """The letters of a digest, the most pressing first."""
    return tuple(sorted(pages, key=lambda page: FIRST.index(page.rule) if page.rule in FIRST else len(FIRST)))


def paragraphs(page: LetterPage | BulletinLetterPage, block: str) -> tuple[str, ...]:
    """The paragraphs of one block of a letter's plain text."""
    template = _text(f"{page.rule}/body.txt")
    render_block = template.blocks.get(block)
    if render_block is None:
        return ()
    said = "".join(render_block(template.new_context({"page": page})))
    return tuple(line.strip() for line in said.splitlines() if line.strip())


def _frame(page: LetterPage | BulletinLetterPage) -> str:
    return "letter" if isinstance(page, LetterPage) else "bulletin"


def _subject(page: LetterPage | BulletinLetterPage | DigestPage) -> str:
    return " ".join(_text(f"{page.rule}/subject.txt").render(page=page).split())


def _text(name: str) -> Template:
    return _environment(escaped=False).get_template(name)


def _html(name: str) -> Template:
    return _environment(escaped=True).get_template(name)


@cache
def _environment(*, escaped: bool) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters["day"] = day
    environment.filters["line"] = line
    environment.filters["short"] = short
    return environment


def day(on: date) -> str:
    """A date as people write it: 2026年3月5日."""
    return f"{on.year}年{on.month}月{on.day}日"


def line(text: str) -> str:
    """What somebody typed, on one line."""
    return " ".join(text.split())


def short(text: str, most: int = 30) -> str:
    """A title short enough for a subject."""
    text = line(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"
