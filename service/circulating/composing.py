"""Composing a 通报 from the record at a frozen position: figures, tables, lists, and prose around them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from events.bulletin.content import (
    PROBLEM,
    BulletinContent,
    Named,
    OverdueRegister,
    OverdueRow,
    Ranking,
)
from events.bulletin.series import AsOf, Period, Series
from projections.overdue import Overdue
from service.circulating import tabling, telling
from service.circulating.charts import charts_of
from service.circulating.figuring import figure
from service.circulating.gathering import NO_UNIT, Gathered, gather
from service.circulating.plan import FIGURES, Plan, plan_of
from service.circulating.summing import check_sums
from service.circulating.wording import Wording, wording
from service.documents.configured import organ
from service.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What a content says beside what is counted."""

    title: str
    organ: str
    code: str
    """机关代字 of the matters' numbers."""
    basis: str
    """The paper that lets units be ranked; empty where they are not."""


def compose(
    runtime: Runtime, series: Series, period: Period, as_of: AsOf, *, subject: str = ""
) -> BulletinContent:
    """The content of a series' bulletin about a period, as of a frozen place. ``subject`` of an ad hoc one.

    Raises Invalid for a template that names what there is not, Conflict ``figures-do-not-sum``.
    """
    plan = plan_of(series, period, as_of, runtime.store)
    organization = runtime.settings.organization
    head = Letterhead(
        title=series.title.format(period=plan.period.label, subject=subject or plan.period.label),
        organ=organ(runtime.settings),
        code=organization.code,
        basis=series.ranking_basis,
    )
    words = wording(series.template, FIGURES)
    return composed(plan, gather(runtime, plan), head, words)


def composed(plan: Plan, gathered: Gathered, head: Letterhead, words: Wording) -> BulletinContent:
    """The content from what was gathered. Raises Conflict ``figures-do-not-sum``."""
    counted = figures_and_tables(plan, gathered, head, words)
    told = replace(
        counted,
        sections=telling.sections(plan, gathered, counted, head.code, words),
        charts=charts_of(counted, words),
    )
    check_sums(told)
    return told


def figures_and_tables(plan: Plan, gathered: Gathered, head: Letterhead, words: Wording) -> BulletinContent:
    """All that is counted, without prose."""
    table = tabling.table(plan, gathered, words, head.basis)
    register = OverdueRegister(
        title=words.text("overdue", "title"),
        rows=tuple(_overdue_row(one, plan, gathered) for one in gathered.overdue),
    )
    return BulletinContent(
        template=words.name,
        template_version=words.version,
        title=head.title,
        organ=head.organ,
        period=plan.period,
        frozen=plan.frozen,
        previous=plan.previous,
        previous_frozen=plan.previous_frozen,
        figures=tuple(figure(rule, gathered.total, gathered.previous) for rule in plan.figures),
        sections=(),
        ranking=_ranking(plan, head.basis, words),
        fast=tabling.fast_list(plan, table),
        slow=tabling.slow_list(plan, table),
        table=table,
        overdue=register,
        charts=(),
        named=tuple(
            Named(matter=row.matter, number=row.number, unit=row.unit, why=PROBLEM)
            for row in register.rows
            if row.unit != NO_UNIT
        ),
    )


def _ranking(plan: Plan, basis: str, words: Wording) -> Ranking | None:
    if plan.ranked_by is None:
        return None
    return Ranking(
        basis=basis,
        rule=plan.ranked_by.id,
        rule_version=plan.ranked_by.version,
        statement=tabling.ranking_rule(plan, words),
        fast=plan.fast,
        slow=plan.slow,
    )


def _overdue_row(one: Overdue, plan: Plan, gathered: Gathered) -> OverdueRow:
    frozen = plan.frozen
    return OverdueRow(
        matter=one.matter,
        number=one.number,
        title=one.title,
        unit=one.unit if one.unit is not None else NO_UNIT,
        unit_name=gathered.directory.unit_name(one.unit, frozen.judged_on, frozen.as_of),
        first_due_on=one.first_due_on,
        due_on=one.due_on,
        days_late=one.days_late,
        extensions=one.extensions,
    )
