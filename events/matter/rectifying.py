"""整改: the plan, the progress, the difficulties that need help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from events.matter.acting import Command, Happened, became
from events.matter.checking import plausible, required
from events.matter.state import Matter, PlanStep
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Invalid, WrongStage
from events.rules.deadlines import days_late


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
    """请示求助: the unit cannot go on alone; ``due_on`` is the 督查室's last day to answer."""

    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportAnswered(Happened):
    """答复求助: what the 督查室 answered, ``days_late`` calendar days after its own limit."""

    text: str
    due_on: date | None = None
    days_late: int = 0


def submit_plan(command: SubmitPlan, matter: Matter, seen: Surroundings) -> Decision:
    """报送整改方案: measures, goal and at least one dated step (M043)."""
    if not command.steps:
        raise Invalid("方案没有列出步骤，请至少写一步，注明完成日期。", code="no-steps")
    for step in command.steps:
        required(step.title, "步骤名称")
        plausible(step.due_on, "步骤完成日期", today=seen.today)
    return became(
        matter,
        PlanSubmitted(
            measures=required(command.measures, "整改措施"),
            goal=required(command.goal, "整改目标"),
            steps=command.steps,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def return_plan(command: ReturnPlan, matter: Matter, seen: Surroundings) -> Decision:
    """退回整改方案, with the reason."""
    reason = required(command.reason, "退回理由")
    return became(matter, PlanReturned(reason=reason, text=command.text, effective_at=seen.effective_at))


def approve_plan(command: ApprovePlan, matter: Matter, seen: Surroundings) -> Decision:
    """批准整改方案."""
    return became(matter, PlanApproved(text=command.text, effective_at=seen.effective_at))


def report_progress(command: ReportProgress, matter: Matter, seen: Surroundings) -> Decision:
    """报送进展."""
    if command.forecast_on is not None:
        plausible(command.forecast_on, "预计完成日期", today=seen.today)
    return became(
        matter,
        ProgressReported(
            text=required(command.text, "进展情况"),
            percent=within_hundred(command.percent),
            quantity=command.quantity,
            forecast_on=command.forecast_on,
            effective_at=seen.effective_at,
        ),
    )


def request_support(command: RequestSupport, matter: Matter, seen: Surroundings) -> Decision:
    """请示求助 (M015); what is asked beside an unanswered request is answered with it, by the same day."""
    text = required(command.text, "求助内容")
    due_on = answer_due_on(matter, seen)
    return became(matter, SupportRequested(text=text, due_on=due_on, effective_at=seen.effective_at))


def answer_support(command: AnswerSupport, matter: Matter, seen: Surroundings) -> Decision:
    """答复求助."""
    return became(
        matter,
        SupportAnswered(
            text=required(command.text, "答复内容"),
            due_on=matter.support_due_on,
            days_late=answer_days_late(matter, seen),
            effective_at=seen.effective_at,
        ),
    )


def answer_due_on(matter: Matter, seen: Surroundings) -> date:
    """The 督查室's last day to answer a request made now; an unanswered one keeps its day."""
    within = seen.procedure(matter.kind).support_answer_within_working_days
    return matter.support_due_on or seen.calendar.nth_working_day_after(seen.counted_on, within).on


def answer_days_late(matter: Matter, seen: Surroundings) -> int:
    """Calendar days by which an answer given now is late."""
    due_on = matter.support_due_on
    return days_late(due_on, seen.counted_on) if due_on is not None else 0


def support_asked(matter: Matter, seen: Surroundings) -> None:  # noqa: ARG001 - the shape of a requirement
    """Refuses an answer nobody waits for."""
    if matter.support_pending is None:
        raise WrongStage("本件没有待答复的求助，无需答复；有话要说可用催办或另行告知。")


def asked_at(matter: Matter) -> datetime | None:
    """The moment of the request for help that waits for an answer."""
    return matter.support_asked_at


def within_hundred(percent: int | None) -> int | None:
    """``percent`` where it lies from 0 to 100."""
    if percent is not None and not 0 <= percent <= 100:
        raise Invalid(f"完成比例应在0到100之间，现为{percent}，请核对。", code="percent-out-of-range")
    return percent
