"""名录写进记录: two administrators at once, and what a claim or a moved stream refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

import pytest

from events.directory.commands import CreateUser, DisableUser, MoveUnit, RegisterUnit, RenameUnit
from events.directory.deciding import DirectoryCommand, decide, streams
from events.directory.facts import FACTS
from events.directory.folding import CATEGORIES, apply, begin, evolve
from events.directory.state import Directory
from events.directory.surroundings import DirectorySurroundings
from events.record.chain import GENESIS
from events.record.codec import Codec
from events.record.connections import open_database
from events.record.envelope import OPERATOR, Decision, Envelope
from events.record.handling import Folded, Folder, Handling
from events.record.moments import rehearsal_moments
from events.record.sql import insert_rows
from events.record.store import Store
from events.record.tables import METADATA, log_head
from events.record.writer import Writer
from events.refusals import Conflict, Invalid, NameTaken
from events.vocabulary import Role, UnitId, UserName
from tests.spec_directory.given import County

AT = County().at


@dataclass(kw_only=True)
class Office:
    """Somebody with a directory as read at some time, acting on a real record."""

    handling: Handling
    ids: Iterator[int]
    directory: Directory

    def do(self, stream: str, command: DirectoryCommand) -> dict[str, object]:
        seen = DirectorySurroundings(actor=OPERATOR, at=AT, directory=self.directory)
        envelope = Envelope(actor=OPERATOR, at=AT, command_id=f"c{next(self.ids)}")

        def decided(loaded: Mapping[str, Folded]) -> Decision:
            return decide(stream, command, {name: folded.state for name, folded in loaded.items()}, seen)

        return self.handling.handle(envelope, streams(stream, command, seen), decided)

    def refreshed(self) -> Office:
        """The same with the directory as recorded now."""
        directory = Directory()
        for page in self.handling.store.pages():
            for recorded in page:
                apply(directory, recorded)
        return replace(self, directory=directory)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    database = open_database(database_url)
    METADATA.create_all(database.writing)
    with database.transaction() as driver:
        driver.run(insert_rows(log_head), [(1, 0, GENESIS, b"", 1, None, "sha256")])
    codec = Codec(FACTS)
    writer = Writer(database, codec, rehearsal_moments())
    folders = dict.fromkeys(CATEGORIES, Folder(begin=begin, evolve=evolve))
    yield Office(
        handling=Handling(Store(database, codec), writer, folders), ids=count(1), directory=Directory()
    )
    writer.stop()
    database.close()


class TestTwoAtOnce:
    def test_get_one_name_once(self, office: Office) -> None:
        """两个人同时登记同名单位，只有一个成功。"""
        office.do("unit-a", RegisterUnit(name="环保局"))
        with pytest.raises(NameTaken, match="已有单位"):
            office.do("unit-b", RegisterUnit(name="环保局"))
        office.do("unit-a", RenameUnit(name="生态环境局"))
        office.do("unit-b", RegisterUnit(name="环保局"))
        with pytest.raises(NameTaken):
            office.refreshed().do("unit-b", RenameUnit(name="生态环境局"))

    def test_do_not_make_a_circle(self, office: Office) -> None:
        """两个人各看各的名录，也不会把单位划成圈。"""
        for unit in ("a", "b"):
            office.do(f"unit-{unit}", RegisterUnit(name=unit))
        office = office.refreshed()
        office.do("unit-a", MoveUnit(parent=UnitId("b")))
        with pytest.raises(Invalid, match="自己"):
            office.do("unit-b", MoveUnit(parent=UnitId("a")))

    def test_do_not_lose_the_last_admin(self, office: Office) -> None:
        """两个管理员同时停用对方，后一个不成。"""
        for user in ("root", "root2"):
            command = CreateUser(name=UserName(user), roles=(Role.ADMIN,))
            assert office.do(f"user-{user}", command)["id"] == user
        office = office.refreshed()
        office.do("user-root", DisableUser())
        with pytest.raises(Conflict, match="最后一个"):
            office.do("user-root2", DisableUser())

    def test_get_one_account_name_once(self, office: Office) -> None:
        """只差大小写的账号名，记录里也只给一个人。"""
        office.do("user-wang", CreateUser(name=UserName("wang"), roles=(Role.ADMIN,)))
        for name in ("wang", "Wang"):
            with pytest.raises(NameTaken):
                office.do(f"user-{name}", CreateUser(name=UserName(name), roles=(Role.ADMIN,)))

    def test_read_back_what_was_written(self, office: Office) -> None:
        """写进记录的名录，读出来和当场看到的一样。"""
        office.do("unit-a", RegisterUnit(name="环保局", kind="部门"))
        office.do("unit-a", RenameUnit(name="生态环境局"))
        known = office.refreshed().directory
        assert known.units[UnitId("a")] == office.handling.load("unit-a").state
        assert known.position == 2
