"""A letter's words for whoever opens it in the application."""

from __future__ import annotations

from datetime import datetime

from notifications.outbox import LetterRow
from notifications.pages import LetterPage
from notifications.rendering import Rendered, render
from notifications.sorting import Desk


def opened(desk: Desk, letter: LetterRow, at: datetime) -> Rendered:
    """What a letter says: the fact that caused it, the matter as it was then, names as they are ``at``."""
    recorded = desk.handling.store.at(letter.position)
    assert recorded is not None, f"letter {letter.id} has no fact at {letter.position}"
    matter = desk.handling.load(recorded.stream, up_to=letter.position).state
    return render(
        LetterPage(
            rule=letter.rule,
            post=letter.post,
            copy=letter.copy,
            matter=matter,
            fact=recorded.fact,
            at=at,
            house=desk.house,
            directory=desk.directory(),
        )
    )
