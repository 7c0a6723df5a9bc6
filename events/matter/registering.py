"""立项: a problem becomes a matter that is followed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from events.matter.acting import Command, Happened
from events.matter.approving import RegistrationProposed
from events.matter.checking import required
from events.matter.chief_leader import refuse_stranger
from events.matter.office_people import office_person
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision, Draft, Numbering
from events.refusals import Invalid, StaleVersion
from events.vocabulary import MatterId, PersonId, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMatter(Command):
    """Take a problem up as a matter (M001–M015)."""

    title: str
    kind: str
    source: str
    problem: str
    place: str | None = None
    object: str | None = None
    source_no: str | None = None
    urgency: Urgency | None = None
    parent: MatterId | None = None
    handler: PersonId | None = None
    """The person of the office whose desk it is on; None: whoever registers it."""
    chief_leader: PersonId | None = None
    """首席责任领导."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRegistered(Happened):
    """立项: the matter exists and waits to be assigned. ``number`` is filled by the record when it is written."""

    title: str
    kind: str
    source: str
    problem: str
    place: str | None = None
    object: str | None = None
    source_no: str | None = None
    urgency: Urgency | None = None
    parent: MatterId | None = None
    basis: str | None = None
    relapse_of: MatterId | None = None
    number: str = ""
    handler: PersonId | None = None
    chief_leader: PersonId | None = None
    """首席责任领导."""


def register(command: RegisterMatter, matter: Matter, seen: Surroundings) -> Decision:
    """立项: admits a matter of a known kind; its official number is taken when it is written."""
    if command.kind not in seen.procedures:
        known = "、".join(f"{p.label}（{kind}）" for kind, p in seen.procedures.items())
        raise Invalid(f"没有“{command.kind}”这一类事项，请从这些类别中选：{known}。", code="unknown-kind")
    refuse_parent(command.parent, matter, seen)
    refuse_stranger(command.chief_leader, seen)
    fact = MatterRegistered(
        title=required(command.title, "标题"),
        kind=command.kind,
        source=required(command.source, "来源"),
        problem=required(command.problem, "问题"),
        place=command.place,
        object=command.object,
        source_no=command.source_no,
        urgency=command.urgency,
        parent=command.parent,
        chief_leader=command.chief_leader,
        basis=seen.basis,
        handler=_handler(command, seen),
        text=command.text,
        effective_at=seen.effective_at,
    )
    facts: tuple[object, ...] = (fact,)
    if seen.procedures[command.kind].registration_approval:
        facts = (fact, RegistrationProposed(effective_at=seen.effective_at))
    return Decision(
        drafts=tuple(Draft(stream=matter.stream, fact=one) for one in facts),
        numbers=(numbered(seen, draft=0),),
        answer={"id": matter.id},
    )


def numbered(seen: Surroundings, *, draft: int) -> Numbering:
    """The wish for the next official number of the year of registration."""
    return Numbering(draft=draft, field="number", series=f"matter/{seen.today.year}")


def _handler(command: RegisterMatter, seen: Surroundings) -> PersonId | None:
    return office_person(command.handler, seen) if command.handler is not None else seen.actor.person


def refuse_parent(parent: MatterId | None, matter: Matter, seen: Surroundings) -> None:
    """Refuses a parent that is not there, has ended, or is the matter itself or its child."""
    if parent is None:
        return
    if parent == matter.id:
        raise Invalid("事项不能作自己的上级，请另选上级事项，或不填。", code="own-parent")
    known = seen.others.get(parent)
    if known is None or known.version == 0:
        raise Invalid(f"找不到上级事项“{parent}”，请核对后重新选择，或不填上级事项。", code="unknown-parent")
    _refuse_circle(known, matter, seen)
    if known.branches:
        raise Invalid(
            f"{known.number}已分办给各单位，不能再另挂下级事项；要加单位，请对它办“分办”。",
            code="parent-split",
        )
    if known.stage.ended:
        raise Invalid(
            f"上级事项{known.number}已是“{known.stage.label}”，不能再挂下级事项，请另选一件在办的。",
            code="parent-ended",
        )


def _refuse_circle(parent: Matter, matter: Matter, seen: Surroundings) -> None:
    """Refuses a parent that hangs under the matter, over however many others."""
    gone = {parent.id}
    above: Matter | None = parent
    while above is not None and above.parent is not None and matter.version and above.parent not in gone:
        if above.parent == matter.id:
            raise Invalid(
                f"{parent.number}是本件的下级事项，不能又作本件的上级，请另选上级事项，或不填。",
                code="own-parent",
            )
        gone.add(above.parent)
        above = seen.others.get(above.parent)
        if above is None:
            raise StaleVersion("别人刚刚改了这些事项的上下级；刷新看过最新情况，再决定要不要改。")


def registered_at(matter: Matter) -> datetime | None:
    """The moment of the registration, before which nothing about the matter happened."""
    return matter.registered_at
