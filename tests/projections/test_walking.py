"""清单的时点与翻页: a list asked later as of a position is the list that was seen then."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from events.matter.state import Matter
from events.refusals import Malformed
from events.vocabulary import Stage
from projections import lists
from projections.asking import Asked, Visibility
from projections.rows import Item
from tests.projections.office import Office
from tests.projections.staff import TOWNS, VERIFIERS

RUNNING = {Stage.ASSIGNED, Stage.ACKNOWLEDGED, Stage.PLANNING, Stage.RECTIFYING, Stage.OBJECTED}


def ids(found: Any) -> list[str]:
    return [item.id for item in found.items]


def by_number(states: list[Matter], keep: Callable[[Matter], bool]) -> list[str]:
    return [m.id for m in sorted(states, key=lambda m: m.number) if keep(m)]


class TestAsOf:
    def test_is_what_was_seen_then(self, office: Office) -> None:
        """任何一个时点的清单，与当时看到的一模一样。"""
        seen = []
        for _ in range(7):
            office.live(14)
            position = office.store.head().position
            seen.append((position, office.today, self.all_lists(office)))
        for position, day, then in seen:
            assert self.all_lists(office, position=position, day=day) == then

    def all_lists(self, office: Office, **asked: Any) -> list[tuple[Item, ...]]:
        asked = {"limit": 200, **asked}
        town = frozenset((TOWNS[0],))
        until = asked.get("day", office.today) + timedelta(days=20)
        pages = [
            office.ask(lists.matters, **asked),
            office.ask(lists.matters, **{**asked, "units": town, "co": True}),
            office.ask(
                lists.matters, **{**asked, "visibility": Visibility(units=town, person=VERIFIERS[0].person)}
            ),
            office.ask(lists.matters, **{**asked, "q": "更正"}),
            office.ask(lists.overdue, **asked),
            office.ask(lists.due_soon, until, **asked),
            office.ask(lists.unsigned, **asked),
            office.ask(lists.awaiting_verification, **asked),
            office.ask(lists.look_backs_due, until, **asked),
            office.ask(lists.provisional, **asked),
            office.ask(lists.extensions_asked, **asked),
            office.ask(lists.support_asked, **asked),
        ]
        return [page.items for page in pages]

    def test_is_the_same_now_as_at_the_last_position(self, office: Office) -> None:
        """谁来看、怎样筛，现在的清单都与按末位查的一样，不重不漏，件数也对。"""
        office.live(90)
        town, person, head = frozenset(TOWNS[:2]), VERIFIERS[0].person, office.store.head().position
        sights = [Visibility(all=True), Visibility(units=town), Visibility(person=person)]
        sights += [Visibility(units=town, person=person, looks_back=True), Visibility(looks_back=True)]
        stages = frozenset({Stage.RECTIFYING, Stage.CLOSED, Stage.COMPLETION_REPORTED})
        filters: list[dict[str, Any]] = [{}, {"stages": stages}, {"state": "open"}, {"overdue": True}]
        filters += [{"units": town}, {"units": town, "co": True, "stages": stages}, {"units": frozenset()}]
        listed = [lists.matters, lists.overdue, lists.unsigned, lists.awaiting_verification]
        for sight, more, question in product(sights, filters, listed):
            asked = {"visibility": sight, "limit": 200, **more}
            now = office.ask(question, **asked).items
            assert now == office.ask(question, position=head, **asked).items
            assert len({item.id for item in now}) == len(now)
            if question is lists.matters:
                with office.reading() as connection:
                    assert lists.count(connection, Asked(day=office.today, **asked)) == len(now)

    def test_shows_nothing_before_the_first_fact(self, office: Office) -> None:
        """第一件之前，清单是空的。"""
        office.register()
        assert office.ask(lists.matters, position=0).items == ()


class TestWalking:
    @pytest.mark.parametrize("question", [lists.matters, lists.overdue])
    def test_stays_on_the_list_of_its_first_page(self, office: Office, question: Callable[..., Any]) -> None:
        """翻页之间有人办事，后面的页仍是第一页那时的清单，不重不漏。"""
        office.live(70)
        office.later(days=60)
        day = office.today
        whole = office.ask(question, limit=200)
        found, cursor = [], None
        while True:
            page = office.ask(question, limit=3, cursor=cursor, day=day)
            found += page.items
            cursor = page.next
            if cursor is None:
                break
            office.live(2)
        assert [i.id for i in found] == [i.id for i in whole.items]
        assert [i.version for i in found] == [i.version for i in whole.items]

    def test_ends(self, office: Office) -> None:
        """最后一页没有下一页。"""
        for _ in range(4):
            office.register()
        first = office.ask(lists.matters, limit=2)
        assert first.next
        assert office.ask(lists.matters, limit=2, cursor=first.next).next is None
        assert office.ask(lists.matters, limit=4).next is None

    @pytest.mark.parametrize(
        "cursor",
        ["", "%%%", "bm9wZQ", "中文"]
        + [
            base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
            for key in (
                {},
                ["number", 1],
                ["due", 1, "2008-01-01", 1, "x"],
                ["number", -1, 1, "x"],
                ["number", 2**70, 1, "x"],
                ["number", True, 1, "x"],
                ["number", 1, "1", "x"],
            )
        ],
    )
    def test_refuses_a_mark_that_is_not_of_this_list(self, office: Office, cursor: str) -> None:
        """乱写的、别的清单的翻页标记，说清楚从头查起。"""
        with pytest.raises(Malformed, match="第一页") as refused:
            office.ask(lists.matters, cursor=cursor)
        assert refused.value.code == "unreadable-cursor"
