"""站内信, and for the office what was sent to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response
from uuid_utils.compat import uuid7

from events.bulletin.state import Bulletin
from events.record.envelope import Envelope
from events.refusals import NotFound
from events.vocabulary import OFFICE, MatterId, Role
from notifications.bulletin_pages import BulletinLetterPage
from notifications.opening import page_of_bulletin
from notifications.outbox import asking as box
from notifications.outbox.asking import LetterRow
from notifications.outbox.tables import LetterState
from notifications.pages import House, LetterPage
from notifications.policy import Channel
from notifications.posts import keys_of_actor
from notifications.recording import mark_read
from notifications.rendering import SAID as HAPPENED
from notifications.rendering import THEN, paragraphs
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import address
from service.pages.telling_letters import addressee, fate, then
from service.pages.views import Empty, Link
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.words import day_and_hour, joined

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
SHOWN = 50
MOST_READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterItem:
    """A letter in a list."""

    title: str
    href: str
    meta: str
    unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersPage:
    """A list of letters."""

    shell: Shell
    title: str
    sub: str
    views: tuple[Link, ...]
    items: tuple[LetterItem, ...]
    may_read_all: bool
    next: str | None
    empty: Empty


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """One letter."""

    shell: Shell
    title: str
    sub: str
    said: tuple[str, ...]
    then: tuple[str, ...]
    matter: Link
    verb: str
    back: str


def _many(count: int) -> str:
    return f"{count:,}" if count < box.MOST_UNREAD else f"{count:,}+"


@router.get("/letters")
def inbox(visit: Visiting) -> Response:
    """站内信, newest first."""
    only_unread = visit.query.get("unread") == "1"
    position, moment = visit.asking.position, visit.asking.moment
    asked = box.Asked(
        channel=Channel.INBOX,
        posts=_posts(visit),
        states=(LetterState.SENT,) if only_unread and position is None else (),
        unread_at=moment if only_unread and position is not None else None,
        position=position,
        at=then(visit),
        limit=SHOWN + 1,
        after=_after(visit),
    )
    with visit.connect() as connection:
        rows = box.found(connection, asked)
        unread = (
            box.unread(connection, asked.posts or ())
            if position is None
            else box.unread_then(connection, asked.posts or (), position, moment)
        )
        titles = titles_of(visit, rows[:SHOWN])
    page = LettersPage(
        shell=shell_of(visit, "消息"),
        title="消息",
        sub=f"未读 {_many(unread)} 封" if unread else "没有未读的",
        views=(
            Link(text="全部", href=visit.then("/letters"), current=not only_unread),
            Link(
                text="未读",
                href=visit.then("/letters?unread=1"),
                current=only_unread,
                count=_many(unread) if unread else None,
            ),
        ),
        items=tuple(
            LetterItem(
                title=f"{row.title}：{titles.get(about(row), '')}",
                href=visit.then(f"/letters/{row.id}"),
                meta=joined(day_and_hour(row.written_at, visit.day), "抄送" if row.copy else ""),
                unread=row.read_at is None,
            )
            for row in rows[:SHOWN]
        ),
        may_read_all=bool(unread) and not visit.asking.past,
        next=_next("/letters", rows, {"unread": "1"} if only_unread else {}),
        empty=Empty(title="没有消息", text="交办、提醒、退回、批准这些事，会在这里告诉您。"),
    )
    return show("letters.html", page)


@router.get("/letters/sent")
def sent(visit: Visiting) -> Response:
    """通知记录: what was sent to whom, and what became of it."""
    visit.must(*OFFICE, Role.AUDITOR, Role.ADMIN)
    matter = visit.query.get("matter")
    lost = visit.query.get("state") == "unreached"
    asked = box.Asked(
        matter=MatterId(matter) if matter else None,
        states=box.UNREACHED if lost else (),
        position=visit.asking.position,
        at=then(visit),
        limit=SHOWN + 1,
        after=_after(visit),
    )
    with visit.connect() as connection:
        rows = box.found(connection, asked)
        titles = titles_of(visit, rows[:SHOWN])
    rest = {name: value for name, value in visit.query.items() if name in ("matter", "state")}
    carried = {**rest, **({"as_of": visit.as_of} if visit.as_of else {})}
    page = LettersPage(
        shell=shell_of(visit, "通知记录"),
        title="通知记录",
        sub="发给谁、怎么发的、送到没有",
        views=(
            Link(text="全部", href=visit.then("/letters/sent"), current=not rest),
            Link(text="没送到的", href=visit.then("/letters/sent?state=unreached"), current=lost),
            *((Link(text="打印送达", href="/letters/paper"),) if visit.may(*OFFICE) else ()),
        ),
        items=tuple(
            LetterItem(
                title=f"{addressee(visit, row.post)}：{row.title}",
                href=where(visit, row),
                meta=joined(titles.get(about(row), ""), fate(visit, row)),
                unread=False,
            )
            for row in rows[:SHOWN]
        ),
        may_read_all=False,
        next=_next("/letters/sent", rows, carried),
        empty=Empty(title="没有这样的通知", text="发过的通知都列在这里，一封一行。"),
    )
    return show("letters.html", page)


@router.get("/letters/{letter_id}")
def read(visit: Visiting, letter_id: str) -> Response:
    """One letter; opening it says that it was read."""
    return _read(visit, letter_id)


@router.post("/letters/read-all")
def read_all(visit: Visiting, _: Sent) -> Response:
    """Says of all one's letters that they were read."""
    _read_all(visit)
    return RedirectResponse("/letters", SEE_OTHER)


