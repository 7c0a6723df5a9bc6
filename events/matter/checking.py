"""What any text or date in a command must satisfy, whatever the command is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from events.refusals import Invalid


def refuse_bad_texts(command: object, *, basis: str | None, file_name: str | None) -> None:
    """Refuses secrecy marks and over-long text anywhere in a command, nested parts included (domain D)."""
    if basis is not None:
        _check_text("basis", basis)
    if file_name is not None:
        _check_text("file", file_name)
    for name in _field_names(type(command)):  # type: ignore[arg-type]
        part = getattr(command, name)
        if type(part) is str:
            _check_text(name, part)
        elif part is not None and not isinstance(part, _WORDLESS):
            for where, text in _texts(name, part):
                _check_text(where, text)


def required(text: str, what: str) -> str:
    """``text`` where it says something; refuses blanks, naming ``what`` is missing."""
    if not text.strip():
        raise Invalid(f"{what}不能为空，请填写后再提交。", code="blank-field")
    return text


def plausible(day: date, what: str, *, today: date) -> date:
    """``day`` where it is neither before 1949 nor more than 50 years on."""
    if not EARLIEST_YEAR <= day.year <= today.year + FURTHEST_YEARS:
        raise Invalid(f"{what}{day}不合情理，请核对年份。", code="implausible-date")
    return day


def not_before(day: date, what: str, *, today: date) -> date:
    """``day`` where it is plausible and not already gone."""
    if plausible(day, what, today=today) < today:
        raise Invalid(f"{what}{day}已经过去，请改为{today}或以后的日子。", code="date-passed")
    return day


def _check_text(where: str, text: str) -> None:
    longest = LONGEST_TITLE if where == "title" else LONGEST_TEXT
    if len(text) > longest:
        raise Invalid(f"“{where}”有{len(text)}字，超过{longest}字，请删减或改用附件。", code="too-long")
    if _IN_EVERY_MARK in text and (mark := _SECRET.search(text)):
        raise Invalid(
            f"文字中有密级标志“{mark.group()}”，本系统不得处理涉密事项；请删去后再提交，涉密件走机要渠道。",
            code="secret",
        )


def _texts(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(str(key), part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _texts(where, part)
    elif is_dataclass(value):
        for name in _field_names(type(value)):  # type: ignore[arg-type]
            yield from _texts(name, getattr(value, name))


@cache
def _field_names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
EARLIEST_YEAR = 1949
FURTHEST_YEARS = 50
_WORDLESS = (int, float, date)
"""Values without any text in them."""
_IN_EVERY_MARK = "密"
"""Looking for one sign is much quicker than for the marks."""
_SECRET = re.compile(r"绝密|[机秘]密\s*[★☆级]|[★☆]\s*[机秘]密")
