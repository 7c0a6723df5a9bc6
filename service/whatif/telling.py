"""What would have differed, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from notifications.rules import RULES
from service.whatif.comparing import Difference, Lateness

SHOWN = 50
"""Rows of one list in words; JSON has all."""


def as_json(found: Difference) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "matters": found.matters,
        "limits": [_row(asdict(one)) for one in found.limits],
        "overdue": {
            "turned": [asdict(one) for one in found.turned_overdue],
            "ceased": [asdict(one) for one in found.no_longer_overdue],
            "other_days": [asdict(one) for one in found.other_days_late],
        },
        "not_admitted": [asdict(one) for one in found.refused],
        "letters": {
            "now": found.letters_now.total(),
            "then": found.letters_then.total(),
            "more": found.more,
            "fewer": found.fewer,
            "rules": [
                {"rule": rule, "title": RULES[rule].title, "now": now, "then": then}
                for rule, now, then in _by_rule(found.letters_now, found.letters_then)
            ],
        },
    }


def as_text(found: Difference) -> str:
    """The same for people, long lists cut short."""
    return "\n".join(_lines(found))


def _lines(found: Difference) -> Iterator[str]:
    yield f"走过 {found.matters} 件。"
    yield f"期限会不同：{len(found.limits)} 件"
    yield from _few([f"{m.number}　{_said(m.now)} → {_said(m.then)}　{m.title}" for m in found.limits])
    yield f"会变成逾期：{len(found.turned_overdue)} 件"
    yield from _few([_late(one) for one in found.turned_overdue])
    yield f"不再逾期：{len(found.no_longer_overdue)} 件"
    yield from _few([_late(one) for one in found.no_longer_overdue])
    yield f"都逾期、天数不同：{len(found.other_days_late)} 件"
    yield from _few([_late(one) for one in found.other_days_late])
    if found.refused:
        yield f"当时的办理会不获准：{len(found.refused)} 次"
        yield from _few([f"{one.number}　第 {one.position} 位　{one.why}" for one in found.refused])
    now, then = found.letters_now.total(), found.letters_then.total()
    yield f"信件：{now} 封 → {then} 封（多出 {found.more}，少去 {found.fewer}）"
    for rule, was, would in _by_rule(found.letters_now, found.letters_then):
        if was != would:
            yield f"  {RULES[rule].title}　{was} → {would}"


def _few(rows: Sequence[str]) -> Iterator[str]:
    for row in rows[:SHOWN]:
        yield f"  {row}"
    if len(rows) > SHOWN:
        yield f"  ……另有 {len(rows) - SHOWN} 件，用 --json 看全部"


def _late(one: Lateness) -> str:
    return f"{one.number}　逾期 {one.now} 天 → {one.then} 天　{one.title}"


def _said(day: date | None) -> str:
    return day.isoformat() if day is not None else "无"


def _row(values: dict[str, Any]) -> dict[str, Any]:
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in values.items()}


def _by_rule(now: Counter[str], then: Counter[str]) -> list[tuple[str, int, int]]:
    return [(rule, now[rule], then[rule]) for rule in sorted({*now, *then})]
