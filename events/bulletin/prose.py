"""Prose with fields: the figures are filled in, never typed; people may edit the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from events.bulletin.content import BulletinContent, Figure, Section
from events.refusals import Invalid, NotFound

_FIELD = re.compile(r"\{([^{}]*)\}")
CHANGE, PREVIOUS, LABEL = "change", "previous", "label"
"""``{figure.change}``, ``{figure.previous}``, ``{figure.label}`` beside ``{figure}``."""


def fields_of(prose: str) -> frozenset[str]:
    """The fields a text names."""
    return frozenset(_FIELD.findall(prose))


def filled(prose: str, words: Mapping[str, str]) -> str:
    """The text with its fields filled in. Raises Invalid ``unknown-figure`` for a field nothing is known of."""

    def word(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in words:
            raise _unknown(name, words)
        return words[name]

    return _FIELD.sub(word, prose)


def words_of(figures: Iterable[Figure]) -> dict[str, str]:
    """What every field of some figures stands for."""
    words: dict[str, str] = {}
    for figure in figures:
        words[figure.id] = figure.shown
        words[f"{figure.id}.{CHANGE}"] = figure.change
        words[f"{figure.id}.{PREVIOUS}"] = figure.previous_shown
        words[f"{figure.id}.{LABEL}"] = figure.label
    return words


def check_prose(section: Section, prose: str, content: BulletinContent) -> None:
    """Whether an edited text may stand in a section's place: its figures may be moved, not left out or typed over.

    Raises Invalid ``unknown-figure``, ``figure-missing``, ``empty-prose`` or ``stray-brace``.
    """
    if not prose.strip():
        raise Invalid(f"“{section.heading}”不能没有文字；写一段，没有情况就写明没有。", code="empty-prose")
    if set(_FIELD.sub("", prose)) & set("{}"):
        raise Invalid(
            "文中有不成对的花括号；花括号只用来括住数字的名字，如 {closing_rate}，多出的删去。",
            code="stray-brace",
        )
    words = words_of(content.figures)
    for name in sorted(fields_of(prose) - set(words)):
        raise _unknown(name, words)
    missing = fields_of("".join(section.prose)) - fields_of(prose)
    if missing:
        said = "、".join("{" + name + "}" for name in sorted(missing))
        raise Invalid(
            f"“{section.heading}”里少了数字 {said}；数字由记录得出，可以挪动，不能删去或手写，请放回文中。",
            code="figure-missing",
            missing=sorted(missing),
        )


def section_of(content: BulletinContent, section_id: str) -> Section:
    """A section by its id. Raises NotFound."""
    for section in content.sections:
        if section.id == section_id:
            return section
    known = "、".join(f"{section.id}（{section.heading}）" for section in content.sections)
    raise NotFound(f"这份通报没有 {section_id} 这一部分；有的是 {known}。")


def prose_of(section: Section, edited: Mapping[str, str]) -> tuple[str, ...]:
    """A section's paragraphs with their fields: as edited, else as drafted."""
    if section.id not in edited:
        return section.prose
    return tuple(line.strip() for line in edited[section.id].splitlines() if line.strip())


def shown(content: BulletinContent, section_id: str, edited: Mapping[str, str]) -> tuple[str, ...]:
    """A section's paragraphs as people read them, figures filled in; its items are not among them."""
    words = words_of(content.figures)
    return tuple(filled(prose, words) for prose in prose_of(section_of(content, section_id), edited))


def _unknown(name: str, words: Mapping[str, str]) -> Invalid:
    known = "、".join(sorted(word for word in words if "." not in word))
    return Invalid(
        f"没有 {{{name}}} 这个数字；可用的有 {known}，后面可加 .change（比上期）、.previous（上期）。",
        code="unknown-figure",
        figure=name,
    )
