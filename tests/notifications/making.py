"""云溪县 on a real record with a letter box, posts held and addresses known, and a channel that answers as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from events.delivery.facts import FACTS as DELIVERY
from events.delivery.facts import Outcome
from events.directory.state import Directory, Since
from events.matter.facts import FACTS as MATTER
from events.matter.folding import begin, evolve
from events.matter.surroundings import Surroundings
from events.record.admitting import Append
from events.record.chain import GENESIS
from events.record.codec import Codec
from events.record.connections import Database, open_database
from events.record.envelope import Decision, Envelope
from events.record.handling import Folder, Handling
from events.record.moments import rehearsal_moments
from events.record.sql import Driver, insert_rows
from events.record.store import Store
from events.record.tables import METADATA, log_head
from events.record.writer import Batch, Writer
from events.rules.procedures import PRESETS
from events.vocabulary import MatterId, PersonId, Role
from notifications.channels import ChannelDown, Fate, Handed, HandOver
from notifications.delivering import PostOffice, QuietHours, hand_over_due
from notifications.messages import Message, Sender
from notifications.outbox import METADATA as LETTERS
from notifications.outbox import LetterRow
from notifications.outbox.asking import Asked, found
from notifications.outbox.filling import LetterBox
from notifications.pages import House
from notifications.policy import letters_for
from notifications.posts import posts_on
from notifications.sorting import Desk
from projections.changes import changes, changes_of
from tests.spec.given import LONG_AGO, STAFF, World, directory

SENDER = Sender(name="云溪县督查室", address="duban@yunxi.example")
HOUSE = House(organization="云溪县督查室", base_url="https://duban.yunxi.example", procedures=PRESETS)
ADDRESS = {one.name: f"p{number}@yunxi.example" for number, one in enumerate(STAFF)}
"""Name of a person → e-mail address."""


def staffed(*vacant: Role) -> Directory:
    """The county's directory with everybody's role held as a post, but for these."""
    made = directory(*STAFF)
    made.position = 1
    for one in STAFF:
        assert one.person is not None
        posts = (Since(on=LONG_AGO, position=1, value=one.roles - frozenset(vacant)),)
        made.people[one.person] = replace(made.people[one.person], email=ADDRESS[one.name], posts=posts)
    return made


def changed_person(made: Directory, person: PersonId, **fields: Any) -> None:
    """Something else is known of a person from now on."""
    made.people[person] = replace(made.people[person], **fields)
    made.position += 1


def told(world: World, *, newest: int = 1) -> set[tuple[str, str]]:
    """Rule and post of every letter the newest facts of the matter at hand cause, whatever the channel."""
    facts = [r for r in world.record if r.stream == world.matter.stream]
    posts = posts_on(world.directory, world.today)
    happened = list(changes_of(facts))[-newest:]
    return {(letter.rule, letter.post.key) for change in happened for letter in letters_for(change, posts)}


@dataclass(slots=True)
class FakeServer:
    """A channel without a wire: keeps what it is handed, answers as told."""

    outcome: Outcome = Outcome.SENT
    handed: list[Message] = field(default_factory=list)
    answer: Callable[[Message], Handed] = field(default=lambda _: Handed(fate=Fate.ACCEPTED))
    down: str | None = None
    rounds: int = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[HandOver]:
        self.rounds += 1

        async def hand_over(message: Message) -> Handed:
            await asyncio.sleep(0)
            if self.down:
                raise ChannelDown(self.down)
            self.handed.append(message)
            return self.answer(message)

        yield hand_over

    @property
    def to(self) -> list[str]:
        """The first address of every message handed over."""
        return [message.to[0].address for message in self.handed]


@dataclass(slots=True, kw_only=True)
class County(World):
    """A World whose facts are written to a real record, with the letter box hanging on it."""

    database: Database
    store: Store
    writer: Writer
    handling: Handling
    server: FakeServer = field(default_factory=FakeServer)
    machine: datetime = datetime(2030, 1, 1, tzinfo=UTC)
    quiet: QuietHours | None = None
    house: House = HOUSE

    @property
    def office(self) -> PostOffice:
        desk = Desk(handling=self.handling, directory=lambda: self.directory, house=self.house)
        return PostOffice(
            database=self.database, desk=desk, channel=self.server, sender=SENDER, quiet=self.quiet
        )

    def deliver(self) -> dict[str, int]:
        """One delivery now; only the counts that are not zero."""
        counts = asyncio.run(hand_over_due(self.office, at=self.now, machine=lambda: self.machine))
        return {name: count for name, count in counts.items() if count}

    def letters(self, **asked: Any) -> list[LetterRow]:
        """The letters asked for, oldest first."""
        with self.database.reading.connect() as connection:
            return list(reversed(found(connection, Asked(limit=1000, **asked))))

    def states(self, **asked: Any) -> list[tuple[str, str, str]]:
        """Rule, post and state of the e-mail letters."""
        rows = [row for row in self.letters(**asked) if row.channel == "email"]
        return [(row.rule, row.post.key, str(row.state)) for row in rows]

    def _write(self, decision: Decision, seen: Surroundings) -> None:
        streams = [draft.stream for draft in decision.drafts]
        append = Append(
            envelope=Envelope(actor=seen.actor, at=seen.at, command_id=f"c{len(self.record)}"),
            decision=decision,
            conditions={stream: self._matter(stream).version for stream in streams},
        )
        for recorded in self.writer.append(append).recorded:
            self.record.append(recorded)
            self.matters[self._matter(recorded.stream).id] = evolve(self._matter(recorded.stream), recorded)

    def _matter(self, stream: str) -> Any:
        return self.matters.get(MatterId(stream.partition("-")[2]), begin(stream))

    def until(self, day: date) -> County:
        """Lets the clock speak once on each day up to this one."""
        while self.today < day:
            self.on(self.today + timedelta(days=1))
            self.tick()
        return self


CODEC = Codec((*MATTER, *DELIVERY))
MATTER_FOLDER = Folder(begin=begin, evolve=evolve)


@contextmanager
def county(url: str, *, fresh: bool = True, **fields: Any) -> Iterator[County]:
    """A county with its record open on a database."""
    database = open_database(url)
    if fresh:
        METADATA.create_all(database.writing)
        LETTERS.create_all(database.writing)
        with database.transaction() as driver:
            driver.run(insert_rows(log_head), [(1, 0, GENESIS, b"", 1, None, "sha256")])
    store = Store(database, CODEC)
    writer = Writer(database, CODEC, rehearsal_moments())
    handling = Handling(store, writer, {"matter": MATTER_FOLDER})
    made = County(
        database=database,
        store=store,
        writer=writer,
        handling=handling,
        **{"directory": staffed(), **fields},
    )
    box = LetterBox(lambda: made.directory, made.store)

    def follow(driver: Driver, batch: Batch) -> None:
        box.follow(driver, batch, changes(driver, store, batch))

    writer.followers.append(follow)
    try:
        yield made
    finally:
        writer.stop()
        database.close()
