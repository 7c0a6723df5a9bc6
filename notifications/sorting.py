"""Before a round leaves: which letters are overtaken, which have nobody to go to, and which go in one message."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from events.bulletin.state import Bulletin
from events.directory.state import Directory, Person
from events.matter.state import Matter
from events.record.handling import Handling
from events.record.sql import Driver
from events.vocabulary import BEIJING, PersonId
from notifications.bulletin_pages import BulletinLetterPage
from notifications.circulating import overtaken_bulletin
from notifications.messages import Attached, Message, Recipient, usable
from notifications.outbox.claiming import Claimed, later_rules
from notifications.overtaking import overtaken, superseded
from notifications.pages import DigestPage, House, LetterPage
from notifications.posts import Post, Posts, posts_on
from notifications.rendering import Rendered, in_order, item_of, render, render_digest
from notifications.rules import DIGEST, RULES

log = structlog.get_logger("duban.letters")

NOBODY = "该岗位目前无人，请在单位人员中补齐后重发。"
NO_MAILBOX = "收件人没有登记可用的电子邮箱，请补登后重发。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message with the letters it holds. Its id is made of them, so the same letters are the same message."""

    id: str
    post: Post
    letters: tuple[Claimed, ...]
    holder: PersonId
    message: Message

    @property
    def digest(self) -> str | None:
        """The message's id where it holds several letters."""
        return self.id if len(self.letters) > 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unaddressed:
    """A letter nobody can be given."""

    letter: Claimed
    holder: PersonId | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A round's letters, each in exactly one of these."""

    parcels: tuple[Parcel, ...]
    overtaken: tuple[Claimed, ...]
    unaddressed: tuple[Unaddressed, ...]
    spoilt: tuple[Claimed, ...]
    """Letters that could not be put into words: a fault of the program, logged, tried again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a letter is about: right after the letter's fact, the fact, and as it is now."""

    then: Matter | Bulletin
    fact: object
    now: Matter | Bulletin


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What sorting looks things up in."""

    handling: Handling
    directory: Callable[[], Directory]
    house: House
    file: Callable[[str], bytes | None] = lambda _: None
    """A stored file by its digest; None where it is not there."""


def sort_letters(desk: Desk, claimed: Sequence[Claimed], at: datetime) -> Sorted:
    """Sorts a round's letters. Reads the record; writes nothing.

    A letter whose message may have left already goes again as it was, even if it is overtaken by now.
    """
    directory = desk.directory()
    posts = posts_on(directory, at.astimezone(BEIJING).date())
    with desk.handling.store.database.reader() as driver:
        seen = _seen(desk.handling, driver, claimed)
        passed = tuple(c for c in claimed if c.parcel is None and _passed(driver, c, seen[c.id]))
    gone = {c.id for c in passed}
    unaddressed: list[Unaddressed] = []
    parcels: list[Parcel] = []
    spoilt: list[Claimed] = []
    for held in _held_together(c for c in claimed if c.id not in gone):
        holders, reason = _holders(posts, held[0].post)
        if not holders:
            first = posts.held_by(held[0].post)[:1]
            unaddressed.extend(
                Unaddressed(letter=c, holder=first[0] if first else None, reason=reason) for c in held
            )
            continue
        pages = tuple(_page(c, seen[c.id], at, desk.house, directory) for c in held)
        try:
            words, attached = _words(pages, held[0].post, at), _attached(pages[0], desk)
        except Exception as error:
            log.error(
                "letter cannot be written", letters=[c.id for c in held], error=repr(error), exc_info=error
            )
            spoilt.extend(held)
            continue
        parcels.append(_parcel(held, holders, words, attached, at))
    return Sorted(
        parcels=tuple(parcels), overtaken=passed, unaddressed=tuple(unaddressed), spoilt=tuple(spoilt)
    )


def _seen(handling: Handling, driver: Driver, claimed: Iterable[Claimed]) -> Mapping[str, Seen]:
    """Folds every matter and bulletin once and stops by at each letter's fact."""
    wanted: dict[str, dict[int, list[Claimed]]] = {}
    for letter in claimed:
        stream = f"bulletin-{letter.bulletin}" if letter.bulletin else f"matter-{letter.matter}"
        wanted.setdefault(stream, {}).setdefault(letter.position, []).append(letter)
    seen: dict[str, Seen] = {}
    for stream, letters_at in wanted.items():
        folder = handling.folder(stream)
        state = folder.begin(stream)
        found: list[tuple[Claimed, Matter | Bulletin, object]] = []
        for recorded in handling.store.stream_on(driver, stream):
            state = folder.evolve(state, recorded)
            found.extend((letter, state, recorded.fact) for letter in letters_at.get(recorded.position, ()))
        seen.update({letter.id: Seen(then=then, fact=fact, now=state) for letter, then, fact in found})
    return seen