def _read(visit: Visit, letter_id: str) -> Response:
    with visit.connect() as connection:
        row = box.one(connection, letter_id)
        if row is None or not _is_mine(visit, row):
            raise NotFound("没有这封信，或不是给您的；回到消息里看。")
        title = titles_of(visit, [row]).get(about(row), "")
    letter = letter_page(visit, row)
    if not visit.asking.past:
        _mark(visit, [row])
    page = ReadPage(
        shell=shell_of(visit, row.title),
        title=row.title,
        sub=joined(
            addressee(visit, row.post), day_and_hour(row.written_at, visit.day), "抄送" if row.copy else ""
        ),
        said=paragraphs(letter, HAPPENED),
        then=paragraphs(letter, THEN),
        matter=Link(text=title, href=where(visit, row)),
        verb="打开通报" if row.bulletin else "打开事项",
        back=visit.then("/letters"),
    )
    return show("letter.html", page)


def _read_all(visit: Visit) -> None:
    asked = box.Asked(
        channel=Channel.INBOX, posts=_posts(visit), states=(LetterState.SENT,), limit=MOST_READ_AT_ONCE
    )
    with visit.connect() as connection:
        rows = box.found(connection, asked)
    _mark(visit, rows)


def _is_mine(visit: Visit, row: LetterRow) -> bool:
    """Whether a letter came to one of the visitor's posts, and had been written by the moment looked at."""
    upto = visit.asking.position
    there = upto is None or row.position <= upto
    return there and row.channel is Channel.INBOX and row.post.key in _posts(visit)


def _mark(visit: Visit, rows: Sequence[LetterRow]) -> None:
    envelope = Envelope(actor=visit.actor, at=visit.asking.moment, command_id=uuid7().hex)
    mark_read(visit.runtime.writer, envelope, rows)


def letter_page(visit: Visit, row: LetterRow) -> LetterPage | BulletinLetterPage:
    """A letter as its template sees it."""
    runtime = visit.runtime
    handling, stream = runtime.handling, about(row)
    facts = runtime.store.stream(stream, up_to=row.position)
    fact = next(recorded.fact for recorded in facts if recorded.position == row.position)
    settings = runtime.settings
    house = House(organization=settings.organization.name, procedures=settings.procedures)
    if row.bulletin is not None:
        bulletin = handling.fold(stream, facts).state
        return page_of_bulletin(row, bulletin, fact, row.written_at, house, visit.directory)
    return LetterPage(
        rule=row.rule,
        post=row.post,
        copy=row.copy,
        matter=handling.fold(stream, facts).state,
        fact=fact,
        at=row.written_at,
        house=house,
        directory=visit.directory,
    )


def titles_of(visit: Visit, rows: Sequence[LetterRow]) -> dict[str, str]:
    """“2025-00012 标题” of every matter, and the title of every bulletin, the letters speak of."""
    handling, position = visit.runtime.handling, visit.asking.position
    streams = {about(row) for row in rows}
    loaded = {stream: handling.load(stream, up_to=position).state for stream in streams}
    return {
        stream: "".join(state.title.split())
        if isinstance(state, Bulletin)
        else f"{visit.number(state.number)} {state.title}"
        for stream, state in loaded.items()
    }


def about(row: LetterRow) -> str:
    """The stream of what a letter speaks of."""
    return f"bulletin-{row.bulletin}" if row.bulletin is not None else f"matter-{row.matter}"


def where(visit: Visit, row: LetterRow) -> str:
    """Where what a letter speaks of is opened."""
    if row.bulletin is not None:
        return visit.then(f"/bulletins/{row.bulletin}")
    return address(row.matter, visit.as_of)


def _posts(visit: Visit) -> tuple[str, ...]:
    return keys_of_actor(visit.actor)


def _after(visit: Visit) -> tuple[int, str] | None:
    position, _, letter = visit.query.get("after", "").partition(".")
    return (int(position[:18]), letter) if position.isascii() and position.isdigit() else None


def _next(path: str, rows: Sequence[LetterRow], query: dict[str, str]) -> str | None:
    if len(rows) <= SHOWN:
        return None
    last = rows[SHOWN - 1]
    return f"{path}?{urlencode({**query, 'after': f'{last.position}.{last.id}'})}"
