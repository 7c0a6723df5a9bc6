"""A year of bulletins in rehearsal: each period once, ten days of standstill in the middle, every figure recounted."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from events.record.verifying import verify
from service.circulating.proving import issued, prove, prove_all
from tests.service.circulating import SWITCHED_ON, Circulation
from tests.service.given import Office
from tests.service.opened import Furnished

FIRST = date(2008, 1, 2)
MONTHS = 12 if os.environ.get("DUBAN_SOAK") == "full" else 2
LAST = date(2008 + MONTHS // 12, MONTHS % 12 + 1, 7)
STOP = (date(2008, 1, 31), date(2008, 2, 10)) if MONTHS < 12 else (date(2008, 6, 28), date(2008, 7, 8))
"""Nobody ticks and nobody works from the first day to before the second."""


@pytest.fixture
def office(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Office]:
    with an_opened_office.copy(tmp_path, bulletins=SWITCHED_ON) as copy:
        yield copy


def days() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        if not STOP[0] <= day < STOP[1]:
            yield day
        day += timedelta(days=1)


def work(office: Office, day: date) -> None:
    """What happens on a day: on the 6th a matter that will be late, on the 8th one closed in time."""
    office.at(f"{day} 10:00")
    if day.day == 6:
        office.assigned(due_on=str(day + timedelta(days=12)), title=f"{day.month}月的积水点")
    elif day.day == 8:
        office.closed(due_on=str(day + timedelta(days=20)), title=f"{day.month}月的路灯")


def issue(office: Office, desk: Circulation, day: date) -> None:
    """The month's bulletin goes out the day after its draft."""
    for row in desk.listed(series="monthly", stage="drafted"):
        if row["drafted_at"][:10] < str(day):
            Circulation(office=office, id=row["id"]).issued(
                f"云督〔{day.year}〕{row['from'][5:7].lstrip('0')}号"
            )


@pytest.mark.soak
def test_a_year_of_months_and_weeks(office: Office) -> None:
    """一年走下来，月通报、周通报每期一份不重不漏，中间停十天也补齐；印发的逐份重算相符；补录之后旧的照样相符，新的看得出来。"""
    desk = Circulation(office=office)
    for day in days():
        if day.weekday() == 0 or day.day in (5, 10, 15, 20) or day == STOP[1]:
            office.tick(f"{day} 08:10")
            assert office.tick().get("bulletins") is None
        work(office, day)
        if day.day in (6, 12):
            issue(office, desk, day)
    monthly, weekly = desk.listed(series="monthly", limit=200), desk.listed(series="weekly", limit=200)
    assert [one["from"] for one in monthly] == [str(first) for first in reversed(months())]
    assert [one["from"] for one in weekly] == [str(monday) for monday in reversed(weeks())]
    assert all(one["stage"] == "issued" for one in monthly)
    caught_up = [one for one in (*monthly, *weekly) if one["drafted_at"][:10] > one["due_on"]]
    assert caught_up
    assert {one["drafted_at"][:10] for one in caught_up} == {str(STOP[1])}
    assert office.runtime is not None
    sound = list(prove_all(office.runtime, issued(office.runtime)))
    assert [one for proof in sound for one in (*proof.differences, *proof.remarks)] == []
    late_entry(office, monthly[0])
    proofs = [prove(office.runtime, bulletin) for bulletin in issued(office.runtime)]
    assert len(proofs) == len(monthly) == MONTHS
    assert all(proof.sound for proof in proofs)
    assert verify(office.runtime.store).broken is None


def late_entry(office: Office, last: dict[str, str]) -> None:
    """A completion of last week is entered from paper: the bulletin taken anew shows it, the issued one does not move."""
    overdue = office.ask(f"/bulletins/{last['id']}", by="clerk")["overdue"]
    office.at(f"{LAST} 15:00")
    office.matter = next(row["matter"] for row in overdue)
    office.do(
        "cancel",
        {"reason": "查明为重复立项", "occurred_at": f"{LAST - timedelta(days=7)}T10:00:00+08:00"},
        by="head",
    )
    anew = Circulation(
        office=office,
        id=Circulation(office=office, id=last["id"]).do("correct", "head", reason="重复立项")["correction"],
    )
    assert [row["matter"] for row in anew.look()["overdue"]] == [
        row["matter"] for row in overdue if row["matter"] != office.matter
    ]
    assert any(change.startswith("逾期由") for change in anew.look()["changes"])


def months() -> list[date]:
    return [date(2008, month, 1) for month in range(1, MONTHS + 1)]


def weeks() -> list[date]:
    """Mondays of the weeks that were over by the last Monday on which the clock spoke."""
    first = FIRST - timedelta(days=FIRST.weekday()) if FIRST.day > 6 else date(2007, 12, 31)
    found, monday = [], first
    while monday + timedelta(days=7) <= LAST:
        found.append(monday)
        monday += timedelta(days=7)
    return found
