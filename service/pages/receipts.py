"""Who has received a bulletin: for each unit the receipt, and for each person what became of the letters."""

from __future__ import annotations

from dataclasses import dataclass

from events.bulletin.state import Addressee, Bulletin, Received
from notifications.outbox import asking as box
from notifications.outbox.asking import LetterRow
from service.circulating.bulletins import Sight
from service.pages.telling_letters import fate, then
from service.pages.visiting import Visit
from service.pages.words import day_and_hour, joined

MOST_LETTERS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """One unit."""

    unit: str
    people: str
    """Who held its posts on the day of issue."""
    receipt: str
    owed: bool
    letters: tuple[str, ...]
    """What became of each letter to it."""


def receipts(visit: Visit, found: Bulletin, sight: Sight) -> tuple[str, tuple[ReceiptRow, ...]]:
    """“12/32 已签收” and the units, those that owe a receipt first; a unit sees only itself."""
    units = [one for one in found.addressees if sight.all or one.unit in sight.units]
    by_unit = {one.unit: one for one in found.receipts}
    sent = _letters(visit, found) if units else {}
    rows = [_row(visit, one, by_unit.get(one.unit), sent.get(one.unit, [])) for one in units]
    rows.sort(key=lambda row: not row.owed)
    return f"{len(by_unit)}/{len(found.addressees)}", tuple(rows)


def _row(visit: Visit, one: Addressee, receipt: Received | None, letters: list[LetterRow]) -> ReceiptRow:
    people = "；".join(
        f"{role.label.removeprefix('责任单位')} {'、'.join(map(visit.directory.person_name, held)) or '空缺'}"
        for role, held in one.posts
    )
    said = "未签收"
    if receipt is not None:
        by = "督查室代录" if receipt.on_behalf else visit.directory.user_label(receipt.by)
        said = joined(by, day_and_hour(receipt.at, visit.day))
    return ReceiptRow(
        unit=one.name,
        people=people,
        receipt=said,
        owed=receipt is None,
        letters=tuple(
            joined(row.role.label.removeprefix("责任单位") if row.role else "", fate(visit, row))
            for row in sorted(letters, key=lambda one: (one.post.key, one.channel.value))
        ),
    )


def _letters(visit: Visit, found: Bulletin) -> dict[str, list[LetterRow]]:
    with visit.connect() as connection:
        asked = box.Asked(
            bulletin=found.id,
            rule="bulletin-issued",
            position=visit.asking.position,
            at=then(visit),
            limit=MOST_LETTERS,
        )
        rows = box.found(connection, asked)
    by_unit: dict[str, list[LetterRow]] = {}
    for row in rows:
        if row.unit is not None:
            by_unit.setdefault(row.unit, []).append(row)
    return by_unit
