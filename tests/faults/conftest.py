"""A database of each scene's own: what goes on there is not for others to share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import new_database


@pytest.fixture
def own_postgres(postgres_server: str) -> Iterator[str]:
    """An empty PostgreSQL database for one test alone."""
    with new_database(postgres_server) as url:
        yield url
