"""计划表: lines pasted from a table, read as projects, plans and items."""

from __future__ import annotations

import re
from typing import Any

from events.vocabulary import UnitId
from service.pages.reading_limits import limit_fields
from service.pages.visiting import Visit

COLUMNS = ("项目", "计划", "事项", "牵头单位", "期限", "责任人")
FEWEST = 4
"""Cells a line must have: up to the unit."""


def planned_parts(visit: Visit, typed: str) -> tuple[list[dict[str, Any]], str]:
    """The parts as the command takes them, level by level, and the first thing that is wrong with them."""
    roots: list[dict[str, Any]] = []
    above: list[str] = ["", ""]
    for nth, line in enumerate(typed.splitlines(), start=1):
        cells = [cell.strip() for cell in re.split(r"\t|，|,", line)]
        if not any(cells) or tuple(cells[:FEWEST]) == COLUMNS[:FEWEST]:
            continue
        if len(cells) < FEWEST or not cells[2]:
            return roots, f"第 {nth} 行应有{'、'.join(COLUMNS[:FEWEST])}四格，请补齐"
        project, plan, title, unit_name, due, person = (*cells, "", "")[: len(COLUMNS)]
        above = [project or above[0], plan or ("" if project else above[1])]
        unit, wrong = _unit(visit, unit_name)
        if wrong:
            return roots, f"第 {nth} 行：{wrong}"
        item = {"title": title, "lead_unit": unit, **limit_fields(due, "")}
        _under(roots, [name for name in above if name]).append(
            {**item, **({"person": person} if person else {})}
        )
    return roots, "" if roots else "表里一行也没有，请照每行一项粘贴"


def _under(parts: list[dict[str, Any]], titles: list[str]) -> list[dict[str, Any]]:
    """The parts of the project and plan named, begun where they are new."""
    for title in titles:
        found = next((part for part in parts if part["title"] == title and "parts" in part), None)
        if found is None:
            found = {"title": title, "parts": []}
            parts.append(found)
        parts = found["parts"]
    return parts


def _unit(visit: Visit, name: str) -> tuple[UnitId | None, str]:
    """The unit of a name; refuses one nobody or several bear."""
    day = visit.day
    found = [
        unit.id for unit in visit.directory.units.values() if not unit.closed(day) and unit.name(day) == name
    ]
    if len(found) == 1:
        return found[0], ""
    if found:
        return None, f"叫“{name}”的单位有 {len(found)} 个，请先用上面的勾选分，或改用全称"
    return None, f"没有叫“{name or '（空）'}”的单位，照单位名录上的名称写"
