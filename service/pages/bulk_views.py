"""What the pages of 一起办 show: which acts, what they would do to each matter, what was done."""

from __future__ import annotations

from dataclasses import dataclass

from service.pages.shell import Shell
from service.pages.views import Pair, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAct:
    """An act that some of the matters can take."""

    text: str
    href: str
    count: str
    grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRow:
    """One of the matters, and what is said of it."""

    id: str
    number: str
    title: str
    href: str
    said: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage:
    """Which act."""

    shell: Shell
    sub: str
    back: str
    """The list the matters were ticked in."""
    ids: tuple[str, ...]
    acts: tuple[BulkAct, ...]
    rows: tuple[BulkRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """What it would change, what would be refused and why."""

    shell: Shell
    title: str
    sub: str
    then: str
    action: str
    back: str
    verb: str
    grave: bool
    said: tuple[Pair, ...]
    carried: tuple[tuple[str, str], ...]
    batch: str
    may_change: bool
    problems: tuple[Problem, ...]
    able: tuple[BulkRow, ...]
    unable: tuple[BulkRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """What was done, what was not and why."""

    shell: Shell
    title: str
    sub: str
    back: str
    done: tuple[BulkRow, ...]
    refused: tuple[BulkRow, ...]
    batch: str
