"""重数: the plain loop over the facts comes to what the register answers, at any position, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

from projections.rates import rates
from service.recount.sheets import RATES, Sheet, counted, noted
from tests.projections.lives import every_fact
from tests.projections.office import Office


class TestRecounting:
    def test_agrees_at_any_position(self, office: Office) -> None:
        """怎样的经过、数到哪一位，逐条数的与读模型答的都一样，每个率都不全是零。"""
        every_fact(office)
        office.live(100)
        head = office.store.head().position
        facts = office.store.scan(0, head)
        seen: set[str] = set()
        for position in (*office.chance.sample(range(1, head), 12), head):
            sheets = noted(facts[:position]).sheets.values()
            for first, last in ((None, None), (date(2000, 1, 1), office.today - timedelta(days=9))):
                seen |= self.compare(office, list(sheets), position, first, last)
        assert seen == set(RATES)

    def compare(
        self, office: Office, sheets: list[Sheet], position: int, first: date | None, last: date | None
    ) -> set[str]:
        """The rates that were not nothing."""
        tally = counted(sheets, office.calendar, first, last)
        with office.reading() as connection:
            span = {"first": first, "last": last, "day": office.today}
            answered = rates(connection, office.calendar, **span, position=position)
        for rate in answered:
            done, of = RATES[rate.rule.id]
            assert (rate.numerator, rate.denominator) == (tally[done], tally[of]), (rate.rule, position)
        return {rate.rule.id for rate in answered if rate.numerator}
