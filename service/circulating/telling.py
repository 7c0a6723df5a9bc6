"""The sections of a 通报: prose from the template with its fields left open, and what is said of each unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from events.bulletin.content import BulletinContent, Item, OverdueRow, Placed, Section
from service.circulating.gathering import NO_UNIT, Gathered
from service.circulating.plan import Plan
from service.circulating.wording import Wording, day_in_words, short_day, span_in_words
from service.documents.numbering import official

REPORT_WITHIN_WORKING_DAYS = 10
"""下步要求: by the end of so many working days after the day judged on."""


def sections(
    plan: Plan, gathered: Gathered, counted: BulletinContent, code: str, words: Wording
) -> tuple[Section, ...]:
    """一、基本情况 to 四、下步要求; 做得好的 only where units are ranked."""
    said = _words(plan, gathered, counted)
    found = [_situation(counted, words, said)]
    if counted.ranking is not None:
        found.append(_praise(counted, words, said))
    found.append(_problems(plan, counted, code, words, said))
    key = "prose" if counted.overdue.rows else "nothing"
    found.append(_section("requirements", key, words, said))
    return tuple(found)


def _words(plan: Plan, gathered: Gathered, counted: BulletinContent) -> dict[str, str]:
    judged_on = plan.frozen.judged_on
    report_by = gathered.calendar.nth_working_day_after(judged_on, REPORT_WITHIN_WORKING_DAYS).on
    ranking = counted.ranking
    return {
        "span": span_in_words(plan.period.first, plan.period.last),
        "judged_on": day_in_words(judged_on),
        "counted_from": day_in_words(plan.frozen.counted_from),
        "report_by": day_in_words(report_by),
        "organ": counted.organ,
        "basis": ranking.basis if ranking is not None else "",
        "ranking": ranking.statement if ranking is not None else "",
        "ranked_by": plan.ranked_by.label if plan.ranked_by is not None else "",
        "groups": "、".join(group.label for group in counted.table.groups),
    }


def _section(part: str, key: str, words: Wording, said: dict[str, str], *items: Item) -> Section:
    return Section(
        id=part,
        heading=words.text(part, "heading"),
        prose=words.paragraphs(part, key, **said),
        items=items,
    )


def _situation(counted: BulletinContent, words: Wording, said: dict[str, str]) -> Section:
    numbers = {figure.id: figure.numerator for figure in counted.figures}
    moved = any(numbers[name] for name in ("received", "newly_assigned", "closed_in_period"))
    key = "nothing" if not moved else "first" if counted.previous is None else "prose"
    return _section("situation", key, words, said)


def _praise(counted: BulletinContent, words: Wording, said: dict[str, str]) -> Section:
    items = _placed(counted.fast, "praise", "item", words)
    return _section("praise", "prose" if counted.fast else "nothing", words, said, *items)


def _placed(placed: Iterable[Placed], part: str, key: str, words: Wording) -> Iterator[Item]:
    """One paragraph for those of a class that share a place."""
    for (group, rank), together in groupby(placed, key=lambda place: (place.group, place.rank)):
        sharing = list(together)
        tied = words.text(part, "tied") if len(sharing) > 1 else ""
        yield Item(
            units=tuple(place.unit for place in sharing),
            heading=words.text(part, f"{key}_heading", group=group, rank=rank, tied=tied),
            text=words.text(part, key, units="、".join(f"{place.name}{place.shown}" for place in sharing)),
            matters=(),
        )


def _problems(
    plan: Plan, counted: BulletinContent, code: str, words: Wording, said: dict[str, str]
) -> Section:
    late: dict[str, list[OverdueRow]] = {}
    for row in counted.overdue.rows:
        if row.unit != NO_UNIT:
            late.setdefault(row.unit, []).append(row)
    worst_first = sorted(late.values(), key=lambda rows: (-len(rows), -rows[0].days_late))
    items = list(_placed(counted.slow, "problems", "slow", words))
    items += [_late(rows, plan, code, words) for rows in worst_first]
    return _section("problems", "prose" if counted.overdue.rows else "nothing", words, said, *items)


def _late(rows: list[OverdueRow], plan: Plan, code: str, words: Wording) -> Item:
    text = words.text(
        "problems",
        "item",
        count=len(rows),
        matters="；".join(_matters(rows, plan, code, words)),
    )
    return Item(
        units=(rows[0].unit,),
        heading=rows[0].unit_name,
        text=text,
        matters=tuple(row.matter for row in rows),
    )


def _matters(rows: Iterable[OverdueRow], plan: Plan, code: str, words: Wording) -> Iterable[str]:
    today = plan.frozen.judged_on
    for row in rows:
        moved = row.first_due_on != row.due_on
        first = (
            words.text("problems", "first", first_due_on=short_day(row.first_due_on, today)) if moved else ""
        )
        extended = words.text("problems", "extended", times=row.extensions) if row.extensions else ""
        yield words.text(
            "problems",
            "matter",
            number=official(row.number, code),
            title=row.title,
            due_on=short_day(row.due_on, today),
            first=first,
            extended=extended,
            days=row.days_late,
        )
