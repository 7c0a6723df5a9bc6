"""What a document's words become before any layout: heading numbers, names of attachments, lines of a title, days."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from service.documents.model import Attachment, Block, Heading

HAN = "一二三四五六七八九十"
TITLE_CHARACTERS = 19
"""Characters of size 2 that a line of a title holds with a little air."""
NOT_AT_START = "，。、；：？！）〕》”’·%％"
NOT_AT_END = "（〔《“‘"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A block and, for a heading, its number as printed: 一、 （一） 1. （1）."""

    block: Block
    label: str = ""


def numbered(blocks: Sequence[Block]) -> Iterator[Numbered]:
    """Blocks with the numbers of their headings; a higher level starts the lower ones anew."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading):
            yield Numbered(block=block)
            continue
        counts[block.level - 1] += 1
        counts[block.level :] = [0] * (4 - block.level)
        yield Numbered(block=block, label=_label(block.level, counts[block.level - 1]))


def _label(level: int, number: int) -> str:
    match level:
        case 1:
            return f"{han_number(number)}、"
        case 2:
            return f"（{han_number(number)}）"
        case 3:
            return f"{number}."
        case _:
            return f"（{number}）"


def han_number(number: int) -> str:
    """一 to 九十九; Arabic above."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    if tens == 0:
        return HAN[ones - 1]
    return ("" if tens == 1 else HAN[tens - 1]) + "十" + (HAN[ones - 1] if ones else "")


def attachment_label(attachments: Sequence[Attachment], index: int) -> str:
    """附件, or 附件1 … where there are several."""
    return f"附件{index + 1}" if len(attachments) > 1 else "附件"


def day_words(day: date | None) -> str:
    """2026年6月5日, as 公文 write it; empty for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def official(number: str, code: str) -> str:
    """“云督〔2025〕47号” for the number 2025-00047; a number of another form stays as it is."""
    year, _, serial = number.partition("-")
    first, *parts = serial.split("-")
    if not (year.isdigit() and first.isdigit()):
        return number
    return f"{code}〔{year}〕{'-'.join((str(int(first)), *parts))}号"


def width_of(text: str) -> float:
    """Width in characters; Latin letters and digits count a half."""
    return sum(1 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def title_lines(title: str, most: float = TITLE_CHARACTERS) -> tuple[str, ...]:
    """A title in lines: as typed, else before 关于 where both parts fit, else in balance (7.3.1)."""
    if "\n" in title:
        return tuple(line for line in title.split("\n") if line)
    if width_of(title) <= most:
        return (title,)
    head, about, rest = title.partition("关于")
    if head and about and width_of(head) <= most and width_of(about + rest) <= most:
        return (head, about + rest)
    return tuple(_balanced(title, math.ceil(width_of(title) / most)))


def _balanced(title: str, count: int) -> Iterator[str]:
    rest = title
    for left in range(count, 1, -1):
        cut = _cut(rest, width_of(rest) / left)
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


def _cut(text: str, wanted: float) -> int:
    """Where a line of about the wanted width ends without breaking a number or stranding a mark."""
    allowed = [index for index in range(1, len(text)) if _may_break(text[index - 1], text[index])]
    return min(allowed, key=lambda index: abs(width_of(text[:index]) - wanted), default=len(text))


def _may_break(before: str, after: str) -> bool:
    if after in NOT_AT_START or before in NOT_AT_END:
        return False
    return not (before.isascii() and after.isascii())
