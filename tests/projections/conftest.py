"""An office on each engine."""

from collections.abc import Iterator

import pytest

from tests.projections.office import Office
from tests.projections.opening import an_office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """A new record with its projections."""
    with an_office(database_url) as opened:
        yield opened
