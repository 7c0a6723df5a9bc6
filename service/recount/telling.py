"""What recounting came to, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from events.directory.state import Directory
from events.rules.shares import Agreement, stated_share
from service.recount.comparing import Line, Recounted
from service.recount.sheets import OwnFigure

ALL = "合计"
UNKNOWN = "没有给分子分母"
SHOWN = 50


def as_json(found: Recounted) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "as_of": found.position,
        "matters": found.matters,
        "same": not found.different,
        "rates": [
            {
                "unit": line.unit,
                "rule": line.rule,
                "by_hand": list(line.by_hand),
                "answered": list(line.answered),
                "same": line.same,
            }
            for line in found.lines
        ],
        "reported": [asdict(figure) for figure in found.figures],
    }


def as_text(found: Recounted, directory: Directory, on: date) -> str:
    """The same for people: the sum of all, every difference, and what units say of themselves; names of a day."""
    return "\n".join(_lines(found, directory, on))


def _lines(found: Recounted, directory: Directory, on: date) -> Iterator[str]:
    yield f"数到第 {found.position} 位：{found.matters} 件"
    whole = found.lines[0].unit if found.lines else None
    for line in found.lines:
        if line.unit == whole or not line.same:
            yield _line(line, directory.unit_name(line.unit, on) or ALL)
    units = len({line.unit for line in found.lines if line.unit is not None})
    verdict = "与读模型一致" if not found.different else f"有 {len(found.different)} 处与读模型不一致"
    yield f"{len(found.lines)} 个率（{units} 个单位）重数完毕：{verdict}"
    counts = Counter(figure.agreement for figure in found.figures)
    parts = [f"{one.label} {counts[one]}" for one in Agreement]
    yield f"单位自报的完成比例 {len(found.figures)} 次：{'、'.join(parts)}、{UNKNOWN} {counts[None]}"
    differing = [figure for figure in found.figures if figure.agreement is Agreement.DIFFERS]
    for figure in differing[:SHOWN]:
        yield _figure(figure)
    if len(differing) > SHOWN:
        yield f"  ……另有 {len(differing) - SHOWN} 次，用 --json 看全部"


def _line(line: Line, name: str) -> str:
    hand, answered = ("/".join(map(str, fraction)) for fraction in (line.by_hand, line.answered))
    said = f"  {name}　{line.label}　{hand}"
    return f"{said}　一致" if line.same else f"{said}　读模型说 {answered}　不一致"


def _figure(figure: OwnFigure) -> str:
    share = stated_share(figure.quantity)
    exact = f"{share:.1f}%" if share is not None else UNKNOWN
    return (
        f"  {figure.number}　第 {figure.position} 位　自报 {figure.percent}%，{figure.quantity} 应为 {exact}"
    )
