"""Figures as a screen shows them: each number of a 通报 leads to the matters it counts, for whoever may see these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from events.bulletin.content import BulletinContent, Column, Figure, Fraction, Group, Item, Row
from events.bulletin.prose import CHANGE, PREVIOUS
from events.vocabulary import MatterId, UnitId
from service.circulating.addresses import (
    Ways,
    cell_ways,
    class_ways,
    figure_ways,
    previous_ways,
    total_ways,
)
from service.circulating.figuring import shown
from service.documents.model import Run, Runs, plain
from service.documents.numbering import official


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What leads where from a content, and for whom."""

    content: BulletinContent
    code: str
    """机关代字 of the matters' numbers."""
    units: frozenset[UnitId] | None
    """The units whose matters the reader may see; None: all."""

    def field(self, name: str) -> Runs | None:
        """What a field of the prose leads to, the text in pieces; None where it leads nowhere."""
        base, _, suffix = name.partition(".")
        n, figure = next(
            ((n, one) for n, one in enumerate(self.content.figures, 1) if one.id == base), (0, None)
        )
        if figure is None or self.units is not None:
            return None
        if not suffix:
            return figure_runs(self.content, figure)
        if suffix == PREVIOUS:
            return previous_runs(self.content, figure)
        if suffix == CHANGE and figure.previous is not None:
            return (Run(text=figure.change, href=f"#{anchor(n)}"),)
        return None

    def cell(self, column: Column, row: Row, value: Fraction) -> Runs:
        """A unit's cell in the full table."""
        return fraction_runs(value, cell_ways(self.content, column, row)) if self._opens(row.unit) else ()

    def class_sum(self, column: Column, group: Group, value: Fraction) -> Runs:
        """The sum of a class."""
        ways = class_ways(self.content, column, group) if self.units is None else None
        return fraction_runs(value, ways, bold=True) if ways is not None else ()

    def total(self, column: Column, value: Fraction) -> Runs:
        """The sum of the whole table."""
        ways = total_ways(self.content, column) if self.units is None else None
        return fraction_runs(value, ways, bold=True) if ways is not None else ()

    def matter(self, matter: MatterId, unit: UnitId) -> str:
        """The matter as it was at the frozen place; nothing for whoever may not see it."""
        return f"/matters/{matter}?as_of={self.content.frozen.asked}" if self._opens(unit) else ""

    def item(self, item: Item) -> Runs:
        """What is said of a unit: its count, its share, and the numbers of its matters."""
        return pieced(item.text, self._pieces(item))

    def _pieces(self, item: Item) -> Iterator[tuple[str, Runs]]:
        content = self.content
        rows = {row.unit: row for group in content.table.groups for row in group.rows}
        for place in (*content.fast, *content.slow):
            if place.unit in item.units and self._opens(place.unit):
                assert content.ranking is not None
                column = next(one for one in content.table.columns if one.rule == content.ranking.rule)
                runs = fraction_runs(place.share, cell_ways(content, column, rows[place.unit]))
                yield f"{place.name}{place.shown}", (Run(text=place.name), *runs)
        if not item.matters or not self._opens(item.units[0]):
            return
        overdue = next((one for one in content.table.columns if one.rule == OVERDUE), None)
        if overdue is not None and item.units[0] in rows:
            count: Fraction = (len(item.matters), None)
            yield shown(count), fraction_runs(count, cell_ways(content, overdue, rows[item.units[0]]))
        numbers = {one.matter: one.number for one in content.named}
        for matter in item.matters:
            number = official(numbers.get(matter, ""), self.code)
            yield number, (Run(text=number, href=self.matter(matter, item.units[0])),)

    def _opens(self, unit: UnitId) -> bool:
        return self.units is None or unit in self.units


def figure_runs(content: BulletinContent, figure: Figure) -> Runs:
    """A figure in pieces."""
    return fraction_runs((figure.numerator, figure.denominator), figure_ways(content, figure))


def previous_runs(content: BulletinContent, figure: Figure) -> Runs | None:
    """The same of the period before; None where there is none."""
    ways = previous_ways(content, figure)
    return fraction_runs(figure.previous, ways) if ways is not None and figure.previous is not None else None


def fraction_runs(value: Fraction, ways: Ways, *, bold: bool = False) -> Runs:
    """A fraction as shown, its numerator and its denominator each leading to their matters."""
    text, numerator = shown(value), str(value[0])
    first = Run(text=numerator, href=ways.numerator, bold=bold)
    if value[1] is None or ways.denominator is None:
        return (first, Run(text=text.removeprefix(numerator), bold=bold))
    head = text.removesuffix(f"{numerator}/{value[1]}）")
    last = Run(text=str(value[1]), href=ways.denominator, bold=bold)
    return (Run(text=head, bold=bold), first, Run(text="/", bold=bold), last, Run(text="）", bold=bold))


def pieced(text: str, pieces: Iterable[tuple[str, Runs]]) -> Runs:
    """A text with some of its words, which stand in it in this order, in pieces of their own."""
    found: list[Run] = []
    for words, runs in pieces:
        before, there, after = text.partition(words)
        if words and there:
            found += [Run(text=before)] if before else []
            found += runs
            text = after
    return (*found, *(plain(text) if text else ()))


def anchor(n: int) -> str:
    """Where the ``n``-th figure stands beside the sheet."""
    return f"figure-{n}"


OVERDUE = "overdue"
