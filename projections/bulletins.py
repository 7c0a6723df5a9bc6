"""通报台账: where each bulletin stands for which stretch of the record, and to whom it went."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, SmallInteger, Table, Text

from events.bulletin.folding import begin, evolve
from events.bulletin.issuing import BulletinIssued, next_rung
from events.bulletin.state import Bulletin
from events.matter.circulating import MatterNamed
from events.record.moments import to_micros
from events.record.sql import Driver, Row
from events.record.store import Store
from events.record.tables import BIG
from events.rules.calendar import WorkingDays
from projections.loading import load_rows
from projections.projection import FOREVER, Followed, Making, Projection, date_text
from projections.stream_changes import StreamChange, Streams
from projections.writing import change, remove


def tables(suffix: str = "") -> tuple[Table, Table, Table, Table]:
    """One row per bulletin and stretch of the record in which it stood so; one per bulletin and addressee; one per
    bulletin and matter it names; one per matter that has it noted.
    """
    listed = Table(
        f"bulletins{suffix}",
        MetaData(),
        Column("bulletin", Text, primary_key=True),
        Column("to_position", BIG, primary_key=True, autoincrement=False),
        Column("from_position", BIG, nullable=False),
        Column("series", Text, nullable=False),
        Column("series_name", Text, nullable=False),
        Column("first", Text, nullable=False),
        Column("last", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("stage", Text, nullable=False),
        Column("document_no", Text, nullable=False),
        Column("issue_no", Text, nullable=False),
        Column("as_of", BIG, nullable=False),
        Column("due_on", Text),
        Column("drafted_at", BIG, nullable=False),
        Column("issued_at", BIG),
        Column("addressees", Integer, nullable=False),
        Column("receipts", Integer, nullable=False),
        Column("naming_owed", SmallInteger, nullable=False),
        Column("co_signing", Text, nullable=False),
        Column("corrects", Text),
        Column("next_act_on", Text),
        Column("version", Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    Index("ix_bulletins_series", listed.c.series, listed.c.to_position)
    Index("ix_bulletins_stage", listed.c.to_position, listed.c.stage)
    addressed = Table(
        f"bulletin_units{suffix}",
        MetaData(),
        Column("bulletin", Text, primary_key=True),
        Column("unit", Text, primary_key=True),
        Column("from_position", BIG, nullable=False),
        Column("received_position", BIG),
        sqlite_with_rowid=False,
    )
    Index("ix_bulletin_units_unit", addressed.c.unit)
    names = Table(
        f"bulletin_matters{suffix}",
        MetaData(),
        Column("bulletin", Text, primary_key=True),
        Column("matter", Text, primary_key=True),
        Column("why", Text, nullable=False),
        sqlite_with_rowid=False,
    )
    noted = Table(
        f"bulletin_noted{suffix}",
        MetaData(),
        Column("bulletin", Text, primary_key=True),
        Column("matter", Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    return (listed, addressed, names, noted)


(bulletins, bulletin_units, bulletin_matters, bulletin_noted) = tables()
BULLETINS = Streams(prefix="bulletin-", begin=begin, evolve=evolve)
SEPARATOR = " "
"""Between units in one column."""


def making(store: Store) -> Making:
    """Makes the projection; ``store`` is asked for a bulletin's earlier facts."""

    def projection(suffix: str = "") -> Projection:
        listed, addressed, names, noted = tables(suffix)
        close = change(listed, ("to_position",), ("bulletin", "to_position"))
        receive = change(addressed, ("received_position",), ("bulletin", "unit"))
        drop = remove(addressed, ("bulletin", "unit"))

        def apply(driver: Driver, followed: Followed) -> None:
            standing: dict[str, Row] = {}
            for one in BULLETINS.changes(driver, store, followed.recorded):
                here = one.recorded.position
                row = _row(one.after, followed.calendar, here)
                kept = standing.pop(one.after.id, None)
                if kept is not None:
                    load_rows(driver, listed, [(kept[0], here, *kept[2:])])
                elif one.before is not None:
                    close.run(driver, [(here, one.after.id, FOREVER)])
                standing[one.after.id] = row
                _follow_units(driver, one.before, one.after, here)
                _follow_names(driver, one)
            load_rows(driver, listed, list(standing.values()))
            facts = ((r.fact, r.stream) for r in followed.recorded if isinstance(r.fact, MatterNamed))
            load_rows(driver, noted, [(f.bulletin, stream.partition("-")[2]) for f, stream in facts])

        def _follow_units(driver: Driver, before: Bulletin | None, after: Bulletin, here: int) -> None:
            old = set() if before is None else {one.unit for one in before.addressees}
            new = [one.unit for one in after.addressees]
            drop.run(driver, [(after.id, unit) for unit in old - set(new)])
            load_rows(driver, addressed, [(after.id, unit, here, None) for unit in new if unit not in old])
            had = 0 if before is None else len(before.receipts)
            receive.run(driver, [(here, after.id, one.unit) for one in after.receipts[had:]])

        def _follow_names(driver: Driver, one: StreamChange[Bulletin]) -> None:
            if not isinstance(one.recorded.fact, BulletinIssued):
                return
            named = {name.matter: name.why for name in one.after.standing_content.named}
            load_rows(driver, names, [(one.after.id, matter, why) for matter, why in named.items()])

        return Projection(name="bulletins", tables=(listed, addressed, names, noted), apply=apply)

    return projection


def _row(bulletin: Bulletin, calendar: WorkingDays, here: int) -> Row:
    period, as_of = bulletin.period, bulletin.as_of
    assert period is not None
    assert as_of is not None
    assert bulletin.drafted_at is not None
    return (
        bulletin.id,
        FOREVER,
        here,
        bulletin.series,
        bulletin.series_name,
        date_text(period.first),
        date_text(period.last),
        bulletin.subject,
        bulletin.title,
        bulletin.stage.value,
        bulletin.document_no,
        bulletin.issue_no,
        as_of.position,
        date_text(bulletin.due_on),
        to_micros(bulletin.drafted_at),
        to_micros(bulletin.issued_at) if bulletin.issued_at is not None else None,
        len(bulletin.addressees),
        len(bulletin.receipts),
        int(not bulletin.naming_settled),
        SEPARATOR.join(bulletin.waiting_co_signers),
        bulletin.corrects,
        date_text(next_rung(bulletin, calendar)),
        bulletin.version,
    )
