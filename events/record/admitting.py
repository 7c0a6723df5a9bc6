"""Admitting commands to a batch, in memory: repeat, conflict, claim, moment, number, chain."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from events.record.chain import Digest, Frontier, header, link
from events.record.codec import Codec
from events.record.envelope import FOR_A_PERSON, Claim, Decision, Draft, Envelope, Recorded
from events.record.moments import MomentPolicy, from_micros, to_micros
from events.record.sql import Driver, Row
from events.record.store import Head
from events.refusals import KeyReused, NameTaken

Guard = Callable[[Driver], None]
"""Looks, inside the transaction that holds the head; raises VersionConflict or a Refusal where a command must not
be written. It sees what earlier batches wrote, not its own; one that many commands of a batch bring is asked once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """What a handler asks the writer to write."""

    envelope: Envelope
    decision: Decision
    conditions: Mapping[str, int]
    """Stream → version it must still be at; holds every stream written and may hold others. The first is the
    command's own stream."""
    states: Mapping[str, object] = field(default_factory=dict)
    """Stream → state folded up to the condition's version, handed on to followers."""
    accepts_jump: bool = False
    """Whether an operator accepted a jump of the machine's clock."""
    guard: Guard | None = None
    """What must still hold at the commit beyond the streams' versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What was written: the kept answer, and the facts (empty for a repeat)."""

    answer: bytes
    """JSON object: position, version, facts, the decision's own answer and numbers taken."""
    recorded: tuple[Recorded, ...] = ()
    repeated: bool = False


