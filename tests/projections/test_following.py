"""投影跟着记录走: whatever is written, every read model holds what the record gives."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Thread

import pytest
from sqlalchemy import select, text

from events.directory.facts import UnitRegistered
from events.matter import rectifying
from events.matter.facts import FACTS
from events.record.codec import Codec
from events.record.sql import plain_text
from events.refusals import NotFound
from events.rules.ladder import next_rung_on
from events.rules.procedures import MatterRules
from projections import deadlines, lists
from projections.changes import changes_of
from projections.deadlines import deadlines as deadlines_table
from projections.filling import shares
from projections.rebuilding import rebuild
from projections.register_columns import next_values, values_of
from projections.runner import Projections
from tests.projections.lives import YEAR_2010, every_fact
from tests.projections.office import Office
from tests.projections.staff import CLERK, LIAISONS


class TestEveryFact:
    def test_goes_through_every_projection(self, office: Office) -> None:
        """每一种事实都能通过每一个投影，投影与按记录重建的一致。"""
        every_fact(office)
        met = {r.type for page in office.store.pages() for r in page}
        assert {s.name for s in FACTS} <= met
        office.live(60)
        assert office.projections.compare() == []

    def test_changes_only_the_columns_said_to_come_from_it(self, office: Office) -> None:
        """逐条事实推进的台账行，与从状态重新算出的行相同。"""
        office.live(80)
        for matter in office.matters:
            values = None
            for change in changes_of(office.store.stream(f"matter-{matter}")):
                whole = values_of(change.after)
                values = whole if values is None else next_values(values, change.after, change.changed)
                assert values == whole, change.recorded.type

    def test_in_one_batch_with_others(self, office: Office) -> None:
        """同一批里许多人同时办事，投影仍与记录一致。"""
        matters = [office.register() for _ in range(12)]
        office.act_all(matters, steps=6)
        progress = rectifying.ReportProgress(text="过半", percent=50)
        working = [m.id for m in office.states() if m.stage.value == "rectifying" and m.lead_unit]
        lead = {m.id: m.lead_unit for m in office.states()}
        by_unit = {one.unit: one for one in LIAISONS}
        with ThreadPoolExecutor(12) as pool:
            acts = [
                pool.submit(office.do, m, "report-progress", progress, by_unit[lead[m]]) for m in working * 2
            ]
        assert working
        assert any(act.exception() is None for act in acts)
        assert office.projections.compare() == []


class TestRebuilding:
    def test_gives_what_was_there(self, office: Office) -> None:
        """重建投影前后，每张清单一样。"""
        office.live(70)
        before = office.ask(lists.matters, limit=200)
        rebuilt = office.projections.rebuild(office.writer)
        assert {r.name for r in rebuilt} == set(office.projections.names)
        assert office.ask(lists.matters, limit=200) == before
        assert office.projections.compare() == []

    def test_can_be_done_again_and_goes_on(self, office: Office) -> None:
        """重建两次，之后照常办事，投影仍与记录一致。"""
        office.live(60)
        for _ in range(2):
            office.projections.rebuild(office.writer, ("register", "parties"))
            office.live(40)
        assert office.projections.compare() == []

    def test_loses_nothing_written_meanwhile(self, office: Office) -> None:
        """重建时业务照常，其间写下的一件也不少。"""
        office.live(60)
        done = Event()

        def write() -> None:
            while not done.is_set():
                office.register()

        writing = Thread(target=write)
        writing.start()
        try:
            office.projections.rebuild(office.writer)
        finally:
            done.set()
            writing.join()
        assert office.projections.compare() == []

    def test_compares_under_writes(self, office: Office) -> None:
        """业务不停时也能比对。"""
        office.live(60)
        done = Event()

        def write() -> None:
            while not done.is_set():
                office.register()

        writing = Thread(target=write)
        writing.start()
        try:
            assert office.projections.compare((), office.writer) == []
        finally:
            done.set()
            writing.join()

    def test_is_refused_for_an_unknown_name(self, office: Office) -> None:
        """没有这个名字的投影，说明有哪些。"""
        with pytest.raises(NotFound, match="register"):
            office.projections.rebuild(office.writer, ("nope",))


class TestComparing:
    def test_names_a_row_that_was_changed(self, office: Office) -> None:
        """投影里改动一个值，比对指出是哪一行、哪一列。"""
        matter = office.register()
        office.spoil(f"UPDATE register SET kind = 'x' WHERE id = '{matter}'")
        (difference,) = office.projections.compare()
        assert (difference.table, difference.key) == ("register", (matter,))
        assert "kind 是 'x'，应为 'immediate'" in str(difference)

    def test_names_a_row_that_is_missing_or_too_many(self, office: Office) -> None:
        """投影里少一行、多一行，比对都指出。"""
        matter = office.register()
        office.spoil(f"DELETE FROM particulars WHERE matter = '{matter}'")
        office.spoil(
            "INSERT INTO deadlines (matter, next_act_on, in_working_days) VALUES ('x', '2008-01-01', 0)"
        )
        found = {d.table: d for d in office.projections.compare()}
        assert found["particulars"].kept is None
        assert found["deadlines"].built is None

    def test_changes_nothing(self, office: Office) -> None:
        """比对之后不留下任何表。"""
        office.register()
        office.projections.compare()
        with office.reading() as connection, pytest.raises(Exception, match="__check"):
            connection.execute(text("SELECT * FROM register__check"))

    def test_says_what_was_not_made_by_this_program(self, office: Office) -> None:
        """规则变了，依规则算出的投影要重建；启动时自动重建。"""
        office.live(60)
        changed = replace(office.projections.rules, unsigned_every=5)
        other = Projections(office.store, lambda: office.calendar, changed)
        assert other.stale() == ("deadlines",)
        (difference,) = other.compare()
        assert "duban rebuild deadlines" in str(difference)
        assert other.prepare(office.writer, office.now) == ("deadlines",)
        assert other.stale() == ()
        assert other.compare() == []


class TestDeadlines:
    def test_are_the_next_rung_of_every_matter(self, office: Office) -> None:
        """每一件的下次提醒日，都是台阶规则算出的那一天。"""
        office.live(70)
        with office.reading() as connection:
            for matter in office.states():
                expected = next_rung_on(matter, MatterRules(), office.calendar)
                assert deadlines.next_act_on(connection, matter.id) == expected
            due = deadlines.due(connection, office.today, 1000)
        assert due == sorted(due)
        assert set(due) == {
            m.id
            for m in office.states()
            if (on := next_rung_on(m, MatterRules(), office.calendar)) and on <= office.today
        }

    def test_come_page_by_page(self, office: Office) -> None:
        """到期的事项分页取出，不重不漏。"""
        office.live(70)
        office.later(days=400)
        with office.reading() as connection:
            whole = deadlines.due(connection, office.today, 1000)
            found, after = [], None
            while page := deadlines.due(connection, office.today, 3, after):
                found += page
                after = page[-1]
        assert found == whole

    def test_move_when_a_year_is_published(self, office: Office) -> None:
        """公布一年的工作日，按工作日数的提醒日随即改算。"""
        office.now = office.now.replace(year=2010, month=2, day=10)
        matter = office.register()
        office.do(matter, "assign", office.some_assignment(due_on=office.today.replace(month=12)), CLERK)
        office.later(days=2)
        office.tick()
        with office.reading() as connection:
            before = deadlines.next_act_on(connection, matter)
        office.publish(YEAR_2010)
        with office.reading() as connection:
            after = deadlines.next_act_on(connection, matter)
            kept = connection.execute(select(deadlines_table)).all()
        assert before != after
        assert after == next_rung_on(office.states()[0], MatterRules(), office.calendar)
        assert len(kept) == 1
        assert office.projections.compare() == []


def test_a_broken_head_is_not_hidden(office: Office) -> None:
    """没有事实之前才能空建；有了事实要按记录建。"""
    office.register()
    with pytest.raises(RuntimeError, match="holds facts"):
        office.projections.create(office.now)
    with office.database.reader() as driver:
        assert driver.rows(plain_text("SELECT count(*) FROM projections"))[0][0] == len(
            office.projections.names
        )


class TestSharing:
    def test_among_processes_gives_the_same(self, office: Office) -> None:
        """重建分给几个进程做，结果一样。"""
        office.live(60)
        before = office.ask(lists.matters, limit=200)
        rebuild(office.projections, (), office.writer, office.now, processes=2)
        assert office.ask(lists.matters, limit=200) == before
        assert office.projections.compare() == []

    def test_says_so_when_a_process_breaks(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """有一个进程中途坏了，重建不作数，原来的照用。"""
        office.live(10)
        before = office.ask(lists.matters, limit=200)
        monkeypatch.setattr(Codec, "stored", ())  # what the others are handed
        with pytest.raises(RuntimeError, match="broke"):
            rebuild(office.projections, (), office.writer, office.now, processes=2)
        assert office.ask(lists.matters, limit=200) == before
        assert "UnknownFact" in capfd.readouterr().err

    def test_leaves_no_stream_out(self, office: Office) -> None:
        """各份合起来正好是全部的流，不重不漏；流少时份也少。"""
        assert shares(office.store, 3) == []
        for _ in range(5):
            office.register()
        office.write(("unit-a", UnitRegistered(name="青石镇", from_on=office.today)))
        found = shares(office.store, 2)
        assert [s.after for s in found] == ["", found[0].upto]
        assert found[0].upto in {f"matter-{matter}" for matter in office.matters}
        assert found[-1].upto == "unit-a"
        assert len(shares(office.store, 9)) == 5
