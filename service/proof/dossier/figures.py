"""What stands behind a bulletin's figures: every matter each of them counts, at the position it was counted at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from events.bulletin.content import BulletinContent, Figure
from events.rules.calendar import WorkingDays
from events.rules.rates import Counted, at_version
from events.vocabulary import MatterId
from projections.asking import Asked
from projections.counting import Measure
from projections.rates import matters_counted
from service.circulating.gathering import question
from service.runtime import Runtime

AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A matter a figure counts."""

    id: MatterId
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureBehind:
    """A figure with the matters of its numerator and of its denominator (None for a plain count)."""

    figure: Figure
    numerator: tuple[Behind, ...]
    denominator: tuple[Behind, ...] | None

    def plain(self) -> dict[str, Any]:
        """As JSON types."""
        figure, base = self.figure, self.denominator
        return {
            "id": figure.id,
            "label": figure.label,
            "shown": figure.shown,
            "rule": figure.rule,
            "rule_version": figure.rule_version,
            "numerator": [{"id": one.id, "number": one.number} for one in self.numerator],
            "denominator": None if base is None else [{"id": one.id, "number": one.number} for one in base],
        }


def figures_behind(runtime: Runtime, content: BulletinContent) -> tuple[FigureBehind, ...]:
    """Every figure of a content with what it counts, asked anew at its frozen position."""
    asked, measure = question(content.period, content.frozen)
    calendar = runtime.calendars.at(content.frozen.as_of)
    known: dict[Counted, tuple[Behind, ...]] = {}
    with runtime.database.reading.connect() as connection:

        def counted(part: Counted) -> tuple[Behind, ...]:
            if part not in known:
                known[part] = tuple(_matters(connection, asked, calendar, part, measure))
            return known[part]

        found = []
        for figure in content.figures:
            rule = at_version(figure.rule, figure.rule_version)
            base = None if rule.denominator is None else counted(rule.denominator)
            found.append(FigureBehind(figure=figure, numerator=counted(rule.numerator), denominator=base))
    return tuple(found)


def _matters(
    connection: Connection, asked: Asked, calendar: WorkingDays, part: Counted, measure: Measure
) -> Iterator[Behind]:
    cursor = None
    while True:
        page = matters_counted(
            connection, replace(asked, limit=AT_A_TIME, cursor=cursor), calendar, part, measure
        )
        yield from (Behind(id=item.id, number=item.number) for item in page.items)
        cursor = page.next
        if cursor is None:
            return
