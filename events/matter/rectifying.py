"""整改: the plan, the progress, the difficulties that need help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened
from events.matter.state import PlanStep


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitPlan(Command):
    """File the rectification plan: measures, goal, dated steps with persons (M043)."""

    measures: str
    goal: str
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPlan(Command):
    """Send a plan back."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePlan(Command):
    """Accept a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProgress(Command):
    """Say how far it is (M045)."""

    text: str
    percent: int | None = None
    quantity: str | int | float | None = None
    forecast_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSupport(Command):
    """Ask upward for help (M015)."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSupport(Command):
    """Answer a request for help."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSubmitted(Happened):
    """报送整改方案: measures, goal and steps lie before the 督查室."""

    measures: str
    goal: str
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReturned(Happened):
    """退回整改方案: the plan is to be written again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApproved(Happened):
    """批准整改方案: the work begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReported(Happened):
    """报送进展: text, share done, quantity and the unit's own forecast."""

    text: str
    percent: int | None = None
    quantity: str | int | float | None = None
    forecast_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportRequested(Happened):
    """请示求助: the unit cannot go on alone."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportAnswered(Happened):
    """答复求助: what the 督查室 answered."""

    text: str
