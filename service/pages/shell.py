"""What stands around every page: masthead, rail, banners."""

from __future__ import annotations

from dataclasses import dataclass

from service.pages.views import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class RailGroup:
    """A titled group of the rail's links."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """The rehearsal banner: what time it is there, and the form that moves it."""

    words: str
    """“2008年6月25日 周三 09:40”."""
    value: str
    """The same for the form's field."""
    follows: bool
    """Whether the clock moves with the machine's."""
    may_tick: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastBanner:
    """Said where a page shows what was known then."""

    words: str
    now: str
    """The address of the same page now."""
    day: str = ""
    """The day looked at, for a date field."""
    notes: tuple[str, ...] = ()
    """What is odd about the moment: before the first fact, or in the middle of one act."""
    kept: bool = False
    """Whether the moment is kept for the log-in, so that leaving it takes a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBar:
    """The auditor's field for the moment looked at."""

    moment: str
    """For a datetime-local field; empty while looking at now."""
    position: str
    latest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Everything the base template needs beside the page's own."""

    title: str
    organization: str
    brand: str
    today: str
    today_note: str
    csrf: str
    command_id: str
    person: str | None = None
    account: str = ""
    """Whose page it is, so that nobody else goes on with what was typed on it."""
    standing_in: str = ""
    """For whom the visitor stands in."""
    unread: int = 0
    rail: tuple[RailGroup, ...] = ()
    tabs: tuple[Link, ...] = ()
    drill: Drill | None = None
    past: PastBanner | None = None
    look: LookBar | None = None
    large: bool = False
    high_contrast: bool = False
    keys: bool = True
    query: str = ""
    as_of: str = ""
    """As of when, where the address says so."""
    latest: str = ""
    """Today, for a date field that may not go beyond."""
    here: str = "/"
    """The address of this page, to come back to."""
    body: str = "has-bar"
    """Classes of the body."""
    foot: str | None = None
    """The address of the printed foot's sheet."""
    live: str | None = None
    """The place in the record from which on the page asks for news; None: it does not."""
    day: str = ""
    """The day lateness is judged on."""
