"""回头看、反弹: whether a solved problem stayed solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened, became
from events.matter.checking import not_before, required
from events.matter.registering import MatterRegistered, numbered
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision, Draft
from events.refusals import WrongStage
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


def select_look_back(command: SelectLookBack, matter: Matter, seen: Surroundings) -> Decision:
    """抽取回头看; a second selection replaces the day of the first."""
    due_on = not_before(command.due_on, "回头看日期", today=seen.counted_on)
    return became(matter, LookBackSelected(due_on=due_on, text=command.text, effective_at=seen.effective_at))


def pass_look_back(command: PassLookBack, matter: Matter, seen: Surroundings) -> Decision:
    """回头看通过, with what was found."""
    findings = required(command.findings, "回头看情况")
    return became(
        matter, LookBackPassed(findings=findings, text=command.text, effective_at=seen.effective_at)
    )


def find_relapse(command: FindRelapse, matter: Matter, seen: Surroundings) -> Decision:
    """认定反弹: this matter keeps its closing, a linked new one waits to be assigned (M075)."""
    findings = required(command.findings, "反弹情况")
    relapse = Matter(id=seen.new_matter)
    found = RelapseFound(
        findings=findings, relapse_matter=relapse.id, text=command.text, effective_at=seen.effective_at
    )
    again = MatterRegistered(
        title=matter.title,
        kind=matter.kind,
        source=RELAPSE_SOURCE,
        source_no=matter.number,
        problem=findings,
        place=matter.place,
        object=matter.object,
        urgency=matter.urgency,
        basis=seen.basis,
        relapse_of=matter.id,
        handler=matter.handler,
        effective_at=seen.effective_at,
    )
    return Decision(
        drafts=(Draft(stream=matter.stream, fact=found), Draft(stream=relapse.stream, fact=again)),
        numbers=(numbered(seen, draft=1),),
        answer={"relapse_matter": relapse.id},
    )


def selected(matter: Matter, seen: Surroundings) -> None:  # noqa: ARG001 - the shape of a requirement
    """Refuses a look-back that was not selected."""
    if matter.look_back_on is None:
        raise WrongStage("本件没有抽取回头看，不能认定回头看通过；请先由督查室抽取回头看。")


RELAPSE_SOURCE = "回头看反弹"
"""Where a relapsed matter comes from."""
