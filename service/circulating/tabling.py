"""The full table: every unit's figures, in classes that are ranked apart, and the fast and slow lists from it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction as Exact
from itertools import groupby

from events.bulletin.content import Column, Fraction, FullTable, Group, Placed, Row
from events.rules.ranking import places
from events.rules.rates import CountingRule
from events.vocabulary import UnitId
from projections.rates import Tally
from service.circulating.figuring import fraction, shown
from service.circulating.gathering import NO_UNIT, Gathered, covered
from service.circulating.plan import Plan
from service.circulating.wording import Wording, day_in_words


def table(plan: Plan, gathered: Gathered, words: Wording, basis: str) -> FullTable:
    """附件1; ``basis`` is the paper that lets units be ranked, empty where they are not."""
    classes: dict[str, list[UnitId]] = {}
    for unit in covered(gathered, plan):
        classes.setdefault(_class_of(unit, gathered, words), []).append(unit)
    groups = tuple(_group(label, units, plan, gathered, words) for label, units in classes.items())
    return FullTable(
        title=words.text("table", "title"),
        columns=tuple(_column(rule, words) for rule in plan.columns),
        groups=groups,
        total=tuple(fraction(rule, gathered.total) for rule in plan.columns),
        ranked=plan.ranked_by is not None,
        notes=_notes(plan, words, basis),
    )


def class_of_the_rest(words: Wording) -> str:
    """What the class is called of the units that have none, and of the matters that have no unit."""
    return words.text("table", "others")


def ranking_rule(plan: Plan, words: Wording) -> str:
    """The ranking rule in words; empty where nobody is ranked."""
    if plan.ranked_by is None:
        return ""
    return words.text("ranking", "rule", fast=plan.fast, slow=plan.slow)


def fast_list(plan: Plan, table: FullTable) -> tuple[Placed, ...]:
    """Units in one of the first places of their class, not below its average; no more of a class than there are places.

    Where more share a place, those with more matters counted go first; those alike in that too, of whom only some would
    find room, are left out together: nobody is picked among equals.
    """
    found: list[Placed] = []
    for group, by in _ranked(plan, table):
        average = _exact(group.total[by])
        first = [
            row
            for row in group.rows
            if row.rank is not None
            and row.rank <= plan.fast
            and _exact(row.cells[by]) >= max(average, _LEAST)
        ]
        found += [_placed(group, row, by) for row in finding_room(first, by, plan.fast)]
    return tuple(found)


def finding_room(rows: Sequence[Row], by: int, room: int) -> list[Row]:
    """The first rows by place, then by how many are counted in column ``by``, as long as all alike find room."""

    def standing(row: Row) -> tuple[int, int]:
        return (row.rank or 0, -(row.cells[by][1] or 0))

    chosen: list[Row] = []
    for _, alike in groupby(sorted(rows, key=standing), key=standing):
        together = list(alike)
        if len(chosen) + len(together) > room:
            break
        chosen += together
    return chosen


def slow_list(plan: Plan, table: FullTable) -> tuple[Placed, ...]:
    """Units in one of the last places of their class, below its average; the last first."""
    found: list[Placed] = []
    for group, by in _ranked(plan, table):
        average = _exact(group.total[by])
        ranked = [row for row in reversed(group.rows) if row.rank is not None]
        shares = [_exact(row.cells[by]) for row in ranked]
        for row, share in zip(ranked, shares, strict=True):
            worse = bisect_left(shares, share)
            if worse < plan.slow and share < average:
                found.append(_placed(group, row, by))
    return tuple(found)


def _group(label: str, units: Sequence[UnitId], plan: Plan, gathered: Gathered, words: Wording) -> Group:
    tallies = {unit: gathered.units.get(unit, {}) for unit in units}
    ranks: dict[UnitId, int | None] = dict.fromkeys(units)
    if plan.ranked_by is not None:
        rule = plan.ranked_by
        ranks |= places({unit: fraction(rule, tally) for unit, tally in tallies.items() if unit != NO_UNIT})
    rows = [_row(unit, tallies[unit], ranks[unit], plan, gathered, words) for unit in units]
    if plan.ranked_by is not None:
        rows.sort(key=lambda row: (row.rank is None, row.rank or 0))
    return Group(label=label, rows=tuple(rows), total=_sum(row.cells for row in rows))


def _row(unit: UnitId, tally: Tally, rank: int | None, plan: Plan, gathered: Gathered, words: Wording) -> Row:
    frozen = plan.frozen
    name = (
        words.text("table", "unassigned")
        if unit == NO_UNIT
        else gathered.directory.unit_name(unit, frozen.judged_on, frozen.as_of)
    )
    cells = tuple(fraction(rule, tally) for rule in plan.columns)
    return Row(unit=unit, name=name, rank=rank, cells=cells)


def _sum(rows: Iterable[tuple[Fraction, ...]]) -> tuple[Fraction, ...]:
    return tuple(
        (sum(n for n, _ in column), None if column[0][1] is None else sum(of or 0 for _, of in column))
        for column in zip(*rows, strict=True)
    )


def _class_of(unit: UnitId, gathered: Gathered, words: Wording) -> str:
    known = gathered.directory.units.get(unit)
    return (known.kind if known is not None else None) or class_of_the_rest(words)


def _column(rule: CountingRule, words: Wording) -> Column:
    base = words.text("table", "base", label=rule.label, statement=rule.statement)
    return Column(rule=rule.id, rule_version=rule.version, label=rule.label, base=base)


def _notes(plan: Plan, words: Wording, basis: str) -> tuple[str, ...]:
    order = (
        words.text(
            "table", "ranked", ranked_by=plan.ranked_by.label, rule=ranking_rule(plan, words), basis=basis
        )
        if plan.ranked_by is not None
        else words.text("table", "unranked")
    )
    frozen = plan.frozen
    span = words.text(
        "table",
        "span",
        counted_from=day_in_words(frozen.counted_from),
        last=day_in_words(plan.period.last),
        judged_on=day_in_words(frozen.judged_on),
    )
    bases = (words.text("table", "base", label=r.label, statement=r.statement) for r in plan.columns)
    return (order, span, *bases, words.text("table", "none"))


def _ranked(plan: Plan, table: FullTable) -> list[tuple[Group, int]]:
    """The classes with the place of the column they are ranked by; none where nobody is."""
    if plan.ranked_by is None:
        return []
    by = plan.columns.index(plan.ranked_by)
    return [(group, by) for group in table.groups]


def _placed(group: Group, row: Row, by: int) -> Placed:
    assert row.rank is not None
    return Placed(
        unit=row.unit,
        name=row.name,
        group=group.label,
        rank=row.rank,
        share=row.cells[by],
        shown=shown(row.cells[by]),
    )


def _exact(value: Fraction) -> Exact:
    numerator, of = value
    return Exact(numerator, of) if of else Exact(0)


_LEAST = Exact(1, 10**9)
"""More than nothing: nobody is praised for 0 %."""
