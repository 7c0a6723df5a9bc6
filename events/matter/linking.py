"""关联: two matters that have to do with each other know it, and can be taken apart again."""

from __future__ import annotations

from dataclasses import dataclass

from events.matter.acting import Command, Happened
from events.matter.branches import lines_above
from events.matter.checking import required
from events.matter.links import Link, Relation
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision, Draft
from events.refusals import Invalid, WrongStage
from events.vocabulary import MatterId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMatter(Command):
    """Say that the matter has to do with another, and how."""

    to: MatterId
    relation: Relation = Relation.RELATED


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkMatter(Command):
    """Take two linked matters apart again."""

    to: MatterId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLinked(Happened):
    """关联: has to do with ``other``; ``mirrored`` on the matter the other one was linked to."""

    other: MatterId
    number: str
    relation: Relation
    mirrored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterUnlinked(Happened):
    """解除关联: taken apart again, with the reason; written on both."""

    other: MatterId
    number: str
    reason: str


def link(command: LinkMatter, matter: Matter, seen: Surroundings) -> Decision:
    """关联 two matters; both histories say so.

    Raises Invalid ``link-to-itself``, ``unknown-matter``, ``of-one-family``, ``linked-already``.
    """
    other = _other(command.to, matter, seen)
    _refuse_family(other, matter)
    if any(one.other == other.id for one in matter.links):
        raise Invalid(
            f"本件和{other.number}已经关联，不用再关联；要改关系，先办“解除关联”再重新关联。",
            code="linked-already",
        )
    said = {"relation": command.relation, "text": command.text, "effective_at": seen.effective_at}
    here = MatterLinked(other=other.id, number=other.number, **said)  # type: ignore[arg-type]
    there = MatterLinked(other=matter.id, number=matter.number, mirrored=True, **said)  # type: ignore[arg-type]
    return _on_both(matter, here, other, there)


def unlink(command: UnlinkMatter, matter: Matter, seen: Surroundings) -> Decision:
    """解除关联, with the reason, from either side. Raises Invalid ``not-linked``."""
    other = _other(command.to, matter, seen)
    if all(one.other != other.id for one in matter.links):
        raise Invalid(f"本件和{other.number}没有关联，不用解除；请核对编号。", code="not-linked")
    reason = required(command.reason, "解除理由")
    here = MatterUnlinked(other=other.id, number=other.number, reason=reason, effective_at=seen.effective_at)
    there = MatterUnlinked(
        other=matter.id, number=matter.number, reason=reason, effective_at=seen.effective_at
    )
    return _on_both(matter, here, other, there)


def has_links(matter: Matter, seen: Surroundings) -> None:  # noqa: ARG001 - the shape of a requirement
    """Refuses to take apart what was never put together."""
    if not matter.links:
        raise WrongStage("本件没有关联别的事项，没有要解除的；请刷新页面看最新情况。")


def _other(to: MatterId, matter: Matter, seen: Surroundings) -> Matter:
    if to == matter.id:
        raise Invalid("不能和自己关联，请另选一件事项。", code="link-to-itself")
    other = seen.others.get(to)
    if other is None or other.version == 0:
        raise Invalid(f"找不到要关联的事项“{to}”，请核对后重新选择。", code="unknown-matter")
    return other


def _refuse_family(other: Matter, matter: Matter) -> None:
    family = {matter.parent, *lines_above(matter.id), *matter.absorbed}
    if other.id in family or matter.id in {other.parent, *lines_above(other.id), *other.absorbed}:
        raise Invalid(
            f"本件和{other.number}本来就是上下级、分件或已并案，不用再关联；两件互相看得到。",
            code="of-one-family",
        )


def _on_both(matter: Matter, here: object, other: Matter, there: object) -> Decision:
    return Decision(
        drafts=(Draft(stream=matter.stream, fact=here), Draft(stream=other.stream, fact=there)),
    )


def linked(matter: Matter, fact: MatterLinked) -> tuple[Link, ...]:
    """The links after one more."""
    return (*matter.links, Link(other=fact.other, relation=fact.relation, mirrored=fact.mirrored))
