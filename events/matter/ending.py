"""撤销、移交、并案: endings other than being solved here."""

from __future__ import annotations

from dataclasses import dataclass

from events.matter.acting import Command, Happened, became
from events.matter.checking import required
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision, Draft
from events.refusals import Invalid
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReleased(Happened):
    """并案收回: a matter merged into this one by mistake goes on by itself again."""

    merged: MatterId
    merged_number: str
    merged_title: str


def cancel(command: CancelMatter, matter: Matter, seen: Surroundings) -> Decision:
    """撤销, with the reason."""
    _children_first(seen, "撤销")
    reason = required(command.reason, "撤销理由")
    return became(matter, MatterCancelled(reason=reason, text=command.text, effective_at=seen.effective_at))


def transfer(command: TransferMatter, matter: Matter, seen: Surroundings) -> Decision:
    """移交、移送、移办 to a named body."""
    _children_first(seen, "移交")
    to = required(command.to, "接收机关")
    return became(
        matter,
        MatterTransferred(kind=command.kind, to=to, text=command.text, effective_at=seen.effective_at),
    )


def merge(command: MergeMatter, matter: Matter, seen: Surroundings) -> Decision:
    """并案 into another open matter; both histories say so."""
    _children_first(seen, "并案")
    target = _target(command.into, matter, seen)
    merged = MatterMerged(
        into=target.id, into_number=target.number, text=command.text, effective_at=seen.effective_at
    )
    absorbed = MatterAbsorbed(merged=matter.id, merged_number=matter.number, merged_title=matter.title)
    return Decision(
        drafts=(Draft(stream=matter.stream, fact=merged), Draft(stream=target.stream, fact=absorbed))
    )


def _children_first(seen: Surroundings, what: str) -> None:
    if seen.open_children:
        numbers = "、".join(seen.open_children)
        raise Invalid(f"还有下级事项没有了结：{numbers}；请先逐件了结，再{what}本件。", code="open-children")


def _target(into: MatterId, matter: Matter, seen: Surroundings) -> Matter:
    if into == matter.id:
        raise Invalid("不能并入自身，请另选要并入的事项。", code="merge-into-itself")
    target = seen.others.get(into)
    if target is None or target.version == 0:
        raise Invalid(f"找不到要并入的事项“{into}”，请核对后重新选择。", code="unknown-matter")
    if target.stage.ended:
        raise Invalid(
            f"要并入的{target.number}已是“{target.stage.label}”，请另选一件在办的事项。", code="target-ended"
        )
    return target
