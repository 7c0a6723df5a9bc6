"""A table as a workbook: text stays text, days are days, the head row stays in sight and is printed on every page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from service.exchange.columns import Column, Value

MOST_ROWS = 1_048_575
"""What a sheet holds beside its head row."""
LONGEST_CELL = 32_767
FIRST_DAY = date(1899, 12, 30).toordinal()
"""Day 0 of a workbook."""
LONGEST_FOOT = 240
"""A printed foot may have 255 signs, its commands included."""


class SheetFull(Exception):
    """More rows than a sheet holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is written beside the rows."""

    title: str
    columns: Sequence[Column]
    about: Sequence[tuple[str, str]]
    foot: str


def write(file: Path, sheet: Sheet, rows: Iterable[Sequence[Value]]) -> int:
    """Writes the workbook; gives how many rows it has. Raises SheetFull."""
    book = xlsxwriter.Workbook(
        str(file),
        # What people wrote is never a formula or a link, whatever it begins with; rows are not kept in memory.
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    try:
        written = _table(book, sheet, rows)
        _about(book, [*sheet.about, ("件数", f"{written:,} 件")])
    finally:
        book.close()
    return written


def _table(book: Any, sheet: Sheet, rows: Iterable[Sequence[Value]]) -> int:
    page = book.add_worksheet(sheet.title)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3F1EA", "valign": "vcenter"})
    plain = book.add_format({"valign": "top", "text_wrap": True})
    day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
    _to_print(page, sheet)
    page.set_row(0, 20)
    for at, column in enumerate(sheet.columns):
        page.write_string(0, at, column.label, head)
    written = _rows(page, rows, plain, day)
    page.autofilter(0, 0, max(written, 1), len(sheet.columns) - 1)
    return written


def _rows(page: Any, rows: Iterable[Sequence[Value]], plain: Any, day: Any) -> int:
    text: Callable[..., Any] = page.write_string
    number: Callable[..., Any] = page.write_number
    at = 0
    for at, row in enumerate(rows, start=1):
        if at > MOST_ROWS:
            raise SheetFull
        for column, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    text(at, column, value[:LONGEST_CELL], plain)
            elif isinstance(value, date):
                number(at, column, value.toordinal() - FIRST_DAY, day)
            elif value is not None:
                number(at, column, value, plain)
    return at


def _to_print(page: Any, sheet: Sheet) -> None:
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    foot = sheet.foot.replace("&", "&&")[:LONGEST_FOOT]
    page.set_footer(f"&L&8{foot}&R&8第 &P 页 / 共 &N 页")


def _about(book: Any, pairs: Iterable[tuple[str, str]]) -> None:
    page = book.add_worksheet("说明")
    term, words = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 90)
    for at, (name, said) in enumerate(pairs):
        page.write_string(at, 0, name, term)
        page.write_string(at, 1, said, words)