def _passed(driver: Driver, letter: Claimed, seen: Seen) -> bool:
    if isinstance(seen.now, Bulletin):
        return overtaken_bulletin(letter.rule, letter.post, seen.now)
    assert isinstance(seen.then, Matter)
    if overtaken(letter.rule, seen.then, seen.fact, seen.now, letter.post.unit):
        return True
    return RULES[letter.rule].topic is not None and superseded(letter.rule, later_rules(driver, letter))


def _held_together(claimed: Iterable[Claimed]) -> list[tuple[Claimed, ...]]:
    """The letters of one message each: those of an unclear try as they were, the rest by post.

    A letter about a bulletin goes alone, for a document goes with it.
    """
    together: dict[str, list[Claimed]] = {}
    for letter in claimed:
        together.setdefault(letter.parcel or (letter.id if letter.bulletin else letter.post.key), []).append(
            letter
        )
    return [tuple(held) for held in together.values()]


def _holders(posts: Posts, post: Post) -> tuple[tuple[Person, ...], str]:
    people = posts.people(post)
    reachable = tuple(person for person in people if usable(person.email))
    return reachable, NO_MAILBOX if people else NOBODY


def _page(
    letter: Claimed, seen: Seen, at: datetime, house: House, directory: Directory
) -> LetterPage | BulletinLetterPage:
    if isinstance(seen.then, Bulletin):
        return BulletinLetterPage(
            rule=letter.rule,
            post=letter.post,
            copy=letter.copy,
            bulletin=seen.then,
            fact=seen.fact,
            at=at,
            house=house,
            directory=directory,
        )
    return LetterPage(
        rule=letter.rule,
        post=letter.post,
        copy=letter.copy,
        matter=seen.then,
        fact=seen.fact,
        at=at,
        house=house,
        directory=directory,
    )


def _words(pages: tuple[LetterPage | BulletinLetterPage, ...], post: Post, at: datetime) -> Rendered:
    first = pages[0]
    if len(pages) == 1:
        return render(first)
    of_matters = tuple(page for page in pages if isinstance(page, LetterPage))
    items = tuple(item_of(page) for page in in_order(of_matters))
    return render_digest(
        DigestPage(post=post, items=items, at=at, house=first.house, directory=first.directory)
    )


def _attached(page: LetterPage | BulletinLetterPage, desk: Desk) -> tuple[Attached, ...]:
    """The bulletin's document, where one goes along and lies in the store; the link is in the words anyway."""
    if not isinstance(page, BulletinLetterPage) or page.file is None:
        return ()
    content = desk.file(page.file.sha256)
    return (Attached(name=page.file_name, content=content),) if content is not None else ()


def _parcel(
    held: tuple[Claimed, ...],
    holders: tuple[Person, ...],
    words: Rendered,
    attached: tuple[Attached, ...],
    at: datetime,
) -> Parcel:
    parcel = held[0].parcel or parcel_id(held, at.astimezone(BEIJING).date())
    message = Message(
        id=parcel,
        to=tuple(Recipient(name=person.name, address=person.email or "") for person in holders),
        subject=words.subject,
        text=words.text,
        html=words.html,
        at=at,
        attached=attached,
    )
    return Parcel(id=parcel, post=held[0].post, letters=held, holder=holders[0].id, message=message)


def parcel_id(held: Sequence[Claimed], day: date) -> str:
    """A single letter's own id; for several, one of rule, day, post, channel and the letters themselves."""
    if len(held) == 1:
        return held[0].id
    key = "\x1f".join((DIGEST, day.isoformat(), held[0].post.key, "email", *(letter.id for letter in held)))
    return hashlib.sha256(key.encode()).hexdigest()[:32]
