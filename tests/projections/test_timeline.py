"""历程: what a matter's history shows."""

from projections import timeline
from tests.projections.office import Office
from tests.projections.staff import HEAD


class TestHistory:
    def test_tells_every_fact_in_order(self, office: Office) -> None:
        """历程按先后列出每一条事实，谁、何时、内容和指纹都在。"""
        matter = office.assigned()
        then = office.store.head().position
        office.step(matter, "cancel", HEAD)
        entries = timeline.history(office.store, matter)
        assert [e.type for e in entries] == ["matter-registered", "matter-assigned", "matter-cancelled"]
        assert [e.version for e in entries] == [1, 2, 3]
        assert entries[0].body["title"] == "河道垃圾"
        assert entries[-1].actor == HEAD.user
        assert {len(e.hash) for e in entries} == {64}
        assert timeline.history(office.store, matter, position=then) == entries[:2]
        assert timeline.history(office.store, "nobody") == ()
