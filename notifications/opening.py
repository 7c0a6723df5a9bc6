"""A letter's words for whoever opens it in the application."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from events.bulletin.state import Bulletin
from events.directory.state import Directory
from notifications.bulletin_pages import BulletinLetterPage
from notifications.outbox import LetterRow
from notifications.pages import House, LetterPage
from notifications.rendering import Rendered, render
from notifications.sorting import Desk


def opened(desk: Desk, letter: LetterRow, at: datetime) -> Rendered:
    """What a letter says: the fact that caused it, the matter as it was then, names as they are ``at``."""
    recorded = desk.handling.store.at(letter.position)
    assert recorded is not None, f"letter {letter.id} has no fact at {letter.position}"
    state = desk.handling.load(recorded.stream, up_to=letter.position).state
    if isinstance(state, Bulletin):
        return render(page_of_bulletin(letter, state, recorded.fact, at, desk.house, desk.directory()))
    return render(
        LetterPage(
            rule=letter.rule,
            post=letter.post,
            copy=letter.copy,
            matter=state,
            fact=recorded.fact,
            at=at,
            house=desk.house,
            directory=desk.directory(),
        )
    )


def page_of_bulletin(
    letter: LetterRow, bulletin: Bulletin, fact: Any, at: datetime, house: House, directory: Directory
) -> BulletinLetterPage:
    """What the template of a bulletin's letter is given when somebody opens it."""
    return BulletinLetterPage(
        rule=letter.rule,
        post=letter.post,
        copy=letter.copy,
        bulletin=bulletin,
        fact=fact,
        at=at,
        house=house,
        directory=directory,
    )
