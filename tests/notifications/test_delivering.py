"""Delivery on both databases: once, in time, to whoever is there, and what is no longer true stays at home."""

from __future__ import annotations

import pytest
from tests.notifications.making import County, county
from collections.abc import Iterator


@pytest.fixture
def yunxi(database_url: str) -> Iterator[County]:
    with county(database_url) as made:
        yield made


class TestDelivering:
    def test_hands_an_assignment_to_the_unit(self, yunxi: County) -> None:
        """交办之后，信件送到责任单位联络员和负责人。"""
        yunxi.assigned()
        print(yunxi.letters())
        assert yunxi.deliver() == {"sent": 2}
        print(yunxi.server.handed)
        assert yunxi.deliver() == {}
        print(yunxi.letters())
