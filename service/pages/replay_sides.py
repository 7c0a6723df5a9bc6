"""What stands beside a replayed step: the clock, the letters each party had by then, and who could see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from events.matter.state import Matter
from events.rules import deadlines
from events.rules.ladder import Rule, following, ladders, said_last
from events.vocabulary import Role
from notifications.outbox import asking as box
from notifications.outbox.asking import LetterRow
from service.pages.reckoning import judged_on
from service.pages.replaying import Step
from service.pages.state_words import Then
from service.pages.telling_letters import addressee
from service.pages.views import Pair
from service.pages.visiting import Visit
from service.pages.words import day_and_hour, full_day, joined, short_day

LETTERS_READ = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who was written to, and what had reached him by then."""

    name: str
    summary: str
    lines: tuple[str, ...]


def clock_knew(visit: Visit, step: Step, then: Then) -> tuple[Pair, ...]:
    """The limit as reckoned then, what the clock had said, and when it would speak next."""
    matter = step.after
    return tuple(
        Pair(term=term, lines=tuple(lines))
        for term, lines in (
            ("期限", _limit(matter, then)),
            ("已说", _said(matter, then)),
            ("下次", _next(visit, matter, then)),
            ("日历", _calendars(matter, then)),
            ("程序", _procedure(visit, matter)),
        )
    )


def _limit(matter: Matter, then: Then) -> Iterator[str]:
    due = matter.due_on
    if due is None:
        yield "没有期限，不计时" if matter.limit is None else "签收后起算"
        return
    judged = judged_on(matter, then.day)
    late = deadlines.days_late(due, judged)
    left = then.calendar.working_days_between(judged, due)
    yield f"{full_day(due, then.day)} 24:00"
    yield f"已过 {late} 天" if late else f"还剩 {(due - judged).days} 天，其中 {left} 个工作日"


def _said(matter: Matter, then: Then) -> Iterator[str]:
    for rung in matter.rungs:
        rule = _RULES.get(rung.rule, rung.rule)
        yield f"{short_day(rung.said_on, then.day)}说了{short_day(rung.slot, then.day)}的台阶（{rule}）"
    if not matter.rungs:
        yield "还没有提醒过"


def _next(visit: Visit, matter: Matter, then: Then) -> Iterator[str]:
    found = False
    for ladder in ladders(matter, visit.runtime.settings.rules, then.calendar):
        on = following(ladder, last_said=said_last(ladder, matter.rungs))
        if on is not None:
            found = True
            yield f"{full_day(on, then.day)}（{ladder.rule.label}）"
    if not found:
        yield "没有要到点的"


def _calendars(matter: Matter, then: Then) -> Iterator[str]:
    used = matter.limit.calendar_versions if matter.limit else ()
    for year, version in used:
        yield f"{year} 年第 {version} 版"
    if not used:
        yield "按自然日，不看工作日历" if matter.limit and not matter.limit.in_working_days else "没有用到"
    standing = then.calendar.version_of(then.day.year)
    yield (
        f"那时公布的是 {then.day.year} 年第 {standing} 版" if standing else f"那时 {then.day.year} 年还没公布"
    )


def _procedure(visit: Visit, matter: Matter) -> Iterator[str]:
    label = visit.kind_label(matter.kind)
    yield f"{label}第 {matter.limit.procedure_version} 版" if matter.limit else label


def parties(visit: Visit, step: Step) -> tuple[Party, ...]:
    """By post: what had been written, handed over and read up to the step's moment."""
    recorded = step.recorded
    posts = None if visit.sees_all else box.posts_of(visit.visibility)
    asked = box.Asked(matter=step.after.id, posts=posts, position=recorded.position, limit=LETTERS_READ)
    with visit.connect() as connection:
        rows = box.found(connection, asked)
    moment = recorded.recorded_at
    by_name: dict[str, list[LetterRow]] = {}
    for row in rows:
        by_name.setdefault(addressee(visit, row.post), []).append(row)
    return tuple(_party(name, letters, moment) for name, letters in by_name.items())


def _party(name: str, letters: list[LetterRow], moment: datetime) -> Party:
    lines = tuple(joined(row.title, row.channel.label, _fate_then(row, moment)) for row in letters)
    read = sum(1 for row in letters if row.read_at is not None and row.read_at <= moment)
    return Party(name=name, summary=f"{len(letters)} 封，看过 {read} 封", lines=lines)


def _fate_then(row: LetterRow, moment: datetime) -> str:
    day = moment.date()
    if row.read_at is not None and row.read_at <= moment:
        return f"{day_and_hour(row.read_at, day)} 已阅"
    if row.handed_at is not None and row.handed_at <= moment:
        return f"{day_and_hour(row.handed_at, day)} 已送，那时还没看"
    return f"{day_and_hour(row.written_at, day)} 写好，那时还没送到"


def seen_by(visit: Visit, step: Step, then: Then) -> str:
    """Who could open it then, by the posts of then."""
    if not visit.sees_all:
        return ""
    names, matter = then.directory, step.after
    everywhere = [
        f"{role.label} {len(names.users_with(role))} 人"
        for role in (Role.OFFICE_HEAD, Role.OFFICE_CLERK, Role.LEADER, Role.AUDITOR)
        if names.users_with(role)
    ]
    units = dict.fromkeys(u for u in (matter.lead_unit, *matter.co_units) if u is not None)
    those = [
        f"{names.unit_name(unit, then.day, then.position)} {_people(then, unit)} 人"
        for unit in units
        if _people(then, unit)
    ]
    verifier = [names.person_name(matter.verifier)] if matter.verifier else []
    return "、".join((*everywhere, *those, *verifier))


def _people(then: Then, unit: str) -> int:
    people = then.directory.people.values()
    return sum(1 for one in people if one.unit(then.day) == unit and one.roles(then.day))


_RULES = {rule.value: rule.label for rule in Rule}
