"""What a template may say of a matter: words for a reader, as of one position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from events.directory.state import Directory
from events.matter.correcting import FactCorrected
from events.matter.reporting import CompletionReported
from events.matter.state import Matter
from events.matter.verifying import VerificationPassed
from events.record.envelope import Recorded
from events.rules.deadlines import days_late
from events.rules.procedures import HANDLING, Procedure
from events.vocabulary import BEIJING, EvidenceKind, Stage
from service.documents.configured import letter_code, organ
from service.documents.numbering import day_words, official
from service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A matter and what is needed to word it, all as of one position."""

    matter: Matter
    history: Sequence[Recorded]
    directory: Directory
    day: date
    position: int | None
    settings: Settings

    def unit(self, unit: str | None) -> str:
        """A unit's name then; empty for none."""
        return self.directory.unit_name(unit, self.day, self.position) if unit else ""

    @property
    def procedure(self) -> Procedure | None:
        """How this kind of matter goes."""
        return self.settings.procedures.get(self.matter.kind)

    @property
    def wording(self) -> str:
        """``handling`` or ``rectification``."""
        return self.procedure.wording if self.procedure else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every word a template may use; empty where there is nothing to say."""

    organ: str
    letter_code: str
    year: str
    today: str
    number: str
    title: str
    kind: str
    source: str
    source_no: str
    problem: str
    place: str
    object: str
    urgency: str
    basis: str
    registered_on: str
    lead_unit: str
    co_units: str
    person: str
    assigned_on: str
    assigned_by: str
    limit: str
    due_on: str
    provisional: str
    quality_requirement: str
    acknowledged_on: str
    stage: str
    days_late: str
    due_soon: str
    urged: str
    extensions: str
    progress: str
    reported_on: str
    completion_text: str
    days_late_at_report: str
    evidence: str
    verifier: str
    verified_on: str
    findings: str
    closed_on: str
    closed_by: str
    grade: str
    work: str
    """整改 or 办理."""
    finish: str
    """销号 or 办结."""
    office_clerk: str
    """Who handles the matter in the office."""


NAMES = tuple(one.name for one in fields(Words))


def words(told: Told) -> Words:
    """The words for a matter."""
    matter, day = told.matter, told.day
    passed, reported = _last(told, VerificationPassed), _last(told, CompletionReported)
    handling = told.wording == HANDLING
    late = _days_late(matter, day)
    limit = matter.limit
    return Words(
        organ=organ(told.settings),
        letter_code=letter_code(told.settings),
        year=str(day.year),
        today=day_words(day),
        number=official(matter.number, told.settings.organization.code),
        title=matter.title,
        kind=told.procedure.label if told.procedure else matter.kind,
        source=matter.source,
        source_no=matter.source_no or "",
        problem=matter.problem,
        place=matter.place or "",
        object=matter.object or "",
        urgency=matter.urgency.label if matter.urgency else "",
        basis=matter.basis or "",
        registered_on=_day(matter.registered_at),
        lead_unit=told.unit(matter.lead_unit),
        co_units="、".join(told.unit(unit) for unit in matter.co_units),
        person=matter.person or "",
        assigned_on=_day(matter.assigned_at),
        assigned_by=_account(told, matter.assigned_by),
        limit=limit.time_limit or "" if limit else "",
        due_on=day_words(matter.due_on),
        provisional="暂定" if limit and limit.provisional else "",
        quality_requirement=matter.quality_requirement or "",
        acknowledged_on=_day(matter.acknowledged_at),
        stage=matter.stage.label_for(told.wording),
        days_late=str(late) if late > 0 else "",
        due_soon=str(-late) if matter.due_on and late <= 0 else "",
        urged=str(matter.urged) if matter.urged else "",
        extensions=str(matter.extensions_granted) if matter.extensions_granted else "",
        progress=f"{matter.percent}%" if matter.percent is not None else "",
        reported_on=day_words(matter.last_completion_on),
        completion_text=_said(told, reported, "text"),
        days_late_at_report=str(matter.days_late_at_report) if matter.days_late_at_report > 0 else "",
        evidence=_evidence(matter),
        verifier=told.directory.person_name(matter.verifier) if matter.verifier else "",
        verified_on=_day(passed.occurred_at) if passed else "",
        findings=_said(told, passed, "findings"),
        closed_on=_day(matter.closed_at),
        closed_by=_account(told, matter.closed_by),
        grade=matter.grade.label if matter.grade else "",
        work="办理" if handling else "整改",
        finish="办结" if handling else "销号",
        office_clerk=_account(told, matter.assigned_by or matter.registered_by),
    )


def dates(told: Told) -> Mapping[str, date | None]:
    """The days a template may date a paper by."""
    assigned = told.matter.assigned_at
    return {
        "today": told.day,
        "assigned_on": assigned.astimezone(BEIJING).date() if assigned else None,
        "": None,
    }


def _day(moment: datetime | None) -> str:
    return day_words(moment.astimezone(BEIJING).date()) if moment else ""


def _days_late(matter: Matter, day: date) -> int:
    """Days past the limit, negative before it; a standing completion report stops the count."""
    if matter.due_on is None or matter.stage in (Stage.SUSPENDED, Stage.REGISTERED):
        return 0
    judged = day
    if matter.completion_reported_at is not None:
        judged = matter.completion_reported_at.astimezone(BEIJING).date()
    return (judged - matter.due_on).days if judged <= matter.due_on else days_late(matter.due_on, judged)


def _account(told: Told, user: str | None) -> str:
    return told.directory.user_label(user) if user else ""


def _evidence(matter: Matter) -> str:
    counted = Counter(one.kind for one in matter.counted_evidence)
    return "、".join(f"{kind.label}{counted[kind]}份" for kind in EvidenceKind if counted[kind])


def _last(told: Told, kind: type[object]) -> Recorded | None:
    return next((one for one in reversed(told.history) if isinstance(one.fact, kind)), None)


def _said(told: Told, recorded: Recorded | None, name: str) -> str:
    """What a fact says in a field, or what a later correction puts there."""
    if recorded is None:
        return ""
    text = getattr(recorded.fact, name)
    for later in told.history:
        fact = later.fact
        if isinstance(fact, FactCorrected) and fact.position == recorded.position:
            text = dict(fact.new).get(name, text)
    return str(text or "")
