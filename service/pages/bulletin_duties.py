"""要我办 of bulletins: to check, to sign, to issue, to co-sign, to receive."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from events.bulletin.state import BulletinStage
from events.vocabulary import Role
from projections import bulletin_lists
from projections.bulletin_lists import Listed
from service.circulating import bulletins as seen_of
from service.pages.duties import SHOWN, Duty
from service.pages.views import Act, Row
from service.pages.visiting import Visit
from service.pages.words import joined, short_day


def of_office(connection: Connection, visit: Visit) -> tuple[Duty, ...]:
    """通报待核, 待签, 待印发 for the office."""
    pending = bulletin_lists.pending(connection)
    drafts = [row for row in pending if row.stage is BulletinStage.DRAFTED]
    checked = [row for row in pending if row.stage is BulletinStage.CHECKED]
    signed = [row for row in pending if row.stage in (BulletinStage.SIGNED, BulletinStage.NUMBERED)]
    found = [_duty(visit, "bulletin-drafts", "通报待核数", drafts, "核数")]
    if visit.may(Role.OFFICE_HEAD):
        found.append(_duty(visit, "bulletins-to-sign", "通报待签", checked, "看稿"))
    return (*found, _duty(visit, "bulletins-to-issue", "通报待印发", signed, "印发"))


def of_leader(connection: Connection, visit: Visit) -> tuple[Duty, ...]:
    """点名待批 and 通报待签, for the 行政首长."""
    person = visit.directory.people.get(visit.actor.person) if visit.actor.person is not None else None
    if person is None or not person.administrative_head:
        return ()
    checked = [row for row in bulletin_lists.pending(connection) if row.stage is BulletinStage.CHECKED]
    return (_duty(visit, "bulletins-to-sign", "通报待签", checked, "看稿"),)


def of_unit(connection: Connection, visit: Visit) -> tuple[Duty, ...]:
    """通报待签收 for a unit, and for its head 待会签."""
    sight = seen_of.sight_of(visit.actor, visit.directory, visit.day)
    owed = bulletin_lists.awaiting_receipt(connection, sight.units)
    found = [_duty(visit, "bulletins-to-receive", "通报待签收", owed, "签收")]
    if sight.heads:
        asked = [row for row in bulletin_lists.pending(connection) if sight.units & set(row.co_signing)]
        found.append(_duty(visit, "bulletins-to-co-sign", "通报待会签", asked, "会签"))
    return tuple(found)


def _duty(visit: Visit, id_: str, title: str, rows: Iterable[Listed], act: str) -> Duty:
    listed = tuple(rows)
    return Duty(
        id=id_,
        title=title,
        count=len(listed),
        href="/bulletins?state=out" if id_ == "bulletins-to-receive" else "/bulletins?state=pending",
        rows=tuple(_row(visit, row, act) for row in listed[:SHOWN]),
    )


def _row(visit: Visit, row: Listed, act: str) -> Row:
    href = f"/bulletins/{row.id}"
    waits = "待会签" if row.co_signing else "点名待批准" if row.naming_owed else ""
    when = row.issued_at or row.drafted_at
    said = "印发" if row.issued_at is not None else "拟稿"
    return Row(
        title="".join(row.title.split()),
        href=href,
        meta=joined(
            row.series_name,
            row.document_no,
            f"{short_day(when.date(), visit.day)}{said}",
            waits if row.stage is BulletinStage.CHECKED else "",
        ),
        act=Act(text=act, href=href, about=row.title),
    )
