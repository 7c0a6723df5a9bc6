"""Making seals: the fact in the record, and the same seal as a file outside the database."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import structlog
from uuid_utils.compat import uuid7

from events.record.admitting import Guard
from events.record.chain import ALGORITHMS, Frontier
from events.record.envelope import CLOCK, Actor, Decision, Envelope, Recorded
from events.record.handling import Folded, Handling
from events.record.moments import from_micros
from events.record.proving import keep_blocks
from events.record.store import Store
from events.refusals import Refusal, Unavailable
from events.sealing.deciding import End, choose_key, seal, statement_of
from events.sealing.facts import KEYS, Occasion, RecordSealed, SealingKeyChosen, seals_of
from events.sealing.folding import Seals
from events.sealing.statement import Seal
from service.clock import beijing_day
from service.proof.keys import key_id, make_key, put_aside, read_key
from service.runtime import Runtime

log = structlog.get_logger("duban.seal")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSeal:
    """A seal of this record and the fact it is."""

    position: int
    fact: RecordSealed
    seal: Seal


async def seal_daily(runtime: Runtime, at: datetime, *, guard: Guard | None = None) -> int:
    """The day's seal, if the day has none yet; how many were made. What stands in the way is logged, not raised."""
    day = beijing_day(at)
    seals: Seals = (await asyncio.to_thread(runtime.handling.load, seals_of(day.year))).state
    if seals.last_day is not None and seals.last_day >= day:
        return 0
    try:
        await asyncio.to_thread(seal_now, runtime, at, Occasion.DAILY, guard=guard)
    except Refusal as refused:
        log.error("the record was not sealed", code=refused.code, why=refused.sentence)
        return 0
    except OSError as error:
        log.error("the seal could not be written outside the database", error=repr(error))
    return 1


def seal_now(
    runtime: Runtime, at: datetime, occasion: Occasion, actor: Actor = CLOCK, *, guard: Guard | None = None
) -> None:
    """Seals everything so far and writes the seal's file.

    Raises Unavailable or Conflict where there is no fitting key; OSError where the file cannot be written, the seal
    itself standing in the record.
    """
    key = read_key(runtime.settings.keys_folder)
    day = beijing_day(at)
    own = seals_of(day.year)
    end = end_of(runtime.store)

    def decide(loaded: Mapping[str, Folded]) -> Decision:
        return seal(
            loaded[own].state, loaded[KEYS].state, occasion=occasion, day=day, at=at, end=end, key=key
        )

    envelope = Envelope(actor=actor, at=at, command_id=uuid7().hex)
    runtime.handling.handle(envelope, (own, KEYS), decide, guard=guard)
    keep_blocks(runtime.database)
    write_missing(runtime.settings.seals_folder, all_seals(runtime.store))


def end_of(store: Store) -> End:
    """The record as it stands, with the root over it: read off the kept frontier, whatever the record's length."""
    head = store.head()
    root = Frontier(ALGORITHMS[head.algorithm], head.position, head.frontier).root()
    return End(
        record=record_id(store),
        algorithm=head.algorithm,
        size=head.position,
        root=root.hex(),
        head=head.hash.hex(),
    )


def record_id(store: Store) -> str:
    """Which record this is: the chain hash of its first fact. Raises Unavailable for an empty one."""
    first = store.at(1)
    if first is None:
        raise Unavailable("这份记录还没有开账；先运行 duban init。", code="no-record")
    return first.hash.hex()


def all_seals(store: Store) -> tuple[KeptSeal, ...]:
    """Every seal of the record, oldest first."""
    record, algorithm = record_id(store), store.head().algorithm
    publics: dict[str, str] = {}
    found: list[KeptSeal] = []
    for recorded in _facts(store):
        fact = recorded.fact
        if isinstance(fact, SealingKeyChosen):
            publics[key_id(fact.public)] = fact.public
        elif isinstance(fact, RecordSealed):
            said = statement_of(fact, record, algorithm)
            made = Seal(statement=said, public=publics.get(fact.key, ""), signature=fact.signature)
            found.append(KeptSeal(position=recorded.position, fact=fact, seal=made))
    return tuple(found)


def seals_upto(store: Store, position: int | None) -> tuple[KeptSeal, ...]:
    """The seals that stood in the record at a position, oldest first; None: now."""
    return tuple(one for one in all_seals(store) if position is None or one.position <= position)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealStanding:
    """How far the record is sealed, and what keeps it from being sealed now (None: nothing)."""

    last_day: date | None
    trouble: str | None


def seal_standing(runtime: Runtime, at: datetime) -> SealStanding:
    """How sealing stands; reads this year's seals and the key file."""
    seals: Seals = runtime.handling.load(seals_of(beijing_day(at).year)).state
    try:
        read_key(runtime.settings.keys_folder)
    except Refusal as refused:
        return SealStanding(last_day=seals.last_day, trouble=refused.sentence)
    return SealStanding(last_day=seals.last_day, trouble=None)


def chosen_keys(store: Store) -> tuple[tuple[int, str], ...]:
    """Position and public half of every key seals were to be signed with, in the order they came into use."""
    return tuple(
        (one.position, one.fact.public)
        for one in store.stream(KEYS)
        if isinstance(one.fact, SealingKeyChosen)
    )


def _facts(store: Store) -> Iterator[Recorded]:
    """The facts of keys, then of seals year by year; by streams, for there is no index on types."""
    first, moment = store.at(1), store.head().moment
    if first is None or moment is None:
        return
    yield from store.stream(KEYS)
    for year in range(first.recorded_at.year, from_micros(moment).year + 1):
        yield from store.stream(seals_of(year))


def write_missing(folder: Path, seals: Iterable[KeptSeal]) -> int:
    """Writes the file of every seal that has none, whole and onto the disk; gives how many. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name for path in folder.glob("*.seal")}
    wanted = {file_name(one.seal): one.seal for one in seals}
    missing = sorted(set(wanted) - there)
    for name in missing:
        half = folder / f"{name}.part"
        with half.open("w", encoding="ascii", newline="\n") as file:
            file.write(wanted[name].text())
            file.flush()
            os.fsync(file.fileno())
        half.replace(folder / name)
    return len(missing)


def file_name(made: Seal) -> str:
    """What a seal's file is called: day and size, so that names are in order."""
    return f"{made.statement.day.isoformat()}-{made.statement.size:010d}.seal"


def renew_key(runtime: Runtime, at: datetime, actor: Actor) -> str:
    """Puts the key in use aside, makes a new one and says so in the record; gives the new public half."""
    folder = runtime.settings.keys_folder
    put_aside(folder)
    key = make_key(folder)
    _choose(runtime.handling, at, actor, key.public)
    return key.public


def _choose(handling: Handling, at: datetime, actor: Actor, public: str) -> None:
    def decide(loaded: Mapping[str, Folded]) -> Decision:
        return choose_key(loaded[KEYS].state, public)

    handling.handle(Envelope(actor=actor, at=at, command_id=uuid7().hex), (KEYS,), decide)
