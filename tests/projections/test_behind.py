"""数字背后: every figure against the list it opens, at any position, and two positions side by side."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from events.rules.rates import RULES, current
from events.vocabulary import OPEN, Stage, UnitId
from projections import lists
from projections.asking import Asked
from projections.between import between
from projections.board import board
from projections.counting import Measure
from projections.rates import matters_counted, rates
from tests.projections.office import Office
from tests.projections.staff import TOWNS


class TestFigures:
    def test_equal_the_lists_they_open(self, office: Office) -> None:
        """任取位次：每个比率的分子分母、看板每一格，都等于点开后列出的件数，列出的也确实是那些件。"""
        office.live(80)
        head = office.store.head().position
        dice = random.Random(7)
        with office.reading() as connection:
            for position in (*dice.sample(range(1, head), 3), head):
                counts = board(connection, position=position).stages
                for stage in Stage:
                    asked = Asked(day=office.today, position=position, stages=frozenset({stage}), limit=200)
                    found = lists.matters(connection, asked, office.calendar).items
                    assert counts[stage] == len(found), (position, stage)
                for units in (None, frozenset({TOWNS[0]})):
                    self.agree(office, connection, position, units)

    def agree(
        self, office: Office, connection: Connection, position: int, units: frozenset[UnitId] | None
    ) -> None:
        days = {"first": date(2008, 3, 3), "last": office.today}
        rules = [current(rule.id) for rule in RULES]
        asked = Asked(day=office.today, position=position, units=units, limit=200)
        measure = Measure(
            day=asked.day,
            assigned_from=days["first"],
            assigned_to=days["last"],
            happened_from=days["first"],
            happened_to=days["last"],
        )
        found = rates(
            connection,
            office.calendar,
            **days,
            day=asked.day,
            position=position,
            units=units,
            rules=rules,
        )
        for rate in found:
            for part, said in (
                (rate.rule.numerator, rate.numerator),
                (rate.rule.denominator, rate.denominator),
            ):
                if part is not None:
                    listed = matters_counted(connection, asked, office.calendar, part, measure)
                    assert len(listed.items) == said, (position, rate.rule.id, part)

    def test_lists_differ_by_what_entered_left_and_changed(self, office: Office) -> None:
        """两个位次相比：进来的、出去的、变了的、没变的，与分别列出再逐件比对相同。"""
        office.live(80)
        head = office.store.head().position
        with office.reading() as connection:
            for first, last in ((head // 3, head), (head // 2, head - 1), (head, head)):
                asked = Asked(day=office.today, position=first, state="open")
                found = between(connection, asked, replace(asked, position=last))
                rows = []
                for position in (first, last):
                    whole = Asked(day=office.today, position=position, limit=200)
                    items = lists.matters(connection, whole, office.calendar).items
                    rows.append({i.id: (i.stage, i.lead_unit, i.due_on) for i in items if i.stage in OPEN})
                old, new = rows
                assert set(found.entered) == new.keys() - old.keys()
                assert set(found.left) == old.keys() - new.keys()
                both = new.keys() & old.keys()
                assert set(found.changed) == {m for m in both if new[m] != old[m]}
                assert found.stayed == sum(new[m] == old[m] for m in both)
