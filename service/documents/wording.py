"""How text is spelled so that every renderer can show all of it: no invisible steering, no blank boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum

STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Control, format, surrogate: invisible, and able to turn a line round."""
NO_CHARACTER = "\ufffe\uffff"
"""Not allowed in XML, and nothing in any script."""
VARIATIONS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""Selectors that only choose a shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How to write text when some characters are in no font: by their number, 〔U+20BB7〕."""

    missing: frozenset[str] = frozenset()

    def spell(self, text: str) -> str:
        """The text as every reader can see it."""
        return "".join(f"〔U+{ord(c):04X}〕" if c in self.missing else c for c in visible(text))


def visible(text: str) -> str:
    """Text without control and steering characters; line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if c == "\t" else c for c in text if c in "\n\t" or not _is_steering(c))


def _is_steering(character: str) -> bool:
    return (
        character in NO_CHARACTER
        or unicodedata.category(character) in STEERING
        or any(ord(character) in span for span in VARIATIONS)
    )


def strings(value: object) -> Iterator[str]:
    """Every text in a document, as it will be shown."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield visible(value).replace("\n", "")
    elif isinstance(value, tuple):
        for one in value:
            yield from strings(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from strings(getattr(value, one.name))
