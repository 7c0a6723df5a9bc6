"""The letters a dossier holds: each in words, with every way it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.bulletin.state import Bulletin
from events.directory.state import Directory
from events.record.envelope import Recorded
from events.vocabulary import BEIJING
from notifications.bulletin_pages import BulletinLetterPage
from notifications.opening import page_of_bulletin
from notifications.outbox import asking as box
from notifications.outbox.asking import LetterRow
from notifications.pages import House, LetterPage
from notifications.posts import Post
from notifications.rendering import render_text
from service.delivery import post_office
from service.runtime import Runtime

MOST_LETTERS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A letter in words, with every way it took."""

    path: str
    text: str
    rows: tuple[LetterRow, ...]
    addressee: str


def letters(
    runtime: Runtime,
    asked: box.Asked,
    history: Sequence[Recorded],
    states: Mapping[int, Any],
    directory: Directory,
    already: int,
) -> Iterator[Told]:
    """The letters caused by these facts, those that say the same to one post together.

    ``states`` is the matter or bulletin right after each fact; ``already`` is how many letters the package has.
    """
    house = post_office(runtime).desk.house
    by_position = {one.position: one for one in history}
    with runtime.database.reading.connect() as connection:
        rows = box.found(connection, asked)
    together: dict[tuple[int, str, str], list[LetterRow]] = {}
    for row in sorted(rows, key=lambda row: (row.position, row.id)):
        if row.position in by_position:
            together.setdefault((row.position, row.rule, row.post.key), []).append(row)
    for count, ((position, _, _), same) in enumerate(together.items(), already + 1):
        page = _page(same[0], states[position], by_position[position], house, directory)
        yield Told(
            path=f"letters/{count:03d}.txt",
            text=render_text(page),
            rows=tuple(same),
            addressee=_addressee(same[0].post, directory, same[0].written_at),
        )


def _page(
    row: LetterRow, state: Any, recorded: Recorded, house: House, directory: Directory
) -> LetterPage | BulletinLetterPage:
    at = row.handed_at or row.written_at
    if isinstance(state, Bulletin):
        return page_of_bulletin(row, state, recorded.fact, at, house, directory)
    return LetterPage(
        rule=row.rule,
        post=row.post,
        copy=row.copy,
        matter=state,
        fact=recorded.fact,
        at=at,
        house=house,
        directory=directory,
    )


def _addressee(post: Post, directory: Directory, at: datetime) -> str:
    if post.person is not None:
        return directory.person_name(post.person)
    unit = directory.unit_name(post.unit, at.astimezone(BEIJING).date()) if post.unit else ""
    role = post.role.label if post.role else ""
    return f"{unit}{role.removeprefix('责任单位')}" if unit else role
