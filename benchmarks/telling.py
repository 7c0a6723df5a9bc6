"""Measurements as a table a person reads, and as JSON beside it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measuring import AT_MOST, Benchmark, Line, Measured
from benchmarks.yardstick import Yardstick

HEADINGS = ("项目", "中位", "最小–最大", "单位", "同时测的对照", "对照中位", "比值", "要求", "达到")
MARK = "<!-- 以下由 python -m benchmarks --docs 写成 -->"
_LEFT = {0, 3, 4, 8}


def head(machine: dict[str, Any]) -> str:
    """What was measured on."""
    return (
        f"{machine['cpu']}，{machine['cores']} 核，内存 {machine['memory_gb']} GB，Python {machine['python']}\n"
        f"提交 {machine['commit'] or '（不在版本库中）'}，{machine['at']}"
    )


def told(benchmark: Benchmark, found: Measured, yards: Sequence[Yardstick], others: float) -> str:
    """One benchmark's table with its yardsticks and notes."""
    parts = [f"\n## {benchmark.title}（{benchmark.name}）", ""]
    parts += [f"标尺（前）：{yards[0].told()}", f"标尺（后）：{yards[-1].told()}"]
    parts += [f"其他进程平均占用 {others:.2f} 核", ""]
    parts += aligned([HEADINGS, *(_row(line) for line in found.lines)])
    parts += ["", *found.notes] if found.notes else []
    return "\n".join(parts)


def _row(line: Line) -> tuple[str, ...]:
    reached = line.reached
    return (
        line.what + (f"（{line.note}）" if line.note else ""),
        number(line.median),
        f"{number(min(line.values))}–{number(max(line.values))}",
        line.unit,
        line.peer,
        number(line.peer_median) if line.peer_median is not None else "",
        f"{line.ratio:.2f}" if line.ratio is not None else "",
        _bars(line),
        "" if reached is None else ("是" if reached else "否"),
    )


def _bars(line: Line) -> str:
    sign = "≤" if line.unit in AT_MOST else "≥"
    bars = [f"{sign} {number(line.bar)}"] if line.bar is not None else []
    bars += [f"{sign} {line.ratio_bar:.2f} 倍"] if line.ratio_bar is not None else []
    return "，".join(bars)


def number(value: float) -> str:
    """Three figures or so."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as a Markdown table whose columns stand under one another in a terminal, Chinese signs counted double."""
    widths = [max(_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(_padded(cell, widths[n], n) for n, cell in enumerate(row)) + " |" for row in rows
    ]
    rule = ("-" * width + ("-" if n in _LEFT else ":") for n, width in enumerate(w - 1 for w in widths))
    return [lines[0], "| " + " | ".join(rule) + " |", *lines[1:]]


def _padded(cell: str, width: int, column: int) -> str:
    space = " " * (width - _width(cell))
    return cell + space if column in _LEFT else space + cell


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def write_json(path: Path, machine: dict[str, Any], results: Sequence[dict[str, Any]]) -> None:
    """Everything measured, with every repeat."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"machine": machine, "benchmarks": list(results)}, ensure_ascii=False, indent=1)
    path.write_text(text, encoding="utf-8")


def write_docs(path: Path, results: str) -> None:
    """Puts the results in the place of those told after the mark."""
    before = path.read_text(encoding="utf-8").partition(MARK)[0]
    path.write_text(f"{before}{MARK}\n\n{results}\n", encoding="utf-8")
