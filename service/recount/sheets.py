"""Counting as a clerk would with the record on paper: one plain loop over the facts, no state, no table, no SQL.

On purpose nothing here is shared with the fold or the projections: two ways that agree prove more than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from events.matter.facts import NAMES
from events.record.envelope import Recorded
from events.rules.calendar import WorkingDays
from events.rules.shares import Agreement, agreement
from events.vocabulary import BEIJING

MATTERS = "matter-"
GIVEN = ("matter-assigned", "matter-reassigned", "objection-upheld", "leader-instructed-again")
BACK = ("completion-returned", "verification-failed", "write-off-rejected", "leader-instructed-again")
GONE = ("matter-cancelled", "matter-transferred", "matter-merged")
FIGURES = ("percent", "quantity")


@dataclass(slots=True, kw_only=True)
class Sheet:
    """What the clerk notes of one matter."""

    number: str
    unit: str | None = None
    first_assigned: date | None = None
    assigned: date | None = None
    signed: date | None = None
    due_at: int = 0
    """Position of the fact that said the standing limit."""
    reported: date | None = None
    reported_due: date | None = None
    stands: bool = False
    """Whether the report was not sent back."""
    handled: bool = False
    passed: bool = False
    closed: bool = False
    relapsed: bool = False
    gone: bool = False
    """Cancelled, merged or transferred."""

    @property
    def on_time(self) -> bool:
        """Whether the last report came by its limit."""
        return (
            self.reported is not None and self.reported_due is not None and self.reported <= self.reported_due
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFigure:
    """A share a unit reported of its own work, beside the quantity it reported with it."""

    matter: str
    number: str
    position: int
    unit: str | None
    percent: int
    quantity: str | int | float | None
    agreement: Agreement | None
    """None where the quantity names no numerator and denominator."""


@dataclass(slots=True)
class Desk:
    """Every sheet, and every figure reported, by its position."""

    sheets: dict[str, Sheet]
    figures: dict[int, OwnFigure]


def noted(facts: Iterable[Recorded]) -> Desk:
    """One sheet a matter, after going through the facts in their order."""
    desk = Desk({}, {})
    for one in facts:
        if one.stream.startswith(MATTERS):
            note(desk, one)
    return desk


def note(desk: Desk, one: Recorded) -> None:
    """Writes one fact of a matter onto its sheet."""
    kind, matter, fact = NAMES[type(one.fact)], one.stream.removeprefix(MATTERS), one.fact
    if kind == "matter-registered":
        desk.sheets[matter] = Sheet(number=fact.number)
        return
    sheet = desk.sheets[matter]
    moment = getattr(fact, "effective_at", None) or one.recorded_at
    _hand_out(sheet, kind, fact, moment.astimezone(BEIJING).date())
    _limit(sheet, kind, fact, one.position)
    _carry_on(sheet, kind, fact, moment.astimezone(BEIJING).date())
    if kind == "progress-reported" and fact.percent is not None:
        desk.figures[one.position] = _figure(matter, sheet, one.position, fact.percent, fact.quantity)
    if kind == "fact-corrected" and fact.position in desk.figures:
        desk.figures[fact.position] = _put_right(desk.figures[fact.position], dict(fact.new))


def counted(sheets: Iterable[Sheet], calendar: WorkingDays, first: date | None, last: date | None) -> Tally:
    """How many matters first assigned in the span are what a rate counts; both days included."""
    tally = dict.fromkeys(PARTS, 0)
    for sheet in sheets:
        if sheet.first_assigned is None or sheet.gone:
            continue
        if (first and sheet.first_assigned < first) or (last and sheet.first_assigned > last):
            continue
        tally["all"] += 1
        tally["closed"] += sheet.closed
        tally["closed on time"] += sheet.closed and sheet.on_time
        tally["signed"] += _prompt(sheet, calendar)
        tally["verified"] += sheet.passed
        tally["handled"] += sheet.handled
        tally["relapsed"] += sheet.closed and sheet.relapsed
    return tally


Tally = Mapping[str, int]
PARTS = ("all", "closed", "closed on time", "signed", "verified", "handled", "relapsed")
RATES: Mapping[str, tuple[str, str]] = {
    "closing_rate": ("closed", "all"),
    "on_time_closing_rate": ("closed on time", "closed"),
    "receipt_rate": ("signed", "all"),
    "rectification_rate": ("verified", "all"),
    "write_off_rate": ("closed", "all"),
    "handling_rate": ("handled", "all"),
    "conclusion_rate": ("closed", "all"),
    "relapse_rate": ("relapsed", "closed"),
}
"""Rate → numerator and denominator, as the contract's section "Rates" reads."""


