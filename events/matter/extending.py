"""延期: asked before the limit, decided by the head; every old date stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExtension(Command):
    """Ask for a later limit, up to and on the due day."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantExtension(Command):
    """Grant a later limit."""

    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseExtension(Command):
    """Refuse a later limit."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequested(Happened):
    """申请延期: the unit asks for time until a day. The standing limit keeps running."""

    until: date
    reason: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted(Happened):
    """同意延期: the limit is ``until`` now; ``times`` counts the extensions granted so far, this one included."""

    until: date
    from_due_on: date
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRefused(Happened):
    """不同意延期: the standing limit binds."""

    reason: str
