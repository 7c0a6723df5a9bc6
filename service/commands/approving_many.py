"""成批批准: many registrations and proposals with one word, each decided on its own; with a look before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from events.matter.deciding import admit, permitted
from events.matter.permitted import PERMITTED
from events.matter.proposals import Approval
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Actor
from events.refusals import Invalid, Refusal
from events.vocabulary import MatterId
from service.clock import machine_now
from service.commands import performing
from service.commands.performing import perform_now
from service.runtime import Runtime

MOST = 200
REGISTRATION, HANDLING = "approve-registration", "approve-handling-proposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveMany:
    """These matters are approved; ``preview`` says what would happen and writes nothing."""

    matters: tuple[MatterId, ...]
    text: str | None = None
    basis: str | None = None
    preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What became, or would become, of one of them."""

    matter: Matter
    command: str
    refusal: Refusal | None = None


def approve_many(
    runtime: Runtime, actor: Actor, command: ApproveMany, at: datetime, *, key: str | None = None
) -> tuple[Approved, ...]:
    """Decides on each matter by itself: one refused leaves the others approved. Raises Invalid for too many or none."""
    matters = tuple(dict.fromkeys(command.matters))
    if not 1 <= len(matters) <= MOST:
        raise Invalid(f"一次可以批 1 到 {MOST} 件，现为 {len(matters)} 件；请分几次办。", code="wrong-number")
    return tuple(_one(runtime, actor, matter, command, at, key) for matter in matters)


def _one(
    runtime: Runtime, actor: Actor, id_: MatterId, command: ApproveMany, at: datetime, key: str | None
) -> Approved:
    matter: Matter = runtime.handling.load(f"matter-{id_}").state
    name = REGISTRATION if matter.approval is Approval.PENDING else HANDLING
    try:
        if command.preview:
            _would(runtime, actor, matter, name, at)
        else:
            _does(runtime, actor, id_, name, command, at, key)
    except Refusal as refusal:
        return Approved(matter=matter, command=name, refusal=refusal)
    return Approved(matter=matter, command=name)


def _would(runtime: Runtime, actor: Actor, matter: Matter, name: str, at: datetime) -> None:
    seen = Surroundings(
        actor=actor,
        at=at,
        directory=runtime.directory.now(),
        calendar=runtime.calendars.recent(),
        procedures=runtime.settings.procedures,
        rules=runtime.settings.rules,
    )
    if name in permitted(matter, seen):
        return
    admit(PERMITTED[name], matter, seen)
    for requirement in PERMITTED[name].requires:
        requirement(matter, seen)


def _does(
    runtime: Runtime,
    actor: Actor,
    matter: MatterId,
    name: str,
    command: ApproveMany,
    at: datetime,
    key: str | None,
) -> None:
    said = {"text": command.text, "basis": command.basis}
    fields = {field: value for field, value in said.items() if value}
    perform_now(
        runtime,
        performing.Request(
            actor=actor,
            name=name,
            matter=matter,
            fields=fields,
            at=at,
            received_at=machine_now(),
            command_id=f"{actor.user}:{key}:{matter}" if key else None,
            fingerprint=performing.fingerprint("POST", name, repr(fields).encode()) if key else None,
        ),
    )
