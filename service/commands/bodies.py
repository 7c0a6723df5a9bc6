"""Reading what a program or a form sends into a command's own type, refusing whatever does not belong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec

from events.refusals import Invalid, Malformed, TooLarge
from service.clock import EARLIEST_YEAR, LATEST_YEAR

LARGEST_JSON = 1_000_000
"""Bytes of JSON taken at most."""

_T = TypeVar("_T")


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises TooLarge, Malformed for what is not JSON or not an object."""
    if len(body) > LARGEST_JSON:
        raise TooLarge("请求超过 1 MB；文件请用 attach-evidence 以附件上传。")
    if not body.strip():
        return {}
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed(
            "请求正文不是合法的 JSON；检查引号、逗号和 UTF-8 编码。", code="unreadable-json"
        ) from None
    if not isinstance(value, dict):
        raise Malformed("请求正文应是一个 JSON 对象，写成 {…}。", code="unreadable-json")
    return value


def convert(fields: Mapping[str, Any], kind: type[_T], *, strict: bool = True) -> _T:
    """The fields as ``kind``, a dataclass. ``strict`` False reads a form's texts as numbers, days and so on.

    Raises Invalid ``unknown-field``, ``missing-field``, ``wrong-type`` or ``control-character``; Malformed for a
    moment without zone.
    """
    shape = _shape(kind)  # type: ignore[arg-type]
    renames, known = shape.renames, shape.known
    plain = {renames.get(key, key): value for key, value in fields.items()} if renames else dict(fields)
    unknown = sorted(plain.keys() - known) or _nested_unknown(plain, shape)
    if unknown:
        allowed = "、".join(sorted(known)) or "无"
        raise Invalid(
            f"不认识字段 {unknown[0]}；这里可以写的是：{allowed}。", code="unknown-field", field=unknown[0]
        )
    for name, value in plain.items():
        if type(value) is not str or not value.isprintable():  # nearly every value passes at once
            refuse_control_characters(value, name)
    try:
        made = msgspec.convert(plain, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise _wrong(str(error), renames) from None
    _check_moments(made, shape.moments)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What a command's type says of its fields, looked up once."""

    renames: Mapping[str, str]
    known: frozenset[str]
    nested: Mapping[str, frozenset[str]]
    """Field holding a list of objects → the names those may have (plan steps); the converter would pass others over."""
    moments: tuple[str, ...]
    """Fields that may hold a moment."""


@cache
def _shape(kind: type[Any]) -> _Shape:
    hints = msgspec.inspect.type_info(kind)
    assert isinstance(hints, msgspec.inspect.DataclassType)
    inner = {field.name: getattr(field.type, "item_type", None) for field in hints.fields}
    return _Shape(
        renames=getattr(kind, "RENAMES", {}),
        known=frozenset(field.name for field in hints.fields),
        nested={
            name: frozenset(field.encode_name for field in item.fields)
            for name, item in inner.items()
            if isinstance(item, msgspec.inspect.DataclassType)
        },
        moments=tuple(name for name, hint in get_type_hints(kind).items() if "datetime" in str(hint)),
    )


def _nested_unknown(plain: Mapping[str, Any], shape: _Shape) -> list[str]:
    return [
        key
        for name, names in shape.nested.items()
        for item in _items(plain, name, deep=name in names)
        for key in item
        if key not in names
    ]


def _items(plain: Mapping[str, Any], name: str, *, deep: bool) -> Iterator[dict[str, Any]]:
    """The objects in a field; ``deep``: those in the same field of each as well, level by level."""
    listed = plain.get(name)
    for item in listed if isinstance(listed, list | tuple) else ():
        if isinstance(item, dict):
            yield item
            if deep:
                yield from _items(item, name, deep=True)


_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff\ud800-\udfff]|[\u202a-\u202e\u2060-\u2069]"
)


def refuse_control_characters(value: Any, where: str = "") -> None:
    """Raises Invalid for a character that cannot be printed, or turns the direction of text, anywhere in a value."""
    if isinstance(value, str):
        found = None if value.isprintable() else _CONTROL.search(value)
        if found:
            shown = f"U+{ord(found.group()):04X}"
            raise Invalid(
                f"{where or '文字'}里有看不见的控制字符 {shown}；删去它，或重新输入这一段。",
                code="control-character",
                field=where,
            )
    elif isinstance(value, Mapping):
        for key, part in value.items():
            refuse_control_characters(key, where)
            refuse_control_characters(part, str(key))
    elif isinstance(value, list | tuple):
        for part in value:
            refuse_control_characters(part, where)


_EXPECTED = {
    "str": "文字",
    "int": "整数",
    "float": "数字",
    "bool": "true 或 false",
    "array": "列表",
    "object": "对象",
    "date": "日期，写成 2008-06-30",
    "datetime": "带时区的时刻，写成 2008-06-30T09:00:00+08:00",
    "null": "空",
}


def _wrong(message: str, renames: Mapping[str, str]) -> Invalid | Malformed:
    """The library's English sentence as a refusal in ours."""
    back = {inner: outer for outer, inner in renames.items()}
    path = re.search(r"at `\$\.?([^`]*)`", message)
    where = path.group(1) if path else ""
    where = back.get(where, where)
    missing = re.search(r"missing required field `([^`]+)`", message)
    if missing:
        name = back.get(missing.group(1), missing.group(1))
        inside = f"{where} 里" if where else ""
        return Invalid(f"{inside}缺少字段 {name}；补上再发。", code="missing-field", field=name)
    enum = re.search(r"Invalid enum value '?([^'`]*)'?", message)
    if enum:
        return Invalid(f"{where} 不能是 {enum.group(1)}；换成规定的取值。", code="wrong-value", field=where)
    expected = re.search(r"Expected `([^`]+)`", message)
    words = (
        "、".join(_EXPECTED.get(part.strip(), part.strip()) for part in expected.group(1).split("|"))
        if expected
        else ""
    )
    if "datetime" in message or "RFC3339" in message:
        words = words or _EXPECTED["datetime"]
    elif "date" in message or "ISO8601" in message:
        words = words or _EXPECTED["date"]
    return Invalid(
        f"{where or '正文'} 的内容不对，应是{words or '规定的类型'}；改好再发。",
        code="wrong-type",
        field=where,
    )


def _check_moments(made: Any, names: tuple[str, ...]) -> None:
    """Raises Malformed for a moment without zone, Invalid for one that cannot be meant."""
    for name in names:
        value = getattr(made, name)
        if not isinstance(value, datetime):
            continue
        if value.tzinfo is None:
            raise Malformed(f"{name} 没有时区；在后面加上 +08:00。", code="moment-without-zone", field=name)
        if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
            raise Invalid(
                f"{name} 的时刻 {value:%Y-%m-%d} 不合情理；核对年份，应在 {EARLIEST_YEAR} 年以后。",
                code="implausible-date",
                field=name,
            )
