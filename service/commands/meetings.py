"""One command on one meeting, from fields to facts: for programs and pages alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from uuid_utils.compat import uuid7

from events.matter.state import Evidence, Matter
from events.meeting.acting import Surroundings
from events.meeting.permitted import PERMITTED, RECORD, decide
from events.meeting.state import Meeting
from events.record.envelope import Actor, Decision, Envelope
from events.record.handling import Folded
from events.refusals import NotFound
from events.vocabulary import EvidenceId, EvidenceKind, MatterId, MeetingId
from service.clock import machine_now
from service.commands.bodies import convert
from service.commands.performing import Attached
from service.identity import sees_all
from service.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every command on a meeting may carry beside its own fields."""

    basis: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A command on a meeting as it came in. ``id`` None records a new one."""

    actor: Actor
    name: str
    id: MeetingId | None
    fields: Mapping[str, Any]
    at: datetime
    command_id: str | None = None
    fingerprint: bytes | None = None
    attached: Attached | None = None
    strict: bool = True


_COMMON = frozenset(field.name for field in fields(Common))


def hold(runtime: Runtime, asked: Holding) -> dict[str, Any]:
    """Does one command; gives ``id, version, position, facts`` and what it adds. Raises a Refusal."""
    row = RECORD if asked.id is None else PERMITTED.get(asked.name)
    if row is None:
        raise NotFound(f"会议没有 {asked.name} 这个命令；可用的是 {'、'.join(PERMITTED)}、register。")
    runtime.clock.must_not_pass(asked.at)
    common = convert({k: v for k, v in asked.fields.items() if k in _COMMON}, Common, strict=asked.strict)
    own = {k: v for k, v in asked.fields.items() if k not in _COMMON}
    command: Any = convert(own, row.command, strict=asked.strict)
    id_ = asked.id if asked.id is not None else MeetingId(uuid7().hex)
    if asked.id is not None:
        visible(runtime, asked.actor, id_)
    stream = f"meeting-{id_}"
    paper = _paper(asked)

    def deciding(loaded: Mapping[str, Folded]) -> Decision:
        meeting: Meeting = loaded[stream].state
        came = meeting.matters.values() if row.name == "withdraw" else ()
        seen = surroundings(runtime, asked.actor, asked.at, basis=common.basis, paper=paper, came=came)
        decision = decide(row, command, meeting, seen)
        return decision.answering({"id": id_, **decision.answer})

    envelope = Envelope(
        actor=asked.actor,
        at=asked.at,
        received_at=machine_now(),
        command_id=asked.command_id or uuid7().hex,
        fingerprint=asked.fingerprint,
        expected_version=common.expected_version,
        basis=common.basis,
    )
    return runtime.handling.handle(envelope, (stream,), deciding)


def surroundings(
    runtime: Runtime,
    actor: Actor,
    at: datetime,
    *,
    basis: str | None = None,
    paper: Evidence | None = None,
    came: Iterable[MatterId] = (),
) -> Surroundings:
    """What a decision about a meeting sees; ``came`` are the matters from it that the decision asks about."""
    stand = [matter_of(runtime, matter) for matter in came]
    return Surroundings(
        actor=actor,
        at=at,
        directory=runtime.directory.now(),
        basis=basis,
        paper=paper,
        running=tuple(one.number for one in stand if not one.stage.ended),
        numbers={one.id: one.number for one in stand},
    )


def matter_of(runtime: Runtime, matter: MatterId) -> Matter:
    """A matter as it stands."""
    state: Matter = runtime.handling.load(f"matter-{matter}").state
    return state


def visible(runtime: Runtime, actor: Actor, meeting: MeetingId, up_to: int | None = None) -> Meeting:
    """A meeting the actor may see: the office, leaders and auditors see all, nobody else any. Raises NotFound."""
    folded = runtime.handling.load(f"meeting-{meeting}", up_to=up_to)
    if folded.version == 0 or not sees_all(actor):
        raise unknown()
    state: Meeting = folded.state
    return state


def unknown() -> NotFound:
    """There is no such meeting, or it is not for the asker."""
    return NotFound("没有这次会议，或不归您看；从会议列表里打开，会议记录由督查室、领导和审计看。")


def _paper(asked: Holding) -> Evidence | None:
    attached = asked.attached
    if attached is None:
        return None
    return Evidence(
        id=EvidenceId(uuid7().hex),
        kind=EvidenceKind.DOCUMENT,
        name=attached.name,
        size=attached.stored.size,
        sha256=attached.stored.sha256,
        media_type=attached.stored.media_type,
        attached_at=asked.at,
        attached_by=asked.actor.user,
        unit=asked.actor.unit,
    )
