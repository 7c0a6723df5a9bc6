"""Held side by side: what the plain loop counts and what the read models answer, in all and for each lead unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from events.record.envelope import Recorded
from events.refusals import NotFound
from events.rules.calendar import WorkingDays
from events.rules.rates import current
from events.vocabulary import UnitId
from projections import rates
from service.asking import Asking
from service.clock import beijing_day
from service.recount.sheets import MATTERS, RATES, Desk, OwnFigure, Sheet, Tally, counted, note
from service.runtime import Runtime

PAGE = 5_000
Progress = Callable[[int, int], None]
"""Facts gone through, facts in all."""
Fraction = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rate of one unit (None: of all), counted twice."""

    unit: UnitId | None
    rule: str
    label: str
    by_hand: Fraction
    answered: Fraction

    @property
    def same(self) -> bool:
        """Whether both ways came to the same."""
        return self.by_hand == self.answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """Everything counted again, as of one position."""

    position: int
    facts: int
    matters: int
    lines: Sequence[Line]
    figures: Sequence[OwnFigure]
    """What units reported of their own work."""

    @property
    def different(self) -> Sequence[Line]:
        """The lines on which the two ways differ."""
        return [line for line in self.lines if not line.same]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to count: matters first assigned in a span, of one unit or of all and each."""

    first: date | None
    last: date | None
    unit: UnitId | None


def recount(runtime: Runtime, asking: Asking, wanted: Wanted, progress: Progress) -> Recounted:
    """Counts every rate by a plain loop over the facts, and asks the read models for the same.

    Raises NotFound for a unit there is none of.
    """
    if wanted.unit is not None and wanted.unit not in runtime.directory.now().units:
        raise NotFound(f"没有 {wanted.unit} 这个单位；写单位的 id，见 /api/v1/units。")
    position = runtime.store.head().position if asking.position is None else asking.position
    desk = Desk({}, {})
    for one in _facts(runtime, position, progress):
        if one.stream.startswith(MATTERS):
            note(desk, one)
    calendar = runtime.calendars.at(position)
    by_unit = _by_unit(desk.sheets.values(), wanted.unit)
    lines = [
        line
        for unit, sheets in by_unit.items()
        for line in _lines(runtime, calendar, wanted, position, unit, sheets)
    ]
    figures = [f for f in desk.figures.values() if wanted.unit is None or f.unit == wanted.unit]
    return Recounted(
        position=position, facts=position, matters=len(desk.sheets), lines=lines, figures=figures
    )


def _facts(runtime: Runtime, position: int, progress: Progress) -> Iterator[Recorded]:
    after = 0
    while after < position:
        progress(after, position)
        page = runtime.store.scan(after, min(PAGE, position - after))
        yield from page
        after = page[-1].position
    progress(position, position)


def _by_unit(sheets: Iterable[Sheet], only: UnitId | None) -> Mapping[UnitId | None, list[Sheet]]:
    """The sheets of all (None) and of each lead unit, or those of one unit."""
    found: dict[UnitId | None, list[Sheet]] = {None: []} if only is None else {only: []}
    for sheet in sheets:
        unit = UnitId(sheet.unit) if sheet.unit is not None else None
        if only is None:
            found[None].append(sheet)
        if unit is not None and only in (None, unit):
            found.setdefault(unit, []).append(sheet)
    return found


def _lines(
    runtime: Runtime,
    calendar: WorkingDays,
    wanted: Wanted,
    position: int,
    unit: UnitId | None,
    sheets: Sequence[Sheet],
) -> Iterator[Line]:
    tally: Tally = counted(sheets, calendar, wanted.first, wanted.last)
    with runtime.database.reading.connect() as connection:
        answered = rates.rates(
            connection,
            calendar,
            first=wanted.first,
            last=wanted.last,
            day=beijing_day(runtime.store.moment_of(position) or runtime.clock.now()),
            units=None if unit is None else frozenset({unit}),
            position=position,
            rules=[current(rule) for rule in RATES],
        )
    for rate in answered:
        done, of = RATES[rate.rule.id]
        yield Line(
            unit=unit,
            rule=rate.rule.id,
            label=rate.rule.label,
            by_hand=(tally[done], tally[of]),
            answered=(rate.numerator, rate.denominator or 0),
        )
