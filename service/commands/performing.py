"""One command on one matter, from fields to facts: the only way in, for programs, pages and the clock alike."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from uuid_utils.compat import uuid7

from events.directory.state import Directory
from events.matter.acting import Command
from events.matter.deciding import decide
from events.matter.folding import evolve, stage_after
from events.matter.looking_back import FindRelapse
from events.matter.noting import WriteNote, notes_stream
from events.matter.permitted import PERMITTED, REGISTER
from events.matter.petitioning import NotePetitioner
from events.matter.state import Evidence, Matter
from events.matter.surroundings import Surroundings
from events.record.admitting import Guard
from events.record.envelope import Actor, Decision, Envelope, Recorded
from events.record.handling import Folded
from events.refusals import NotFound, Refusal
from events.rules.calendar import WorkingDays
from events.vocabulary import EvidenceId, EvidenceKind, MatterId, Stage, UnitId
from service.clock import beijing_day
from service.commands import lookups
from service.commands.beside import matters_beside, no_child_slips_in
from service.commands.bodies import convert
from service.commands.petitioners import Sealing, drop, sealing_of, settle
from service.files import StoredFile
from service.identity import may_see, sees_all, visibility
from service.noting import Hidden
from service.runtime import Runtime

REGISTER_NAME = REGISTER.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every command may carry beside its own fields (contract: The matter's commands)."""

    basis: str | None = None
    occurred_at: datetime | None = None
    expected_version: int | None = None
    on_behalf_of: UnitId | None = None
    caller: str | None = None
    """Who said it on the telephone, where it is entered for a unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that came with a command, already stored."""

    stored: StoredFile
    name: str
    kind: EvidenceKind = EvidenceKind.DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command as it came in."""

    actor: Actor
    name: str
    """As in the address: ``assign``, ``report-completion``; ``register`` for a new matter."""
    matter: MatterId | None
    fields: Mapping[str, Any]
    at: datetime
    received_at: datetime
    command_id: str | None = None
    """Who sent it and the key given, in one; None where no answer is to be kept."""
    fingerprint: bytes | None = None
    correlation_id: str | None = None
    """Of an act done with several commands; None: the command stands alone."""
    attached: Attached | None = None
    strict: bool = True
    """False for a form, whose values are all text."""


_COMMON = frozenset(field.name for field in dataclasses.fields(Common))
_NOTHING_COMMON = Common()


@cache
def _names(command: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(command))


async def perform(runtime: Runtime, request: Request) -> dict[str, Any]:
    """Does one command; gives the answer of the contract. Raises a Refusal; then nothing was written."""
    prepared = prepare(runtime, request)
    try:
        answer = await runtime.handling.handle_async(
            prepared.envelope, prepared.streams, prepared.decide, guard=prepared.guard, new=prepared.new
        )
    except Refusal as refused:
        drop(runtime.vault, prepared.sealing, refused)
        raise
    settle(runtime.vault, prepared.command, prepared.sealing, answer)
    return answer


def perform_now(runtime: Runtime, request: Request) -> dict[str, Any]:
    """As ``perform``, from a thread."""
    prepared = prepare(runtime, request)
    try:
        answer = runtime.handling.handle(
            prepared.envelope, prepared.streams, prepared.decide, guard=prepared.guard, new=prepared.new
        )
    except Refusal as refused:
        drop(runtime.vault, prepared.sealing, refused)
        raise
    settle(runtime.vault, prepared.command, prepared.sealing, answer)
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A command ready to be handled."""

    envelope: Envelope
    streams: tuple[str, ...]
    runtime: Runtime
    request: Request
    command: Command
    common: Common
    matter: MatterId
    others: tuple[MatterId, ...]
    guard: Guard | None = None
    sealing: Sealing | None = None
    """The person a command notes, sealed."""

    @property
    def new(self) -> tuple[str, ...]:
        """The stream of a matter that begins with this command."""
        return self.streams[:1] if self.request.name == REGISTER_NAME else ()

    def decide(self, loaded: Mapping[str, Folded]) -> Decision:
        """The decision on what was loaded; everything else it needs is looked up here."""
        self.runtime.clock.must_not_pass(self.envelope.at)
        own = loaded[self.streams[0]]
        matter: Matter = own.state
        if self.request.name != REGISTER_NAME and (own.version == 0 or not self._seen(matter)):
            kind = NotFound if own.version == 0 else Hidden
            raise kind("没有这件事项，或不归您看；核对编号，需要时请督查室把您单位列为责任或配合单位。")
        for other in self.others:
            known = loaded[f"matter-{other}"]
            if known.version == 0 or not self._seen(known.state):
                raise NotFound("所指的另一件事项没有找到，或不归您看；核对编号后再办。")
        decision = self._decided(loaded, matter)
        stage = _stage_after(matter, decision, self.envelope)
        return decision.answering({"id": matter.id, "stage": stage.value, **decision.answer})

    def _seen(self, matter: Matter) -> bool:
        actor = self.request.actor
        if sees_all(actor) or (actor.unit is not None and actor.unit == matter.lead_unit):
            return True
        directory = self.runtime.directory.recent()
        return may_see(visibility(actor, directory, beijing_day(self.envelope.at)), matter)

    def _decided(self, loaded: Mapping[str, Folded], matter: Matter) -> Decision:
        """The decision with the directory and calendar at hand; a no is said only after a look at the newest."""
        directory, calendar = self.runtime.directory.recent(), self.runtime.calendars.recent()
        seen = self._surroundings(loaded, directory, calendar)
        try:
            return decide(self.request.name, self.command, matter, seen)
        except Refusal:
            newest = self.runtime.directory.now(), self.runtime.calendars.now()
            if newest[0] is directory and newest[1] is calendar:
                raise
        return decide(self.request.name, self.command, matter, self._surroundings(loaded, *newest))

    def _surroundings(
        self, loaded: Mapping[str, Folded], directory: Directory, calendar: WorkingDays
    ) -> Surroundings:
        runtime, request = self.runtime, self.request
        return Surroundings(
            actor=request.actor,
            at=self.envelope.at,
            directory=directory,
            calendar=calendar,
            procedures=runtime.settings.procedures,
            rules=runtime.settings.rules,
            occurred_at=self.common.occurred_at,
            on_behalf_of=self.common.on_behalf_of,
            basis=self.common.basis,
            caller=self.common.caller,
            new_matter=MatterId(uuid7().hex) if isinstance(self.command, FindRelapse) else self.matter,
            others={other: loaded[f"matter-{other}"].state for other in self.others},
            open_children=lookups.open_children(runtime, self.command, self.matter),
            branch_units=lookups.branch_units(runtime, self.command, self.matter),
            notes=lookups.notes(runtime, self.command, self.matter, request.actor),
            paper=self._paper(),
            sealed=None if self.sealing is None else (self.sealing.person, self.sealing.text),
            fact_at=lookups.facts(runtime, self.command, self.streams[0]),
        )

    def _paper(self) -> Evidence | None:
        attached = self.request.attached
        if attached is None:
            return None
        return Evidence(
            id=EvidenceId(uuid7().hex),
            kind=attached.kind,
            name=attached.name,
            size=attached.stored.size,
            sha256=attached.stored.sha256,
            media_type=attached.stored.media_type,
            attached_at=self.envelope.at,
            attached_by=self.request.actor.user,
            unit=self.common.on_behalf_of or self.request.actor.unit,
        )


