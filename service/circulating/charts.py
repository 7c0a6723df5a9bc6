"""Charts of a 通报: their figures, and the drawing of them as SVG that needs nothing from outside."""

from __future__ import annotations

from html import escape

from events.bulletin.content import Bar, BulletinContent, Chart
from events.rules.rates import share
from service.circulating.wording import Wording

BARS = 10
"""A chart shows at most so many bars; the table behind it shows all."""
WIDTH, ROW, TOP, LABEL, VALUE = 620, 26, 8, 170, 110
"""Units of the drawing: whole width, height of a bar's row, margin, and the widths kept for words."""
INK, BAR, RAIL = "#1f2328", "#8c1c13", "#eceae6"
FONTS = "Noto Serif CJK SC, FangSong, STFangsong, serif"


def charts_of(counted: BulletinContent, words: Wording) -> tuple[Chart, ...]:
    """The units most overdue, and the classes' shares where units are ranked; none that would be empty."""
    return tuple(chart for chart in (_overdue(counted, words), _groups(counted, words)) if chart.bars)


def svg(chart: Chart) -> str:
    """A chart as a drawing of horizontal bars; the same figures give the same text."""
    most = max((_length(bar) for bar in chart.bars), default=0) or 1
    height = TOP * 2 + ROW * len(chart.bars)
    rows = "".join(_row(bar, n, most) for n, bar in enumerate(chart.bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" aria-label="{escape(description(chart))}" font-family="{FONTS}" font-size="14">{rows}</svg>'
    )


def description(chart: Chart) -> str:
    """What the drawing says, read aloud."""
    return f"{chart.title}：" + "，".join(f"{bar.label} {value_of(bar)}" for bar in chart.bars)


def value_of(bar: Bar) -> str:
    """A bar's figure as written beside it."""
    per_cent = share(bar.value, bar.of)
    return str(bar.value) if per_cent is None else f"{per_cent}%（{bar.value}/{bar.of}）"


def _overdue(counted: BulletinContent, words: Wording) -> Chart:
    place = next(n for n, column in enumerate(counted.table.columns) if column.rule == "overdue")
    rows = [row for group in counted.table.groups for row in group.rows if row.cells[place][0]]
    rows.sort(key=lambda row: -row.cells[place][0])
    return Chart(
        id="overdue",
        title=words.text("charts", "overdue"),
        label_head=words.text("charts", "overdue_head"),
        value_head=words.text("charts", "overdue_value"),
        bars=tuple(Bar(label=row.name, value=row.cells[place][0], of=None) for row in rows[:BARS]),
    )


def _groups(counted: BulletinContent, words: Wording) -> Chart:
    table, ranking = counted.table, counted.ranking
    by = next(
        (n for n, c in enumerate(table.columns) if ranking is not None and c.rule == ranking.rule), None
    )
    label = table.columns[by].label if by is not None else ""
    bars = tuple(
        Bar(label=group.label, value=group.total[by][0], of=group.total[by][1])
        for group in table.groups
        if by is not None and group.total[by][1]
    )
    return Chart(
        id="groups",
        title=words.text("charts", "groups", ranked_by=label),
        label_head=words.text("charts", "groups_head"),
        value_head=label,
        bars=bars,
    )


def _length(bar: Bar) -> float:
    return bar.value / bar.of if bar.of else float(bar.value)


def _row(bar: Bar, n: int, most: float) -> str:
    room = WIDTH - LABEL - VALUE
    full = 1.0 if bar.of else most
    length = round(room * _length(bar) / full, 1)
    y = TOP + n * ROW
    return (
        f'<text x="{LABEL - 8}" y="{y + 18}" text-anchor="end" fill="{INK}">{escape(_short(bar.label))}</text>'
        f'<rect x="{LABEL}" y="{y + 5}" width="{room}" height="16" fill="{RAIL}"/>'
        f'<rect x="{LABEL}" y="{y + 5}" width="{length}" height="16" fill="{BAR}"/>'
        f'<text x="{LABEL + room + 8}" y="{y + 18}" fill="{INK}">{escape(value_of(bar))}</text>'
    )


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


LONGEST = 11
"""Characters that fit before a bar."""
