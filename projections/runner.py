"""The projections as the service holds them: followed by the writer, made ready at start, built anew, compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from events.record.admitting import Guard
from events.record.writer import Writer
from projections.comparing import Difference, compare
from projections.filling import Told
from projections.following import Following
from projections.rebuilding import Rebuilt, rebuild


class Projections(Following):
    """Every projection over one record. ``follow`` or ``apply`` is what the writer's follower calls."""

    def prepare(
        self, writer: Writer, at: datetime, told: Told | None = None, guard: Guard | None = None
    ) -> tuple[str, ...]:
        """At start, before commands are taken: makes or builds anew what is missing or stale, and names it.

        ``told`` and ``guard`` as in ``rebuilding.rebuild``.
        """
        stale = self.stale()
        if stale and self.store.head().position:
            rebuild(self, stale, writer, at, told=told, guard=guard)
        elif stale:
            self.create(at)
        return stale

    def rebuild(
        self,
        writer: Writer,
        names: Sequence[str] = (),
        at: datetime | None = None,
        told: Told | None = None,
        guard: Guard | None = None,
    ) -> tuple[Rebuilt, ...]:
        """Builds projections anew while the service goes on; all of them where none is named."""
        return rebuild(self, names, writer, at, told=told, guard=guard)

    def compare(self, names: Sequence[str] = (), writer: Writer | None = None) -> list[Difference]:
        """Where the live tables differ from what the record gives; changes nothing."""
        return compare(self, names, writer)
