"""Forgetting kept answers that no repeat will ask for any more."""

from __future__ import annotations

from events.record.connections import Database
from events.record.sql import plain_text

_FORGET = plain_text("DELETE FROM commands WHERE kept_from < ?")


def forget_old_answers(database: Database, before: int) -> int:
    """Deletes answers kept since before a moment (microseconds of the machine's clock); gives how many."""
    with database.transaction() as driver:
        return driver.change(_FORGET, (before,))
