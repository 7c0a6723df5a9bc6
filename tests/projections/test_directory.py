"""名录在内存里: as recorded now and then, and never changed under somebody's hands."""

from datetime import date

from events.directory.facts import (
    PersonRegistered,
    UnitMoved,
    UnitRegistered,
    UnitRenamed,
    UserCreated,
    UserDisabled,
)
from events.directory.folding import apply
from events.directory.state import Directory
from events.vocabulary import PersonId, Role, UnitId, UserName
from projections.directory import KEPT, DirectoryReader
from tests.projections.office import Office

DAY = date(2008, 1, 1)


def fill(office: Office) -> None:
    office.write(("unit-a", UnitRegistered(name="青石镇", from_on=DAY)))
    office.write(("unit-b", UnitRegistered(name="水务局", from_on=DAY, parent=UnitId("a"))))
    person = PersonRegistered(name="何远舟", unit=UnitId("a"), from_on=DAY, roles=(Role.UNIT_LIAISON,))
    office.write(("person-p", person))
    office.write(("user-he", UserCreated(person=PersonId("p"), roles=(Role.UNIT_LIAISON,))))


class TestReading:
    def test_is_what_the_record_gives(self, office: Office) -> None:
        """名录与逐条事实折出来的相同，随写随新。"""
        reader = DirectoryReader(office.store)
        assert reader.now() == Directory()
        fill(office)
        office.register()
        expected = Directory()
        for page in office.store.pages():
            for recorded in page:
                apply(expected, recorded)
        assert reader.now() == expected
        assert reader.now() is reader.now()
        office.write(("user-he", UserDisabled()))
        assert reader.now().users[UserName("he")].disabled
        assert office.projections.compare() == []

    def test_does_not_change_what_somebody_holds(self, office: Office) -> None:
        """正在办理的请求手里的名录，不因别人改名而变。"""
        fill(office)
        reader = DirectoryReader(office.store)
        held = reader.now()
        office.write(("unit-a", UnitRenamed(name="青石街道", from_on=DAY)))
        office.write(("unit-c", UnitRegistered(name="新局", from_on=DAY)))
        assert held.unit_name("a", DAY) == "青石镇"
        assert UnitId("c") not in held.units
        assert reader.now().unit_name("a", DAY) == "青石街道"

    def test_is_asked_as_of_a_position(self, office: Office) -> None:
        """任一时点的名录，是当时记下的样子。"""
        fill(office)
        reader = DirectoryReader(office.store)
        position = office.store.head().position
        then = reader.now()
        office.write(("unit-b", UnitMoved(parent=None, from_on=DAY)))
        assert reader.at(position) == then
        assert reader.at(None).units[UnitId("b")].parent(DAY) is None
        assert reader.at(position).units[UnitId("b")].parent(DAY) == UnitId("a")
        assert reader.at(position) is reader.at(position)
        for earlier in range(KEPT + 1):
            assert reader.at(earlier).position == earlier
        assert reader.at(0) == Directory()
        assert reader.at(10**6) is reader.now()
