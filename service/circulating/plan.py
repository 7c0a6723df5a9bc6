"""What is to be composed: every ingredient that decides a figure, so that the same plan gives the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from events.bulletin.content import BulletinContent, Frozen, Ranking, Span
from events.bulletin.series import AsOf, Every, Period, Series, ends_at, in_words, period_before, period_of
from events.record.store import Store
from events.rules.rates import CountingRule, at_version, current
from events.vocabulary import BEIJING

FIGURES = (
    "received",
    "assignment_rate",
    "newly_assigned",
    "closed_in_period",
    "period_on_time_rate",
    "receipt_rate",
    "closing_rate",
    "on_time_closing_rate",
    "extension_rate",
    "relapse_rate",
    "open",
    "overdue_rate",
    "overdue",
)
"""The bulletin's own figures (issue: 一、基本情况)."""
COLUMNS = (
    "closing_rate",
    "on_time_closing_rate",
    "receipt_rate",
    "extension_rate",
    "relapse_rate",
    "closed_in_period",
    "open",
    "overdue",
)
"""The full table's columns."""
RANKED_BY = "on_time_closing_rate"
YEAR = "year"
"""``rates_from``: rates count what was first assigned since the year began; ``period``: since the period did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a content is computed from, beside the record."""

    period: Span
    frozen: Frozen
    previous: Span | None
    previous_frozen: Frozen | None
    figures: tuple[CountingRule, ...]
    columns: tuple[CountingRule, ...]
    ranked_by: CountingRule | None
    """None: units are not ranked."""
    fast: int
    slow: int

    @property
    def rules(self) -> tuple[CountingRule, ...]:
        """Everything that is counted."""
        return (*self.figures, *self.columns)


def plan_of(series: Series, period: Period, as_of: AsOf, store: Store) -> Plan:
    """The plan of a new draft, under the rules as they are now."""
    before = _before(series, period)
    before_at = store.position_at(ends_at(before)) if before is not None else 0
    return Plan(
        period=_span(series, period),
        frozen=_frozen(series, period, as_of),
        previous=_span(series, before) if before is not None and before_at else None,
        previous_frozen=(
            _frozen(series, before, AsOf(position=before_at, at=ends_at(before)))
            if before is not None and before_at
            else None
        ),
        figures=tuple(current(rule) for rule in FIGURES),
        columns=tuple(current(rule) for rule in COLUMNS),
        ranked_by=current(RANKED_BY) if series.ranking_basis else None,
        fast=series.fast,
        slow=series.slow,
    )


def plan_again(content: BulletinContent) -> Plan:
    """The plan a content was composed by, under its own versions of the rules. Raises NotFound for one not known."""
    ranking: Ranking | None = content.ranking
    return Plan(
        period=content.period,
        frozen=content.frozen,
        previous=content.previous,
        previous_frozen=content.previous_frozen,
        figures=tuple(at_version(figure.rule, figure.rule_version) for figure in content.figures),
        columns=tuple(at_version(column.rule, column.rule_version) for column in content.table.columns),
        ranked_by=at_version(ranking.rule, ranking.rule_version) if ranking is not None else None,
        fast=ranking.fast if ranking is not None else 0,
        slow=ranking.slow if ranking is not None else 0,
    )


def _before(series: Series, period: Period) -> Period | None:
    """The period to compare with: the regular one before, or as many days just before; none for an ad hoc series."""
    if series.every is Every.AD_HOC:
        return None
    if period == period_of(series.every, period.first):
        return period_before(series.every, period.first)
    days = (period.last - period.first).days + 1
    return Period(first=period.first - timedelta(days=days), last=period.first - timedelta(days=1))


def _span(series: Series, period: Period) -> Span:
    return Span(first=period.first, last=period.last, label=in_words(series.every, period))


def _frozen(series: Series, period: Period, as_of: AsOf) -> Frozen:
    begins = period.last.replace(month=1, day=1) if series.rates_from == YEAR else period.first
    return Frozen(
        as_of=as_of.position,
        judged_on=as_of.at.astimezone(BEIJING).date(),
        counted_from=min(begins, period.first),
    )
