"""Wording of papers: TOML files with ``{{ word }}`` in their texts, our own or the office's.

A text is filled once and never read again, so that nothing anybody typed into a matter is taken for a template.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from events.refusals import Invalid
from service.documents.configured import copies_to, printed_by
from service.documents.model import (
    Field,
    Form,
    Format,
    Imprint,
    Letterhead,
    Official,
    Paragraph,
    Section,
    Signature,
    plain,
)
from service.documents.papers.words import NAMES, Told, dates, words
from service.settings import Settings

SHIPPED = Path(__file__).parent / "templates"
KEYS = frozenset(
    "title number addressed_to dated opening closing sections signature recipients body notes mark".split()
)


class BrokenTemplate(Invalid):
    """A template that cannot be used; names the file, what is wrong in it and what would be right."""

    code = "broken-template"


def template_of(settings: Settings, name: str) -> Path:
    """The file with a paper's wording: the office's own where it has one."""
    folder = settings.documents.templates
    own = settings.root / folder / f"{name}.toml" if folder else None
    return own if own is not None and own.is_file() else SHIPPED / f"{name}.toml"


def compose(name: str, told: Told, *, label: str, proof: str) -> Form | Official:
    """A paper from its template and a matter. Raises BrokenTemplate."""
    path = template_of(told.settings, name)
    filled = _Filling(path, asdict(words(told)) | {"label": label}, dates(told))
    table = filled.table()
    if "recipients" in table:
        return _letter(table, filled, told.settings, proof)
    return _form(table, filled, proof)


class _Filling:
    """One template being filled."""

    def __init__(self, path: Path, said: Mapping[str, str], days: Mapping[str, date | None]) -> None:
        self.path = path
        self.said = said
        self.days = days

    def table(self) -> dict[str, Any]:
        """The whole template, every text of it filled."""
        try:
            table = tomllib.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BrokenTemplate(f"文书模板 {self.path.name} 读不出来：{error}；改好再出。") from error
        unknown = sorted(set(table) - KEYS)
        if unknown:
            raise BrokenTemplate(
                f"文书模板 {self.path.name} 里没有 {unknown[0]} 这一项；可用的有 {'、'.join(sorted(KEYS))}。"
            )
        filled: dict[str, Any] = self._filled(table)
        return filled

    def day(self, name: object) -> date | None:
        """The day a template names. Raises BrokenTemplate."""
        if name not in self.days:
            known = "、".join(one for one in self.days if one)
            raise BrokenTemplate(f"文书模板 {self.path.name} 的日期写的是 {name}；可用的有 {known}，或空着。")
        return self.days[str(name)]

    def wrong(self, error: Exception) -> BrokenTemplate:
        """For a value of the wrong kind."""
        return BrokenTemplate(f"文书模板 {self.path.name} 写得不对：{error}；对照随带的模板改好。")

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {key: self._filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        return value

    def _text(self, text: str) -> str:
        if "{" not in text:
            return text
        try:
            return _environment().from_string(text).render(self.said).strip("\n")
        except TemplateError as error:
            raise BrokenTemplate(
                f"文书模板 {self.path.name} 里的“{text[:30]}”用不了（{error}）；可用的词有 {'、'.join(NAMES)}。"
            ) from error


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def _form(table: Mapping[str, Any], filling: _Filling, proof: str) -> Form:
    try:
        return Form(
            title=table["title"],
            organ=filling.said["organ"],
            number=table.get("number", ""),
            dated_on=filling.day(table.get("dated", "")),
            addressed_to=table.get("addressed_to", ""),
            opening=_said(table.get("opening", ())),
            sections=tuple(_section(one) for one in table.get("sections", ())),
            closing=_said(table.get("closing", ())),
            signature=_signature(table.get("signature"), filling),
            mark=table.get("mark", ""),
            proof=proof,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise filling.wrong(error) from error


def _letter(table: Mapping[str, Any], filling: _Filling, settings: Settings, proof: str) -> Official:
    organ = filling.said["organ"]
    try:
        return Official(
            format=Format.LETTER,
            letterhead=Letterhead(issuer_mark=organ, number=table.get("number", "")),
            title=table["title"],
            main_recipients=_said(table["recipients"]),
            body=tuple(Paragraph(runs=plain(text)) for text in _said(table["body"])),
            signature=Signature(organ=organ, signed_on=filling.day(table.get("dated", ""))),
            notes=_said(table.get("notes", ())),
            imprint=Imprint(printed_by=printed_by(settings), copies_to=copies_to(settings)),
            mark=table.get("mark", ""),
            proof=proof,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise filling.wrong(error) from error


def _said(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts without those that came out empty."""
    return tuple(text for text in texts if text)


def _section(table: Mapping[str, Any]) -> Section:
    rows = tuple(tuple(_field(one) for one in row) for row in table["rows"])
    return Section(rows=rows, title=table.get("title", ""), cut=bool(table.get("cut", False)))


def _field(table: Mapping[str, Any]) -> Field:
    return Field(**table)


def _signature(table: Mapping[str, Any] | None, filling: _Filling) -> Signature | None:
    if table is None:
        return None
    return Signature(organ=table["organ"], signed_on=filling.day(table.get("dated", "")))
