"""补充、更正: completing what was registered, and answering a mistake with a fact that names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.matter.acting import Command, Happened

Value = str | int | float | None
"""A corrected value in plain form: dates and moments as ISO text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendMatter(Command):
    """Change what was registered, before it is assigned."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFact(Command):
    """Name a fact of this matter by position and say what is right instead."""

    position: int
    reason: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAmended(Happened):
    """补充: particulars changed before the assignment."""

    old: tuple[tuple[str, Value], ...]
    new: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCorrected(Happened):
    """更正: what the fact at ``position`` should have said; the mistake stays readable."""

    position: int
    corrected_type: str
    reason: str
    old: tuple[tuple[str, Value], ...]
    new: tuple[tuple[str, Value], ...]
    about: str | None = None
    """The evidence meant, where the corrected fact is 佐证材料."""
