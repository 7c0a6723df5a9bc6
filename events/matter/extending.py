"""延期: asked before the limit, decided by the head; every old date stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from events.matter.acting import Command, Happened, became
from events.matter.checking import plausible, required
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Invalid, WrongStage


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


def request_extension(command: RequestExtension, matter: Matter, seen: Surroundings) -> Decision:
    """申请延期: the standing limit keeps running until it is granted."""
    due_on = _standing_due_on(matter)
    return became(
        matter,
        ExtensionRequested(
            until=_until(command.until, due_on, matter, seen),
            reason=required(command.reason, "延期理由"),
            due_on=due_on,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def grant_extension(command: GrantExtension, matter: Matter, seen: Surroundings) -> Decision:
    """同意延期: the day granted is the head's, be it the one asked for or another."""
    due_on = _standing_due_on(matter)
    return became(
        matter,
        ExtensionGranted(
            until=_until(command.until, due_on, matter, seen),
            from_due_on=due_on,
            times=matter.extensions_granted + 1,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def refuse_extension(command: RefuseExtension, matter: Matter, seen: Surroundings) -> Decision:
    """不同意延期, with the reason."""
    reason = required(command.reason, "不同意的理由")
    return became(matter, ExtensionRefused(reason=reason, text=command.text, effective_at=seen.effective_at))


def may_ask_now(matter: Matter, seen: Surroundings) -> None:
    """Refuses a request after the due day, beside a pending one, or beyond the times its kind gives (domain D.0)."""
    due_on = _standing_due_on(matter)
    if seen.counted_on > due_on:
        raise Invalid(
            f"延期应在期限届满前（{due_on}当日24:00前）申请，现已逾期；请抓紧办理，并在进展中说明原因。",
            code="extension-too-late",
        )
    if matter.pending_extension is not None:
        raise Invalid("已有一份延期申请待审，请等裁定后再申请。", code="extension-pending")
    most = seen.procedure(matter.kind).extension_max_times
    if matter.extensions_granted >= most:
        raise Invalid(
            f"本类事项至多延期{most}次，已经用完；请按期办结，或请示求助。", code="extensions-used-up"
        )


def asked(matter: Matter, seen: Surroundings) -> None:  # noqa: ARG001 - the shape of a requirement
    """Refuses a decision nobody waits for."""
    if matter.pending_extension is None:
        raise WrongStage("本件没有待审的延期申请，无可裁定；请等责任单位申请。")


def asked_at(matter: Matter) -> datetime | None:
    """The moment of the request that waits for a decision."""
    return matter.pending_extension.asked_at if matter.pending_extension is not None else None


def _standing_due_on(matter: Matter) -> date:
    if matter.due_on is None:
        raise Invalid("本件尚无期限，不需要延期；请等签收起算后再说。", code="no-limit-yet")
    return matter.due_on


def _until(until: date, due_on: date, matter: Matter, seen: Surroundings) -> date:
    if plausible(until, "延期日期", today=seen.today) <= due_on:
        raise Invalid(f"延期到{until}不晚于现期限{due_on}，请给出更晚的日期。", code="extension-not-later")
    most = seen.procedure(matter.kind).extension_max_days
    if (until - due_on).days > most:
        raise Invalid(
            f"一次延期至多{most}日，从{due_on}到{until}超过了；请给出较近的日期。", code="extension-too-long"
        )
    return until