def _hand_out(sheet: Sheet, kind: str, fact: Any, on: date) -> None:
    if kind == "matter-split":
        sheet.unit = sheet.first_assigned = sheet.assigned = sheet.signed = None
    if kind == "assignment-recalled":
        sheet.unit = sheet.assigned = sheet.signed = None
    if kind not in GIVEN:
        return
    if kind != "leader-instructed-again":
        sheet.unit = fact.to_unit if kind == "objection-upheld" else fact.lead_unit
    sheet.assigned = on if sheet.unit is not None else None
    sheet.first_assigned, sheet.signed = sheet.first_assigned or on, None


def _limit(sheet: Sheet, kind: str, fact: Any, position: int) -> None:
    """A limit that changes while a report stands is the one the report is judged by."""
    due = getattr(getattr(fact, "limit", None), "due_on", None)
    if kind == "extension-granted":
        due = fact.until
    if (
        kind == "fact-corrected"
        and "due_on" in dict(fact.new)
        and fact.corrected_type != "look-back-selected"
    ):
        due = date.fromisoformat(str(dict(fact.new)["due_on"])) if sheet.due_at <= fact.position else None
    if due is None:
        return
    sheet.due_at = position
    if sheet.stands and kind in ("due-date-recomputed", "fact-corrected"):
        sheet.reported_due = due


def _carry_on(sheet: Sheet, kind: str, fact: Any, on: date) -> None:
    if kind == "assignment-acknowledged":
        sheet.signed = on
    elif kind in ("plan-submitted", "progress-reported"):
        sheet.handled = True
    elif kind == "completion-reported":
        sheet.reported, sheet.reported_due, sheet.stands = on, fact.due_on, True
    elif kind == "verification-passed":
        sheet.passed = True
    elif kind in BACK:
        sheet.passed = sheet.stands = False
    elif kind == "write-off-approved":
        sheet.closed = True
    elif kind == "relapse-found":
        sheet.relapsed = True
    elif kind in GONE:
        sheet.gone = True
    elif kind == "matter-reopened":
        sheet.closed = sheet.gone = False


def _prompt(sheet: Sheet, calendar: WorkingDays) -> bool:
    """Signed for by the first working day after the assignment, looked up day by day."""
    if sheet.signed is None or sheet.assigned is None:
        return False
    day = sheet.assigned
    while True:
        day = date.fromordinal(day.toordinal() + 1)
        if calendar.is_working(day):
            return sheet.signed <= day


def _figure(
    matter: str, sheet: Sheet, position: int, percent: int, quantity: str | float | None
) -> OwnFigure:
    return OwnFigure(
        matter=matter,
        number=sheet.number,
        position=position,
        unit=sheet.unit,
        percent=percent,
        quantity=quantity,
        agreement=agreement(percent, quantity),
    )


def _put_right(figure: OwnFigure, new: Mapping[str, Any]) -> OwnFigure:
    percent, quantity = new.get("percent", figure.percent), new.get("quantity", figure.quantity)
    return OwnFigure(
        matter=figure.matter,
        number=figure.number,
        position=figure.position,
        unit=figure.unit,
        percent=percent,
        quantity=quantity,
        agreement=agreement(percent, quantity),
    )
