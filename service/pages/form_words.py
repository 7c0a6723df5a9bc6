"""What a form's words are made of: how a field is filled in, its label, what helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Widget(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    AREA = "area"
    DATE = "date"
    DAY = "day"
    """A day as people write it, with what it comes to said beside it."""
    MOMENT = "moment"
    LIMIT = "limit"
    """Words or a date, with the day it comes to; ``starts`` beside it."""
    NUMBER = "number"
    UNIT = "unit"
    UNITS = "units"
    PERSON = "person"
    """Free text with the people of the directory offered."""
    VERIFIER = "verifier"
    CHOICE = "choice"
    FILE = "file"
    FILES = "files"
    STEPS = "steps"
    MATTER = "matter"
    SOURCE = "source"
    PARTICULARS = "particulars"
    """What was registered, prefilled, to be amended."""
    SAID = "said"
    """What a fact says, prefilled, to be corrected."""
    PARTS = "parts"
    """The units a matter is split among: ticked for the common limit, or each in a line of its own."""
    PLAN = "plan"
    """A plan as a table pasted: project, plan, item, unit, limit, person."""
    LEADER = "leader"
    """One of the leaders."""
    COLLEAGUE = "colleague"
    """Somebody of the office."""
    INSIDERS = "insiders"
    """People who may read notes."""
    CO_UNITS = "co_units"
    """Units among those that help."""
    YES_NO = "yes_no"
    VERDICT = "verdict"
    """Upheld to another unit, upheld back to the office, or dismissed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """A field's label, how it is filled in, and what helps."""

    label: str
    widget: Widget = Widget.LINE
    hint: str = ""
    required: bool = False
    rows: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWords:
    """What a command's form asks for; ``then`` says what happens when it is sent."""

    then: str
    fields: Mapping[str, FieldWords]


def area(label: str, hint: str = "", *, required: bool = True, rows: int = 3) -> FieldWords:
    """A field for several lines."""
    return FieldWords(label=label, widget=Widget.AREA, hint=hint, required=required, rows=rows)


DAY_HINT = "写“6.30”“6月30日”“15个工作日内”都行"


def date_field(label: str, hint: str = "", *, required: bool = False) -> FieldWords:
    """A field for a day."""
    said = f"{hint}；{DAY_HINT}" if hint else DAY_HINT
    return FieldWords(label=label, widget=Widget.DAY, hint=said, required=required)


def bare(then: str) -> FormWords:
    """A form that asks for nothing of its own."""
    return FormWords(then=then, fields={})


LIMIT_HINT = "写“15个工作日内”“6月30日前”“立行立改”，或日期 2025-07-16"
LIMIT = FieldWords(label="办理期限", widget=Widget.LIMIT, hint=LIMIT_HINT)
REASON = area("理由", "写清楚事实和依据；对方会看到原话")
