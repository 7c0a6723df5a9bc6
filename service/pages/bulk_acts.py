"""Which acts are done on many matters at once, by what their forms ask; and the same command sent to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from events.matter.deciding import permitted
from events.matter.permitted import PERMITTED
from events.matter.state import Matter
from events.refusals import Invalid, NotFound, Refusal
from events.rules.procedures import HANDLING
from events.vocabulary import MatterId
from service.clock import machine_now
from service.commands import performing
from service.commands.foreseeing import foresee
from service.commands.performing import fingerprint, perform_now
from service.identity import may_see
from service.pages import acts
from service.pages.form_words import Widget
from service.pages.visiting import Visit
from service.pages.wording import FORMS
from service.pages.words import full_day

MOST = 200
"""Matters taken at once."""
OF_ONE = frozenset(
    {
        Widget.FILE,
        Widget.STEPS,
        Widget.PARTICULARS,
        Widget.SAID,
        Widget.PARTS,
        Widget.CO_UNITS,
        Widget.VERDICT,
    }
)
"""What is filled in for one matter only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became, or would become, of one matter."""

    matter: Matter
    said: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One act on several matters. ``versions`` are those the person saw."""

    command: str
    fields: Mapping[str, Any]
    id: str
    versions: Mapping[MatterId, int]


def in_bulk(name: str) -> bool:
    """Whether one filled-in form can speak for many matters.

    Not where it asks for something of one matter only, nor where a decision has to say what was found or why.
    """
    fields = FORMS[name].fields.values()
    reasoned = any(field.required and field.widget is Widget.AREA for field in fields)
    return not any(field.widget in OF_ONE for field in fields) and not (reasoned and PERMITTED[name].judges)


def chosen(visit: Visit, ids: Iterable[str]) -> list[Matter]:
    """The matters named, as they stand. Raises Invalid for none or too many, NotFound for one that is not seen."""
    if visit.asking.past:
        raise Invalid("看过去的时候不能办事；先回到现在，再勾选事项。", code="past")
    named = list(dict.fromkeys(ids))
    if not named:
        raise Invalid("一件也没有勾；回台账勾上要办的事项，再点“一起办”。", code="none-chosen")
    if len(named) > MOST:
        raise Invalid(f"一次最多办 {MOST} 件，勾了 {len(named)} 件；先筛小一些，分几次办。", code="too-many")
    found = [visit.runtime.handling.load(f"matter-{one}") for one in named]
    seen = visit.visibility
    if any(one.version == 0 or not may_see(seen, one.state) for one in found):
        raise NotFound("勾的事项里有找不到的，或不归您看的；回台账重新勾选。")
    return [one.state for one in found]


def offered(visit: Visit, matters: Sequence[Matter]) -> dict[str, int]:
    """Acts that can be done on at least one of the matters now, likeliest first, with how many can take them."""
    seen = acts.surroundings(visit)
    counts: dict[str, int] = {}
    for matter in matters:
        for name in permitted(matter, seen):
            if in_bulk(name):
                counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: _likelihood(item[0], item[1])))


def _likelihood(name: str, count: int) -> tuple[bool, int, int]:
    seldom, order = name in acts.ALWAYS_MORE, (*acts.FIRST, *acts.THEN)
    return seldom, -count, order.index(name) if name in order else len(order)


def label_of(visit: Visit, name: str, matters: Sequence[Matter]) -> str:
    """The act's name under the wording of the matters, where they share one."""
    wordings = {visit.wording(matter.kind) for matter in matters}
    return PERMITTED[name].label_for(HANDLING if wordings == {HANDLING} else "")


def looked_ahead(visit: Visit, batch: Batch, matters: Sequence[Matter]) -> list[Outcome]:
    """What the act would change on each, or why it would be refused."""
    found = []
    for matter in matters:
        try:
            seen = foresee(visit.runtime, _request(visit, batch, matter.id))
        except Refusal as refusal:
            found.append(Outcome(matter=matter, said=refusal.sentence, done=False))
        else:
            found.append(Outcome(matter=matter, said=changes(visit, seen.before, seen.after), done=True))
    return found


def done(visit: Visit, batch: Batch, matters: Sequence[Matter]) -> list[Outcome]:
    """The act sent to each matter under one correlation; sent again, it answers what it did the first time."""
    found = []
    for matter in matters:
        request = _request(visit, batch, matter.id)
        try:
            perform_now(visit.runtime, request)
        except Refusal as refusal:
            found.append(Outcome(matter=matter, said=refusal.sentence, done=False))
        else:
            found.append(_became(visit, matter, str(request.command_id)))
    return found


def _became(visit: Visit, matter: Matter, command_id: str) -> Outcome:
    """What one command did, from its own facts: the same however often it was sent."""
    facts = list(visit.runtime.store.stream(matter.stream))
    own = [at for at, recorded in enumerate(facts) if recorded.command_id == command_id]
    if not own:
        return Outcome(matter=matter, said="没有要改的", done=True)
    fold = visit.runtime.handling.fold
    before, after = (
        fold(matter.stream, facts[: own[0]]).state,
        fold(matter.stream, facts[: own[-1] + 1]).state,
    )
    return Outcome(matter=after, said=changes(visit, before, after), done=True)


def changes(visit: Visit, before: Matter, after: Matter) -> str:
    """“待交办 → 待签收，期限 7月16日（周三）”; an act that changes neither is written into the history only."""
    wording = visit.wording(before.kind)
    parts = []
    if before.stage is not after.stage:
        parts.append(f"{before.stage.label_for(wording)} → {after.stage.label_for(wording)}")
    if before.due_on != after.due_on and after.due_on is not None:
        parts.append(f"期限 {full_day(after.due_on, visit.day)}")
    if before.lead_unit != after.lead_unit and after.lead_unit is not None:
        parts.append(f"责任单位 {visit.unit_name(after.lead_unit)}")
    return "，".join(parts) or "阶段和期限不变，记入经过"


def _request(visit: Visit, batch: Batch, matter: MatterId) -> performing.Request:
    fields = dict(batch.fields)
    if PERMITTED[batch.command].judges and matter in batch.versions:
        fields["expected_version"] = batch.versions[matter]
    said = msgspec.json.encode(fields, order="deterministic")
    return performing.Request(
        actor=visit.actor,
        name=batch.command,
        matter=matter,
        fields=fields,
        at=visit.asking.moment,
        received_at=machine_now(),
        command_id=f"{visit.actor.user}:{batch.id}:{matter}",
        fingerprint=fingerprint("POST", f"/bulk/{batch.command}/{matter}", said),
        correlation_id=batch.id,
        strict=False,
    )
