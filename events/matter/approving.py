"""立项审批、拟办意见: what the house approves before anything leaves it (条例 art. 11)."""

from __future__ import annotations

from dataclasses import dataclass

from events.matter.acting import Command, Happened, became
from events.matter.checking import required
from events.matter.parties import co_units_of, existing_unit
from events.matter.proposals import Approval
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Invalid, NotYours, WrongStage
from events.rules.deadlines import read_limit
from events.vocabulary import Role, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRegistration(Command):
    """Let the registration stand, with the 拟办意见 that lies with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectRegistration(Command):
    """Send the registration back to who proposed it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitHandlingProposal(Command):
    """Propose how to handle the matter: in words, and by whom within which limit."""

    text: str
    lead_unit: UnitId | None = None
    co_units: tuple[UnitId, ...] = ()
    time_limit: str | None = None
    quality_requirement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveHandlingProposal(Command):
    """Let the matter be handled as proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnHandlingProposal(Command):
    """Send the proposal back."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationProposed(Happened):
    """报批立项: the registration waits for approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationApproved(Happened):
    """批准立项: the matter may be assigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRejected(Happened):
    """退回立项: to be amended and proposed again, or cancelled."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingProposed(Happened):
    """拟办意见: how the clerk proposes to handle it."""

    text: str
    lead_unit: UnitId | None = None
    co_units: tuple[UnitId, ...] = ()
    time_limit: str | None = None
    quality_requirement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingApproved(Happened):
    """批准拟办: as proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingReturned(Happened):
    """退回拟办: to be proposed otherwise."""

    reason: str


def approve_registration(command: ApproveRegistration, matter: Matter, seen: Surroundings) -> Decision:
    """批准立项, once; the 拟办意见 that waits with it is approved with it."""
    approved: list[object] = [RegistrationApproved(text=command.text, effective_at=seen.effective_at)]
    if waits_for_handling(matter):
        approved.append(HandlingApproved(effective_at=seen.effective_at))
    return became(matter, *approved)


def reject_registration(command: RejectRegistration, matter: Matter, seen: Surroundings) -> Decision:
    """退回立项, with the reason."""
    reason = required(command.reason, "退回理由")
    return became(
        matter, RegistrationRejected(reason=reason, text=command.text, effective_at=seen.effective_at)
    )


def propose_handling(command: SubmitHandlingProposal, matter: Matter, seen: Surroundings) -> Decision:
    """报拟办意见; the units and the limit it names must be ones an assignment could name."""
    lead_unit = existing_unit(command.lead_unit, seen) if command.lead_unit is not None else None
    if lead_unit is None and command.co_units:
        raise Invalid(
            "拟办意见写了配合单位，没有写牵头单位；请补上牵头单位，或去掉配合单位。", code="missing-lead"
        )
    if command.time_limit is not None:
        read_limit(command.time_limit)
    return became(
        matter,
        HandlingProposed(
            text=required(command.text, "拟办意见"),
            lead_unit=lead_unit,
            co_units=co_units_of(lead_unit, command.co_units, seen) if lead_unit is not None else (),
            time_limit=command.time_limit,
            quality_requirement=command.quality_requirement,
            effective_at=seen.effective_at,
        ),
    )


def approve_handling(command: ApproveHandlingProposal, matter: Matter, seen: Surroundings) -> Decision:
    """批准拟办意见."""
    return became(matter, HandlingApproved(text=command.text, effective_at=seen.effective_at))


def return_handling(command: ReturnHandlingProposal, matter: Matter, seen: Surroundings) -> Decision:
    """退回拟办意见, with the reason."""
    reason = required(command.reason, "退回理由")
    return became(matter, HandlingReturned(reason=reason, text=command.text, effective_at=seen.effective_at))


def nothing_pending(matter: Matter, seen: Surroundings) -> None:  # noqa: ARG001 - the shape of a requirement
    """Refuses that anything leaves the house while an approval is awaited."""
    if matter.approval is Approval.PENDING:
        raise WrongStage("本件立项还在等批准，批准以后才能交办；请先报负责人或领导批准。")
    if matter.approval is Approval.REJECTED:
        raise WrongStage("本件立项已被退回，不能交办；请补充后重新报批，或撤销。")
    if waits_for_handling(matter):
        raise WrongStage("本件的拟办意见还在等批准，批准以后才能交办；请先报负责人或领导批准。")


def registration_pending(matter: Matter, seen: Surroundings) -> None:
    """Refuses a decision nobody asked for, was made already, or falls to another."""
    if matter.approval is not Approval.PENDING:
        said = f"已{matter.approval.label}" if matter.approval is not None else "不用报批"
        raise WrongStage(f"本件立项{said}，没有要批的；请刷新页面看最新情况。")
    _by_another(matter.registered_by, "立项", seen)


def handling_pending(matter: Matter, seen: Surroundings) -> None:
    """As ``registration_pending``, of the 拟办意见."""
    if not waits_for_handling(matter):
        raise WrongStage("本件没有待批的拟办意见；可能已由别人批过，请刷新页面看最新情况。")
    assert matter.proposal is not None
    _by_another(matter.proposal.by, "拟办意见", seen)


def waits_for_handling(matter: Matter) -> bool:
    """Whether a 拟办意见 waits for approval."""
    return matter.proposal is not None and matter.proposal.approval is Approval.PENDING


def awaits_approval(matter: Matter) -> bool:
    """Whether the house has to decide on something before the matter goes on."""
    return not matter.stage.ended and (matter.approval is Approval.PENDING or waits_for_handling(matter))


def _by_another(proposer: str | None, what: str, seen: Surroundings) -> None:
    """Nobody approves what he proposed where somebody else could."""
    if proposer != seen.actor.user:
        return
    could = {
        user.name for role in (Role.OFFICE_HEAD, Role.LEADER) for user in seen.directory.users_with(role)
    }
    if could - {seen.actor.user}:
        raise NotYours(f"这份{what}是您自己报的，应由另一位负责人或领导批准；请转请其办理。")
