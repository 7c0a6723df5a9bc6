"""恢复到一个位置: a backup restored only up to a position, for when what came after it should not have been."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from events.bulletin.signing import NUMBER_SCOPE
from events.bulletin.state import BulletinStage
from events.directory.units import NAME_SCOPE, name_key
from events.record.connections import open_database
from events.record.store import Store
from events.refusals import Invalid
from projections.directory import DirectoryReader
from service.runtime import CODEC, FOLDERS
from service.storage.rewinding import rewind

BULLETINS = "bulletin-"


def rewind_copy(copy: Path, position: int) -> None:
    """Takes a copied SQLite record back. Raises Invalid for a position it has not, or in the middle of one act."""
    database = open_database(f"sqlite:///{copy}")
    try:
        store = Store(database, CODEC)
        head = store.head().position
        if not 0 < position <= head:
            raise Invalid(
                f"备份里有第 1 到第 {head} 位，没有第 {position} 位；换一个位置。", code="no-position"
            )
        if (middle := store.cut_through(position)) is not None:
            first, last = middle
            raise Invalid(
                f"第 {first} 到第 {last} 位是同一个命令写下的，不能从中间截断；改为 {first - 1} 或 {last}。",
                code="cuts-through",
            )
        rewind(database, position, list(_held(store, position)))
    finally:
        database.close()


def _held(store: Store, position: int) -> Iterator[tuple[str, str, str]]:
    """Names of units and numbers of documents that were taken at a position, whatever became of them."""
    for unit in DirectoryReader(store).at(position).units.values():
        if unit.names and unit.closed_on is None:
            yield NAME_SCOPE, name_key(unit.parent(date.max), unit.name(date.max)), unit.id
    folder = FOLDERS["bulletin"]
    for stream in store.names(BULLETINS):
        state = folder.begin(stream)
        for recorded in store.stream(stream, up_to=position):
            state = folder.evolve(state, recorded)
        if state.document_no and state.stage is not BulletinStage.WITHDRAWN:
            yield NUMBER_SCOPE, state.document_no, stream
