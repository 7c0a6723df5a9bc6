"""Words and rulers: numbers as documents write them, days as people say them, a long reckoning folded at a Monday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.matter.state import Limit, Matter
from events.rules.calendar import CalendarYear, WorkingDays
from events.vocabulary import MatterId, Starts
from service.documents.numbering import official
from service.pages.assets import static_url, vendor_files
from service.pages.reckoning import Pause, Reckoning
from service.pages.why import HEAD_SHOWN, LONGEST_RULER, why
from service.pages.words import file_size, full_day, short_day, stored_number

TODAY = date(2025, 6, 25)


def weeks() -> WorkingDays:
    """Years without festivals, so that every count can be checked in the head."""
    return WorkingDays(CalendarYear(year=year, version=1, source="", days=()) for year in range(2024, 2028))


def reckoned(
    *, start: date, due: date, judged: date, working: bool = False, pauses: tuple[Pause, ...] = ()
) -> Reckoning:
    limit = Limit(time_limit="…", starts=Starts.ASSIGNED, start_on=start, due_on=due, in_working_days=working)
    return Reckoning(
        matter=Matter(id=MatterId("m")),
        limit=limit,
        start=start,
        due=due,
        judged=judged,
        today=judged,
        pauses=pauses,
        history=(),
        calendar=weeks(),
    )


@given(year=st.integers(2000, 2099), serial=st.integers(1, 99_999), code=st.sampled_from(["云督", "督", ""]))
def test_numbers_are_read_as_they_are_written(year: int, serial: int, code: str) -> None:
    """云督〔2025〕47号这样写出的编号，照样读得回来。"""
    number = f"{year}-{serial:05}"
    assert stored_number(official(number, code)) == number


@pytest.mark.parametrize("text", ["渗滤液", "2025-00047", "〔2025〕", "云督〔25〕4号", ""])
def test_other_words_are_left_alone(text: str) -> None:
    """不是编号的字，原样去查。"""
    assert stored_number(text) == text


def test_days_name_their_year_only_when_it_is_another() -> None:
    """日期写月日和星期，不是今年的才写年。"""
    assert full_day(date(2025, 6, 30), TODAY) == "6月30日（周一）"
    assert short_day(date(2026, 1, 2), TODAY) == "2026年1月2日"


def test_sizes_are_said_briefly() -> None:
    """文件大小写成 KB 或 MB，再小也不写 0。"""
    assert [file_size(size) for size in (1, 2_048, 5_300_000)] == ["1 KB", "2 KB", "5.1 MB"]


class TestReckoning:
    def test_counts_neither_start_nor_pauses_nor_rest_days(self) -> None:
        """起算日、休息日、停表的日子都不计。"""
        pause = Pause(after=date(2025, 6, 4), upto=date(2025, 6, 6), why="中止")
        found = reckoned(
            start=date(2025, 6, 2),
            due=date(2025, 6, 13),
            judged=date(2025, 6, 16),
            working=True,
            pauses=(pause,),
        )
        assert found.counted(found.due) == 7
        assert found.counted(found.judged) == 8

    def test_says_how_many_of_how_many(self) -> None:
        """一句话说清用了几天、限几天、过了几天。"""
        found = reckoned(start=date(2025, 6, 2), due=date(2025, 6, 12), judged=date(2025, 6, 15))
        assert why(found, "红灯").sentence == "责任单位用了 13 天，限 10 天；期限 6月12日，已过 3 天。"

    @given(length=st.integers(1, 400), late=st.integers(0, 60))
    def test_the_ruler_begins_on_a_monday_and_loses_no_day(self, length: int, late: int) -> None:
        """计日尺从周一起，到到期日或今天为止；太长就略去中间，略了几天写明，略后仍从周一起。"""
        start = date(2024, 3, 6)
        due = start + timedelta(days=length)
        last = due + timedelta(days=late)
        days = why(reckoned(start=start, due=due, judged=last), None).days
        gap = sum(day.gap for day in days)
        assert len(days) + gap == (last - date(2024, 3, 4)).days + 1
        assert len(days) <= LONGEST_RULER
        assert [day.make for day in days].count("due") == 1 or gap
        assert [day.make for day in days].count("over") + gap >= late
        if gap:
            assert days[HEAD_SHOWN].gap == gap
            assert (len(days) - HEAD_SHOWN - last.weekday() - 1) % 7 == 0


class TestStaticFiles:
    def test_exist_and_change_address_with_their_bytes(self) -> None:
        """样式和脚本都在，网址里带校验值。"""
        assert all(file.is_file() for file in vendor_files().values())
        assert static_url("theme.css").startswith("/static/theme.css?v=")
        assert static_url("vendor/htmx.min.js") != static_url("vendor/bootstrap.min.css")
