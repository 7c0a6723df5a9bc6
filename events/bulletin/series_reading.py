"""``[bulletins.<series>]`` as configured, laid over the presets and checked."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from events.bulletin.series import PRESETS, Every, Series

Reader = Callable[[Any], Any]


class _Unexpected(ValueError):
    """A value that is not what its key takes; the text says what would be."""


def series_from(tables: Mapping[str, Any]) -> dict[str, Series]:
    """The presets overlaid with the ``[bulletins.<series>]`` tables; a series not preset is a new one.

    Raises ValueError naming series, key, value and what was expected, and for two series of one name.
    """
    if not isinstance(tables, Mapping):
        raise ValueError("[bulletins] 应是若干节（表），如 [bulletins.monthly]")
    found = dict(PRESETS)
    tables = dict(tables)
    drafts = _switch(tables.pop(SWITCH, True))
    for id_, table in tables.items():
        where = f"[bulletins.{id_}]"
        values = _read(where, table)
        base = found.get(id_)
        if base is None:
            missing = [key for key in ("name", "every") if key not in values]
            if missing:
                raise ValueError(
                    f"{where} 缺 {missing[0]}，新的通报系列应写明 name（名称）和 every（多久一期）"
                )
            found[id_] = Series(id=id_, **values)
        else:
            found[id_] = replace(base, **values)
        _check(where, found[id_])
    _refuse_twice(found)
    return found if drafts else {id_: replace(series, enabled=False) for id_, series in found.items()}


def _switch(value: Any) -> bool:
    try:
        return _flag(value)
    except _Unexpected as wrong:
        raise ValueError(f"[bulletins] {SWITCH} = {str(value)!r}，应是{wrong}") from None


def _read(where: str, table: Any) -> dict[str, Any]:
    if not isinstance(table, Mapping):
        raise ValueError(f"{where} 是 {table!r}，应是一节（表）")
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in KEYS:
            raise ValueError(f"{where} 没有 {key} 这个键；可用的有 {'、'.join(sorted(KEYS))}")
        try:
            values[key] = KEYS[key](value)
        except _Unexpected as wrong:
            raise ValueError(f"{where} {key} = {str(value)!r}，应是{wrong}") from None
    return values


def _check(where: str, series: Series) -> None:
    most = 7 if series.every is Every.WEEK else 31
    if series.day > most:
        raise ValueError(f"{where} day = {series.day}，应是 1 到 {most} 的整数")
    known = {"subject"} if series.every is Every.AD_HOC else {"period", "subject"}
    named = {name for _, name, _, _ in string.Formatter().parse(series.title) if name is not None}
    if not named <= known:
        raise ValueError(
            f"{where} title 里的 {{{min(named - known)}}} 不认识；可用的有 {'、'.join(sorted(known))}"
        )


def _refuse_twice(found: Mapping[str, Series]) -> None:
    owners: dict[str, str] = {}
    for series in found.values():
        other = owners.setdefault(series.name, series.id)
        if other != series.id:
            raise ValueError(
                f"[bulletins.{other}] 和 [bulletins.{series.id}] 同叫“{series.name}”；系列名称不能重，请改其中一个"
            )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Unexpected("不空的文字")
    return value.strip()


def _title(value: Any) -> str:
    text = _text(value)
    try:
        list(string.Formatter().parse(text))
    except ValueError:
        raise _Unexpected("文字，花括号成对，如 “关于{period}督办事项办理情况的通报”") from None
    return text


def _maybe_text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Unexpected("文字，没有就写空的")
    return value.strip()


def _flag(value: Any) -> bool:
    if _from_environment(value) and value.lower() in ("true", "1", "false", "0"):
        return value.lower() in ("true", "1")
    if not isinstance(value, bool):
        raise _Unexpected(" true 或 false")
    return value


def _count(most: int) -> Reader:
    def read(value: Any) -> int:
        if _from_environment(value) and value.isdigit():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise _Unexpected(f" 1 到 {most} 的整数")
        return value

    return read


def _every(value: Any) -> Every:
    if value not in set(Every):
        raise _Unexpected(f" {'、'.join(Every)} 之一")
    return Every(value)


def _rates_from(value: Any) -> str:
    if value not in ("year", "period"):
        raise _Unexpected(' "year" 或 "period"')
    return str(value)


def _day(value: Any) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    elif type(value) is date:
        return value
    raise _Unexpected('日期，如 "2026-01-01"')


def _from_environment(value: Any) -> bool:
    """Whether a value was given as ``DUBAN_BULLETINS__…``: those are text of a kind of their own."""
    return isinstance(value, str) and type(value) is not str


SWITCH = "enabled"
"""Under ``[bulletins]`` itself: false and the clock drafts nothing."""

KEYS: Mapping[str, Reader] = {
    "name": _text,
    "every": _every,
    "enabled": _flag,
    "day": _count(31),
    "since": _day,
    "title": _title,
    "template": _text,
    "rates_from": _rates_from,
    "fast": _count(20),
    "slow": _count(20),
    "ranking_basis": _maybe_text,
    "standing_approval": _maybe_text,
    "open_note": _maybe_text,
    "acknowledge_within_working_days": _count(60),
    "remind_every_working_days": _count(60),
}

assert set(KEYS) == {field.name for field in fields(Series)} - {"id"}
