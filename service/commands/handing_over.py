"""交接: everything on one desk put on another, in portions of one append each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uuid_utils.compat import uuid7

from events.matter.deciding import decide
from events.matter.desk import HandOver
from events.matter.office_people import office_person
from events.matter.surroundings import Surroundings
from events.record.envelope import Actor, Decision, Envelope
from events.record.handling import Folded
from events.refusals import Invalid, NotFound, NotYours
from events.vocabulary import MatterId, PersonId
from projections import lists
from service.clock import machine_now
from service.runtime import Runtime

PORTION = 250
"""Matters in one append."""
COMMAND = "hand-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverAll:
    """Everything open on a person's desk goes to another; ``limit`` matters at most, None: all."""

    to: PersonId
    reason: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """How many went over, and how many are still there."""

    moved: int
    left: int
    position: int


def hand_over_all(
    runtime: Runtime, actor: Actor, person: PersonId, command: HandOverAll, at: datetime
) -> HandedOver:
    """Hands over portion by portion; what is done stays done where a later portion is refused.

    Raises NotYours, NotFound, Invalid, and what a single hand-over refuses (a key case without a reason).
    """
    if not actor.is_office:
        raise NotYours("成批交接由督查室办理；请联系督查室。")
    if person not in runtime.directory.now().people:
        raise NotFound("没有这个人，请从人员名录中选择。")
    if command.limit is not None and command.limit < 1:
        raise Invalid("limit 至少是 1；不写就是全部。", code="wrong-value", field="limit")
    if command.to == person:
        raise Invalid("交出和接手是同一个人，请另选接手的人。", code="same-person", field="to")
    office_person(command.to, _seen(runtime, actor, at))
    moved, position = 0, 0
    correlation = uuid7().hex
    while portion := _desk(runtime, person, _portion(command.limit, moved)):
        position = _portion_over(runtime, actor, portion, command, at, correlation)
        moved += len(portion)
    return HandedOver(moved=moved, left=on_desk(runtime, person), position=position)


def on_desk(runtime: Runtime, person: PersonId) -> int:
    """How many open matters are on a person's desk."""
    with runtime.database.reader() as driver:
        return lists.count_on_desk(driver, person)


def _portion(limit: int | None, moved: int) -> int:
    return PORTION if limit is None else min(PORTION, limit - moved)


def _desk(runtime: Runtime, person: PersonId, most: int) -> Sequence[MatterId]:
    if most < 1:
        return ()
    with runtime.database.reader() as driver:
        return lists.on_desk(driver, person, most)


def _portion_over(
    runtime: Runtime,
    actor: Actor,
    portion: Sequence[MatterId],
    command: HandOverAll,
    at: datetime,
    correlation: str,
) -> int:
    one = HandOver(to=command.to, reason=command.reason)
    seen = _seen(runtime, actor, at)

    def deciding(loaded: Mapping[str, Folded]) -> Decision:
        runtime.clock.must_not_pass(at)
        decisions = [decide(COMMAND, one, folded.state, seen) for folded in loaded.values()]
        drafts = tuple(draft for decision in decisions for draft in decision.drafts)
        return Decision(drafts=drafts, role=decisions[0].role)

    envelope = Envelope(
        actor=actor, at=at, received_at=machine_now(), command_id=uuid7().hex, correlation_id=correlation
    )
    answer: dict[str, Any] = runtime.handling.handle(envelope, [f"matter-{m}" for m in portion], deciding)
    return int(answer["position"])


def _seen(runtime: Runtime, actor: Actor, at: datetime) -> Surroundings:
    return Surroundings(
        actor=actor,
        at=at,
        directory=runtime.directory.now(),
        calendar=runtime.calendars.recent(),
        procedures=runtime.settings.procedures,
        rules=runtime.settings.rules,
    )
