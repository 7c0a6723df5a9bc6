"""数字背后: every figure against the list it opens, at any position, and two positions side by side."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

from events.vocabulary import OPEN, Stage
from projections import lists
from projections.asking import Asked
from projections.between import between
from projections.board import board
from projections.rates import RateRule, behind, rates
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
                for units, rate in product((None, frozenset({TOWNS[0]})), RateRule):
                    figure = next(
                        r
                        for r in rates(connection, office.calendar, position=position, units=units)
                        if r.rule is rate
                    )
                    sizes = [
                        len(
                            behind(
                                connection, office.calendar, rate, whole=whole, position=position, units=units
                            )
                        )
                        for whole in (False, True)
                    ]
                    assert sizes == [figure.numerator, figure.denominator], (position, rate)

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
