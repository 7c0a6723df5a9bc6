"""撤销、移交、并案: endings other than being solved here."""

from __future__ import annotations

from dataclasses import dataclass

from events.matter.acting import Command, Happened
from events.vocabulary import MatterId, TransferKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMatter(Command):
    """Stop following the matter up."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferMatter(Command):
    """Hand the matter to a body outside (M023)."""

    kind: TransferKind
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeMatter(Command):
    """Let another matter carry this one on."""

    into: MatterId


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterCancelled(Happened):
    """撤销: no longer followed up, with the reason."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterTransferred(Happened):
    """移交、移送、移办: a body outside has it now."""

    kind: TransferKind
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterMerged(Happened):
    """并案: goes on as part of ``into``."""

    into: MatterId
    into_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAbsorbed(Happened):
    """并入: this matter carries ``merged`` on; written on the matter merged into."""

    merged: MatterId
    merged_number: str
    merged_title: str
