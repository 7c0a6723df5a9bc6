"""办到哪里: the matters that came of meetings' decisions, as of a moment, and how many of them are done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from events.vocabulary import MatterId, Stage
from projections import lists
from projections.asking import Asked
from projections.rows import Item
from service.answering import Answering

DONE = frozenset({Stage.CLOSED, Stage.CONFIRMED})
"""Where a decision counts as done."""
MOST = 20_000
"""More than a page of meetings can have brought about."""


def matters_of(answer: Answering, ids: Iterable[MatterId]) -> dict[MatterId, Item]:
    """The matters named, as of the moment asked."""
    wanted = tuple(ids)
    if not wanted:
        return {}
    asked = Asked(day=answer.day, position=answer.position, visibility=answer.visibility, limit=MOST)
    with answer.connection() as connection:
        found = lists.chosen(connection, asked, answer.calendar, wanted).items
    return {one.id: one for one in found}


def done_of(matters: Iterable[MatterId], came: Mapping[MatterId, Item]) -> int:
    """How many of these matters are closed."""
    return sum(1 for matter in matters if matter in came and came[matter].stage in DONE)
