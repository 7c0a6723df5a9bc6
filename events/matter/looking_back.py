"""回头看、反弹: whether a solved problem stayed solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened
from events.vocabulary import MatterId


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectLookBack(Command):
    """Choose a closed matter to be looked at again by a day (M071, M074)."""

    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PassLookBack(Command):
    """Say that it stayed solved."""

    findings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRelapse(Command):
    """Say that the problem is back (M075)."""

    findings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackSelected(Happened):
    """抽取回头看: to be looked at again by ``due_on``."""

    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackPassed(Happened):
    """回头看通过: it stayed solved."""

    findings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelapseFound(Happened):
    """反弹: the problem is back and goes on as the linked new matter; this one's closing stays in history."""

    findings: str
    relapse_matter: MatterId
