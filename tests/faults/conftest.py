"""What every scene has: a database of its own, which is not for others to share, and accounts made at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from tests.conftest import new_database


@pytest.fixture(autouse=True)
def hasty_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts by the dozen for every scene, whose passwords nobody guesses: tokens are used."""
    monkeypatch.setattr(
        "service.storage.accounts._hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )


@pytest.fixture
def own_postgres(postgres_server: str) -> Iterator[str]:
    """An empty PostgreSQL database for one test alone."""
    with new_database(postgres_server) as url:
        yield url