def prepare(runtime: Runtime, request: Request) -> Prepared:
    """Reads the fields and gathers what must be loaded. Raises a Refusal for what cannot be read."""
    permission = REGISTER if request.name == REGISTER_NAME else PERMITTED.get(request.name)
    if permission is None or (permission is REGISTER and request.matter is not None):
        raise NotFound(f"没有 {request.name} 这个命令；可用的命令见 /api/v1/openapi.json。")
    matter = request.matter or MatterId(uuid7().hex)
    own, common = request.fields, _NOTHING_COMMON
    command_type: type[Any] = permission.command
    if not _COMMON.isdisjoint(own):
        named = {k: v for k, v in own.items() if k in _COMMON}
        common = convert(named, Common, strict=request.strict)
        own_names = _names(command_type)  # type: ignore[arg-type]
        own = {k: v for k, v in own.items() if k not in _COMMON or k in own_names}
    command = convert(own, command_type, strict=request.strict)
    mark = request.fingerprint
    if mark is not None and isinstance(command, NotePetitioner):
        mark = runtime.vault.keyed(mark)
    others = matters_beside(command, matter, runtime.handling)
    return Prepared(
        envelope=Envelope(
            actor=request.actor,
            at=request.at,
            received_at=request.received_at,
            command_id=request.command_id or uuid7().hex,
            fingerprint=mark,
            correlation_id=request.correlation_id,
            expected_version=common.expected_version,
            on_behalf_of=common.on_behalf_of,
            basis=common.basis,
            occurred_at=common.occurred_at,
        ),
        streams=(f"matter-{matter}", *(f"matter-{other}" for other in others), *_beside(matter, command)),
        runtime=runtime,
        request=request,
        command=command,
        common=common,
        matter=matter,
        others=others,
        guard=no_child_slips_in(command, matter),
        sealing=sealing_of(runtime.vault, command),
    )


def _beside(matter: MatterId, command: Command) -> tuple[str, ...]:
    """Streams besides those of matters that a command writes to."""
    return (notes_stream(matter),) if isinstance(command, WriteNote) else ()


def _stage_after(matter: Matter, decision: Decision, envelope: Envelope) -> Stage:
    """The stage a decision's facts lead to, before they are written."""
    own = [draft.fact for draft in decision.drafts if draft.stream == matter.stream]
    for fact in own[:-1]:
        matter = evolve(matter, unwritten(matter, fact, decision, envelope))
    return stage_after(matter, unwritten(matter, own[-1], decision, envelope)) if own else matter.stage


def unwritten(matter: Matter, fact: object, decision: Decision, envelope: Envelope) -> Recorded:
    """A fact as it would be recorded, for looking ahead."""
    return Recorded(
        position=0,
        stream=matter.stream,
        version=matter.version + 1,
        type="",
        schema=1,
        fact=fact,
        actor=envelope.actor.user,
        unit=envelope.actor.unit,
        role=decision.role,
        on_behalf_of=envelope.on_behalf_of,
        basis=envelope.basis,
        occurred_at=envelope.at,
        recorded_at=envelope.at,
        command_id=envelope.command_id,
        correlation_id=envelope.command_id,
        causation_id=None,
        hash=b"",
    )


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same: method, path and body; never the moment."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).digest()
