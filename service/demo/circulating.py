"""通报 of the demonstration: drafted by the clock each month, then checked, approved, signed, issued and received."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from events.bulletin.state import BulletinStage
from events.vocabulary import BulletinId, UserName
from projections import bulletin_lists
from projections.bulletin_lists import Listed
from service.clock import machine_now
from service.commands.circulating import Circulating, circulate
from service.demo.stock import County
from service.identity import actor_of
from service.runtime import Runtime

CLERK, HEAD, CHIEF = UserName("jingban"), UserName("zhuren"), UserName("lingdao")
ISSUED_AFTER, RECEIVED_AFTER = timedelta(days=2), timedelta(days=3)
UNSIGNED_FOR = timedelta(days=25)
"""The newest bulletin is left for the visitor to sign."""
MONTH = timedelta(days=31)
SLOW_UNITS = 3
"""How many units of the newest issued bulletin have not received it yet."""


def circulate_bulletins(runtime: Runtime, county: County, at: datetime, until: datetime) -> None:
    """What people do with bulletins on the morning of a day."""
    with runtime.database.reading.connect() as connection:
        rows = bulletin_lists.listed(connection, bulletin_lists.Asked(all=True, limit=40))
    for row in reversed(rows):
        if row.stage is BulletinStage.ISSUED and row.receipts < row.addressees:
            _receive(runtime, county, row, at, until)
        elif row.stage is BulletinStage.DRAFTED:
            _check(runtime, row, at)
        elif row.stage is BulletinStage.CHECKED and _ripe(row, at, until):
            _issue(runtime, row, at)


def _ripe(row: Listed, at: datetime, until: datetime) -> bool:
    return at - row.drafted_at >= ISSUED_AFTER and until - row.drafted_at > UNSIGNED_FOR


def _check(runtime: Runtime, row: Listed, at: datetime) -> None:
    _do(runtime, CLERK, "check", row.id, {"text": "数字逐项核过。"}, at)


def _issue(runtime: Runtime, row: Listed, at: datetime) -> None:
    month = row.period.last.month
    if row.naming_owed:
        _do(runtime, CHIEF, "approve-naming", row.id, {"text": "同意点名。"}, at)
    number = f"云督〔{at.year}〕{month + 20}号"
    _do(runtime, HEAD, "sign", row.id, {"document_no": number, "text": "印发各单位。"}, at)
    _do(
        runtime,
        CLERK,
        "issue",
        row.id,
        {"copies_to": ["县委办公室", "县人大常委会办公室", "县政协办公室"]},
        at,
    )


def _receive(runtime: Runtime, county: County, row: Listed, at: datetime, until: datetime) -> None:
    """Most units receive it the day after, the rest some days later; of the newest some are still silent."""
    assert row.issued_at is not None
    late = at - row.issued_at >= RECEIVED_AFTER
    newest = until - row.drafted_at < UNSIGNED_FOR + MONTH
    waiting = list(_silent(runtime, county, row.id, at.date()))
    chosen = waiting if late else waiting[: len(waiting) * 2 // 3]
    for account in chosen[: max(0, len(waiting) - SLOW_UNITS)] if newest else chosen:
        _do(runtime, account, "acknowledge", row.id, {}, at)


def _silent(runtime: Runtime, county: County, bulletin: BulletinId, day: date) -> Iterator[UserName]:
    """The liaisons' accounts of the units that have not received it, in the directory's order."""
    state = runtime.handling.load(f"bulletin-{bulletin}").state
    owing = {one.unit for one in state.unreceived}
    directory = runtime.directory.now()
    for place in county.places:
        user = UserName(place.user) if place.user else None
        if user is not None and user in directory.users and actor_of(directory, user, day).unit in owing:
            yield user


def _do(
    runtime: Runtime,
    user: UserName,
    name: str,
    bulletin: BulletinId,
    fields: Mapping[str, Any],
    at: datetime,
) -> None:
    circulate(
        runtime,
        Circulating(
            actor=actor_of(runtime.directory.now(), user, at.date()),
            name=name,
            id=bulletin,
            fields=fields,
            at=at,
            received_at=machine_now(),
        ),
    )
