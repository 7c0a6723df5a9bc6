"""The wording of bulletins: kept in template files, put together with words and names, never with figures."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from events.bulletin.prose import fields_of
from events.refusals import Invalid

STANDARD = "standard"
"""The template of the periodic bulletins; others name their classes and lists as it does."""
SECTIONS = ("situation", "praise", "problems", "requirements")
"""In the order they are read; ``praise`` only where units are ranked."""
SUFFIXES = ("", ".change", ".previous", ".label")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One template."""

    name: str
    version: str
    parts: Mapping[str, Mapping[str, Any]]

    def text(self, part: str, key: str, **words: object) -> str:
        """One sentence with its words put in. Raises Invalid for a word nobody gives."""
        return self._put(part, key, self.parts[part][key], words)

    def paragraphs(self, part: str, key: str, **words: object) -> tuple[str, ...]:
        """Paragraphs with their words put in; fields for figures stay."""
        return tuple(self._put(part, key, text, words) for text in self.parts[part][key])

    def _put(self, part: str, key: str, text: str, words: Mapping[str, object]) -> str:
        try:
            return Template(text).substitute({name: plain(str(word)) for name, word in words.items()})
        except (KeyError, ValueError) as error:
            raise Invalid(
                f"通报模板 {self.name} 的 [{part}] {key} 里有不认识的词 {error}；可用的有"
                f" {'、'.join('$' + name for name in words) or '（无）'}。",
                code="unknown-word",
            ) from None


def plain(word: str) -> str:
    """A word whose braces cannot be taken for a figure's field."""
    return word.replace("{", "｛").replace("}", "｝")


@cache
def wording(name: str, figures: tuple[str, ...]) -> Wording:
    """A shipped template, its fields checked against the figures there are.

    Raises Invalid ``unknown-template``, ``unknown-figure``.
    """
    folder = files("service.circulating") / "templates"
    known = sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )
    if name not in known:
        raise Invalid(
            f"没有名为 {name[:40]} 的通报模板；template 写 {'、'.join(known)} 之一。", code="unknown-template"
        )
    return wording_of(name, (folder / f"{name}.toml").read_text(encoding="utf-8"), figures)


def wording_of(name: str, text: str, figures: tuple[str, ...]) -> Wording:
    """A template's text as wording. Raises Invalid ``unknown-figure`` naming template, part and figure."""
    parts = tomllib.loads(text)
    version = str(parts.pop("version"))
    fields = {figure + suffix for figure in figures for suffix in SUFFIXES}
    for part in SECTIONS:
        for key in ("prose", "first", "nothing"):
            for paragraph in parts[part].get(key, ()):
                unknown = sorted(fields_of(paragraph) - fields)
                if unknown:
                    raise Invalid(
                        f"通报模板 {name} 的 [{part}] {key} 写了没有的数字 {{{unknown[0]}}}；"
                        f"可用的有 {'、'.join(figures)}，后面可加 .change、.previous、.label。",
                        code="unknown-figure",
                        figure=unknown[0],
                    )
    return Wording(name=name, version=version, parts=parts)


def day_in_words(day: date) -> str:
    """2026年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def span_in_words(first: date, last: date) -> str:
    """2026年6月1日至30日; the year and month said once where they are the same."""
    if first == last:
        return day_in_words(first)
    if first.year != last.year:
        return f"{day_in_words(first)}至{day_in_words(last)}"
    until = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{day_in_words(first)}至{until}"


def short_day(day: date, today: date) -> str:
    """6月30日; with the year where it is not this one."""
    return day_in_words(day) if day.year != today.year else f"{day.month}月{day.day}日"
