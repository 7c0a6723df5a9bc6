"""Opening an office on an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from events.calendars import folding as calendar_folding
from events.calendars.facts import FACTS as CALENDAR_FACTS
from events.delivery.facts import FACTS as DELIVERY_FACTS
from events.directory.facts import FACTS as DIRECTORY_FACTS
from events.matter.facts import FACTS as MATTER_FACTS
from events.matter.folding import begin, evolve
from events.opening.facts import FACTS as OPENING_FACTS
from events.record.chain import GENESIS
from events.record.codec import Codec
from events.record.connections import open_database
from events.record.handling import Folder, Handling
from events.record.moments import rehearsal_moments
from events.record.sql import insert_rows
from events.record.store import Store
from events.record.tables import METADATA, log_head
from events.record.writer import Writer
from events.rules.procedures import MatterRules
from projections.runner import Projections
from tests.projections.office import Office

CODEC = Codec((*MATTER_FACTS, *DIRECTORY_FACTS, *CALENDAR_FACTS, *DELIVERY_FACTS, *OPENING_FACTS))


@contextmanager
def an_office(url: str, seed: int = 1) -> Iterator[Office]:
    """A new record in an empty database, its projections made."""
    database = open_database(url)
    METADATA.create_all(database.writing)
    with database.transaction() as driver:
        driver.run(insert_rows(log_head), [(1, 0, GENESIS, b"", 1, None, "sha256")])
    store = Store(database, CODEC)
    writer = Writer(database, CODEC, rehearsal_moments())
    folders = {
        "matter": Folder(begin=begin, evolve=evolve),
        "calendar": Folder(begin=calendar_folding.begin, evolve=calendar_folding.evolve),
    }
    office = Office(
        database=database,
        store=store,
        writer=writer,
        handling=Handling(store, writer, folders),
        projections=Projections(store, lambda: office.calendar, MatterRules()),
        chance=Random(seed),
    )
    office.projections.prepare(writer, office.now)
    writer.followers.append(office.projections.follow)
    try:
        yield office
    finally:
        writer.stop()
        database.close()
