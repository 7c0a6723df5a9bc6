"""Checking a bulletin again: every figure recounted from the record at its frozen position, ten years on as today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from events.bulletin.content import BulletinContent, Fraction, FullTable, OverdueRow, Placed
from events.refusals import Refusal
from service.circulating.composing import Letterhead, figures_and_tables
from service.circulating.figuring import shown
from service.circulating.gathering import Gathered, gather, gather_together
from service.circulating.plan import FIGURES, Plan, plan_again
from service.circulating.wording import STANDARD, wording
from service.runtime import Runtime

AT_ONCE = 60
"""Bulletins counted in one pass: their rows of all units are in memory together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure that is not what the record says."""

    figure: str
    """In words: 按期办结率, 青石镇的逾期, 逾期事项台账."""
    said: str
    counted: str

    def __str__(self) -> str:
        """A clause for people and the command line."""
        return f"{self.figure}：通报写 {self.said}，按记录重算是 {self.counted}"


def recheck(runtime: Runtime, content: BulletinContent) -> tuple[Difference, ...]:
    """What a bulletin says otherwise than the record at its frozen position, under its own versions of the rules.

    Only the content and the record are asked, no setting of today. Nothing where all agree.
    """
    plan = _plan(content)
    return (plan,) if isinstance(plan, Difference) else _held_against(content, plan, gather(runtime, plan))


def recheck_all(
    runtime: Runtime, contents: Iterable[BulletinContent]
) -> Iterator[tuple[BulletinContent, tuple[Difference, ...]]]:
    """Each content with what differs; many are counted from one pass over the record's rows."""
    waiting = iter(contents)
    while together := tuple(islice(waiting, AT_ONCE)):
        plans = [_plan(content) for content in together]
        gathered = gather_together(runtime, [plan for plan in plans if isinstance(plan, Plan)])
        for content, plan in zip(together, plans, strict=True):
            if isinstance(plan, Difference):
                yield content, (plan,)
            else:
                yield content, _held_against(content, plan, next(gathered))


def _plan(content: BulletinContent) -> Plan | Difference:
    try:
        return plan_again(content)
    except Refusal as refusal:
        return Difference(figure="口径", said=content.template_version, counted=refusal.sentence)


def _held_against(content: BulletinContent, plan: Plan, gathered: Gathered) -> tuple[Difference, ...]:
    ranking = content.ranking
    head = Letterhead(
        title=content.title, organ=content.organ, code="", basis=ranking.basis if ranking is not None else ""
    )
    again = figures_and_tables(plan, gathered, head, wording(STANDARD, FIGURES))
    return tuple(_differences(content, again))


def _differences(said: BulletinContent, again: BulletinContent) -> Iterator[Difference]:
    for figure, counted in zip(said.figures, again.figures, strict=True):
        if (figure.numerator, figure.denominator) != (counted.numerator, counted.denominator):
            yield Difference(figure=figure.label, said=figure.shown, counted=counted.shown)
        elif figure.shown != counted.shown:
            yield Difference(figure=f"{figure.label}的写法", said=figure.shown, counted=counted.shown)
        if figure.previous != counted.previous:
            yield Difference(
                figure=f"{figure.label}的上期数", said=figure.previous_shown, counted=counted.previous_shown
            )
        elif figure.change != counted.change:
            yield Difference(figure=f"{figure.label}比上期", said=figure.change, counted=counted.change)
    yield from _table(said.table, again.table)
    yield from _placed("办理较快的名单", said.fast, again.fast)
    yield from _placed("办理较慢的名单", said.slow, again.slow)
    yield from _register(said.overdue.rows, again.overdue.rows)


def _table(said: FullTable, again: FullTable) -> Iterator[Difference]:
    yield from _cells("合计", said, said.total, again.total)
    before = {row.unit: row for group in said.groups for row in group.rows}
    after = {row.unit: row for group in again.groups for row in group.rows}
    for unit, row in before.items():
        found = after.get(unit)
        if found is None:
            yield Difference(figure=f"{row.name}一行", said="有", counted="没有")
            continue
        yield from _cells(row.name, said, row.cells, found.cells)
        if row.rank != found.rank:
            yield Difference(figure=f"{row.name}的名次", said=str(row.rank), counted=str(found.rank))
    for unit in after.keys() - before.keys():
        yield Difference(figure=f"{after[unit].name}一行", said="没有", counted="有")


def _cells(
    name: str, table: FullTable, said: tuple[Fraction, ...], again: tuple[Fraction, ...]
) -> Iterator[Difference]:
    for column, one, other in zip(table.columns, said, again, strict=True):
        if tuple(one) != tuple(other):
            yield Difference(figure=f"{name}的{column.label}", said=shown(one), counted=shown(other))


def _placed(what: str, said: Iterable[Placed], again: Iterable[Placed]) -> Iterator[Difference]:
    one, other = ("、".join(f"{p.name}第{p.rank}名" for p in placed) or "无" for placed in (said, again))
    if one != other:
        yield Difference(figure=what, said=one, counted=other)


def _register(said: tuple[OverdueRow, ...], again: tuple[OverdueRow, ...]) -> Iterator[Difference]:
    before, after = ({row.matter: row for row in rows} for rows in (said, again))
    for matter, row in before.items():
        found = after.get(matter)
        if found is None:
            yield Difference(figure=f"逾期事项 {row.number}", said=f"逾期{row.days_late}天", counted="不逾期")
        elif _numbers(found) != _numbers(row):
            yield Difference(figure=f"逾期事项 {row.number}", said=_numbers(row), counted=_numbers(found))
    for matter in after.keys() - before.keys():
        row = after[matter]
        yield Difference(figure=f"逾期事项 {row.number}", said="没有列", counted=f"逾期{row.days_late}天")


def _numbers(row: OverdueRow) -> str:
    return f"原定{row.first_due_on}、现定{row.due_on}、逾期{row.days_late}天、延期{row.extensions}次"
