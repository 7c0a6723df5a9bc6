"""使用说明: the user guide as it lies in ``docs/guide``, and the words it explains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent.parent / "docs" / "guide"
PICTURES = FOLDER / "pictures"
TERMS = "terms"
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_NAME = re.compile(r"[a-z-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage:
    """One page of the guide. ``html`` is ours, made from our own text: headings below the first are ``h2``."""

    name: str
    title: str
    html: str
    parts: tuple[tuple[str, str], ...]
    """(id, title) of its sections."""


@cache
def terms() -> Mapping[str, str]:
    """Term of art → what it means, in one paragraph, in the order of the page."""
    pieces = _HEADING.split((FOLDER / "terms.md").read_text(encoding="utf-8"))
    return {term: text.strip() for term, text in zip(pieces[1::2], pieces[2::2], strict=True)}


@cache
def guide_page(name: str) -> GuidePage | None:
    """A page by its name; None where there is none. Pictures are served under ``/help/pictures``."""
    path = FOLDER / f"{name}.md"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    heading, _, body = path.read_text(encoding="utf-8").partition("\n")
    parts: list[tuple[str, str]] = []

    def marked(match: re.Match[str]) -> str:
        id_ = match[1] if name == TERMS else f"s{len(parts) + 1}"
        parts.append((id_, match[1]))
        return f'<h2 id="{id_}">'

    html = _markdown().render(body)
    titled = re.sub(r"<h2>(?=([^<]+)</h2>)", marked, html)
    shown = titled.replace('<img src="pictures/', '<img loading="lazy" src="/help/pictures/')
    return GuidePage(
        name=name, title=heading.removeprefix("# ").strip(), html=_tables(shown), parts=tuple(parts)
    )


def picture(name: str) -> Path | None:
    """The file of a picture; None where there is none."""
    path = PICTURES / name
    return path if re.fullmatch(r"[a-z-]{1,60}\.webp", name) and path.is_file() else None


def _tables(html: str) -> str:
    """Wide tables scroll within themselves, by keyboard too; a table's heads are heads of columns."""
    opened = html.replace(
        "<table>",
        '<div class="wide-table" tabindex="0" role="group" aria-label="表"><table class="guide-table">',
    )
    return opened.replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")
