"""台账的次序: each order is the plain sort of the same matters, whichever page is asked for and as of whenever."""

from typing import Any

import pytest

from events.matter.state import Matter
from events.refusals import Malformed
from events.vocabulary import OPEN, Stage
from projections import lists
from projections.asking import Visibility
from projections.orders import ORDERS
from tests.projections.office import Office
from tests.projections.staff import TOWNS


def by(order: str, states: list[Matter]) -> list[str]:
    """The open matters in plain Python's order."""
    mine = [matter for matter in states if matter.stage in OPEN]

    def key(matter: Matter) -> tuple[str, ...]:
        due = matter.due_on.isoformat() if matter.due_on else "9999-12-31"
        return (due, matter.number) if order.endswith("due") else (matter.number,)

    return [matter.id for matter in sorted(mine, key=key, reverse=order.startswith("-"))]


def walked(office: Office, order: str, limit: int, **asked: Any) -> list[str]:
    """The ids of every page, one after another."""
    found: list[str] = []
    cursor = None
    while True:
        page = office.ask(lists.matters, order, limit=limit, cursor=cursor, state="open", **asked)
        assert len(page.items) <= limit
        found += [item.id for item in page.items]
        if page.next is None:
            return found
        cursor = page.next


@pytest.mark.parametrize("order", ORDERS)
class TestOrder:
    def test_is_the_plain_sort(self, office: Office, order: str) -> None:
        """按编号、按期限，正着倒着，一页看完和一页一页翻，都是同样的次序；没有期限的排在期限最远的之后。"""
        office.live(70)
        expected = by(order, office.states())
        assert len(expected) > 10
        assert walked(office, order, 200) == expected
        assert walked(office, order, 4) == expected

    def test_holds_under_filters_and_sight(self, office: Office, order: str) -> None:
        """筛过的、只看得到一部分的，次序也不变。"""
        office.live(70)
        expected, states = by(order, office.states()), {matter.id: matter for matter in office.states()}
        town = frozenset((TOWNS[0],))
        mine = [one for one in expected if TOWNS[0] in (states[one].lead_unit, *states[one].co_units)]
        assert walked(office, order, 3, visibility=Visibility(units=town)) == mine
        assert walked(office, order, 3, units=town, co=True) == mine
        stages = frozenset((Stage.RECTIFYING, Stage.REGISTERED))
        assert walked(office, order, 3, stages=stages) == [
            one for one in expected if states[one].stage in stages
        ]

    def test_a_walk_stays_on_its_list(self, office: Office, order: str) -> None:
        """翻页途中别人办了事，翻出来的还是第一页那时的清单，不漏不重。"""
        office.live(40)
        expected = by(order, office.states())
        position = office.store.head().position
        first = office.ask(lists.matters, order, limit=5, state="open")
        office.live(20)
        rest, cursor = [item.id for item in first.items], first.next
        while cursor is not None:
            page = office.ask(lists.matters, order, limit=5, state="open", cursor=cursor)
            rest, cursor = rest + [item.id for item in page.items], page.next
        assert rest == expected
        assert walked(office, order, 200, position=position) == expected


def test_a_page_mark_of_another_order_is_refused(office: Office) -> None:
    """拿一种次序的翻页标记去翻另一种次序，说清楚退回。"""
    office.live(30)
    first = office.ask(lists.matters, "due", limit=2, state="open")
    with pytest.raises(Malformed, match="从第一页重新查起"):
        office.ask(lists.matters, "-due", limit=2, state="open", cursor=first.next)
