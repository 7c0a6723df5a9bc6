"""议定事项立项: decisions of a meeting become matters in one go, each registered and assigned or not at all.

Every decision's matter is foreseen whole before anything of it is written. Its registration and the meeting's own
note of it are one append, so that of two people only one takes a decision up. All commands of one go share a
correlation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from uuid_utils.compat import uuid7

from events.matter.approving import awaits_approval
from events.matter.folding import evolve
from events.matter.state import Matter
from events.meeting.acting import Surroundings
from events.meeting.permitted import REGISTER_LABEL, Who, admit
from events.meeting.state import Meeting
from events.meeting.taking import basis_of, decision_to_take, taken_up
from events.record.envelope import Actor, Decision
from events.record.handling import Deciding, Folded
from events.refusals import Invalid, Refusal
from events.vocabulary import MatterId, MeetingId, PersonId, Starts, UnitId, Urgency
from service.clock import beijing_day, machine_now
from service.commands.meetings import matter_of, surroundings, visible
from service.commands.performing import (
    REGISTER_NAME,
    Prepared,
    Request,
    fingerprint,
    perform_now,
    prepare,
    unwritten,
)
from service.runtime import Runtime

SOURCE = "会议议定"
LONGEST_TITLE = 40
"""Characters of a decision that make a title where none is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """How one decision is followed up. One lead unit: it is assigned; several: it is split among them."""

    n: int
    kind: str
    lead_units: tuple[UnitId, ...]
    quality_requirement: str
    title: str | None = None
    problem: str | None = None
    place: str | None = None
    object: str | None = None
    source: str | None = None
    urgency: Urgency | None = None
    co_units: tuple[UnitId, ...] = ()
    person: str | None = None
    handler: PersonId | None = None
    due_on: date | None = None
    time_limit: str | None = None
    starts: Starts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDecisions:
    """Make matters of a meeting's decisions; ``preview`` says what would become of each and writes nothing."""

    decisions: tuple[Taking, ...]
    preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One go. ``key`` is who sent it and the key given, in one; a repeat under it does nothing twice."""

    actor: Actor
    at: datetime
    meeting: MeetingId
    command: RegisterDecisions
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became, or would become, of one decision; ``refusal`` where it is refused."""

    n: int
    matter: Matter | None = None
    parts: tuple[Mapping[str, Any], ...] = ()
    """Of a split matter, as the split answers; what would become of one has no ids or numbers yet."""
    waits: bool = False
    """Whether it is registered and waits for approval, not assigned yet."""
    refusal: Refusal | None = None


def take_up(runtime: Runtime, asked: Asked) -> tuple[Became, ...]:
    """What became of each decision, in the order given. Raises a Refusal where the whole go cannot be."""
    meeting = visible(runtime, asked.actor, asked.meeting)
    admit(Who.OFFICE, REGISTER_LABEL, meeting, _seen(runtime, asked, meeting))
    takings = asked.command.decisions
    if not takings:
        raise Invalid("一项议定事项也没有选；勾上要立项的，再提交。", code="none-chosen")
    numbers = [one.n for one in takings]
    twice = next((n for n in numbers if numbers.count(n) > 1), None)
    if twice is not None:
        raise Invalid(
            f"第{twice}项写了两次；同一项只能立一件，要分给几家就写几个牵头单位。", code="decision-twice"
        )
    key = asked.key or uuid7().hex
    return tuple(_one(runtime, asked, one, key) for one in takings)


