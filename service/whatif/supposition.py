"""What is supposed: a period, another year's table, other procedures or rungs, read from files and checked."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from events.calendars.publishing import WrittenDay
from events.refusals import Invalid, Malformed
from events.rules.calendar import CalendarYear, read_year
from events.rules.procedures import MatterRules, Procedure, matter_rules_from, procedures_from
from events.vocabulary import BEIJING
from service.commands.publishing import FIRST_LINE, read_days
from service.runtime import Runtime
from service.settings import WrongSetting
from service.texts import day_of, text_of

SECTIONS = ("procedures", "reminders")
LONGEST_YEARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """Other rules over a period."""

    first: datetime
    end: datetime
    """The first moment after the period."""
    years: Sequence[CalendarYear]
    procedures: Mapping[str, Procedure]
    rules: MatterRules


def read_supposition(
    runtime: Runtime, *, first: str, last: str, calendars: Sequence[Path], procedure: Path | None
) -> Supposition:
    """Reads what a command line names. Raises Malformed, Invalid, or WrongSetting naming file, key and value."""
    if not calendars and procedure is None:
        raise Malformed("没有说假设什么；用 --calendar 给一张工作日表，或用 --procedure 给一份程序设置。")
    since, until = day_of(first, "--from"), day_of(last, "--to")
    if since > until:
        raise Malformed("--from 晚于 --to；把起止日期对调。", code="wrong-period")
    if (until - since).days > LONGEST_YEARS * 366:
        raise Malformed(f"一次最多看 {LONGEST_YEARS} 年；分几段来看。", code="wrong-period")
    if _midnight(since) > runtime.clock.now():
        raise Malformed(f"{since} 还没有到；只能看过去的一段。", code="as-of-future")
    settings = runtime.settings
    procedures, rules = settings.procedures, settings.rules
    if procedure is not None:
        procedures, rules = _overlaid(procedure, settings.procedures, settings.rules)
    return Supposition(
        first=_midnight(since),
        end=_midnight(until + timedelta(days=1)),
        years=[year for file in calendars for year in _years(runtime, file)],
        procedures=procedures,
        rules=rules,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BEIJING)


def _years(runtime: Runtime, file: Path) -> list[CalendarYear]:
    """The years a file has days of, each as the publication that would come next."""
    by_year: dict[int, list[WrittenDay]] = defaultdict(list)
    for day in read_days(text_of(file)):
        by_year[_year_of(day, file)].append(day)
    if not by_year:
        raise Invalid(
            f"{file} 里一天也没有；在表头 date,working,name 之下逐行写上放假和补班的日子。",
            code="unreadable-calendar",
        )
    known = runtime.calendars.now()
    return [
        read_year(
            year,
            [asdict(day) for day in days],
            version=(known.version_of(year) or 0) + 1,
            source=file.name,
            first_line=FIRST_LINE,
        )
        for year, days in sorted(by_year.items())
    ]


def _year_of(day: WrittenDay, file: Path) -> int:
    year = day.date[:4]
    if not (year.isascii() and year.isdigit()):
        raise Invalid(
            f"{file} 里的“{day.date[:20]}”不是日子；写成 2025-01-01 这样。", code="unreadable-calendar"
        )
    return int(year)


def _overlaid(
    file: Path, procedures: Mapping[str, Procedure], rules: MatterRules
) -> tuple[dict[str, Procedure], MatterRules]:
    """The configured procedures and rungs with a file's ``[procedures.<kind>]`` and ``[reminders]`` over them."""
    try:
        tables: dict[str, Any] = tomllib.loads(text_of(file))
    except tomllib.TOMLDecodeError as error:
        raise WrongSetting(f"{file} 不是合法的 TOML：{error}") from error
    unknown = set(tables) - set(SECTIONS)
    if unknown or not tables:
        named = f"不认识 [{min(unknown)}] 这一节" if unknown else "是空的"
        raise WrongSetting(f"{file} {named}；写 [procedures.类别] 或 [reminders]，写法同 config.toml")
    try:
        fresh = procedures_from(tables.get("procedures", {}), onto=procedures)
        changed = matter_rules_from(tables.get("reminders", {}), onto=rules)
    except ValueError as error:
        raise WrongSetting(f"{file}：{error}") from error
    strange = set(fresh) - set(procedures)
    if strange:
        raise WrongSetting(f"{file}：没有 {min(strange)} 这一类事项；有的是 {'、'.join(sorted(procedures))}")
    return fresh, changed