class VersionConflict(Exception):
    """A stream moved on since it was loaded; load again and decide again."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        super().__init__(f"{stream}: expected version {expected}, found {found}")
        self.stream = stream


@dataclass(slots=True, kw_only=True)
class BatchState:
    """What the database held when the batch began, moved along by every admitted command."""

    head: Head
    versions: dict[str, int]
    known: dict[str, tuple[bytes, bytes]]
    claimed: dict[tuple[str, str], str]
    next_numbers: dict[str, int]


class Admission:
    """One batch in the making. ``admit`` either takes a command whole or raises and leaves nothing behind."""

    def __init__(self, codec: Codec, policy: MomentPolicy, digest: Digest, state: BatchState) -> None:
        self._codec = codec
        self._policy = policy
        self._digest = digest
        self.state = state
        self.position = state.head.position
        self.hash = state.head.hash
        self.moment = state.head.moment
        self.frontier = Frontier(digest, state.head.position, state.head.frontier)
        self.recorded: list[Recorded] = []
        self.event_rows: list[Row] = []
        self.stream_rows: dict[str, tuple[int, int]] = {}
        self.command_rows: list[Row] = []
        self.claim_rows: dict[tuple[str, str], Row] = {}
        self.released: list[tuple[str, str]] = []
        self.taken: dict[str, int] = {}
        self.states: dict[str, tuple[int, object]] = {}
        self.named: set[str] = set()

    def admit(self, append: Append) -> Appended:
        """Takes a command into the batch.

        Raises VersionConflict, KeyReused, NameTaken, or what the moment policy refuses.
        """
        envelope = append.envelope
        repeat = self._repeat(envelope)
        if repeat is not None:
            return repeat
        for stream, expected in append.conditions.items():
            found = self.state.versions.get(stream, 0)
            if found != expected:
                raise VersionConflict(stream, expected, found)
        own, *others = append.conditions or ("",)
        if append.guard is not None and own in self.named:
            # What names this stream in the same batch is not stored yet, so the guard could not see it.
            raise VersionConflict(own, append.conditions[own], append.conditions[own])
        for claim in append.decision.claims:
            self._check_claim(claim, append.decision.releases)
        moment = self._policy(to_micros(envelope.at), self.moment, append.accepts_jump)
        drafts, numbers = self._numbered(append.decision)
        self.named.update(others)
        return self._write(append, drafts, numbers, moment)

    def _repeat(self, envelope: Envelope) -> Appended | None:
        if envelope.fingerprint is None:
            return None
        known = self.state.known.get(envelope.command_id)
        if known is None:
            return None
        if known[0] != envelope.fingerprint:
            raise reused_key()
        return Appended(answer=known[1], repeated=True)

    def _check_claim(self, claim: Claim, releases: tuple[tuple[str, str], ...]) -> None:
        owner = self.state.claimed.get((claim.scope, claim.key))
        if owner is not None and owner != claim.owner and (claim.scope, claim.key) not in releases:
            raise NameTaken(claim.refusal)

    def _numbered(self, decision: Decision) -> tuple[list[Draft], dict[str, str]]:
        drafts = list(decision.drafts)
        numbers: dict[str, str] = {}
        for wish in decision.numbers:
            value = self.state.next_numbers.get(wish.series, 1)
            self.state.next_numbers[wish.series] = value + 1
            self.taken[wish.series] = value + 1
            number = official_number(wish.series, value)
            draft = drafts[wish.draft]
            drafts[wish.draft] = dataclasses.replace(
                draft, fact=dataclasses.replace(draft.fact, **{wish.field: number})
            )
            if wish.draft == 0:
                numbers[wish.field] = number
        return drafts, numbers

    def _write(self, append: Append, drafts: list[Draft], numbers: dict[str, str], moment: int) -> Appended:
        envelope, decision = append.envelope, append.decision
        recorded = [self._link(draft, envelope, decision, moment) for draft in drafts]
        if recorded:
            self.moment = moment
        self.recorded.extend(recorded)
        for stream, state in append.states.items():
            self.states.setdefault(stream, (append.conditions[stream], state))
        for claim in decision.claims:
            key = (claim.scope, claim.key)
            self.state.claimed[key] = claim.owner
            self.claim_rows[key] = (claim.scope, claim.key, claim.owner, self.position)
        for key in decision.releases:
            if key not in {(c.scope, c.key) for c in decision.claims}:
                self.state.claimed.pop(key, None)
                self.claim_rows.pop(key, None)
                self.released.append(key)
        answer = self._answer(append, recorded, numbers)
        if envelope.fingerprint is not None and recorded:
            self.state.known[envelope.command_id] = (envelope.fingerprint, answer)
            kept_from = to_micros(envelope.received_at or envelope.at)
            self.command_rows.append(
                (envelope.command_id, envelope.fingerprint, answer, self.position, kept_from)
            )
        return Appended(answer=answer, recorded=tuple(recorded))

    def _link(self, draft: Draft, envelope: Envelope, decision: Decision, moment: int) -> Recorded:
        name, schema = self._codec.name_of(draft.fact)
        body = self._codec.encode(draft.fact)
        position = self.position + 1
        version = self.state.versions.get(draft.stream, 0) + 1
        occurred = moment if draft.occurred_at is None else to_micros(draft.occurred_at)
        actor = envelope.actor
        surrounding = (
            str(actor.user),
            actor.unit,
            decision.role.value if decision.role is not None else None,
            _for_whom(envelope, decision),
            envelope.basis,
        )
        ids = (
            envelope.command_id,
            envelope.correlation_id or envelope.command_id,
            envelope.causation_id,
        )
        place = (position, draft.stream, version, name, schema)
        columns = (*place, *surrounding, occurred, moment, *ids)
        digest = self._digest(body)
        self.hash = link(self._digest, self.hash, header(columns), digest)
        self.frontier.add(self.hash)
        self.position = position
        self.state.versions[draft.stream] = version
        self.stream_rows[draft.stream] = (version, position)
        self.event_rows.append((*columns, digest, self.hash, body))
        recorded_at = from_micros(moment)
        occurred_at = recorded_at if occurred == moment else from_micros(occurred)
        return Recorded(*place, draft.fact, *surrounding, occurred_at, recorded_at, *ids, self.hash)

    def _answer(self, append: Append, recorded: list[Recorded], numbers: dict[str, str]) -> bytes:
        own = next(iter(append.conditions), "")
        answer: dict[str, Any] = dict(append.decision.answer)
        answer.update(numbers)
        answer["version"] = self.state.versions.get(own, 0)
        answer["position"] = self.position
        answer["facts"] = [r.type for r in recorded]
        return msgspec.json.encode(answer)


def _for_whom(envelope: Envelope, decision: Decision) -> str | None:
    """The unit whose paper is entered, or the person stood in for."""
    if envelope.on_behalf_of is not None or decision.for_person is None:
        return envelope.on_behalf_of
    return f"{FOR_A_PERSON}{decision.for_person}"


def official_number(series: str, value: int) -> str:
    """The number as written: ``matter/2026`` and 7 give ``2026-00007``, so that text order is number order."""
    return f"{series.rpartition('/')[2]}-{value:05d}"


def reused_key() -> KeyReused:
    """The refusal for a key that came before with another body."""
    return KeyReused(
        "这个 Idempotency-Key 已用于另一个请求；换一个新的键再发，或重发原来的内容取回原来的答复。"
    )
