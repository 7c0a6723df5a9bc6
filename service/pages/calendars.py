"""工作日历: the years published, and publishing one with a look at what it moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from events.calendars.publishing import Moved, PublishCalendar
from events.refusals import Invalid, NotFound, Refusal
from events.rules.calendar import CalendarYear
from events.vocabulary import Role
from service.commands.publishing import FIRST_LINE, look, publish, read_days
from service.errors import status_of
from service.identity import must_be_admin
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import address
from service.pages.views import Act, Notice, Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.words import full_day

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
FIRST_YEAR, LAST_YEAR = 1949, 2200
LONGEST_FILE = 200_000
EXAMPLE = "date,working,name\n2027-01-01,false,元旦\n2027-02-06,true,春节调休"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """One year as published."""

    year: int
    href: str
    version: str
    source: str
    off: int
    made_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarsPage:
    """The years."""

    shell: Shell
    notice: Notice | None
    acts: tuple[Act, ...]
    years: tuple[YearRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of a year's calendar, weeks from Monday; a day is (number, class, meaning), None a blank."""

    name: str
    weeks: tuple[tuple[tuple[str, str, str], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPage:
    """One year."""

    shell: Shell
    title: str
    sub: str
    acts: tuple[Act, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """A limit that would move."""

    number: str
    href: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPage:
    """The form of a publication, with what it would move once looked at."""

    shell: Shell
    year: int
    action: str
    days: str
    source: str
    example: str
    problems: tuple[Problem, ...]
    looked: bool
    version: int
    moves: tuple[MoveLine, ...]


@router.get("/calendars")
def calendars(visit: Visiting) -> Response:
    """The years published."""
    published = _published(visit)
    newest = max(published, default=visit.day.year)
    acts: tuple[Act, ...] = ()
    if visit.may(Role.ADMIN) and not visit.asking.past:
        acts = (Act(text=f"公布 {newest + 1} 年", href=f"/calendars/{newest + 1}/publish", make="primary"),)
    page = CalendarsPage(
        shell=shell_of(visit, "工作日历"),
        notice=_notice(visit, published),
        acts=acts,
        years=tuple(_row(year) for _, year in sorted(published.items(), reverse=True)),
    )
    return show("calendars.html", page)


@router.get("/calendars/{year}")
def calendar(visit: Visiting, year: int) -> Response:
    """One year, day by day."""
    known = _published(visit).get(year)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound("没有这一年的日历。")
    acts: tuple[Act, ...] = ()
    if visit.may(Role.ADMIN) and not visit.asking.past:
        text = "公布新的一版" if known else "公布这一年"
        acts = (Act(text=text, href=f"/calendars/{year}/publish", make="primary"),)
    page = YearPage(
        shell=shell_of(visit, f"{year} 年工作日历"),
        title=f"{year} 年工作日历",
        sub=f"第 {known.version} 版 · {known.source}" if known else "还没有公布，跨到这一年的期限是暂定的",
        acts=acts,
        months=tuple(_month(visit, known, year, month) for month in range(1, 13)),
    )
    return show("calendar.html", page)


@router.get("/calendars/{year}/publish")
def publishing(visit: Visiting, year: int) -> Response:
    """The form of a publication, filled with what is in force."""
    must_be_admin(visit.actor)
    known = _published(visit).get(year)
    return show("publish_calendar.html", _form(visit, year, _as_text(known), known.source if known else ""))


@router.post("/calendars/{year}/publish")
def send(visit: Visiting, form: Sent, year: int) -> Response:
    """Looks at a publication, or makes it."""
    must_be_admin(visit.actor)
    source = str(form.get("source", "")).strip()
    text = str(form.get("days", "")).replace("\r\n", "\n")
    try:
        text = _text_of(form, text)
        command = PublishCalendar(days=read_days(text), source=source)
        if form.get("step") != "publish":
            found = look(visit.runtime, year, command, first_line=FIRST_LINE)
            page = _form(visit, year, text, source, version=found.version, moves=found.moves)
            return show("publish_calendar.html", page)
        publish(visit.runtime, year, command, visit.actor, visit.asking.moment, first_line=FIRST_LINE)
    except Refusal as refusal:
        field = "f-source" if "出处" in refusal.sentence else "f-days"
        problem = Problem(sentence=refusal.sentence, field=field)
        return show(
            "publish_calendar.html", _form(visit, year, text, source, problem), status=status_of(refusal)[0]
        )
    return RedirectResponse(f"/calendars?done={year}", SEE_OTHER)


def _text_of(form: FormData, typed: str) -> str:
    """The table as typed, or as in the file that came with it. Raises Invalid for what is no UTF-8 text."""
    upload = form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return typed
    try:
        return upload.file.read(LONGEST_FILE).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Invalid("文件不是 UTF-8 文本；另存为 UTF-8 的 CSV 再传。", code="unreadable-calendar") from None


def _form(
    visit: Visit,
    year: int,
    days: str,
    source: str,
    problem: Problem | None = None,
    *,
    version: int = 0,
    moves: tuple[Moved, ...] = (),
) -> PublishPage:
    return PublishPage(
        shell=shell_of(visit, f"公布 {year} 年工作日"),
        year=year,
        action=f"/calendars/{year}/publish",
        days=days,
        source=source,
        example=EXAMPLE,
        problems=(problem,) if problem else (),
        looked=version > 0,
        version=version,
        moves=tuple(
            MoveLine(
                number=visit.number(moved.number),
                href=address(moved.matter),
                old=full_day(moved.old, visit.day),
                new=full_day(moved.new, visit.day) + ("（仍是暂定）" if moved.still_provisional else ""),
            )
            for moved in moves
        ),
    )


def _published(visit: Visit) -> Mapping[int, CalendarYear]:
    position = visit.asking.position
    years = visit.runtime.calendars.calendars().years
    found = {
        year: tables.standing if position is None else tables.at(position) for year, tables in years.items()
    }
    return {year: table for year, table in found.items() if table is not None}


def _notice(visit: Visit, published: Mapping[int, CalendarYear]) -> Notice | None:
    if done := visit.query.get("done"):
        return Notice(
            kind="told", title=f"{done} 年已公布", text="暂定的期限在下一次走钟时重算，并通知责任单位。"
        )
    following = visit.day.year + 1
    if visit.day.month >= visit.runtime.settings.calendar.warn_month and following not in published:
        return Notice(kind="stale", title=f"{following} 年的工作日还没公布", text="跨年的期限现在是暂定的。")
    return None


def _row(year: CalendarYear) -> YearRow:
    return YearRow(
        year=year.year,
        href=f"/calendars/{year.year}",
        version=f"第 {year.version} 版",
        source=year.source,
        off=sum(not day.working for day in year.days),
        made_up=sum(day.working for day in year.days),
    )


def _as_text(year: CalendarYear | None) -> str:
    if year is None:
        return ""
    lines = (f"{day.on},{'true' if day.working else 'false'},{day.name}" for day in year.days)
    return "\n".join(("date,working,name", *lines))


def _month(visit: Visit, known: CalendarYear | None, year: int, month: int) -> Month:
    named = {day.on: day for day in known.days} if known else {}
    first = date(year, month, 1)
    blank = ("", "", "")
    cells = [blank] * first.weekday()
    day = first
    while day.month == month:
        works = visit.calendar.is_working(day)
        said = named.get(day)
        make = ("make-up" if said else "") if works else ("holiday" if said else "off")
        meaning = f"{said.name}{'补班' if said.working else '放假'}" if said else "" if works else "休息"
        cells.append((str(day.day), make, meaning))
        day = date.fromordinal(day.toordinal() + 1)
    cells += [blank] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[index : index + 7]) for index in range(0, len(cells), 7))
    return Month(name=f"{month}月", weeks=weeks)
