"""Who visits a page, as of when, and the frame around what is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from sqlalchemy import Connection
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from uuid_utils.compat import uuid7

from events.directory.state import Directory
from events.record.envelope import Actor
from events.record.moments import from_micros
from events.refusals import MustChangePassword, NotAuthenticated, NotYours
from events.rules.calendar import WorkingDays
from events.vocabulary import Role
from projections.asking import Asked, Visibility
from service.answering import Answering, answering
from service.asking import Asking
from service.clock import beijing_day
from service.documents.numbering import official
from service.identity import Principal, check_csrf, runtime_of, sees_all, visitor
from service.pages import rails
from service.pages.banners import drill_of, look_of, past_of
from service.pages.parsing_forms import raw_of, read_form
from service.pages.shell import Shell
from service.pages.words import long_day
from service.runtime import Runtime
from service.storage.accounts import Session

MOST_FILES = 12
"""Photos sent at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody logged in looks at the service as of some moment."""

    answer: Answering
    path: str
    query: QueryParams
    kept_as_of: str = ""
    """The moment kept for this log-in, where the address names none."""

    @property
    def runtime(self) -> Runtime:
        """The wiring."""
        return self.answer.runtime

    @property
    def principal(self) -> Principal:
        """Who looks, with the session."""
        return self.answer.principal

    @property
    def asking(self) -> Asking:
        """As of when."""
        return self.answer.asking

    @property
    def directory(self) -> Directory:
        """Names; ask them with the visit's day and position."""
        return self.answer.directory

    @property
    def calendar(self) -> WorkingDays:
        """Working days as published then."""
        return self.answer.calendar

    @property
    def actor(self) -> Actor:
        """Who looks."""
        return self.principal.actor

    @property
    def session(self) -> Session:
        """The log-in; pages are never visited without one."""
        assert self.principal.session is not None
        return self.principal.session

    @property
    def day(self) -> date:
        """The day lateness is judged on."""
        return self.asking.day

    @property
    def visibility(self) -> Visibility:
        """What may be seen."""
        return self.answer.visibility

    @property
    def sees_all(self) -> bool:
        """Whether every matter may be seen."""
        return sees_all(self.actor)

    @property
    def here(self) -> str:
        """The address of this page with its filters."""
        return f"{self.path}?{urlencode(self.query.multi_items())}" if self.query else self.path

    @property
    def as_of(self) -> str:
        """What was asked for as of: in the address, else as kept for this log-in; empty for now."""
        return self.query.get("as_of", "") or self.kept_as_of

    def then(self, href: str) -> str:
        """The address of another page as of the same moment."""
        if not self.as_of:
            return href
        path, mark, place = href.partition("#")
        joint = "&" if "?" in path else "?"
        return f"{path}{joint}{urlencode({'as_of': self.as_of})}{mark}{place}"

    def may(self, *roles: Role) -> bool:
        """Whether one of these roles is held, or stood in for."""
        return bool(self.actor.reach.intersection(roles))

    def must(self, *roles: Role) -> None:
        """Raises NotYours unless one of these roles is held."""
        if not self.may(*roles):
            names = "、".join(role.label for role in roles)
            raise NotYours(f"这一页由{names}使用；您需要办的事在工作台上。")

    def asked(self, **filters: object) -> Asked:
        """A question to the register in this visit's time and sight."""
        return Asked(
            day=self.day,
            position=self.asking.position,
            visibility=self.visibility,
            **filters,  # type: ignore[arg-type]
        )

    def unit_name(self, unit: str | None) -> str:
        """A unit's name as of this visit."""
        return self.directory.unit_name(unit, self.day, self.asking.position)

    def person_name(self, person: str | None) -> str:
        """A person's name as of this visit."""
        return self.directory.person_name(person)

    @property
    def own_unit(self) -> str:
        """The visitor's unit as it is called today."""
        return self.runtime.directory.now().unit_name(self.actor.unit, beijing_day(self.runtime.clock.now()))

    def wording(self, kind: str) -> str:
        """How a kind words its work: 整改 or 办理."""
        procedure = self.runtime.settings.procedures.get(kind)
        return procedure.wording if procedure else ""

    def number(self, number: str) -> str:
        """A matter's number as documents write it: 云督〔2025〕47号."""
        return official(number, self.runtime.settings.organization.code)

    def kind_label(self, kind: str) -> str:
        """A kind's Chinese name."""
        procedure = self.runtime.settings.procedures.get(kind)
        return procedure.label if procedure else kind

    def connect(self) -> Connection:
        """A connection to read with."""
        return self.runtime.database.reading.connect()


def visit_of(request: Request) -> Visit:
    """Who visits, for any page but the log-in.

    Raises NotAuthenticated, MustChangePassword anywhere but where it is changed, and what an unreadable as_of is.
    """
    runtime = runtime_of(request)
    principal = visitor(request)
    if principal is None or principal.session is None:
        raise NotAuthenticated("先登录，再看这一页。")
    if principal.session.must_change and request.url.path not in WITH_ANY_PASSWORD:
        raise MustChangePassword
    given = request.headers.get("x-duban-now") or _chosen(runtime, principal.session)
    kept = _kept(request, principal.session)
    answer = answering(
        request,
        principal,
        as_of=request.query_params.get("as_of") or kept,
        given=given,
        min_position=_whole(request.query_params.get("min_position")),
    )
    return Visit(answer=answer, path=request.url.path, query=request.query_params, kept_as_of=kept)


