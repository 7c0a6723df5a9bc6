"""The small things pages are made of; each is drawn by one macro."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.lights import Lamp, StageMark


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place to go to."""

    text: str
    href: str
    current: bool = False
    count: str | None = None
    about: str | None = None
    """What only a screen reader needs to hear: the row the link belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A button: opens the form of a command, or sends it where nothing has to be filled in."""

    text: str
    href: str
    make: str = "line"
    """primary, line or grave."""
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that opens the rows it counts."""

    number: str
    label: str
    href: str
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureGroup:
    """要我办, 我在看."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a list."""

    title: str
    href: str
    meta: str = ""
    note: str = ""
    lamp: Lamp | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What is said where nothing is: what is not there, when it would be, where else to look."""

    title: str
    text: str
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A term and what is said of it, one line each."""

    term: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A ruled part of a page with its rows; ``count`` is the whole, not what is shown."""

    id: str
    title: str
    count: int | None
    rows: tuple[Row, ...] = ()
    pairs: tuple[Pair, ...] = ()
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One matter in the register's table."""

    id: str
    number: str
    title: str
    href: str
    unit: str
    stage: StageMark
    due: str
    provisional: bool
    lamp: Lamp
    last: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    """Words of the columns that are not in every table, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A column's head; a link where the table can be sorted by it."""

    name: str
    label: str
    style: str
    href: str | None = None
    sorted: str = ""
    """ascending, descending or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force; its link takes it away."""

    field: str
    value: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a field."""

    value: str
    label: str
    chosen: bool = False
    hint: str = ""
    count: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a form, and the field it is wrong in."""

    sentence: str
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A line above the page: what was done just now, or what changed meanwhile."""

    kind: str
    """told, stale."""
    title: str
    text: str = ""
    link: Link | None = None
    recorded: str = ""
    """Key of the form that was recorded, whose typed text the browser may forget."""