def _one(runtime: Runtime, asked: Asked, taking: Taking, key: str) -> Became:
    steps = _Steps(runtime=runtime, asked=asked, taking=taking, key=key)
    try:
        if asked.command.preview:
            return steps.foreseen()
        if not steps.begun():
            steps.foreseen()
        return steps.done()
    except Refusal as refusal:
        return Became(n=taking.n, refusal=refusal)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps:
    """One decision on its way: registered, then assigned or split, or left to wait for approval."""

    runtime: Runtime
    asked: Asked
    taking: Taking
    key: str

    def begun(self) -> bool:
        """Whether this very command registered the decision before."""
        return self.asked.key is not None and self.runtime.store.command(self._id(REGISTER_NAME)) is not None

    def foreseen(self) -> Became:
        """What would become of it, with nothing written."""
        meeting = visible(self.runtime, self.asked.actor, self.asked.meeting)
        registering = prepare(self.runtime, self._registration(meeting))
        stream = registering.streams[0]
        begun = self.runtime.handling.load(stream)
        loaded = {stream: begun, meeting.stream: Folded(state=meeting, version=meeting.version)}
        registered = self._after(registering, begun.state, self._deciding(registering, meeting)(loaded))
        if awaits_approval(registered):
            self._assigned(registered, approved=True)
            return Became(n=self.taking.n, matter=registered, waits=True)
        matter, answer = self._assigned(registered)
        parts = tuple({**part, "id": None, "number": None} for part in answer.get("parts", ()))
        return Became(n=self.taking.n, matter=matter, parts=parts)

    def _assigned(self, registered: Matter, *, approved: bool = False) -> tuple[Matter, Mapping[str, Any]]:
        """The matter as the assignment would leave it, and its answer; for one that waits, as if it were approved."""
        matter = replace(registered, approval=None) if approved else registered
        assigning = prepare(self.runtime, self._assignment(matter.id))
        decision = assigning.decide({assigning.streams[0]: Folded(state=matter, version=matter.version)})
        return self._after(assigning, matter, decision), decision.answer

    def done(self) -> Became:
        """Registers and assigns it; what was done under the same key is not done again."""
        meeting = visible(self.runtime, self.asked.actor, self.asked.meeting)
        registering = prepare(self.runtime, self._registration(meeting))
        answer = self.runtime.handling.handle(
            registering.envelope,
            (registering.streams[0], meeting.stream),
            self._deciding(registering, meeting),
            guard=registering.guard,
        )
        id_ = MatterId(str(answer["id"]))
        if awaits_approval(matter_of(self.runtime, id_)):
            if matter_of(self.runtime, id_).proposal is None:
                perform_now(self.runtime, self._proposal(id_))
            return Became(n=self.taking.n, matter=matter_of(self.runtime, id_), waits=True)
        assigned = perform_now(self.runtime, self._assignment(id_))
        return Became(
            n=self.taking.n, matter=matter_of(self.runtime, id_), parts=tuple(assigned.get("parts", ()))
        )

    def _deciding(self, registering: Prepared, meeting: Meeting) -> Deciding:
        """The registration's own decision, with the meeting's note of it in the same append."""

        def deciding(loaded: Mapping[str, Folded]) -> Decision:
            standing: Meeting = loaded[meeting.stream].state
            seen = _seen(self.runtime, self.asked, standing, self.taking.n)
            admit(Who.OFFICE, REGISTER_LABEL, standing, seen)
            decision_to_take(self.taking.n, standing, seen)
            decision = registering.decide(loaded)
            taken = taken_up(self.taking.n, registering.matter, standing)
            return replace(decision, drafts=(*decision.drafts, taken))

        return deciding

    def _after(self, prepared: Prepared, matter: Matter, decision: Decision) -> Matter:
        """The matter as a decision would leave it."""
        for draft in decision.drafts:
            if draft.stream == matter.stream:
                matter = evolve(matter, unwritten(matter, draft.fact, decision, prepared.envelope))
        return matter

    def _registration(self, meeting: Meeting) -> Request:
        taking = self.taking
        decision = (
            decision_to_take(taking.n, meeting, _seen(self.runtime, self.asked, meeting, taking.n))
            if not self.begun()
            else meeting.decision(taking.n)
        )
        text = decision.text if decision is not None else ""
        said = {
            "title": taking.title or title_of(text),
            "kind": taking.kind,
            "source": taking.source or SOURCE,
            "problem": taking.problem or text,
            "place": taking.place,
            "object": taking.object,
            "urgency": taking.urgency,
            "handler": taking.handler,
            "basis": basis_of(meeting, taking.n),
        }
        return self._request(REGISTER_NAME, None, said)

    def _assignment(self, matter: MatterId) -> Request:
        taking = self.taking
        said: dict[str, Any] = {
            "quality_requirement": taking.quality_requirement,
            "due_on": taking.due_on.isoformat() if taking.due_on is not None else None,
            "time_limit": taking.time_limit,
            "starts": taking.starts,
        }
        if len(taking.lead_units) > 1:
            parts = [
                {"lead_unit": unit, "co_units": list(taking.co_units), "person": taking.person}
                for unit in taking.lead_units
            ]
            return self._request("split", matter, {**said, "parts": parts})
        if not taking.lead_units:
            raise Invalid(f"第{taking.n}项没有选牵头单位，请至少选一个。", code="no-lead-unit")
        whole = {
            "lead_unit": taking.lead_units[0],
            "co_units": list(taking.co_units),
            "person": taking.person,
        }
        return self._request("assign", matter, {**said, **whole})

    def _proposal(self, matter: MatterId) -> Request:
        """拟办意见 of a matter that waits for approval: whom it shall go to, by when."""
        taking, names = self.taking, self.runtime.directory.now()
        units = "、".join(names.unit_name(unit, beijing_day(self.asked.at)) for unit in taking.lead_units)
        limit = taking.time_limit or (f"{taking.due_on}前" if taking.due_on is not None else "")
        said = {
            "text": f"按会议议定，拟交{units}办理{f'，{limit}' if limit else ''}；要求：{taking.quality_requirement}",
            "lead_unit": taking.lead_units[0] if len(taking.lead_units) == 1 else None,
            "co_units": list(taking.co_units) if len(taking.lead_units) == 1 else [],
            "time_limit": taking.time_limit,
            "quality_requirement": taking.quality_requirement,
        }
        return self._request("submit-handling-proposal", matter, said)

    def _request(self, name: str, matter: MatterId | None, said: Mapping[str, Any]) -> Request:
        fields = {field: value for field, value in said.items() if value is not None}
        asked = self.asked
        return Request(
            actor=asked.actor,
            name=name,
            matter=matter,
            fields=fields,
            at=asked.at,
            received_at=machine_now(),
            command_id=self._id(name),
            fingerprint=fingerprint("POST", name, msgspec.json.encode(fields, order="deterministic"))
            if asked.key is not None
            else None,
            correlation_id=self.key,
        )

    def _id(self, name: str) -> str:
        return f"{self.key}:{self.taking.n}:{name}"


def title_of(text: str) -> str:
    """A decision's first clause, as the title of its matter."""
    clause = re.split(r"[，。；;\n]", text.strip(), maxsplit=1)[0]
    return clause if len(clause) <= LONGEST_TITLE else f"{clause[: LONGEST_TITLE - 1]}…"


def _seen(runtime: Runtime, asked: Asked, meeting: Meeting, n: int = 0) -> Surroundings:
    taken = meeting.matters.get(n)
    return surroundings(runtime, asked.actor, asked.at, came=() if taken is None else (taken,))
