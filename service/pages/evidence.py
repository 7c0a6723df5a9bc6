"""Files of evidence, feet of printed pages, and limits in words: what pages fetch beside themselves."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from events.refusals import Refusal
from events.rules.deadlines import read_limit, reckon
from events.vocabulary import MatterId, Starts
from service.answering import evidence_response
from service.pages.matter import load
from service.pages.reading_limits import day_of, limit_text
from service.pages.rendering import render
from service.pages.visiting import Visit, Visiting
from service.pages.words import full_day, whole_moment

router = APIRouter(include_in_schema=False)

DIGEST_SHOWN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitWords:
    """What a limit comes to, or why it cannot be read."""

    day: str
    text: str
    wrong: str


@router.get("/evidence/{evidence_id}")
def evidence(visit: Visiting, evidence_id: str) -> Response:
    """The file of a piece of evidence."""
    return evidence_response(visit.answer, evidence_id)


@router.get("/limit-words")
def limit_words(
    visit: Visiting, time_limit: str = "", starts: str = Starts.ASSIGNED.value, day: str = ""
) -> Response:
    """A limit as typed, said as a day; ``day`` names the field of a plain day."""
    said = _day_words(visit, visit.query.get(day, "")) if day else _words(visit, time_limit, starts)
    return Response(render("limit_words.html", said), media_type="text/html")


def _day_words(visit: Visit, typed: str) -> LimitWords:
    if not typed.strip():
        return LimitWords(day="", text="", wrong="")
    try:
        found = day_of(typed, today=visit.day, calendar=visit.calendar)
    except Refusal as refusal:
        return LimitWords(day="", text="", wrong=refusal.sentence)
    rest = "" if visit.calendar.is_working(found) else "，休息日"
    return LimitWords(day=full_day(found, visit.day), text=rest, wrong="")


def _words(visit: Visit, typed: str, starts: str) -> LimitWords:
    if not typed.strip():
        return LimitWords(day="", text="", wrong="")
    try:
        limit = read_limit(limit_text(typed))
        due = reckon(limit, start=visit.day, calendar=visit.calendar)
    except Refusal as refusal:
        return LimitWords(day="", text="", wrong=refusal.sentence)
    versions = "、".join(f"{year} 年工作日历第 {version} 版" for year, version in due.calendar_versions)
    parts = ["从签收那天起算，今天签收的话" if starts == Starts.ACKNOWLEDGED.value else "从今天起不计当日"]
    parts += [versions] if versions else []
    parts += ["有一年的工作日还没公布，暂定"] if due.provisional else []
    return LimitWords(day=full_day(due.due_on, visit.day), text=f" 24:00 前，{'，'.join(parts)}", wrong="")


@router.get("/matters/{matter_id}/foot.css")
def matter_foot(visit: Visiting, matter_id: str) -> Response:
    """The printed foot of a matter: its place and digest in the record, who printed it and when."""
    _, history = load(visit, MatterId(matter_id))
    newest = history[-1]
    digest = newest.hash.hex()[:DIGEST_SHOWN]
    return _foot(visit, f"记录第 {newest.position:,} 位 · 摘要 {digest}")


@router.get("/foot.css")
def foot(visit: Visiting) -> Response:
    """The printed foot of a list: the place in the record it is as of, with the chain's digest there."""
    head = visit.runtime.store.head().position
    given = visit.query.get("at", "")
    position = min(int(given[:18]), head) if given.isascii() and given.isdigit() else head
    known = visit.runtime.store.hash_at(position)
    digest = f" · 摘要 {known.hex()[:DIGEST_SHOWN]}" if known else ""
    return _foot(visit, f"记录到第 {position:,} 位{digest}")


def _foot(visit: Visit, place: str) -> Response:
    settings = visit.runtime.settings
    said = f"{settings.organization.name} · {place} · {visit.actor.name} {whole_moment(visit.asking.moment)} 打印"
    escaped = "".join(c if c.isalnum() or c in " ·:，" else f"\\{ord(c):x} " for c in said)
    css = f'@page{{@bottom-left{{content:"{escaped}";font:8pt sans-serif}}}}\n'
    return Response(css, media_type="text/css", headers={"Cache-Control": "no-store"})
