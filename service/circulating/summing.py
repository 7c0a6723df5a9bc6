"""Parts must sum to the whole: a draft whose figures do not agree with each other is refused, naming the figure."""

from __future__ import annotations

from collections import Counter

from events.bulletin.content import BulletinContent, Fraction, FullTable
from events.refusals import Conflict


def check_sums(content: BulletinContent) -> None:
    """Raises Conflict ``figures-do-not-sum`` with the figure, the whole and the sum of its parts."""
    table = content.table
    for place, column in enumerate(table.columns):
        groups = _sum(tuple(group.total[place] for group in table.groups))
        _same(column.label, table.total[place], groups, "各类单位合计")
        for group in table.groups:
            rows = _sum(tuple(row.cells[place] for row in group.rows))
            _same(f"{group.label}的{column.label}", group.total[place], rows, "各单位合计")
    for figure in content.figures:
        value = (figure.numerator, figure.denominator)
        if figure.denominator is not None and figure.numerator > figure.denominator:
            _same(figure.label, value, (figure.denominator, figure.denominator), "全部")
        for place, column in enumerate(table.columns):
            if (column.rule, column.rule_version) == (figure.rule, figure.rule_version):
                _same(figure.label, value, table.total[place], "各单位合计")
    _check_register(content, table)


def _check_register(content: BulletinContent, table: FullTable) -> None:
    """The overdue register has as many lines as matters were counted, in all and for each unit."""
    place = next((n for n, column in enumerate(table.columns) if column.rule == "overdue"), None)
    if place is None:
        return
    lines = Counter(row.unit for row in content.overdue.rows)
    _same("逾期", table.total[place], (lines.total(), None), "逾期事项台账")
    for group in table.groups:
        for row in group.rows:
            _same(f"{row.name}的逾期", row.cells[place], (lines[row.unit], None), "逾期事项台账")


def _sum(parts: tuple[Fraction, ...]) -> Fraction:
    of = None if any(part[1] is None for part in parts) else sum(part[1] or 0 for part in parts)
    return sum(part[0] for part in parts), of


def _same(label: str, whole: Fraction, parts: Fraction, of_what: str) -> None:
    if whole[0] == parts[0] and (whole[1] or 0) == (parts[1] or 0):
        return
    raise Conflict(
        f"“{label}”{_said(whole)}与{of_what}{_said(parts)}对不上，通报没有拟成；"
        "请管理员运行 duban rebuild --check 查对，再拟一次。",
        code="figures-do-not-sum",
        figure=label,
    )


def _said(value: Fraction) -> str:
    return str(value[0]) if value[1] is None else f"{value[0]}/{value[1]}"
