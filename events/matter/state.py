"""What is known of one 督办事项 (matter) after the facts so far: plain values, folded by ``folding.evolve``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from events.matter.branches import Branch, Helping
from events.matter.links import Link
from events.matter.proposals import Approval, Proposal
from events.matter.supports import Support
from events.vocabulary import (
    BulletinId,
    EvidenceId,
    EvidenceKind,
    FailureKind,
    Grade,
    MatterId,
    PersonId,
    PetitionerId,
    PetitionerKind,
    Stage,
    Starts,
    TransferKind,
    UnitId,
    Urgency,
    UserName,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """So many days a limit was put off without being extended."""

    days: int
    in_working_days: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """时限: the outcome that binds (``due_on``) together with everything it was computed from."""

    time_limit: str | None
    """As typed (“20个工作日内”); None when a date was given outright."""
    starts: Starts
    start_on: date | None
    """The day that is not counted; None until sign-for where ``starts`` is acknowledged."""
    due_on: date | None
    """Last day, inclusive, until 24:00; None until sign-for where ``starts`` is acknowledged."""
    provisional: bool = False
    """暂定: crosses a year whose working days are not published."""
    in_working_days: bool = False
    calendar_versions: tuple[tuple[int, int], ...] = ()
    """(year, version) of every published calendar used."""
    procedure_version: int = 1
    moves: tuple[Move, ...] = ()
    """How returns and suspensions put ``due_on`` off since it was reckoned, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """One due date in the row of all there were; the last is in force."""

    due_on: date
    set_on: date
    why: str
    """assigned, reassigned, acknowledged, extended, resumed, returned, objection-upheld, instructed-again,
    recomputed, corrected"""
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """延期: asked, and what became of it."""

    asked_on: date
    asked_at: datetime
    until: date
    reason: str
    decision: str = "pending"
    """pending, granted, refused, lapsed (overtaken by a reassignment or an ending)"""
    decided_on: date | None = None
    granted_until: date | None = None
    from_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """佐证材料: a file's description; the bytes lie under ``sha256``."""

    id: EvidenceId
    kind: EvidenceKind
    name: str
    size: int
    sha256: str
    media_type: str
    attached_at: datetime
    attached_by: UserName
    unit: UnitId | None
    taken_at: datetime | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """撤回: a file that was attached by mistake."""

    evidence: EvidenceId
    at: datetime
    by: UserName
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Petitioner:
    """Somebody who told of the matter. ``sealed`` is read with the person's key alone."""

    id: PetitionerId
    kind: PetitionerKind
    sealed: str
    noted_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One measure of a 整改方案 with its day and person."""

    title: str
    due_on: date
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """整改方案 as last submitted."""

    measures: str
    goal: str
    steps: tuple[PlanStep, ...]
    submitted_on: date
    approved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """What the clock said last under one rule."""

    rule: str
    """The value of a ``ladder.Rule``."""
    slot: date
    """The rung's own date, the natural key of the reminder."""
    said_on: date
    anchor: date
    """The date the rung was counted from (the due date, the assignment day …); a new anchor starts afresh."""
    units: tuple[UnitId, ...] = ()
    """Whose act it spoke of."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """督办事项: the unit of work, one matter, one case (一事一单). Without slots: folding copies it whole, at once."""

    id: MatterId
    version: int = 0
    stage: Stage = Stage.REGISTERED
    number: str = ""
    kind: str = ""
    title: str = ""
    source: str = ""
    source_no: str | None = None
    problem: str = ""
    place: str | None = None
    object: str | None = None
    urgency: Urgency | None = None
    parent: MatterId | None = None
    chief_leader: PersonId | None = None
    """首席责任领导: who gets the monthly list of the matters under him."""
    basis: str | None = None
    registered_at: datetime | None = None
    registered_by: UserName | None = None
    relapse_of: MatterId | None = None
    approval: Approval | None = None
    """立项审批: None where none is asked for."""
    rejected_reason: str | None = None
    """Why the registration was sent back, until it is approved."""
    proposal: Proposal | None = None
    """拟办意见 as last submitted."""
    round: int = 1
    """批示轮次: 1 until the leader instructs again."""

    lead_unit: UnitId | None = None
    co_units: tuple[UnitId, ...] = ()
    helping: tuple[Helping, ...] = ()
    """Where each co-unit stands with its part."""
    branches: tuple[Branch, ...] = ()
    """The parts it was split into; while there are any, they are answered for and not the whole."""
    handler: PersonId | None = None
    """The person of the office whose desk it is on."""
    key_case: bool = False
    """专人一抓到底: the handler changes only with a reason (M033)."""
    person: str | None = None
    quality_requirement: str | None = None
    assessment_rule: str | None = None
    first_assigned_on: date | None = None
    assigned_at: datetime | None = None
    """Moment of the standing assignment."""
    assigned_by: UserName | None = None
    limit: Limit | None = None
    due_dates: tuple[DueDate, ...] = ()
    acknowledged_at: datetime | None = None
    first_acknowledged_on: date | None = None
    stage_before: Stage | None = None
    """Where objected and suspended go back to."""
    ended_from: Stage | None = None
    """Where an ending is taken back to."""
    stage_at: datetime | None = None
    """Moment that counts of the fact that brought the stage."""
    stage_occurred_at: datetime | None = None
    """When, as stated, that fact happened; nothing that depends on it happened earlier."""
    objected_at: datetime | None = None
    objection: str | None = None
    handling_units: frozenset[UnitId] = frozenset()
    """Every unit that was ever lead unit or co-unit."""
    handlers: frozenset[UserName] = frozenset()
    """Every account that did an act of the handling unit."""

    plan: Plan | None = None
    plan_or_progress: bool = False
    """Whether a plan or progress was ever filed (handling_rate)."""
    percent: int | None = None
    quantity: str | int | float | None = None
    forecast_on: date | None = None
    last_progress_at: datetime | None = None
    support_pending: str | None = None
    support_asked_at: datetime | None = None
    support_due_on: date | None = None
    """Last day for the 督查室's answer, while one is waited for."""
    supports: tuple[Support, ...] = ()
    """Every request for support there was."""
    extensions: tuple[Extension, ...] = ()
    suspended_at: datetime | None = None
    suspended_reason: str | None = None

    evidence: tuple[Evidence, ...] = ()
    evidence_counted_from: int = 0
    """Index of the first evidence attached since the last return."""
    withdrawn: tuple[Withdrawal, ...] = ()
    """Which of the evidence counts no longer."""
    completion_reported_at: datetime | None = None
    """Moment of the standing completion report; None when returned or not yet reported."""
    last_completion_on: date | None = None
    """Day of the last completion report that was ever made (on_time_closing_rate)."""
    last_completion_due_on: date | None = None
    returned_reason: str | None = None
    """Why it came back last, until the next completion report."""
    returned_at: datetime | None = None
    failures: tuple[FailureKind, ...] = ()

    verifier: PersonId | None = None
    verify_on: date | None = None
    verifier_user: UserName | None = None
    """Account that passed or failed the last verification."""
    verification_passed: bool = False
    submitted_to_leader_at: datetime | None = None
    leader_acknowledged_at: datetime | None = None
    instructing_leader: UserName | None = None

    closed_at: datetime | None = None
    closed_by: UserName | None = None
    grade: Grade | None = None
    ever_closed: bool = False
    closed_late: bool = False
    """Closed after a completion report later than its due day; never unsaid."""
    days_late_at_report: int = 0
    ended_at: datetime | None = None
    look_back_on: date | None = None
    """Due day of the selected look-back; None when none is selected."""
    look_back_selected_on: date | None = None
    look_back_passed_at: datetime | None = None
    relapse_matter: MatterId | None = None
    merged_into: MatterId | None = None
    absorbed: tuple[MatterId, ...] = ()
    """Matters merged into this one."""
    links: tuple[Link, ...] = ()
    """关联事项."""
    transferred_kind: TransferKind | None = None
    transferred_to: str | None = None

    rungs: tuple[Rung, ...] = ()
    """The newest under each rule and anchor since the lead unit was handed the matter, and on that day before it."""
    rungs_elsewhere: tuple[Rung, ...] = ()
    """What was said on the day of the standing assignment while the matter was another unit's."""
    named_in: tuple[BulletinId, ...] = ()
    """The bulletins that named it."""
    urged: int = 0
    last_urged_at: datetime | None = None
    last_at: datetime | None = None
    """Moment of the newest fact (recorded)."""
    last_occurred_at: datetime | None = None
    petitioners: tuple[Petitioner, ...] = ()
    said_at: Mapping[str, int] = field(default_factory=dict)
    """Field → position of the fact that said its standing value, for the fields a correction can reach."""

    @property
    def due_on(self) -> date | None:
        """The due day in force; None while there is none."""
        return self.limit.due_on if self.limit else None

    @property
    def pending_extension(self) -> Extension | None:
        """The extension asked for and not yet decided."""
        return next((e for e in reversed(self.extensions) if e.decision == "pending"), None)

    @property
    def counted_evidence(self) -> tuple[Evidence, ...]:
        """What a completion report may rest on: attached since the last return, and not withdrawn."""
        since = self.evidence[self.evidence_counted_from :]
        gone = {one.evidence for one in self.withdrawn}
        return tuple(one for one in since if one.id not in gone) if gone else since

    def withdrawal_of(self, evidence: EvidenceId) -> Withdrawal | None:
        """How a file was withdrawn; None where it counts."""
        return next((one for one in self.withdrawn if one.evidence == evidence), None)

    @property
    def extended(self) -> bool:
        """Whether the limit in force is a granted extension."""
        return bool(self.due_dates) and self.due_dates[-1].why == "extended"

    @property
    def extensions_granted(self) -> int:
        """How many extensions were granted."""
        extensions = self.extensions
        return sum(extension.decision == "granted" for extension in extensions) if extensions else 0

    @property
    def stream(self) -> str:
        """The stream its facts are written to."""
        return f"matter-{self.id}"