def _kept(request: Request, session: Session) -> str:
    """The past moment kept for this log-in; what is sent always happens now."""
    asks = request.method in ("GET", "HEAD") and not request.query_params.get("as_of")
    return (session.as_of or "") if asks else ""


WITH_ANY_PASSWORD = frozenset({"/me/password", "/logout"})
"""Where a one-time password leads: it is changed there, or one goes away again."""


def _chosen(runtime: Runtime, session: Session) -> datetime | None:
    """The moment chosen in the banner, until the standing clock has gone by it."""
    if session.moment is None or not runtime.clock.rehearsal or runtime.clock.runs:
        return None
    moment = from_micros(session.moment)
    return moment if moment > runtime.clock.standing() else None


Visiting = Annotated[Visit, Depends(visit_of)]
"""A page's visitor."""


async def sent_form(request: Request, visit: Visiting) -> AsyncIterator[FormData]:
    """The form that was sent from a page of this session; its file is closed afterwards.

    Raises TooLarge, Malformed, NotYours.
    """
    async for form in _sent(request, visit, files=1):
        yield form


async def sent_files(request: Request, visit: Visiting) -> AsyncIterator[FormData]:
    """As ``sent_form``, with several files."""
    async for form in _sent(request, visit, files=MOST_FILES):
        yield form


async def _sent(request: Request, visit: Visit, *, files: int) -> AsyncIterator[FormData]:
    form = await read_form(request, most=visit.runtime.files.max_bytes, files=files)
    request.state.typed = raw_of(form)
    try:
        check_csrf(visit.principal, str(form.get("csrf", "")))
        yield form
    finally:
        await form.close()


Sent = Annotated[FormData, Depends(sent_form)]
"""A form that was sent from a page of the visitor's session."""

SentFiles = Annotated[FormData, Depends(sent_files)]
"""The same with up to ``MOST_FILES`` files."""


def shell_of(
    visit: Visit, title: str, *, body: str = "has-bar", foot: str | None = None, live: int | None = None
) -> Shell:
    """The frame around a page of this visit. ``live``: the position a list is as of, which then asks for news."""
    settings = visit.runtime.settings
    with visit.connect() as connection:
        counts = rails.counts(connection, visit.asked(), visit.actor, visit.asking.moment)
    groups, tabs = rails.rail(visit.actor, visit.own_unit, counts, visit.path, visit.query, visit.then)
    nth = visit.calendar.working_days_between(_before_month(visit.day), visit.day)
    works = visit.calendar.is_working(visit.day)
    return Shell(
        title=title,
        organization=settings.organization.name,
        brand=brand(settings.organization.name),
        today=long_day(visit.day),
        today_note=f"本月第 {nth} 个工作日" if works else "休息日",
        csrf=visit.session.csrf,
        command_id=uuid7().hex,
        person=visit.actor.name,
        account=visit.actor.user,
        unread=counts.unread,
        rail=groups,
        tabs=tabs,
        drill=drill_of(visit.runtime, visit),
        past=past_of(visit),
        look=look_of(visit),
        large=visit.session.large_type,
        high_contrast=visit.session.high_contrast,
        keys=visit.session.keys,
        query=visit.query.get("q", "") if visit.path == "/matters" else "",
        as_of=visit.query.get("as_of", ""),
        latest=visit.runtime.clock.now().date().isoformat(),
        here=visit.here,
        standing_in=_standing_in(visit),
        body=body,
        foot=foot,
        live=None if live is None or visit.asking.past or visit.query.get("cursor") else str(live),
        day=visit.day.isoformat(),
    )


def _standing_in(visit: Visit) -> str:
    """For whom the visitor acts: “沈如松（领导）”."""
    return "、".join(
        f"{one.name}（{'、'.join(role.label for role in sorted(one.roles)) or '没有职务'}）"
        for one in visit.actor.stands_in
    )


def doorway(runtime: Runtime, title: str, *, csrf: str = "", body: str = "door") -> Shell:
    """The frame where nobody is logged in."""
    name = runtime.settings.organization.name
    return Shell(
        title=title,
        organization=name,
        brand=brand(name),
        today=long_day(runtime.clock.now().date()),
        today_note="",
        csrf=csrf,
        command_id=uuid7().hex,
        drill=drill_of(runtime, None),
        body=body,
    )


def brand(name: str) -> str:
    """The short name in the masthead: 云溪县督办."""
    short = name.removesuffix("督查室").removesuffix("人民政府").removesuffix("办公室")
    return f"{short}督办" if short and not short.endswith("督办") else "督办"


def _before_month(day: date) -> date:
    return date.fromordinal(day.replace(day=1).toordinal() - 1)


def _whole(text: str | None) -> int | None:
    return int(text[:18]) if text is not None and text.isascii() and text.isdigit() else None
