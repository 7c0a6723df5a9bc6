"""What one should have read before an act: shown beside its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from events.matter.extending import ExtensionRequested
from events.matter.rectifying import ProgressReported
from events.matter.reporting import CompletionReported
from events.matter.state import Matter
from events.matter.verifying import VerificationPassed
from events.record.envelope import Recorded
from projections import topics
from service.pages import parts_of_matter
from service.pages.matter import lamp_of
from service.pages.papers import missing, papers
from service.pages.reckoning import last_fact
from service.pages.views import Pair
from service.pages.visiting import Visit
from service.pages.words import full_day, short_day

PLAN_COMMANDS = frozenset({"approve-plan", "return-plan", "report-progress", "report-completion"})
JUDGING_COMMANDS = frozenset(
    "return-completion schedule-verification pass-verification fail-verification approve-write-off "
    "reject-write-off submit-to-leader leader-acknowledge instruct-again pass-look-back find-relapse".split()
)
ASSIGNING_COMMANDS = frozenset({"assign", "reassign", "split"})
EXTENSION_COMMANDS = frozenset({"grant-extension", "refuse-extension", "request-extension"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A titled list of what is known."""

    title: str
    pairs: tuple[Pair, ...]


def parts(visit: Visit, matter: Matter, history: Sequence[Recorded], command: str) -> tuple[Part, ...]:
    """What stands beside the form of a command."""
    found = [Part(title="这一件", pairs=_matter(visit, matter))]
    if (said := parts_of_matter.attention(visit, matter)) is not None:
        found.append(Part(title=said.term, pairs=(Pair(term="", lines=(said.text,)),)))
    if command in ASSIGNING_COMMANDS and (again := _again(visit, matter)):
        found.append(Part(title="今年同一对象", pairs=again))
    if command in JUDGING_COMMANDS and (reported := _reported(visit, matter, history)):
        found.append(Part(title="报结", pairs=reported))
    if command in PLAN_COMMANDS and (plan := parts_of_matter.plan(visit, matter)) is not None:
        steps = tuple(Pair(term=step.text, lines=(step.term,)) for step in plan.steps)
        found.append(Part(title="整改方案", pairs=(*plan.pairs, *steps)))
    if command in EXTENSION_COMMANDS and (extensions := _extensions(visit, matter, history)):
        found.append(Part(title="延期", pairs=extensions))
    if lacking := missing(visit, matter):
        found.append(Part(title="材料", pairs=(Pair(term="报结还缺", lines=(lacking,)),)))
    return tuple(found)


def _again(visit: Visit, matter: Matter) -> tuple[Pair, ...]:
    """Which units were given the same thing this year, and how often."""
    with visit.connect() as connection:
        counts = topics.by_unit(connection, matter, visit.day.year, visit.asking.position)
    return tuple(
        Pair(term=visit.unit_name(unit), lines=(f"已有 {count} 件，再交办是第 {count + 1} 次",))
        for unit, count in counts.items()
    )


def _matter(visit: Visit, matter: Matter) -> tuple[Pair, ...]:
    pairs = [Pair(term="问题", lines=tuple(matter.problem.splitlines()))]
    if matter.lead_unit:
        pairs.append(Pair(term="牵头", lines=(visit.unit_name(matter.lead_unit),)))
    if matter.due_on:
        provisional = "（暂定）" if matter.limit and matter.limit.provisional else ""
        lamp = lamp_of(visit, matter, href=None)
        pairs.append(
            Pair(term="期限", lines=(f"{full_day(matter.due_on, visit.day)}{provisional}", lamp.words))
        )
    if matter.quality_requirement:
        pairs.append(Pair(term="质量要求", lines=tuple(matter.quality_requirement.splitlines())))
    return tuple(pairs)


def _reported(visit: Visit, matter: Matter, history: Sequence[Recorded]) -> tuple[Pair, ...]:
    pairs = []
    if (reported := last_fact(history, CompletionReported)) is not None:
        pairs.append(Pair(term=short_day(reported.fact.reported_on, visit.day), lines=(reported.fact.text,)))
    elif (progress := last_fact(history, ProgressReported)) is not None:
        pairs.append(Pair(term="进展", lines=(progress.fact.text,)))
    attached = papers(visit, matter)
    if attached:
        pairs.append(Pair(term="材料", lines=tuple(f"{paper.name}（{paper.meta}）" for paper in attached)))
    if (passed := last_fact(history, VerificationPassed)) is not None and matter.verification_passed:
        pairs.append(Pair(term="核查", lines=(passed.fact.findings,)))
    return tuple(pairs)


def _extensions(visit: Visit, matter: Matter, history: Sequence[Recorded]) -> tuple[Pair, ...]:
    asked = sum(isinstance(r.fact, ExtensionRequested) for r in history)
    granted = sum(extension.decision == "granted" for extension in matter.extensions)
    procedure = visit.runtime.settings.procedures.get(matter.kind)
    most = f"，本类最多 {procedure.extension_max_times} 次" if procedure else ""
    return (Pair(term="已经", lines=(f"申请 {asked} 次，同意 {granted} 次{most}",)),)
